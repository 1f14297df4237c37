using System.Globalization;
using LocalDeblur.Plots;

namespace LocalDeblur.Files;

/// <summary>Writes the numbers of a <see cref="LinePlot"/> as comma-separated values (RFC 4180, lines ending with a line feed).</summary>
/// <remarks>One row for each horizontal value that occurs, ascending; one column a series. What is not a number, or absent, is an empty field. Numbers are
/// written independently of the culture and read back exactly.</remarks>
public static class CsvTable
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

        WriteRow(writer, plot.Series.Select(series => series.Name).Prepend(plot.X.Label));
        foreach ((double x, double[] values) in rows)
        {
            WriteRow(writer, values.Prepend(x).Select(Number));
        }
    }

    /// <summary>Writes one row.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="fields">The fields; those with commas, quotes or line ends are quoted.</param>
    internal static void WriteRow(TextWriter writer, IEnumerable<string> fields)
    {
        writer.Write(string.Join(',', fields.Select(Quote)));
        writer.Write('\n');
    }

    /// <summary>A number that reads back exactly; empty where it is not finite.</summary>
    /// <param name="value">Any number.</param>
    internal static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : string.Empty;

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
