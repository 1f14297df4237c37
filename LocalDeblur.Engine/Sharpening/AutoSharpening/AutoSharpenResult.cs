using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>A map that AutoSharpen sharpened, mean 0 and standard deviation 1, and what led to it.</summary>
public sealed record AutoSharpenResult : MapResult
{
    /// <summary>B factor that was applied to the map (Å²), positive to sharpen; in shells, <see cref="MapBIso"/> − <see cref="BIso"/>.</summary>
    public required double SharpeningB { get; init; }

    /// <summary>B factor of the result (Å²): what the search chose in its box, or what was measured on the result.</summary>
    public required double BIso { get; init; }

    /// <summary>B factor of the map before (Å²), measured in the box of the search, or on the whole.</summary>
    public required double MapBIso { get; init; }

    /// <summary>Kurtosis of the result.</summary>
    public required double Kurtosis { get; init; }

    /// <summary>How the B factor was searched for; null for half maps, and with a model.</summary>
    public AutoSharpenSearch? Search { get; internal init; }

    /// <summary>The weights of shells; null for one map without a model.</summary>
    public AutoSharpenShells? Shells { get; internal init; }

    /// <summary>How well map and model agree in the shell where they agree best, 0 … 1; null without a model.</summary>
    public double? BestAgreement { get; internal init; }

    /// <summary>Where the search ran, or map and model were compared; null for half maps without a model.</summary>
    public VoxelBox? Box { get; internal init; }

    /// <inheritdoc/>
    private protected override string Step => AutoSharpen.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures => Search is { } search
        ?
        [
            (nameof(SharpeningB), SharpeningB),
            (nameof(BIso), BIso),
            (nameof(MapBIso), MapBIso),
            (nameof(search.FinalBIso), search.FinalBIso),
            (nameof(search.AdjustedSurfaceArea), search.AdjustedSurfaceArea),
            ("SearchKurtosis", search.Kurtosis),
            (nameof(Kurtosis), Kurtosis),
            (nameof(search.RegionWeight), search.RegionWeight),
            (nameof(search.SolventFraction), search.SolventFraction),
            (nameof(search.MapSolventFraction), search.MapSolventFraction),
            .. BoxFigures,
            (nameof(search.TriedBIso), search.TriedBIso),
            (nameof(search.TriedSurfaceAreas), search.TriedSurfaceAreas),
            (nameof(search.TriedKurtoses), search.TriedKurtoses),
        ]
        :
        [
            .. BestAgreement is { } agreement ? ((string, object?)[])[(nameof(BestAgreement), agreement)] : [],
            .. BoxFigures,
            (nameof(SharpeningB), SharpeningB),
            (nameof(BIso), BIso),
            (nameof(MapBIso), MapBIso),
            (nameof(Kurtosis), Kurtosis),
            ("ShellResolutions", Shells!.Resolutions),
            ("ShellCorrelations", Shells.Correlations),
            ("ShellWeights", Shells.Weights),
        ];

    private (string Name, object? Value)[] BoxFigures => Box is { } box ? [("BoxOrigin", (int[])[box.X, box.Y, box.Z]), ("BoxSize", box.Size)] : [];
}
