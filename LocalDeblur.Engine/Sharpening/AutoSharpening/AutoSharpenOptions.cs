namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>Parameters of <see cref="AutoSharpen"/>. The resolution has no default; the target and the grid are the published program's, the box and
/// <see cref="ExtrapolateWeight"/> are ours.</summary>
public sealed record AutoSharpenOptions
{
    /// <summary>Resolution of the map (Å), at least two voxels: sharpening ends there and blurring begins.</summary>
    public required double Resolution { get; init; }

    /// <summary>What the search looks for. Without effect on half maps and with a model, which leave nothing to search.</summary>
    public AutoSharpenTarget Target { get; init; } = AutoSharpenTarget.AdjustedSurfaceArea;

    /// <summary>
    /// The part of the map in which the search runs, or in which maps and model are compared; null for a box around the molecule that is found by itself, or
    /// around the model. Without effect on half maps by themselves.
    /// </summary>
    public VoxelBox? Box { get; init; }

    /// <summary>
    /// With half maps or a model: the weight goes on along the line through its two outermost shells, below the first and beyond the last, as in the published
    /// program, which makes it negative at the lowest frequencies where it rises steeply. False, the default: it stays what it is in that shell.
    /// </summary>
    public bool ExtrapolateWeight { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
