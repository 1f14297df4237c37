using System.Globalization;

namespace LocalDeblur.Runner;

/// <summary>Amounts of memory as people write them: 500MB, 2GB, 1073741824. Units are powers of 1024.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Factor)[] Units = [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40)];

    /// <summary>Reads an amount.</summary>
    /// <param name="text">A positive number, with or without a unit.</param>
    /// <param name="bytes">The amount in bytes.</param>
    /// <returns>False when the text is not an amount.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        string number = text.Trim();
        long factor = 1;
        foreach ((string suffix, long unit) in Units)
        {
            if (number.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                number = number[..^suffix.Length].TrimEnd();
                factor = unit;
                break;
            }
        }

        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ||
            !(value * factor >= 1) || !(value * factor < long.MaxValue))
        {
            return false;
        }

        bytes = (long)(value * factor);
        return true;
    }

    /// <summary>For example <c>1.9 GB</c>, with a power of 1024.</summary>
    /// <param name="bytes">The amount.</param>
    public static string Format(long bytes)
    {
        (string suffix, long factor) = Units.Last(unit => unit.Factor <= Math.Max(bytes, 1024));
        return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / factor:0.##} {suffix}");
    }
}
