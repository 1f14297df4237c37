using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Spheres;

/// <summary>Parameters of local resolution by Fourier shell correlation in spheres.</summary>
public sealed record LocalFscOptions
{
    /// <summary>
    /// Distance of the spheres (Å). Half of it is their radius, and all of it the width of their soft edge. In whole voxels after rounding.
    /// </summary>
    public double SamplingDistance { get; init; } = 25;

    /// <summary>
    /// Phases are made random from this resolution (Å) on, once for the whole map, to correct for the mask of each sphere; null for no correction.
    /// </summary>
    public double? RandomiseBeyond { get; init; }

    /// <summary>Coarser local resolutions are set to this one (Å).</summary>
    public double CoarsestResolution { get; init; } = 50;

    /// <summary>Seed of the random phases. The same seed gives the same map, for any number of threads.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How often a coefficient counts. By default as in RELION, whose scheme this is.</summary>
    public ShellCounting Counting { get; init; } = ShellCounting.StoredCoefficients;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
