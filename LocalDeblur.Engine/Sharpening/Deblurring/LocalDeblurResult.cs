using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>A map that LocalDeblur sharpened, and how the iteration went.</summary>
public sealed record LocalDeblurResult : MapResult
{
    /// <summary>Step size λ that was used.</summary>
    public required double StepSize { get; init; }

    /// <summary>Whether the stopping rule was met before the limit on iterations.</summary>
    public required bool Converged { get; init; }

    /// <summary>‖Hv‖ at the start of each iteration.</summary>
    public required IReadOnlyList<double> Norms { get; init; }

    /// <summary>Iterations that were done.</summary>
    public int Iterations => Norms.Count;

    /// <summary>Bands of the filter bank.</summary>
    public required int Bands { get; init; }

    /// <summary>Filters that the bands were reduced to.</summary>
    public required int Rank { get; init; }

    /// <summary>Smallest value that the result may take; −∞ where there is none.</summary>
    public required double Floor { get; init; }

    /// <summary>Standard deviation of the map outside the molecule, which floor or signal-to-noise ratio rest on.</summary>
    public required double OutsideStandardDeviation { get; init; }

    /// <summary>Voxels with a local resolution.</summary>
    public required long InsideVoxels { get; init; }

    /// <summary>Finest local resolution (Å).</summary>
    public required double FinestResolution { get; init; }

    /// <summary>Coarsest local resolution (Å).</summary>
    public required double CoarsestResolution { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocalDeblurSolver.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(StepSize), StepSize),
        (nameof(Iterations), Iterations),
        (nameof(Converged), Converged),
        (nameof(Bands), Bands),
        (nameof(Rank), Rank),
        (nameof(Norms), Norms),
        (nameof(Floor), Floor),
        (nameof(OutsideStandardDeviation), OutsideStandardDeviation),
        (nameof(InsideVoxels), InsideVoxels),
        (nameof(FinestResolution), FinestResolution),
        (nameof(CoarsestResolution), CoarsestResolution),
    ];
}
