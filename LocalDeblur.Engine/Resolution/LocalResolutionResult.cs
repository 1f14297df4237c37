using LocalDeblur.Maps;

namespace LocalDeblur.Resolution;

/// <summary>A local resolution and its range.</summary>
public abstract record LocalResolutionResult : MapResult
{
    /// <summary>Local resolution (Å), on the grid of the input; 0 where there is none.</summary>
    public CryoMap LocalResolution => Map;

    /// <summary>Finest value (Å); NaN where there is none.</summary>
    public required double Finest { get; init; }

    /// <summary>Median of the values (Å); NaN where there is none.</summary>
    public required double Median { get; init; }

    /// <summary>Coarsest value (Å); NaN where there is none.</summary>
    public required double Coarsest { get; init; }

    /// <summary>Voxels with a value.</summary>
    public required long InsideVoxels { get; init; }

    /// <inheritdoc/>
    private protected override StepTelling Telling => StepTelling.WhenLast;
}
