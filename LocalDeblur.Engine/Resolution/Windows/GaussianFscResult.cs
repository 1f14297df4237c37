using LocalDeblur.Resolution.Spheres;

namespace LocalDeblur.Resolution.Windows;

/// <summary>What the correlation in Gaussian windows found: the local resolution (Å) in the mask, 0 elsewhere.</summary>
public sealed record GaussianFscResult : LocalResolutionResult
{
    /// <summary>Bands that were compared, from 1 on, 0.025 Å⁻¹ apart; nothing finer is found.</summary>
    public required int Bands { get; init; }

    /// <summary>Voxels from one window to the next.</summary>
    public required int SampleStep { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocalFsc.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(Bands), Bands),
        (nameof(SampleStep), SampleStep),
        (nameof(InsideVoxels), InsideVoxels),
        ("FinestResolution", Finest),
        ("MedianResolution", Median),
        ("CoarsestResolution", Coarsest),
    ];
}
