using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Plots;

/// <summary>Plot of Fourier shell correlation against 1/d.</summary>
public static class FscPlot
{
    /// <summary>Makes the plot, with lines at 0.143 and 0.5. The picture and the table follow from it.</summary>
    /// <param name="result">The curves.</param>
    /// <param name="title">Title.</param>
    public static LinePlot Create(FscResult result, string title)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(title);
        double[] x = [.. result.Shells.Skip(1).Select(shell => shell.Frequency)];
        double lowest = result.Shells.Skip(1).SelectMany(shell => result.Curves.Select(curve => shell[curve])).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Spatial frequency, 1/d (1/Å)") { Minimum = 0, Resolution = PlotResolutionScale.Reciprocal },
            Y = new PlotAxis("Fourier shell correlation") { Minimum = lowest < -0.05 ? null : Math.Min(0, lowest), Maximum = 1 },
            Series =
            [
                .. from curve in result.Curves
                   let style = Style(curve)
                   select new PlotSeries(style.Name, x, [.. result.Shells.Skip(1).Select(shell => shell[curve])]) { Color = style.Color, Dash = style.Dash },
            ],
            ReferenceLines = [new PlotReferenceLine(FscResult.Threshold, "0.143"), new PlotReferenceLine(FscResult.HalfThreshold, "0.5")],
        };
    }

    private static (string Name, PlotColor Color, PlotDash Dash) Style(FscCurveKind curve) => curve switch
    {
        FscCurveKind.Unmasked => ("Unmasked", PlotColor.Blue, PlotDash.Solid),
        FscCurveKind.Masked => ("Masked", PlotColor.Green, PlotDash.Solid),
        FscCurveKind.Randomised => ("Phases randomised", PlotColor.Vermilion, PlotDash.Dashed),
        FscCurveKind.Corrected => ("Corrected", PlotColor.Black, PlotDash.Solid),
        _ => ("Mask fraction", PlotColor.SkyBlue, PlotDash.Dotted),
    };
}
