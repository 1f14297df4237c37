using System.Globalization;
using System.Security;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>Draws a <see cref="LinePlot"/> as a picture of lines and text (SVG 1.1) that any browser and any drawing program opens.</summary>
/// <remarks>White background, fonts of the system, no style sheet, script or identifier, so that several plots can stand in one page. Numbers are written
/// independently of the culture.</remarks>
public static class SvgPlot
{
    private const int Width = 680;
    private const int Height = 460;
    private const int Left = 72;
    private const int Right = 656;
    private const int Bottom = 402;
    private const int TopWithoutResolution = 46;
    private const int TopWithResolution = 84;
    private const int TickLength = 5;
    private const double FontSize = 13;

    // Average width of a letter of the usual sans-serif fonts, in units of the font size.
    private const double LetterWidth = 0.56;

    private static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
    private static readonly double[] Resolutions = [100, 50, 30, 20, 15, 12, 10, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.8, 2.6, 2.4, 2.2, 2, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.8, 0.6, 0.5];

    /// <summary>Writes the picture.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="writer">Takes the text; lines end with a line feed.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static void Write(LinePlot plot, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (PlotSeries series in plot.Series)
        {
            if (series.X.Count != series.Y.Count)
            {
                throw new ArgumentException($"Series '{series.Name}' has {series.X.Count} X and {series.Y.Count} Y values.", nameof(plot));
            }
        }

        var frame = new Frame(plot);
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"{FontSize}\" fill=\"#222\">");
        Line(svg, $"<title>{Escape(plot.Title)}</title>");
        Line(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        Text(svg, (Left + Right) / 2.0, 24, plot.Title, "middle", " font-size=\"15\" font-weight=\"bold\"");
        DrawAxes(svg, plot, frame);

        // A nested picture cuts what leaves the plot area, without an identifier that a page could hold twice.
        Line(svg, $"<svg x=\"{Left}\" y=\"{frame.Top}\" width=\"{Right - Left}\" height=\"{Bottom - frame.Top}\" viewBox=\"{Left} {frame.Top} {Right - Left} {Bottom - frame.Top}\" overflow=\"hidden\">");
        DrawReferenceLines(svg, plot, frame);
        for (int i = 0; i < plot.Series.Count; i++)
        {
            DrawSeries(svg, plot.Series[i], Stroke(plot.Series[i], i), frame);
        }

        Line(svg, $"</svg>");
        Line(svg, $"<rect x=\"{Left}\" y=\"{frame.Top}\" width=\"{Right - Left}\" height=\"{Bottom - frame.Top}\" fill=\"none\" stroke=\"#222\"/>");
        DrawLegend(svg, plot, frame);
        Line(svg, $"</svg>");
        writer.Write(svg);
    }

    private static void DrawAxes(StringBuilder svg, LinePlot plot, Frame frame)
    {
        foreach (double tick in frame.X.Ticks)
        {
            double x = frame.PlaceX(tick);
            Line(svg, $"<path d=\"M{x:0.##} {Bottom}v{TickLength}\" stroke=\"#222\"/>");
            Text(svg, x, Bottom + 20, frame.X.Text(tick), "middle");
        }

        foreach (double tick in frame.Y.Ticks)
        {
            double y = frame.PlaceY(tick);
            Line(svg, $"<path d=\"M{Left} {y:0.##}H{Right}\" stroke=\"#e4e4e4\"/>");
            Line(svg, $"<path d=\"M{Left} {y:0.##}h-{TickLength}\" stroke=\"#222\"/>");
            Text(svg, Left - 9, y + 4.5, frame.Y.Text(tick), "end");
        }

        Text(svg, (Left + Right) / 2.0, Bottom + 45, plot.X.Label, "middle");
        double middle = (frame.Top + Bottom) / 2.0;
        Text(svg, 20, middle, plot.Y.Label, "middle", string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 20 {middle:0.##})\""));
        if (plot.X.Resolution == PlotResolutionScale.None)
        {
            return;
        }

        Text(svg, (Left + Right) / 2.0, frame.Top - 29, "Resolution (Å)", "middle");
        double free = double.NegativeInfinity;
        foreach (double resolution in Resolutions)
        {
            double value = plot.X.Resolution == PlotResolutionScale.Reciprocal ? 1 / resolution : 1 / (resolution * resolution);
            string text = resolution.ToString("0.#", CultureInfo.InvariantCulture);
            double half = (text.Length * LetterWidth * FontSize / 2) + 5;
            double x = frame.PlaceX(value);
            if (value >= frame.X.Minimum && value <= frame.X.Maximum && x - half >= free)
            {
                Line(svg, $"<path d=\"M{x:0.##} {frame.Top}v-{TickLength}\" stroke=\"#222\"/>");
                Text(svg, x, frame.Top - 10, text, "middle");
                free = x + half;
            }
        }
    }

    private static void DrawReferenceLines(StringBuilder svg, LinePlot plot, Frame frame)
    {
        foreach (PlotReferenceLine line in plot.ReferenceLines)
        {
            if (line.Upright)
            {
                double x = frame.PlaceX(line.Value);
                Line(svg, $"<path d=\"M{x:0.##} {frame.Top}V{Bottom}\" stroke=\"#777\" stroke-dasharray=\"2 3\"/>");
                Text(svg, x + 5, frame.Top + 15, line.Label, "start", " fill=\"#666\" font-size=\"12\"");
            }
            else
            {
                double y = frame.PlaceY(line.Value);
                Line(svg, $"<path d=\"M{Left} {y:0.##}H{Right}\" stroke=\"#777\" stroke-dasharray=\"2 3\"/>");
                Text(svg, Left + 6, y - 5, line.Label, "start", " fill=\"#666\" font-size=\"12\"");
            }
        }
    }

    private static void DrawSeries(StringBuilder svg, PlotSeries series, string stroke, Frame frame)
    {
        var points = new List<(double X, double Y)>();
        for (int i = 0; i <= series.X.Count; i++)
        {
            if (i < series.X.Count && double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))
            {
                points.Add((frame.PlaceX(series.X[i]), frame.PlaceY(series.Y[i])));
                continue;
            }

            if (points.Count == 1)
            {
                Line(svg, $"<circle cx=\"{points[0].X:0.##}\" cy=\"{points[0].Y:0.##}\" r=\"2.5\" fill=\"{stroke}\"/>");
            }
            else if (points.Count > 1)
            {
                string joined = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
                Line(svg, $"<polyline points=\"{joined}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"2\" stroke-linejoin=\"round\"{DashAttribute(series.Dash)}/>");
            }

            points.Clear();
        }
    }

    private static void DrawLegend(StringBuilder svg, LinePlot plot, Frame frame)
    {
        if (plot.Series.Count < 2)
        {
            return;
        }

        const double Row = 19;
        const double Sample = 30;
        double width = Sample + 20 + (plot.Series.Max(series => series.Name.Length) * LetterWidth * FontSize);
        double height = (plot.Series.Count * Row) + 8;
        (double left, double top) = EmptiestCorner(plot, frame, width, height);
        Line(svg, $"<rect x=\"{left:0.##}\" y=\"{top:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"#fff\" fill-opacity=\"0.85\" stroke=\"#ccc\"/>");
        for (int i = 0; i < plot.Series.Count; i++)
        {
            double y = top + 4 + ((i + 0.5) * Row);
            Line(svg, $"<path d=\"M{left + 7:0.##} {y:0.##}h{Sample}\" stroke=\"{Stroke(plot.Series[i], i)}\" stroke-width=\"2\"{DashAttribute(plot.Series[i].Dash)}/>");
            Text(svg, left + Sample + 14, y + 4.5, plot.Series[i].Name, "start");
        }
    }

    // The corner of the plot area where a box of this size covers the fewest points.
    private static (double Left, double Top) EmptiestCorner(LinePlot plot, Frame frame, double width, double height)
    {
        const double Margin = 10;
        (double Left, double Top)[] corners =
        [
            (Right - width - Margin, frame.Top + Margin),
            (Left + Margin, Bottom - height - Margin),
            (Left + Margin, frame.Top + Margin),
            (Right - width - Margin, Bottom - height - Margin),
        ];
        return corners.MinBy(corner => plot.Series.Sum(series => series.X.Zip(series.Y).Count(point =>
        {
            double x = frame.PlaceX(point.First);
            double y = frame.PlaceY(point.Second);
            return x > corner.Left - 5 && x < corner.Left + width + 5 && y > corner.Top - 5 && y < corner.Top + height + 5;
        })));
    }

    private static string Stroke(PlotSeries series, int index) =>
        Palette[series.Color is { } color ? (int)color : index % Palette.Length];

    private static string DashAttribute(PlotDash dash) => dash switch
    {
        PlotDash.Dashed => " stroke-dasharray=\"8 5\"",
        PlotDash.Dotted => " stroke-dasharray=\"2 4\"",
        _ => string.Empty,
    };

    private static void Text(StringBuilder svg, double x, double y, string text, string anchor, string attributes = "")
    {
        if (text.Length > 0)
        {
            Line(svg, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\"{attributes}>{Escape(text)}</text>");
        }
    }

    private static string Escape(string text) => SecurityElement.Escape(string.Concat(text.Where(character => character >= ' ')));

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    // Where values lie in the picture.
    private sealed class Frame
    {
        public Frame(LinePlot plot)
        {
            Top = plot.X.Resolution == PlotResolutionScale.None ? TopWithoutResolution : TopWithResolution;
            X = Scale(plot.X, plot.Series.SelectMany(series => series.X), tight: true);

            // The vertical axis fits what the horizontal one shows.
            Y = Scale(plot.Y, plot.Series.SelectMany(series => series.X.Zip(series.Y)).Where(point => point.First >= X.Minimum && point.First <= X.Maximum).Select(point => point.Second), tight: false);
        }

        public int Top { get; }

        public TickScale X { get; }

        public TickScale Y { get; }

        public double PlaceX(double value) => Left + ((value - X.Minimum) / (X.Maximum - X.Minimum) * (Right - Left));

        public double PlaceY(double value) => Bottom - ((value - Y.Minimum) / (Y.Maximum - Y.Minimum) * (Bottom - Top));

        private static TickScale Scale(PlotAxis axis, IEnumerable<double> values, bool tight)
        {
            double low = double.PositiveInfinity;
            double high = double.NegativeInfinity;
            foreach (double value in values.Where(double.IsFinite))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }

            bool ends = tight && high > low;
            return TickScale.Choose(axis.Minimum ?? low, axis.Maximum ?? high, ends || axis.Minimum is not null, ends || axis.Maximum is not null, 6);
        }
    }
}
