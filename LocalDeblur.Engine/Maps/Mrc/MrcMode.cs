using System.Diagnostics.CodeAnalysis;

namespace LocalDeblur.Maps.Mrc;

/// <summary>How a map file stores a voxel: the header's MODE.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The types are what the format is about.")]
public enum MrcMode
{
    /// <summary>Signed bytes. Read.</summary>
    Int8 = 0,
    /// <summary>Signed 16-bit integers. Read.</summary>
    Int16 = 1,
    /// <summary>32-bit reals. Read and written.</summary>
    Float32 = 2,
    /// <summary>Transform of pairs of 16-bit integers. Refused.</summary>
    ComplexInt16 = 3,
    /// <summary>Transform of pairs of 32-bit reals. Refused.</summary>
    ComplexFloat32 = 4,
    /// <summary>Unsigned 16-bit integers. Read.</summary>
    UInt16 = 6,
    /// <summary>16-bit reals (IEEE 754 half precision). Read and written.</summary>
    Float16 = 12,
    /// <summary>Two 4-bit integers a byte. Refused.</summary>
    Packed4Bit = 101,
}
