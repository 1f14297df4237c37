using System.Diagnostics.CodeAnalysis;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.PowerShell;

/// <summary>How Export-CryoMap stores a voxel.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The names of the MRC2014 modes.")]
public enum ExportMode
{
    /// <summary>32-bit reals, as in memory.</summary>
    Float32 = MrcMode.Float32,

    /// <summary>16-bit reals: half the size, three decimal digits.</summary>
    Float16 = MrcMode.Float16,
}
