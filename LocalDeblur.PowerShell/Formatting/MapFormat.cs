using System.Collections;
using System.Globalization;
using System.Text;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Formatting;

/// <summary>
/// What the views in LocalDeblur.Format.ps1xml call. Everything is invariant: a decimal comma beside lists that are separated by
/// commas could not be read, and people paste these numbers into other programs.
/// </summary>
public static class MapFormat
{
    private const int LongestList = 12;

    /// <summary>A number with at most so many decimals: 1.06, not 1.05999994277954.</summary>
    /// <param name="value">The number.</param>
    /// <param name="decimals">Most decimals.</param>
    public static string Number(double value, int decimals = 4) => Shown(value, "0." + new string('#', decimals));

    /// <summary>A number with six significant digits, whatever its size.</summary>
    /// <param name="value">The number.</param>
    public static string Significant(double value) => Shown(value, "G6");

    /// <summary>Edge of a voxel; three edges where they differ.</summary>
    /// <param name="grid">The grid.</param>
    public static string VoxelSize(MapGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return grid.HasCubicVoxels ? Number(grid.VoxelSize) : grid.Spacing.ToString();
    }

    /// <summary>The steps of a map, for example "Import → LocalDeblur".</summary>
    /// <param name="history">What has been done to the map.</param>
    public static string Steps(IEnumerable<HistoryEntry> history) =>
        string.Join(" → ", (history ?? []).Select(entry => entry.Step));

    /// <summary>A place, to 0.1 Å, so that several stand in a row.</summary>
    /// <param name="place">Å.</param>
    public static string Place(AxisTriple place) => string.Create(CultureInfo.InvariantCulture, $"{place.X:0.0}, {place.Y:0.0}, {place.Z:0.0}");

    /// <summary>Names and values, one per line.</summary>
    /// <param name="values">Parameters or figures of a step.</param>
    public static string Values(IEnumerable<KeyValuePair<string, object?>> values) =>
        string.Join('\n', (values ?? []).Select(pair => $"{pair.Key} = {Value(pair.Key, pair.Value)}"));

    /// <summary>A path, or anything else that may hold characters that command a terminal.</summary>
    /// <param name="text">The text.</param>
    public static string Plain(string? text) => PlainText.Of(text);

    /// <summary>Sentences or labels, one per line.</summary>
    /// <param name="lines">The lines.</param>
    public static string Lines(IEnumerable lines) => string.Join('\n', (lines ?? Array.Empty<object>()).Cast<object>().Select(line => PlainText.Of(line.ToString())));

    /// <summary>A number of bytes with its unit.</summary>
    /// <param name="bytes">The number.</param>
    public static string Bytes(long bytes)
    {
        (double size, string unit) = bytes switch
        {
            >= 1L << 30 => (bytes / (double)(1L << 30), "GB"),
            >= 1L << 20 => (bytes / (double)(1L << 20), "MB"),
            >= 1L << 10 => (bytes / (double)(1L << 10), "KB"),
            _ => (bytes, "bytes"),
        };
        return $"{size.ToString("0.#", CultureInfo.InvariantCulture)} {unit}";
    }

    private static string Shown(double value, string format) => value switch
    {
        double.NaN => "-",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString(format, CultureInfo.InvariantCulture),
    };

    private static string Value(string name, object? value) => value switch
    {
        null => "-",
        string text => PlainText.Of(text),
        long bytes when name.EndsWith("Bytes", StringComparison.Ordinal) => Bytes(bytes),
        double number => Shown(number, "G7"),
        float number => Shown(number, "G7"),
        IEnumerable list => List(list),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    /// <summary>A list, cut where it would fill the screen.</summary>
    private static string List(IEnumerable list)
    {
        var text = new StringBuilder();
        int count = 0;
        foreach (object? item in list)
        {
            if (count == LongestList)
            {
                return text.Append(" …").ToString();
            }

            text.Append(count == 0 ? string.Empty : ", ").Append(Value(string.Empty, item));
            count++;
        }

        return text.ToString();
    }
}
