using System.Globalization;

namespace LocalDeblur.Files;

/// <summary>Writes comma-separated values (RFC 4180, lines ending with a line feed), independently of the culture.</summary>
internal static class CsvTable
{
    /// <summary>Writes one row.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="fields">The fields, as plain text; those with commas or quotes are quoted.</param>
    public static void WriteRow(TextWriter writer, IEnumerable<string> fields)
    {
        writer.Write(string.Join(',', fields.Select(Quote)));
        writer.Write('\n');
    }

    /// <summary>A number that reads back exactly; empty where it is not finite.</summary>
    /// <param name="value">Any number.</param>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : string.Empty;

    private static string Quote(string field)
    {
        // What begins like a formula is one to programs that open tables; an apostrophe makes it a text. Numbers are none.
        string plain = PlainText.Of(field);
        bool isFormula = plain is ['=' or '+' or '-' or '@', ..] && !double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        plain = isFormula ? "'" + plain : plain;
        return plain.AsSpan().IndexOfAny(",\"") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
