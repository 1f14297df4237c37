using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>The local resolution (Å) that a local Wiener restoration goes by: 2 voxels … 20 Å in the mask, 0 outside.</summary>
public sealed record LocalWienerResolutionResult : LocalResolutionResult
{
    /// <summary>Bands that were used, from 0 on, 0.025 Å⁻¹ apart; nothing finer is found.</summary>
    public required int UsedBands { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocalWienerResolution.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(UsedBands), UsedBands),
        (nameof(InsideVoxels), InsideVoxels),
        ("FinestResolution", Finest),
        ("MedianResolution", Median),
        ("CoarsestResolution", Coarsest),
    ];
}
