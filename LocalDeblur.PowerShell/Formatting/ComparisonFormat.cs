using System.Globalization;
using LocalDeblur.Workflows.Comparison;

namespace LocalDeblur.PowerShell.Formatting;

/// <summary>Figures of a sharpening method as the views show them: <c>3.78</c>, or with cross-validation <c>3.78 (3.79/3.06)</c>; - for none.</summary>
/// <remarks>Decimals are as many in every row, since rows are read against one another.</remarks>
public static class ComparisonFormat
{
    /// <summary>The method and its half; * where it has seen the model.</summary>
    /// <param name="row">The row.</param>
    public static string Method(SharpeningComparisonRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.UsesModel ? $"{row.Label} *" : row.Label;
    }

    /// <summary>EMRinger score.</summary>
    /// <param name="row">The row.</param>
    public static string EMRinger(SharpeningComparisonRow row) => Figure(row, figures => figures.EMRinger, 2);

    /// <summary>Mean Q-score.</summary>
    /// <param name="row">The row.</param>
    public static string QScore(SharpeningComparisonRow row) => Figure(row, figures => figures.QScore, 3);

    /// <summary>Map–model correlation where the model is.</summary>
    /// <param name="row">The row.</param>
    public static string CCMask(SharpeningComparisonRow row) => Figure(row, figures => figures.CCMask, 3);

    /// <summary>Map–model correlation over the box.</summary>
    /// <param name="row">The row.</param>
    public static string CCBox(SharpeningComparisonRow row) => Figure(row, figures => figures.CCBox, 3);

    /// <summary>Map–model correlation over the highest voxels.</summary>
    /// <param name="row">The row.</param>
    public static string CCPeaks(SharpeningComparisonRow row) => Figure(row, figures => figures.CCPeaks, 3);

    /// <summary>Resolution where the correlation with the model falls below 0.5 (Å).</summary>
    /// <param name="row">The row.</param>
    public static string FscResolution05(SharpeningComparisonRow row) => Figure(row, figures => figures.FscResolution05, 2);

    /// <summary>Distance of the amplitude profile from the model's.</summary>
    /// <param name="row">The row.</param>
    public static string GuinierDistance(SharpeningComparisonRow row) => Figure(row, figures => figures.GuinierDistance, 3);

    /// <summary>The method of several sets; * where it has seen the model.</summary>
    /// <param name="row">The row.</param>
    public static string Method(SharpeningDrawsRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.UsesModel ? $"{row.Method} *" : row.Method;
    }

    /// <summary>A figure over several sets, for example <c>0.643 ± 0.001 (4/4)</c>.</summary>
    /// <param name="figure">The figure; null for none.</param>
    /// <param name="decimals">0 … 9.</param>
    public static string Over(SharpeningFigure? figure, int decimals) => figure?.Say(decimals) ?? "-";

    /// <summary>Mean Fourier shell correlation with the sharp truth.</summary>
    /// <param name="row">The row.</param>
    public static string TruthFsc(SharpeningComparisonRow row) => Figure(row, figures => figures.TruthFsc, 4);

    /// <summary>Correlation of the voxels with the sharp truth.</summary>
    /// <param name="row">The row.</param>
    public static string TruthCorrelation(SharpeningComparisonRow row) => Figure(row, figures => figures.TruthCorrelation, 3);

    /// <summary>Kurtosis over the box.</summary>
    /// <param name="row">The row.</param>
    public static string Kurtosis(SharpeningComparisonRow row) => Figure(row, figures => figures.Kurtosis, 1);

    /// <summary>Duration of the sharpening (s).</summary>
    /// <param name="row">The row.</param>
    public static string Seconds(SharpeningComparisonRow row) => Figure(row, figures => figures.Seconds, 1);

    /// <summary>Correlation of the sharpened halves.</summary>
    /// <param name="row">The row.</param>
    public static string HalfCorrelation(SharpeningComparisonRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Number(row.HalfCorrelation, 3);
    }

    private static string Figure(SharpeningComparisonRow row, Func<SharpeningComparisonRow, double?> figure, int decimals)
    {
        ArgumentNullException.ThrowIfNull(row);
        string whole = Number(figure(row), decimals);
        return row.Half1 is null || row.Half2 is null
            ? whole
            : $"{whole} ({Number(figure(row.Half1), decimals)}/{Number(figure(row.Half2), decimals)})";
    }

    private static string Number(double? value, int decimals) => value?.ToString($"F{decimals}", CultureInfo.InvariantCulture) ?? "-";
}
