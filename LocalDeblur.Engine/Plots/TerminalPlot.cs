using System.Globalization;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>Plots of lines in characters: dots of Braille, eight in a character, in the colours of the lines; or a letter for each line.</summary>
internal static class TerminalPlot
{
    private const int LabelWidth = 8;
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const int LargestHeight = 24;
    // Characters for lines, and the Braille character without dots.
    private const char Upright = '\u2502';
    private const char Level = '\u2500';
    private const char Corner = '\u2514';
    private const char Dotted = '\u2508';
    private const int NoDots = 0x2800;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    // Bits of a Braille character, by column and row.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Draws a plot.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="screen">The terminal.</param>
    public static string Draw(LinePlot plot, TerminalScreen screen)
    {
        bool hasColor = screen.Style == TerminalStyle.Blocks;
        int width = Math.Max(10, Math.Min(screen.Columns, 160) - LabelWidth - 2), height = Math.Clamp(screen.Rows - 6 - plot.Series.Count, 6, LargestHeight);
        (double xLow, double xHigh) = Range(plot.X, plot.Series.SelectMany(series => series.X));
        (double yLow, double yHigh) = Range(plot.Y, plot.Series.SelectMany(series => series.Y));
        int[,] bits = new int[height, width], owners = new int[height, width];
        foreach (PlotReferenceLine line in plot.ReferenceLines.Where(line => !line.Upright))
        {
            int row = (int)((yHigh - line.Value) / (yHigh - yLow) * height);
            for (int column = 0; row >= 0 && row < height && column < width; column++)
            {
                owners[row, column] = -1;
            }
        }

        foreach ((int number, PlotSeries series) in plot.Series.Index())
        {
            for (int i = 1; i < series.X.Count; i++)
            {
                Trace(series.X[i - 1], series.Y[i - 1], series.X[i], series.Y[i], number + 1);
            }
        }

        var text = new StringBuilder();
        text.Append(TerminalPicture.Safe(plot.Title)).Append('\n');
        for (int row = 0; row < height; row++)
        {
            double value = yHigh - ((row + 0.5) * (yHigh - yLow) / height);
            text.Append(row % 4 == 2 || height < 8 ? Number(value).PadLeft(LabelWidth) : new string(' ', LabelWidth)).Append(hasColor ? $" {Upright}" : " |");
            for (int column = 0; column < width; column++)
            {
                text.Append(Cell(row, column));
            }

            text.Append('\n');
        }

        text.Append(' ', LabelWidth + 1).Append(hasColor ? Corner : '+').Append(hasColor ? Level : '-', width).Append('\n');
        WriteScale(text, plot.X, xLow, xHigh, width);
        text.Append(' ', LabelWidth + 2).Append(plot.X.Label).Append('\n');
        foreach ((int number, PlotSeries series) in plot.Series.Index())
        {
            string name = TerminalPicture.Safe(series.Name);
            text.Append(' ', LabelWidth + 2).Append(hasColor ? $"{Ink(number)}{Level}{Level}\e[0m {name}" : $"{Letters[number % Letters.Length]}  {name}").Append('\n');
        }

        return text.ToString();

        string Ink(int number) => TerminalPicture.Color(ColorOf(plot.Series[number], number), screen);

        string Cell(int row, int column) => (owners[row, column], hasColor) switch
        {
            (0, _) => " ",
            (-1, true) => Dotted.ToString(),
            (-1, false) => ".",
            ({ } owner, true) => $"{Ink(owner - 1)}{(char)(NoDots + bits[row, column])}\e[0m",
            ({ } owner, false) => Letters[(owner - 1) % Letters.Length].ToString(),
        };

        void Trace(double x1, double y1, double x2, double y2, int owner)
        {
            if (!double.IsFinite(x1 + y1 + x2 + y2))
            {
                return;
            }

            (double fromX, double fromY) = Place(x1, y1);
            (double toX, double toY) = Place(x2, y2);
            int steps = (int)Math.Min(4096, Math.Ceiling(Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)))) + 1;
            for (int step = 0; step <= steps; step++)
            {
                double share = (double)step / steps;
                int x = (int)(fromX + (share * (toX - fromX))), y = (int)(fromY + (share * (toY - fromY)));
                if (x >= 0 && y >= 0 && x < width * DotsAcross && y < height * DotsDown)
                {
                    bits[y / DotsDown, x / DotsAcross] |= Dots[x % DotsAcross, y % DotsDown];
                    owners[y / DotsDown, x / DotsAcross] = owner;
                }
            }
        }

        (double X, double Y) Place(double x, double y) =>
            ((x - xLow) / (xHigh - xLow) * ((width * DotsAcross) - 1), (yHigh - y) / (yHigh - yLow) * ((height * DotsDown) - 1));
    }

    private static void WriteScale(StringBuilder text, PlotAxis axis, double low, double high, int width)
    {
        const int Step = 16;
        string line = string.Empty;
        for (int column = 0; column + 6 < width; column += Step)
        {
            double value = low + ((column + 0.5) * (high - low) / width);
            string label = axis.Resolution switch
            {
                PlotResolutionScale.Reciprocal => Say($"{1 / value:G3} Å"),
                PlotResolutionScale.ReciprocalSquare => Say($"{1 / Math.Sqrt(value):G3} Å"),
                _ => Number(value),
            };
            line = line.PadRight(column) + label;
        }

        text.Append(' ', LabelWidth + 2).Append(line).Append('\n');
    }

    private static (double Low, double High) Range(PlotAxis axis, IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).DefaultIfEmpty(0)];
        double low = axis.Minimum ?? finite.Min(), high = axis.Maximum ?? finite.Max();
        return high > low ? (low, high) : (low, low + 1);
    }

    private static int ColorOf(PlotSeries series, int number) => (series.Color ?? (PlotColor)(number % (int)PlotColor.Black)) switch
    {
        PlotColor.Blue => 0x3A9BDC,
        PlotColor.Vermilion => 0xD55E00,
        PlotColor.Green => 0x009E73,
        PlotColor.Purple => 0xCC79A7,
        PlotColor.Orange => 0xE69F00,
        PlotColor.SkyBlue => 0x56B4E9,

        // Black cannot be seen on most terminals.
        _ => 0xBBBBBB,
    };

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
