namespace LocalDeblur;

/// <summary>
/// What the advice of a refusal can name. The engine knows no front end's spelling of it: each front end has a table that says how it spells every one of these,
/// or that it has none, and leaves out advice that cannot be followed there. Named as the options of the engine are.
/// </summary>
public enum EngineParameter
{
    /// <summary>Files of maps, as a pattern that may stand for several.</summary>
    MapPath,

    /// <summary>Files of atomic models, as a pattern that may stand for several.</summary>
    ModelPath,

    /// <summary>Voxel size (Å) that is used instead of a map header's.</summary>
    VoxelSize,

    /// <summary>Place in space (Å) that is used instead of a map header's.</summary>
    Origin,

    /// <summary>Value that replaces voxels that are NaN or infinite.</summary>
    NonFiniteValue,

    /// <summary>Which volume of a stack of volumes is read.</summary>
    Index,

    /// <summary>Number of threads.</summary>
    Threads,

    /// <summary>Most memory that a run may hold.</summary>
    MemoryLimit,

    /// <summary>Whether a file that exists is replaced.</summary>
    Overwrite,
}
