using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>Parameters of a MonoRes run. The defaults are the published ones.</summary>
public sealed record MonoResOptions
{
    /// <summary>The smallest step that the method allows (Å), and its default.</summary>
    public const double SmallestStep = 0.25;

    /// <summary>The published level of significance.</summary>
    public const double DefaultSignificance = 0.95;

    /// <summary>
    /// Coarsest resolution that is tried (Å), above two voxels and at most the width of the box; null for 18 Å, or for six voxels
    /// where these are more, but never more than a quarter of the box; coarser, up to that quarter, where fewer than half of the voxels are stronger than the noise there.
    /// </summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>Step of the scan (Å), 0.25 … 10. Steps that fall on the same Fourier index are taken once.</summary>
    public double Step { get; init; } = SmallestStep;

    /// <summary>Share of the noise that a voxel must exceed, 0.5 … 0.9999.</summary>
    public double Significance { get; init; } = DefaultSignificance;

    /// <summary>Where the noise is; null for <see cref="MonoResNoise.Halves"/> with two half maps and <see cref="MonoResNoise.OutsideMask"/> with one map.</summary>
    public MonoResNoise? NoiseFrom { get; init; }

    /// <summary>True to take the noise for Gaussian and its threshold from mean and variance; false for the percentile of the noise itself.</summary>
    public bool GaussianNoise { get; init; }

    /// <summary>Voxels of the mask that are left out where this map is 1 or more, on the map's grid; or null.</summary>
    public CryoMap? ExclusionMask { get; init; }

    /// <summary>True to hand out the version whose background is filled.</summary>
    public bool WithFilledMap { get; init; }

    /// <summary>True to hand out the mask of the voxels that have a resolution.</summary>
    public bool WithRefinedMask { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
