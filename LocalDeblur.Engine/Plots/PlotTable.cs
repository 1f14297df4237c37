using LocalDeblur.Files;

namespace LocalDeblur.Plots;

/// <summary>Writes the numbers of a <see cref="LinePlot"/> as comma-separated values.</summary>
/// <remarks>One row for each horizontal value that occurs, ascending; one column a series. What is not a number, or absent, is an empty field. Numbers
/// read back exactly.</remarks>
internal static class PlotTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="plot">The plot. Of two points of one series at the same place the first counts.</param>
    /// <param name="writer">Takes the text.</param>
    public static void Write(LinePlot plot, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentNullException.ThrowIfNull(writer);
        var rows = new SortedDictionary<double, double[]>();
        for (int i = 0; i < plot.Series.Count; i++)
        {
            PlotSeries series = plot.Series[i];
            foreach ((double x, double y) in series.X.Zip(series.Y))
            {
                if (!double.IsFinite(x))
                {
                    continue;
                }

                if (!rows.TryGetValue(x, out double[]? row))
                {
                    row = new double[plot.Series.Count];
                    Array.Fill(row, double.NaN);
                    rows.Add(x, row);
                }

                row[i] = double.IsNaN(row[i]) ? y : row[i];
            }
        }

        CsvTable.WriteRow(writer, plot.Series.Select(series => series.Name).Prepend(plot.X.Label));
        foreach ((double x, double[] values) in rows)
        {
            CsvTable.WriteRow(writer, values.Prepend(x).Select(CsvTable.Number));
        }
    }
}
