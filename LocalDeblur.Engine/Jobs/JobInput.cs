namespace LocalDeblur.Jobs;

/// <summary>A file that goes into a job, and what is known of it better than its header says.</summary>
public sealed record JobInput
{
    /// <summary>Where it is, relative to the job's file.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file when the job was written, 64 hexadecimal digits; a job whose file is another one by now is refused. Null to take what is there.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Length of the file when the job was written (bytes); null where it was not noted.</summary>
    public long? Bytes { get; init; }

    /// <summary>Voxel size (Å) of a map, instead of its header's; null for the header's.</summary>
    public double? VoxelSize { get; init; }

    /// <summary>Place of voxel (0, 0, 0) of a map (x, y, z; Å), instead of its header's; null for the header's.</summary>
    public IReadOnlyList<double>? Origin { get; init; }

    /// <summary>Finite value that replaces NaN and infinite voxels of a map; null to refuse them.</summary>
    public float? NonFiniteValue { get; init; }

    /// <summary>Which volume of a stack of volumes, from 0; null for a file of one.</summary>
    public int? Index { get; init; }
}
