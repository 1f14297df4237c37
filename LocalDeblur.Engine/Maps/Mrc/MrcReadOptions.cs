namespace LocalDeblur.Maps.Mrc;

/// <summary>What the caller knows better than the header, and how much memory may be used.</summary>
public sealed record MrcReadOptions
{
    /// <summary>Edge of a voxel (Å), in place of the header's; null keeps the header's.</summary>
    public double? VoxelSize { get; init; }

    /// <summary>Place of voxel (0, 0, 0) in space (Å), in place of the header's ORIGIN and start indices; null keeps them.</summary>
    public AxisTriple? Origin { get; init; }

    /// <summary>Finite value to put in place of NaN and infinite voxels; null keeps them, and operations refuse the map.</summary>
    public float? NonFiniteValue { get; init; }

    /// <summary>Which volume of a stack of volumes (ISPG 401 to 630), from 0; null refuses stacks.</summary>
    public int? Index { get; init; }

    /// <summary>Of these the memory, which the voxels may take: reading works on one thread.</summary>
    public RunLimits Limits { get; init; } = new();
}
