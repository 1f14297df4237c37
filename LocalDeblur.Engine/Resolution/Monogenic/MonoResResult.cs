using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>What MonoRes found: the local resolution (Å) of the voxels of the refined mask, 0 elsewhere.</summary>
public sealed record MonoResResult : LocalResolutionResult
{
    /// <summary>
    /// The same inside, and outside a smooth continuation towards the median, for colouring surfaces (the published program's
    /// "Chimera" map); null unless asked for.
    /// </summary>
    public CryoMap? Filled { get; internal init; }

    /// <summary>1 where there is a resolution, 0 elsewhere; null unless asked for.</summary>
    public CryoMap? RefinedMask { get; internal init; }

    /// <summary>Mean of the values (Å).</summary>
    public required double Mean { get; init; }

    /// <summary>Resolutions that the scan looked at (Å), coarse to fine.</summary>
    public required IReadOnlyList<double> EvaluatedResolutions { get; init; }

    /// <summary>Ends of the bins of the histogram (Å), one more than there are bins.</summary>
    public required IReadOnlyList<double> HistogramEdges { get; init; }

    /// <summary>Voxels in each bin.</summary>
    public required IReadOnlyList<long> HistogramCounts { get; init; }

    /// <summary>Voxels of the mask that was given, before it was refined.</summary>
    public required long MaskVoxels { get; init; }

    /// <summary>Voxels that the noise was measured over.</summary>
    public required int NoiseVoxels { get; init; }

    /// <summary>How far the molecule reaches from the centre of the box (voxels).</summary>
    public required int Radius { get; init; }

    /// <summary>How far from the centre noise was looked for (voxels).</summary>
    public required int NoiseRadius { get; init; }

    /// <inheritdoc/>
    private protected override string Step => MonoRes.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(EvaluatedResolutions), EvaluatedResolutions),
        ("Minimum", Finest),
        (nameof(Median), Median),
        (nameof(Mean), Mean),
        ("Maximum", Coarsest),
        (nameof(HistogramEdges), HistogramEdges),
        (nameof(HistogramCounts), HistogramCounts),
        (nameof(InsideVoxels), InsideVoxels),
        (nameof(MaskVoxels), MaskVoxels),
        (nameof(NoiseVoxels), NoiseVoxels),
        (nameof(Radius), Radius),
        (nameof(NoiseRadius), NoiseRadius),
    ];
}
