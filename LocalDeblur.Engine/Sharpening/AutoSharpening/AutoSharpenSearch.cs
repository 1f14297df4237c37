namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>How AutoSharpen found the B factor of one map: by trying several on a part of it.</summary>
public sealed record AutoSharpenSearch
{
    /// <summary>B factor measured on the whole result (Å²).</summary>
    public required double FinalBIso { get; init; }

    /// <summary>Adjusted surface area of the choice, in the box.</summary>
    public required double AdjustedSurfaceArea { get; init; }

    /// <summary>Kurtosis of the choice, in the box.</summary>
    public required double Kurtosis { get; init; }

    /// <summary>Penalty on the number of regions.</summary>
    public required double RegionWeight { get; init; }

    /// <summary>Share of the box that is solvent, 0 … 1.</summary>
    public required double SolventFraction { get; init; }

    /// <summary>Share of the whole map that is solvent, 0 … 1; NaN with a given box.</summary>
    public required double MapSolventFraction { get; init; }

    /// <summary>B factors of the result that were tried (Å²).</summary>
    public required IReadOnlyList<double> TriedBIso { get; init; }

    /// <summary>Adjusted surface area of each.</summary>
    public required IReadOnlyList<double> TriedSurfaceAreas { get; init; }

    /// <summary>Kurtosis of each.</summary>
    public required IReadOnlyList<double> TriedKurtoses { get; init; }
}
