using LocalDeblur.Validation;

namespace LocalDeblur.Plots;

/// <summary>Plots of an EMRinger score.</summary>
public static class EMRingerPlots
{
    /// <summary>Score against density threshold.</summary>
    /// <param name="result">The score.</param>
    /// <param name="title">Title.</param>
    public static LinePlot Score(EMRingerResult result, string title)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Against(result, title, "EMRinger score", threshold => threshold.Score, [new PlotReferenceLine(0, "chance")]);
    }

    /// <summary>Share of rotameric peaks against density threshold.</summary>
    /// <param name="result">The score.</param>
    /// <param name="title">Title.</param>
    public static LinePlot RotamerRatio(EMRingerResult result, string title)
    {
        ArgumentNullException.ThrowIfNull(result);
        LinePlot plot = Against(result, title, "Rotameric share of the peaks", threshold => threshold.RotamerRatio, [new PlotReferenceLine(39.0 / 72, "chance")]);
        return plot with { Y = plot.Y with { Minimum = 0, Maximum = 1 } };
    }

    /// <summary>Shares in a window that rolls along one chain.</summary>
    /// <param name="result">The score.</param>
    /// <param name="chain">Chain id, one of those of the windows.</param>
    /// <param name="title">Title.</param>
    /// <exception cref="ArgumentException">No scored residue is in this chain.</exception>
    public static LinePlot Rolling(EMRingerResult result, string chain, string title)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentException.ThrowIfNullOrEmpty(title);
        EMRingerWindow[] windows = [.. result.Windows.Where(window => window.Chain == chain)];
        if (windows.Length == 0)
        {
            throw new ArgumentException($"No scored residue is in chain '{chain}'.", nameof(chain));
        }

        double[] x = [.. windows.Select(window => (double)window.Number)];
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis(FormattableString.Invariant($"Residue in the middle of {(2 * result.WindowReach) + 1}")),
            Y = new PlotAxis("Share of residues") { Minimum = 0, Maximum = 1 },
            Series =
            [
                new PlotSeries("Rotameric, of those above the threshold", x, [.. windows.Select(window => window.RotamerRatio)]) { Color = PlotColor.Blue },
                new PlotSeries("Above the threshold", x, [.. windows.Select(window => window.AboveShare)]) { Color = PlotColor.Green },
            ],
            ReferenceLines = [new PlotReferenceLine(0.5, "0.5")],
        };
    }

    private static LinePlot Against(EMRingerResult result, string title, string label, Func<EMRingerThreshold, double> value, IReadOnlyList<PlotReferenceLine> lines)
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Density threshold"),
            Y = new PlotAxis(label),
            Series = [new PlotSeries(label, [.. result.Thresholds.Select(threshold => threshold.Density)], [.. result.Thresholds.Select(value)]) { Color = PlotColor.Vermilion }],
            ReferenceLines = [.. lines, new PlotReferenceLine(result.Threshold, "score") { Upright = true }],
        };
    }
}
