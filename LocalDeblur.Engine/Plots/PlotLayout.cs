using System.Globalization;

namespace LocalDeblur.Plots;

/// <summary>Where everything of a <see cref="LinePlot"/> lies: axes, ticks, lines, legend. <see cref="SvgPlot"/> and <see cref="PngPlot"/> paint it.</summary>
internal sealed class PlotLayout
{
    /// <summary>Width of the picture.</summary>
    public const int Width = 680;

    /// <summary>Height of a picture without a legend below it; see <see cref="HeightOf"/>.</summary>
    public const int Height = 460;

    /// <summary>Size of the font of labels and ticks.</summary>
    public const double FontSize = 13;

    /// <summary>Colour of text and axes.</summary>
    public const int Ink = 0x222222;

    private const int Left = 72;
    private const int Right = 656;
    private const int Bottom = 402;
    private const int TopWithoutResolution = 46;
    private const int TopWithResolution = 84;
    private const int TickLength = 5;
    private const int Grid = 0xE4E4E4;
    private const int Faint = 0x666666;
    private const double TitleSize = 15;
    private const double NoteSize = 12;
    private const double LegendRow = 17;
    private const double LegendSample = 30;
    private const int LegendMargin = 6;

    // What lies outside the axes is cut off; this far outside, its exact place no longer shows.
    private const double FarAway = 1e5;

    private static readonly PlotPen Axis = new(Ink);
    private static readonly PlotPen Reference = new(0x777777, 1, 2, 3);
    private static readonly int[] Palette = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000];
    private static readonly double[] Resolutions = [100, 50, 30, 20, 15, 12, 10, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.8, 2.6, 2.4, 2.2, 2, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1, 0.8, 0.6, 0.5];

    private readonly LinePlot _plot;
    private readonly PlotCanvas _canvas;
    private readonly int _top;
    private readonly TickScale _x;
    private readonly TickScale _y;
    private readonly Legend? _legend;

    private PlotLayout(LinePlot plot, PlotCanvas canvas)
    {
        _plot = plot;
        _canvas = canvas;
        _top = plot.X.Resolution == PlotResolutionScale.None ? TopWithoutResolution : TopWithResolution;
        _x = Scale(plot.X, plot.Series.SelectMany(series => series.X), tight: true);

        // The vertical axis fits what the horizontal one shows.
        _y = Scale(plot.Y, plot.Series.SelectMany(series => series.X.Zip(series.Y)).Where(point => point.First >= _x.Minimum && point.First <= _x.Maximum).Select(point => point.Second), tight: false);
        _legend = PlaceLegend();
    }

    /// <summary>Height of the picture of a plot: more than <see cref="Height"/> where the legend would hide lines and stands below them.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="canvas">Measures texts; nothing is painted.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static int HeightOf(LinePlot plot, PlotCanvas canvas) => Create(plot, canvas).PictureHeight;

    /// <summary>Paints a plot.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="canvas">What to paint on, of <see cref="Width"/> by <see cref="HeightOf"/>.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static void Draw(LinePlot plot, PlotCanvas canvas) => Create(plot, canvas).Draw();

    private static PlotLayout Create(LinePlot plot, PlotCanvas canvas)
    {
        foreach (PlotSeries series in plot.Series)
        {
            if (series.X.Count != series.Y.Count)
            {
                throw new ArgumentException($"Series '{series.Name}' has {series.X.Count} X and {series.Y.Count} Y values.", nameof(plot));
            }
        }

        return new PlotLayout(plot, canvas);
    }

    private int PictureHeight => _legend is { } legend ? Math.Max(Height, (int)Math.Ceiling(legend.Top + legend.Height) + LegendMargin) : Height;

    private void Draw()
    {
        _canvas.Rectangle(0, 0, Width, PictureHeight, 0xFFFFFF, null);
        _canvas.Text((Left + Right) / 2.0, 24, _plot.Title, new PlotTextStyle(PlotAnchor.Middle, Ink, TitleSize, Bold: true));
        DrawAxes();
        _canvas.BeginClip(Left, _top, Right - Left, Bottom - _top);
        DrawReferenceLines();
        for (int i = 0; i < _plot.Series.Count; i++)
        {
            DrawSeries(_plot.Series[i], Pen(i));
        }

        _canvas.EndClip();
        _canvas.Rectangle(Left, _top, Right - Left, Bottom - _top, null, Ink);
        DrawLegend();
    }

    private void DrawAxes()
    {
        foreach (double tick in _x.Ticks)
        {
            double x = PlaceX(tick);
            _canvas.Line(x, Bottom, x, Bottom + TickLength, Axis);
            Label(x, Bottom + 20, _x.Text(tick), PlotAnchor.Middle);
        }

        foreach (double tick in _y.Ticks)
        {
            double y = PlaceY(tick);
            _canvas.Line(Left, y, Right, y, new PlotPen(Grid));
            _canvas.Line(Left - TickLength, y, Left, y, Axis);
            Label(Left - 9, y + 4.5, _y.Text(tick), PlotAnchor.End);
        }

        Label((Left + Right) / 2.0, Bottom + 45, _plot.X.Label, PlotAnchor.Middle);
        _canvas.Text(20, (_top + Bottom) / 2.0, _plot.Y.Label, new PlotTextStyle(PlotAnchor.Middle, Ink, FontSize, Upwards: true));
        if (_plot.X.Resolution != PlotResolutionScale.None)
        {
            DrawResolutionAxis();
        }
    }

    private void DrawResolutionAxis()
    {
        Label((Left + Right) / 2.0, _top - 29, "Resolution (Å)", PlotAnchor.Middle);
        double free = double.NegativeInfinity;
        foreach (double resolution in Resolutions)
        {
            double value = _plot.X.Resolution == PlotResolutionScale.Reciprocal ? 1 / resolution : 1 / (resolution * resolution);
            string text = resolution.ToString("0.#", CultureInfo.InvariantCulture);
            double half = (_canvas.Measure(text, new PlotTextStyle(PlotAnchor.Middle, Ink, FontSize)) / 2) + 5;
            double x = PlaceX(value);
            if (value >= _x.Minimum && value <= _x.Maximum && x - half >= free)
            {
                _canvas.Line(x, _top, x, _top - TickLength, Axis);
                Label(x, _top - 10, text, PlotAnchor.Middle);
                free = x + half;
            }
        }
    }

    private void DrawReferenceLines()
    {
        var note = new PlotTextStyle(PlotAnchor.Start, Faint, NoteSize);
        foreach (PlotReferenceLine line in _plot.ReferenceLines)
        {
            if (line.Upright)
            {
                double x = PlaceX(line.Value);
                _canvas.Line(x, _top, x, Bottom, Reference);
                _canvas.Text(x + 5, _top + 15, line.Label, note);
            }
            else
            {
                double y = PlaceY(line.Value);
                _canvas.Line(Left, y, Right, y, Reference);
                _canvas.Text(Left + 6, y - 5, line.Label, note);
            }
        }
    }

    private void DrawSeries(PlotSeries series, PlotPen pen)
    {
        var points = new List<(double X, double Y)>();
        for (int i = 0; i <= series.X.Count; i++)
        {
            if (i < series.X.Count && double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))
            {
                points.Add((PlaceX(series.X[i]), PlaceY(series.Y[i])));
                continue;
            }

            if (points.Count == 1)
            {
                _canvas.Disc(points[0].X, points[0].Y, 2.5, pen.Color);
            }
            else if (points.Count > 1)
            {
                _canvas.Polyline(points, pen);
            }

            points.Clear();
        }
    }

    private void DrawLegend()
    {
        if (_legend is not { } legend)
        {
            return;
        }

        _canvas.Rectangle(legend.Left, legend.Top, legend.Width, legend.Height, 0xFFFFFF, 0xCCCCCC, 0.85);
        for (int i = 0; i < _plot.Series.Count; i++)
        {
            double y = legend.Top + 4 + ((i + 0.5) * LegendRow);
            _canvas.Line(legend.Left + 7, y, legend.Left + 7 + LegendSample, y, Pen(i));
            Label(legend.Left + LegendSample + 14, y + 4.5, _plot.Series[i].Name, PlotAnchor.Start);
        }
    }

    // In the plot area where it hides nothing, a corner if there is one; else below the axis.
    private Legend? PlaceLegend()
    {
        const double Clearance = 4;
        const int Steps = 12;
        if (_plot.Series.Count < 2)
        {
            return null;
        }

        var style = new PlotTextStyle(PlotAnchor.Start, Ink, FontSize);
        double width = LegendSample + 20 + _plot.Series.Max(series => _canvas.Measure(series.Name, style));
        double height = (_plot.Series.Count * LegendRow) + 8;
        (double X, double Y)[] drawn = [.. _plot.Series.SelectMany(Trace)];
        double first = Left + LegendMargin, last = Right - width - LegendMargin;
        double highest = _top + LegendMargin, lowest = Bottom - height - LegendMargin;
        IEnumerable<Legend> corners = [new(last, highest, width, height), new(first, lowest, width, height), new(first, highest, width, height), new(last, lowest, width, height)];
        IEnumerable<Legend> between =
            from y in Enumerable.Range(0, Steps + 1)
            from x in Enumerable.Range(0, Steps + 1)
            select new Legend(last - ((last - first) * x / Steps), highest + ((lowest - highest) * y / Steps), width, height);
        Legend? free = first <= last && highest <= lowest
            ? corners.Concat(between).Cast<Legend?>().FirstOrDefault(place => !drawn.Any(point => place!.Value.Contains(point, Clearance)))
            : null;
        return free ?? new Legend(Math.Max(LegendMargin, (Left + Right - width) / 2), Height, width, height);
    }

    // Points along a line, near enough to each other that no box fits between them.
    private IEnumerable<(double X, double Y)> Trace(PlotSeries series)
    {
        const double Distance = 4;
        (double X, double Y)? before = null;
        for (int i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i]))
            {
                before = null;
                continue;
            }

            (double X, double Y) point = (PlaceX(series.X[i]), PlaceY(series.Y[i]));
            (double X, double Y) from = before ?? point;
            int pieces = (int)Math.Clamp(Math.Ceiling(Math.Max(Math.Abs(point.X - from.X), Math.Abs(point.Y - from.Y)) / Distance), 1, Width + Height);
            for (int piece = 1; piece <= pieces; piece++)
            {
                yield return (from.X + ((point.X - from.X) * piece / pieces), from.Y + ((point.Y - from.Y) * piece / pieces));
            }

            before = point;
        }
    }

    private void Label(double x, double y, string text, PlotAnchor anchor) => _canvas.Text(x, y, text, new PlotTextStyle(anchor, Ink, FontSize));

    private PlotPen Pen(int index)
    {
        PlotSeries series = _plot.Series[index];
        int color = Palette[series.Color is { } chosen ? (int)chosen : index % Palette.Length];
        return series.Dash switch
        {
            PlotDash.Dashed => new PlotPen(color, 2, 8, 5),
            PlotDash.Dotted => new PlotPen(color, 2, 2, 4),
            PlotDash.LongDashed => new PlotPen(color, 2, 18, 4),
            _ => new PlotPen(color, 2),
        };
    }

    private double PlaceX(double value) => Math.Clamp(Left + ((value - _x.Minimum) / (_x.Maximum - _x.Minimum) * (Right - Left)), -FarAway, FarAway);

    private double PlaceY(double value) => Math.Clamp(Bottom - ((value - _y.Minimum) / (_y.Maximum - _y.Minimum) * (Bottom - _top)), -FarAway, FarAway);

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

    private readonly record struct Legend(double Left, double Top, double Width, double Height)
    {
        public bool Contains((double X, double Y) point, double clearance) =>
            point.X > Left - clearance && point.X < Left + Width + clearance && point.Y > Top - clearance && point.Y < Top + Height + clearance;
    }
}
