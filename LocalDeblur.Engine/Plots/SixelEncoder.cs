using System.Globalization;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>Pictures as Sixel graphics (DEC, <i>VT330/VT340 Programmer Reference Manual</i>, 1987), in 252 colours or 64 greys.</summary>
internal static class SixelEncoder
{
    private const int Greys = 64;
    private const int BandHeight = 6;

    // Steps of red, green and blue.
    private static readonly int[] Steps = [6, 7, 6];

    /// <summary>Encodes a picture.</summary>
    /// <param name="image">The picture.</param>
    public static string Encode(PngImage image)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\eP0;1;0q\"1;1;{image.Width};{image.Height}");
        bool isGrey = image.Channels == 1;
        int colors = isGrey ? Greys : Steps[0] * Steps[1] * Steps[2];
        for (int color = 0; color < colors; color++)
        {
            (int red, int green, int blue) = isGrey
                ? (Percent(color, Greys), Percent(color, Greys), Percent(color, Greys))
                : (Percent(color / (Steps[1] * Steps[2]), Steps[0]), Percent(color / Steps[2] % Steps[1], Steps[1]), Percent(color % Steps[2], Steps[2]));
            text.Append(CultureInfo.InvariantCulture, $"#{color};2;{red};{green};{blue}");
        }

        byte[,] bits = new byte[colors, image.Width];
        for (int top = 0; top < image.Height; top += BandHeight)
        {
            Array.Clear(bits);
            bool[] isUsed = new bool[colors];
            for (int y = top; y < Math.Min(top + BandHeight, image.Height); y++)
            {
                ReadOnlySpan<byte> row = image.Row(y);
                for (int x = 0; x < image.Width; x++)
                {
                    int color = isGrey ? Step(row[x], Greys) : Cube(row.Slice(3 * x, 3));
                    bits[color, x] |= (byte)(1 << (y - top));
                    isUsed[color] = true;
                }
            }

            for (int color = 0; color < colors; color++)
            {
                if (isUsed[color])
                {
                    text.Append(CultureInfo.InvariantCulture, $"#{color}");
                    WriteRuns(text, bits, color, image.Width);
                    text.Append('$');
                }
            }

            text.Append('-');
        }

        return text.Append("\e\\\n").ToString();
    }

    private static void WriteRuns(StringBuilder text, byte[,] bits, int color, int width)
    {
        for (int x = 0; x < width;)
        {
            int end = x + 1;
            while (end < width && bits[color, end] == bits[color, x])
            {
                end++;
            }

            char sign = (char)('?' + bits[color, x]);
            _ = end - x > 3 ? text.Append(CultureInfo.InvariantCulture, $"!{end - x}{sign}") : text.Append(sign, end - x);
            x = end;
        }
    }

    private static int Cube(ReadOnlySpan<byte> pixel) => (((Step(pixel[0], Steps[0]) * Steps[1]) + Step(pixel[1], Steps[1])) * Steps[2]) + Step(pixel[2], Steps[2]);

    private static int Step(byte channel, int steps) => (int)Math.Round(channel * (steps - 1) / 255.0);

    private static int Percent(int step, int steps) => (int)Math.Round(100.0 * step / (steps - 1));
}
