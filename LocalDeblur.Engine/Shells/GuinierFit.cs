using System.Globalization;

namespace LocalDeblur.Shells;

/// <summary>A straight line through the points x = 1/d² (1/Å²), y = ln⟨|F|⟩ of a Guinier plot, all of the same weight.</summary>
/// <param name="Range">Range of resolution asked for.</param>
/// <param name="Slope">Slope of the line (Å²); negative where amplitudes fall with resolution.</param>
/// <param name="Intercept">Value at 1/d² = 0.</param>
/// <param name="Correlation">Square of the correlation of x and y, r², 0 … 1; RELION calls it the correlation of the fit. NaN for points on a level line.</param>
/// <param name="ShellCount">Points.</param>
public sealed record GuinierFit(ResolutionRange Range, double Slope, double Intercept, double Correlation, int ShellCount)
{
    /// <summary>B factor, 4·slope (Å²). Negative for a map that wants sharpening, which is multiplying by exp(−B/(4d²)).</summary>
    public double BFactor => 4 * Slope;

    /// <summary>For example <c>B −80.94 Å² (10–2 Å, r² 0.9806)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"B {BFactor:0.00} Å² ({Range}{(double.IsNaN(Correlation) ? ", a level line" : $", r² {Correlation:0.0000}")})");

    /// <summary>Fits the line.</summary>
    /// <param name="x">1/d² of at least two points.</param>
    /// <param name="y">ln⟨|F|⟩ of them.</param>
    /// <param name="range">Range they were taken from.</param>
    internal static GuinierFit Through(double[] x, double[] y, ResolutionRange range)
    {
        (double intercept, double slope) = MathNet.Numerics.Fit.Line(x, y);
        double r = MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
        return new GuinierFit(range, slope, intercept, r * r, x.Length);
    }
}
