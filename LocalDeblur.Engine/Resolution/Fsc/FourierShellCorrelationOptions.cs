using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>Parameters of a Fourier shell correlation.</summary>
public sealed record FourierShellCorrelationOptions
{
    /// <summary>
    /// How often a coefficient counts. By default as RELION does it, so that a curve measured from the same halves and mask is the same
    /// to five digits and a difference means different data.
    /// </summary>
    public ShellCounting Counting { get; init; } = ShellCounting.StoredCoefficients;

    /// <summary>
    /// Phases are made random from this resolution (Å) on, from shell ⌊edge/resolution⌋; null for the first shell whose unmasked
    /// correlation is below 0.8. Only with a mask.
    /// </summary>
    public double? RandomiseFrom { get; init; }

    /// <summary>Seed of the random phases. The same seed gives the same curve, for any number of threads.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
