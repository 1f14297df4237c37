using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>A map that the local Wiener filter restored, and what was measured on the way.</summary>
public sealed record LocalWienerResult : MapResult
{
    /// <summary>Fall-off of the whole map beyond that of a protein whose atoms have B = 40 Å² (Å²).</summary>
    public required double FallOff { get; init; }

    /// <summary>B factor that the result was brought to (Å²).</summary>
    public required double TargetBFactor { get; init; }

    /// <summary>Voxels in the mask.</summary>
    public required long MaskVoxels { get; init; }

    /// <summary>Bands that were used, from 0 on, 0.025 Å⁻¹ apart.</summary>
    public required int UsedBands { get; init; }

    /// <summary>Power of each band of the mean map in the mask, T.</summary>
    public required IReadOnlyList<double> Totals { get; init; }

    /// <summary>Power of the noise in each band in the mask, N.</summary>
    public required IReadOnlyList<double> Noises { get; init; }

    /// <summary>Voxels from one sample to the next.</summary>
    public required int SampleStep { get; init; }

    /// <summary>
    /// Local resolution (Å), where the Fourier shell correlation of the half maps would be 0.143 at that place; 2 voxels … 20 Å, 0 outside the mask. Null, as are the
    /// two maps below, where by-products were not asked for.
    /// </summary>
    public CryoMap? LocalResolution => ByProducts?.LocalResolution;

    /// <summary>Standard deviation of the noise in the restored map, in its grey values.</summary>
    public CryoMap? NoiseDeviation => ByProducts?.NoiseDeviation;

    /// <summary>
    /// One minus the false discovery rate of the restored map, 0 … 1: among the voxels with at least 0.99, one in a hundred is expected to be noise
    /// (Benjamini and Hochberg, <i>J. R. Stat. Soc. B</i> 57 (1995) 289).
    /// </summary>
    public CryoMap? Confidence => ByProducts?.Confidence;

    /// <summary>
    /// Share of the noise in the variance of the mean of the half maps, in the mask, 0 … 1. Null, as are the members below, with one weight a shell or the positivity
    /// step, for which it is not known.
    /// </summary>
    public double? NoiseShareBefore => NoiseShares?.Before;

    /// <summary>Share of the noise in the variance of the restored map, in the mask, 0 … 1.</summary>
    public double? NoiseShareAfter => NoiseShares?.After;

    /// <summary>As <see cref="NoiseShareBefore"/>, of the detail finer than 5 Å; null also where the voxels hold none.</summary>
    public double? DetailNoiseShareBefore => NoiseShares?.DetailBefore;

    /// <summary>As <see cref="NoiseShareAfter"/>, of the detail finer than 5 Å; null also where all of it was left out.</summary>
    public double? DetailNoiseShareAfter => NoiseShares?.DetailAfter;

    /// <summary>The noise of the detail, before and after, as a sentence; null where it is not known.</summary>
    public string? Summary => NoiseShares?.Summary;

    /// <summary>The maps that were worked out beside the restored one; null where they were not asked for.</summary>
    internal LocalWienerByProducts? ByProducts { get; init; }

    /// <summary>The shares of the noise; null where they are not known.</summary>
    internal LocalWienerNoiseShares? NoiseShares { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocalWiener.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(FallOff), FallOff),
        (nameof(MaskVoxels), MaskVoxels),
        (nameof(UsedBands), UsedBands),
        (nameof(Totals), Totals),
        (nameof(Noises), Noises),
        (nameof(SampleStep), SampleStep),
        (nameof(NoiseShareBefore), NoiseShareBefore),
        (nameof(NoiseShareAfter), NoiseShareAfter),
        (nameof(DetailNoiseShareBefore), DetailNoiseShareBefore),
        (nameof(DetailNoiseShareAfter), DetailNoiseShareAfter),
    ];
}
