using LocalDeblur.Filters;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>Parameters of a LocalDeblur run. The defaults are the published ones.</summary>
public sealed record LocalDeblurOptions
{
    /// <summary>The published limit on the number of iterations.</summary>
    public const int DefaultMaximumIterations = 50;

    /// <summary>Which published form is computed.</summary>
    public LocalDeblurFormulation Formulation { get; init; } = LocalDeblurFormulation.Reference;

    /// <summary>Width parameter of the weights (1/Å²); useful 0.01 … 0.05, 0.01 for maps worse than 6 Å. Not with <see cref="Bank"/>.</summary>
    public double K { get; init; } = FilterBank.DefaultK;

    /// <summary>Step size λ, positive; null for the published automatic one.</summary>
    public double? StepSize { get; init; }

    /// <summary>Most iterations, 1 … 1000. Three score better than the published stop on maps of good local resolution.</summary>
    public int MaximumIterations { get; init; } = DefaultMaximumIterations;

    /// <summary>Singular values of the bank below this share of the largest are left out; 1e-12 … 0.1. Not with <see cref="Bank"/>.</summary>
    public double RankTolerance { get; init; } = FilterBank.DefaultRankTolerance;

    /// <summary>A bank made beforehand, with its own K and tolerance; null to make it from the resolution map.</summary>
    public FilterBank? Bank { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
