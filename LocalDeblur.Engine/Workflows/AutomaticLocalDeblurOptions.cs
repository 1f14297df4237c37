using LocalDeblur.Masks;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;

namespace LocalDeblur.Workflows;

/// <summary>Parameters of a LocalDeblur run that estimates its own mask and local resolution.</summary>
public sealed record AutomaticLocalDeblurOptions
{
    /// <summary>The most rounds that the automatic stop allows.</summary>
    public const int MaximumRounds = 20;

    /// <summary>The sharpening. Without a filter bank: the bank follows from the resolution.</summary>
    public LocalDeblurOptions Sharpening { get; init; } = new();

    /// <summary>The local resolution.</summary>
    public MonoResOptions Resolution { get; init; } = new();

    /// <summary>The mask, where none is given.</summary>
    public MaskOptions Masking { get; init; } = new() { SoftEdgeVoxels = 0 };

    /// <summary>
    /// Rounds of {local resolution → sharpening}, 1 … 20; null for automatic. One is the default, and the only number that the
    /// method's authors call supported by theory.
    /// </summary>
    public int? Rounds { get; init; } = 1;

    /// <summary>The same, with other threads and memory for each part.</summary>
    /// <param name="limits">Threads and memory.</param>
    public AutomaticLocalDeblurOptions WithLimits(RunLimits limits) => this with
    {
        Sharpening = Sharpening with { Limits = limits },
        Resolution = Resolution with { Limits = limits },
        Masking = Masking with { Limits = limits },
    };
}
