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

    /// <summary>Local resolution, noise and confidence; null where they were not asked for.</summary>
    public LocalWienerByProducts? ByProducts { get; init; }

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
        .. ByProducts is { } known
            ? (IEnumerable<(string, object?)>)
            [
                (nameof(known.NoiseShareBefore), known.NoiseShareBefore),
                (nameof(known.NoiseShareAfter), known.NoiseShareAfter),
                (nameof(known.DetailNoiseShareBefore), known.DetailNoiseShareBefore),
                (nameof(known.DetailNoiseShareAfter), known.DetailNoiseShareAfter),
            ]
            : [],
    ];
}
