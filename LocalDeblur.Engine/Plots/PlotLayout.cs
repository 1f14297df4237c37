using System.Globalization;

namespace LocalDeblur.Plots;

/// <summary>Where everything of a <see cref="LinePlot"/> lies: axes, ticks, lines, legend. <see cref="SvgPlot"/> and <see cref="PngPlot"/> paint it.</summary>
internal sealed class PlotLayout
{
    /// <summary>Width of the picture.</summary>
    public const int Width = 680;

    /// <summary>Size of the font of labels and ticks.</summary>
    public const double FontSize = 13;

    /// <summary>Colour of text and axes.</summary>
    public const int Ink = 0x222222;

    private const int HeightWithoutLegend = 460;
    private const int NarrowestLeft = 72;
    private const int Right = 656;
    private const int Bottom = 402;
    private const int Margin = 8;
    private const int TickGap = 9;
    private const double LabelPlace = 20;
    private const int TopWithoutResolution = 46;
    private const int TopWithResolution = 84;
    private const int TickLength = 5;
    private const int Grid = 0xE4E4E4;
    private const int Faint = 0x666666;
    private const double TitleSize = 15;
    private const double NoteSize = 12;
    private const double HalfDigit = FontSize * StrokeFont.CapitalHeight / 2;
    private const double LegendRow = 17;
    private const double LegendSample = 30;
    private const double LegendSpace = 20;
    private const int LegendMargin = 6;

    // What lies outside the axes is cut off; this far outside, its exact place no longer shows.
    private const double FarAway = 1e5;

    private static readonly PlotPen Axis = new(Ink);
    private static readonly PlotPen Reference = new(0x777777, 1, 2, 3);
    private static readonly int[] Palette = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000];

    // The first are marked first; each of the others only where it has room between those before it.
    private static readonly double[] Resolutions = [10, 5, 4, 3, 2, 1, 20, 50, 2.5, 1.5, 6, 8, 7, 3.5, 15, 30, 100, 0.5, 1.2, 1.8, 2.2, 2.8, 4.5, 0.8, 0.6, 12];

    private readonly LinePlot _plot;
    private readonly double _letterWidth;
    private readonly int _left;
    private readonly int _top;
    private readonly TickScale _x;
    private readonly TickScale _y;
    private readonly IReadOnlyList<Note> _notes;
    private readonly Box? _legend;

    /// <summary>Lays a plot out.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="letterWidth">How wide the picture's letters are, compared with those of <see cref="StrokeFont"/>.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public PlotLayout(LinePlot plot, double letterWidth)
    {
        foreach (PlotSeries series in plot.Series)
        {
            if (series.X.Count != series.Y.Count)
            {
                throw new ArgumentException($"Series '{series.Name}' has {series.X.Count} X and {series.Y.Count} Y values.", nameof(plot));
            }
        }

        _plot = plot;
        _letterWidth = letterWidth;
        _top = plot.X.Resolution == PlotResolutionScale.None ? TopWithoutResolution : TopWithResolution;
        _x = Scale(plot.X, plot.Series.SelectMany(series => series.X), tight: true);

        // The vertical axis fits what the horizontal one shows.
        _y = Scale(
            plot.Y,
            plot.Series.SelectMany(series => series.X.Zip(series.Y)).Where(point => point.First >= _x.Minimum && point.First <= _x.Maximum).Select(point => point.Second),
            tight: false);
        double widest = _y.Ticks.Select(tick => Measure(_y.Text(tick), FontSize)).DefaultIfEmpty(0).Max();
        _left = Math.Max(NarrowestLeft, (int)Math.Ceiling(LabelPlace + TickGap + widest + TickGap));
        (double X, double Y)[] drawn = [.. plot.Series.SelectMany(Trace)];
        _notes = PlaceNotes(drawn);
        _legend = PlaceLegend(drawn);
    }

    /// <summary>Height of the picture: more than usual where the legend would hide lines and stands below them.</summary>
    public int Height => _legend is { } legend ? Math.Max(HeightWithoutLegend, (int)Math.Ceiling(legend.Top + legend.Height) + LegendMargin) : HeightWithoutLegend;

    /// <summary>Paints the plot.</summary>
    /// <param name="canvas">What to paint on, of <see cref="Width"/> by <see cref="Height"/>.</param>
    public void Draw(PlotCanvas canvas)
    {
        canvas.Rectangle(0, 0, Width, Height, 0xFFFFFF, null);
        DrawTitle(canvas);
        DrawAxes(canvas);

        // A line along an edge of the axes shows its whole width.
        canvas.BeginClip(_left - 1, _top - 1, Right - _left + 2, Bottom - _top + 2);
        DrawReferenceLines(canvas);
        for (int i = 0; i < _plot.Series.Count; i++)
        {
            DrawSeries(canvas, _plot.Series[i], Pen(i));
        }

        canvas.EndClip();
        DrawLegend(canvas);
    }

    private void DrawTitle(PlotCanvas canvas)
    {
        // A long one is set smaller before it is shortened.
        const double Room = Width - (2 * Margin);
        double size = Math.Clamp(TitleSize * Room / Measure(_plot.Title, TitleSize, bold: true), NoteSize, TitleSize);
        string title = Fit(_plot.Title, Room, size, bold: true);
        double half = Measure(title, size, bold: true) / 2;
        double middle = Math.Max(Margin + half, Math.Min((_left + Right) / 2.0, Width - Margin - half));
        canvas.Text(middle, 24, title, new PlotTextStyle(PlotAnchor.Middle, Ink, size, Bold: true));
    }

    private void DrawAxes(PlotCanvas canvas)
    {
        foreach (double tick in _x.Ticks)
        {
            double x = PlaceX(tick);
            canvas.Line(x, Bottom, x, Bottom + TickLength, Axis);
            Label(canvas, x, Bottom + 20, _x.Text(tick), PlotAnchor.Middle);
        }

        foreach (double tick in _y.Ticks)
        {
            double y = PlaceY(tick);
            canvas.Line(_left, y, Right, y, new PlotPen(Grid));
            canvas.Line(_left - TickLength, y, _left, y, Axis);
            Label(canvas, _left - TickGap, y + HalfDigit, _y.Text(tick), PlotAnchor.End);
        }

        double middle = (_left + Right) / 2.0;
        Label(canvas, middle, Bottom + 45, Fit(_plot.X.Label, 2 * (Width - Margin - middle), FontSize), PlotAnchor.Middle);
        string upwards = Fit(_plot.Y.Label, Bottom - _top + (2 * Margin), FontSize);
        canvas.Text(LabelPlace, (_top + Bottom) / 2.0, upwards, new PlotTextStyle(PlotAnchor.Middle, Ink, FontSize, Upwards: true));
        if (_plot.X.Resolution != PlotResolutionScale.None)
        {
            DrawResolutionAxis(canvas);
        }

        canvas.Rectangle(_left, _top, Right - _left, Bottom - _top, null, Ink);
    }

    private void DrawResolutionAxis(PlotCanvas canvas)
    {
        Label(canvas, (_left + Right) / 2.0, _top - 29, "Resolution (Å)", PlotAnchor.Middle);
        const double Gap = 10;
        List<(double From, double To)> taken = [];
        foreach (double resolution in Resolutions)
        {
            double value = _plot.X.Resolution == PlotResolutionScale.Reciprocal ? 1 / resolution : 1 / (resolution * resolution);
            string text = resolution.ToString("0.#", CultureInfo.InvariantCulture);
            double half = (Measure(text, FontSize) + Gap) / 2;
            double x = PlaceX(value);
            if (value >= _x.Minimum && value <= _x.Maximum && !taken.Exists(other => x - half < other.To && x + half > other.From))
            {
                canvas.Line(x, _top, x, _top - TickLength, Axis);
                Label(canvas, x, _top - 10, text, PlotAnchor.Middle);
                taken.Add((x - half, x + half));
            }
        }
    }

    private void DrawReferenceLines(PlotCanvas canvas)
    {
        foreach (PlotReferenceLine line in _plot.ReferenceLines)
        {
            (double x, double y) = (PlaceX(line.Value), PlaceY(line.Value));
            canvas.Line(line.Upright ? x : _left, line.Upright ? _top : y, line.Upright ? x : Right, line.Upright ? Bottom : y, Reference);
        }

        foreach (Note note in _notes)
        {
            canvas.Text(note.X, note.Y, note.Text, new PlotTextStyle(note.Anchor, Faint, NoteSize));
        }
    }

    private void DrawSeries(PlotCanvas canvas, PlotSeries series, PlotPen pen)
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
                canvas.Disc(points[0].X, points[0].Y, 2.5, pen.Color);
            }
            else if (points.Count > 1)
            {
                canvas.Polyline(points, pen);
            }

            points.Clear();
        }
    }

    private void DrawLegend(PlotCanvas canvas)
    {
        if (_legend is not { } legend)
        {
            return;
        }

        canvas.Rectangle(legend.Left, legend.Top, legend.Width, legend.Height, 0xFFFFFF, 0xCCCCCC, 0.85);
        for (int i = 0; i < _plot.Series.Count; i++)
        {
            double y = legend.Top + 4 + ((i + 0.5) * LegendRow);
            canvas.Line(legend.Left + 7, y, legend.Left + 7 + LegendSample, y, Pen(i));
            Label(canvas, legend.Left + LegendSample + 14, y + HalfDigit, LegendName(i), PlotAnchor.Start);
        }
    }

    private string LegendName(int series) => Fit(_plot.Series[series].Name, Width - (2 * LegendMargin) - LegendSample - LegendSpace, FontSize);

    // Each label beside its line, at the first of four places where it hides nothing.
    private List<Note> PlaceNotes((double X, double Y)[] drawn)
    {
        var axes = new Box(_left, _top, Right - _left, Bottom - _top);
        List<Note> notes = [];
        foreach (PlotReferenceLine line in _plot.ReferenceLines.Where(line => line.Label.Length > 0))
        {
            (double x, double y) = (PlaceX(line.Value), PlaceY(line.Value));
            double width = Measure(line.Label, NoteSize);
            Note[] places =
            [
                .. from place in line.Upright
                       ? ((double X, double Y, PlotAnchor Anchor)[])
                         [
                             (x + 5, _top + 15, PlotAnchor.Start), (x - 5, _top + 15, PlotAnchor.End),
                             (x + 5, Bottom - 7, PlotAnchor.Start), (x - 5, Bottom - 7, PlotAnchor.End),
                         ]
                       : [(_left + 6, y - 5, PlotAnchor.Start), (Right - 6, y - 5, PlotAnchor.End), (_left + 6, y + 14, PlotAnchor.Start), (Right - 6, y + 14, PlotAnchor.End)]
                   let left = place.Anchor == PlotAnchor.Start ? place.X : place.X - width
                   select new Note(place.X, place.Y, line.Label, place.Anchor, new Box(left, place.Y - NoteSize + 2, width, NoteSize)),
            ];
            notes.Add(places.FirstOrDefault(
                place => axes.Contains(place.Box)
                    && !drawn.Any(point => place.Box.Contains(point, 2))
                    && !notes.Any(other => other.Box.Overlaps(place.Box)),
                places[0]));
        }

        return notes;
    }

    // In the plot area where it hides nothing, a corner if there is one; else below the axis.
    private Box? PlaceLegend((double X, double Y)[] drawn)
    {
        const double Clearance = 4;
        const int Steps = 12;
        if (_plot.Series.Count < 2)
        {
            return null;
        }

        double width = LegendSample + LegendSpace + Enumerable.Range(0, _plot.Series.Count).Max(series => Measure(LegendName(series), FontSize));
        double height = (_plot.Series.Count * LegendRow) + 8;
        double first = _left + LegendMargin, last = Right - width - LegendMargin;
        double highest = _top + LegendMargin, lowest = Bottom - height - LegendMargin;
        IEnumerable<Box> corners = [new(last, highest, width, height), new(first, lowest, width, height), new(first, highest, width, height), new(last, lowest, width, height)];
        IEnumerable<Box> between =
            from y in Enumerable.Range(0, Steps + 1)
            from x in Enumerable.Range(0, Steps + 1)
            select new Box(last - ((last - first) * x / Steps), highest + ((lowest - highest) * y / Steps), width, height);
        Box? free = first <= last && highest <= lowest
            ? corners.Concat(between).Cast<Box?>().FirstOrDefault(
                place => !drawn.Any(point => place!.Value.Contains(point, Clearance)) && !_notes.Any(note => note.Box.Overlaps(place!.Value)))
            : null;
        return free ?? new Box(Math.Clamp((_left + Right - width) / 2, LegendMargin, Width - LegendMargin - width), HeightWithoutLegend, width, height);
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
            int pieces = (int)Math.Clamp(Math.Ceiling(Math.Max(Math.Abs(point.X - from.X), Math.Abs(point.Y - from.Y)) / Distance), 1, Width + HeightWithoutLegend);
            for (int piece = 1; piece <= pieces; piece++)
            {
                yield return (from.X + ((point.X - from.X) * piece / pieces), from.Y + ((point.Y - from.Y) * piece / pieces));
            }

            before = point;
        }
    }

    private double Measure(string text, double size, bool bold = false) => StrokeFont.Measure(text, size, bold) * _letterWidth;

    private string Fit(string text, double room, double size, bool bold = false) => StrokeFont.Fit(text, room / _letterWidth, size, bold);

    private static void Label(PlotCanvas canvas, double x, double y, string text, PlotAnchor anchor) =>
        canvas.Text(x, y, text, new PlotTextStyle(anchor, Ink, FontSize));

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

    private double PlaceX(double value) => Math.Clamp(_left + ((value - _x.Minimum) / (_x.Maximum - _x.Minimum) * (Right - _left)), -FarAway, FarAway);

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

    // The label of a reference line, and the room that it takes.
    private readonly record struct Note(double X, double Y, string Text, PlotAnchor Anchor, Box Box);

    private readonly record struct Box(double Left, double Top, double Width, double Height)
    {
        public bool Contains((double X, double Y) point, double clearance) =>
            point.X > Left - clearance && point.X < Left + Width + clearance && point.Y > Top - clearance && point.Y < Top + Height + clearance;

        public bool Contains(Box other) =>
            other.Left >= Left && other.Left + other.Width <= Left + Width && other.Top >= Top && other.Top + other.Height <= Top + Height;

        public bool Overlaps(Box other) =>
            other.Left < Left + Width && other.Left + other.Width > Left && other.Top < Top + Height && other.Top + other.Height > Top;
    }
}
