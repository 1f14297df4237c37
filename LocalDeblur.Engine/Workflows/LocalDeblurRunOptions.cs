using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;

namespace LocalDeblur.Workflows;

/// <summary>Parameters of a whole LocalDeblur run: what is given of mask and local resolution is used, and the rest is made.</summary>
public sealed record LocalDeblurRunOptions
{
    /// <summary>The most rounds that the automatic stop allows.</summary>
    public const int MaximumRounds = 20;

    /// <summary>Local resolution of the reconstruction (Å), on its grid; null to estimate it.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>
    /// Coarser values of <see cref="LocalResolution"/> count as this one (Å), for which the filter bank is then made; null for the coarsest there is. Where the local
    /// resolution is estimated: where its scan begins; null for where <see cref="MonoResOptions.CoarsestResolution"/> says.
    /// </summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>The sharpening. A filter bank goes with a given local resolution alone, and without <see cref="CoarsestResolution"/>.</summary>
    public LocalDeblurOptions Sharpening { get; init; } = new();

    /// <summary>The local resolution, where none is given.</summary>
    public MonoResOptions Resolution { get; init; } = new();

    /// <summary>The mask, where neither mask nor local resolution is given.</summary>
    public MaskOptions Masking { get; init; } = new() { SoftEdgeVoxels = 0 };

    /// <summary>
    /// Rounds of {local resolution → sharpening}, 1 … 20; null for automatic. A given local resolution makes one. One is the default, and the only number that the
    /// method's authors call supported by theory.
    /// </summary>
    public int? Rounds { get; init; } = 1;

    /// <summary>Where the local resolution of the first round is kept for other runs with the same input and mask; null where there are none.</summary>
    internal EstimatedResolution? Shared { get; init; }

    /// <summary>The same, with other threads and memory for each part.</summary>
    /// <param name="limits">Threads and memory.</param>
    public LocalDeblurRunOptions WithLimits(RunLimits limits) => this with
    {
        Sharpening = Sharpening with { Limits = limits },
        Resolution = Resolution with { Limits = limits },
        Masking = Masking with { Limits = limits },
    };
}
