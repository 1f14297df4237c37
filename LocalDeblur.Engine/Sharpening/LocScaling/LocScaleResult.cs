using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>A map that LocScale scaled, 0 where nothing was scaled, and what was measured on the way.</summary>
public sealed record LocScaleResult : MapResult
{
    /// <summary>Edge of the window (voxels).</summary>
    public required int WindowVoxels { get; init; }

    /// <summary>Edge of the window (Å).</summary>
    public required double Window { get; init; }

    /// <summary>Voxels that were scaled.</summary>
    public required long ScaledVoxels { get; init; }

    /// <summary>Of these, those whose window leaves the box.</summary>
    public required long EdgeVoxels { get; init; }

    /// <summary>Correlation of map and reference over the scaled voxels, −1 … 1.</summary>
    public required double ReferenceCorrelation { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocScale.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(WindowVoxels), WindowVoxels),
        (nameof(Window), Window),
        (nameof(ScaledVoxels), ScaledVoxels),
        (nameof(EdgeVoxels), EdgeVoxels),
        (nameof(ReferenceCorrelation), ReferenceCorrelation),
    ];
}
