using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>A map that was sharpened by one B factor, and what led to it.</summary>
public sealed record BFactorSharpeningResult : MapResult
{
    /// <summary>Curves that the map was weighted by; null for none.</summary>
    public required FscResult? Fsc { get; init; }

    /// <summary>Profile of the map that went in, averaged over stored coefficients as in RELION.</summary>
    public required GuinierProfile Original { get; init; }

    /// <summary>The same after detector and Fourier shell correlation; the fit is through this one.</summary>
    public required GuinierProfile Weighted { get; init; }

    /// <summary>The same after sharpening and low-pass filter.</summary>
    public required GuinierProfile Sharpened { get; init; }

    /// <summary>B factor that was applied (Å²), negative to sharpen.</summary>
    public required double BFactor { get; init; }

    /// <summary>The three profiles with the B factor, as RELION's table of them has it.</summary>
    public GuinierTable Guinier => new(Original, Weighted, Sharpened, BFactor);

    /// <summary>Slope of the Guinier fit (Å²), a quarter of its B factor; NaN where none was possible and B was given.</summary>
    public double Slope => Weighted.Fit?.Slope ?? double.NaN;

    /// <summary>Intercept of the Guinier fit; NaN where there is none.</summary>
    public double Intercept => Weighted.Fit?.Intercept ?? double.NaN;

    /// <summary>r² of the Guinier fit, 0 … 1; NaN where there is none.</summary>
    public double FitCorrelation => Weighted.Fit?.Correlation ?? double.NaN;

    /// <summary>Shells that the line was fitted to.</summary>
    public int FitShells => Weighted.Fit?.ShellCount ?? 0;

    /// <summary>Resolution of the map (Å): as given, else the last shell before the curve first falls below 0.143, else NaN.</summary>
    public required double Resolution { get; init; }

    /// <summary>Resolution of the last shell that is not 0 (Å); NaN where there is only the mean.</summary>
    public required double FinestShell { get; init; }

    /// <inheritdoc/>
    private protected override string Step => BFactorSharpening.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(BFactor), BFactor),
        (nameof(Slope), Slope),
        (nameof(Intercept), Intercept),
        (nameof(FitCorrelation), FitCorrelation),
        (nameof(FitShells), FitShells),
        (nameof(Resolution), Resolution),
        (nameof(FinestShell), FinestShell),
    ];
}
