namespace LocalDeblur.Masks;

/// <summary>How a mask is made from a map.</summary>
public sealed record MaskOptions
{
    /// <summary>Density from which on a voxel is inside; null for the automatic rule (<see cref="MaskBuilder"/>).</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// Resolution (Å) at which the Gaussian low-pass before the threshold falls to one half; 0 for no low-pass. Null: 12 Å, or four voxels where
    /// that is more; and none where a threshold is given, since that is then in the map's own terms.
    /// </summary>
    public double? LowPassResolution { get; init; }

    /// <summary>
    /// Parts of at least this many voxels are kept; null for the largest part alone. Voxels belong to one part when they share a face.
    /// </summary>
    public long? MinimumComponentVoxels { get; init; }

    /// <summary>The mask is 1 up to this distance (voxels) from what the threshold selects, 0 … 1000.</summary>
    public double ExtendVoxels { get; init; } = 3;

    /// <summary>Beyond that, a raised cosine falls to 0 over this distance (voxels), 0 … 1000; 0 for a binary mask.</summary>
    public double SoftEdgeVoxels { get; init; } = 6;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
