using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.PowerShell;

/// <summary>How Export-CryoMap stores a voxel.</summary>
public enum ExportMode
{
    /// <summary>32-bit reals, as in memory.</summary>
    Float32 = MrcMode.Float32,

    /// <summary>16-bit reals: half the size, three decimal digits.</summary>
    Float16 = MrcMode.Float16,
}
