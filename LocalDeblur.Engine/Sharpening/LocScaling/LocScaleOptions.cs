namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>Parameters of a LocScale run. The defaults are the published ones, except for <see cref="Averaging"/>.</summary>
public sealed record LocScaleOptions
{
    /// <summary>Edge of the default window (Å), rounded up to an even number of voxels: the rule of LocScale 2.3.1, 26 voxels at 1 Å.</summary>
    public const double DefaultWindow = 25;

    /// <summary>Smallest window (voxels).</summary>
    public const int MinimumWindowVoxels = 4;

    /// <summary>Largest window (voxels).</summary>
    public const int MaximumWindowVoxels = 128;

    /// <summary>
    /// Edge w of the cubic window (voxels), 4 … 128, even or odd (the program rounds an odd one up); null for <see cref="DefaultWindow"/>. A voxel is scaled where
    /// w/2 ≤ index &lt; n − w/2 (w/2 rounded down) on every axis.
    /// </summary>
    public int? WindowVoxels { get; init; }

    /// <summary>How radial profiles are averaged.</summary>
    public LocScaleAveraging Averaging { get; init; } = LocScaleAveraging.FullShells;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
