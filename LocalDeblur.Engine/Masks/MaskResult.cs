using LocalDeblur.Maps;

namespace LocalDeblur.Masks;

/// <summary>A mask, 1 in the molecule and 0 outside, and how it came about.</summary>
public sealed record MaskResult : MapResult
{
    /// <summary>Density from which on voxels were selected, in the low-passed map.</summary>
    public required double Threshold { get; init; }

    /// <summary>Connected parts above the threshold.</summary>
    public required int Components { get; init; }

    /// <summary>Those that were kept.</summary>
    public required int KeptComponents { get; init; }

    /// <summary>Voxels of the parts that were kept, before the mask was extended.</summary>
    public required long ThresholdVoxels { get; init; }

    /// <summary>Voxels where the mask is at least one half.</summary>
    public required long InsideVoxels { get; init; }

    /// <summary>Their volume (Å³).</summary>
    public required double Volume { get; init; }

    /// <summary>Their share of the box, 0 … 1.</summary>
    public required double Share { get; init; }

    /// <inheritdoc/>
    private protected override string Step => MaskBuilder.StepName;

    /// <inheritdoc/>
    private protected override StepTelling Telling => StepTelling.WhenLast;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(Threshold), Threshold),
        (nameof(Components), Components),
        (nameof(KeptComponents), KeptComponents),
        (nameof(ThresholdVoxels), ThresholdVoxels),
        (nameof(InsideVoxels), InsideVoxels),
        (nameof(Volume), Volume),
        (nameof(Share), Share),
    ];
}
