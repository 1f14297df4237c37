using System.Buffers;

namespace LocalDeblur.Plots;

/// <summary>Paints lines and text in a picture of pixels.</summary>
/// <remarks>Lines are anti-aliased: a pixel is covered as far as its centre lies within the line, with a transition of one pixel. Text is lines too, those
/// of <see cref="StrokeFont"/>; it begins at a whole pixel, so that a word looks the same everywhere. Of a colour, a grey picture takes the blue.</remarks>
/// <param name="image">Picture to paint.</param>
/// <param name="scale">Pixels a unit of the layout.</param>
internal sealed class PngCanvas(PngImage image, double scale) : PlotCanvas
{
    private Area _clip = Whole(image);

    public override void Rectangle(double x, double y, double width, double height, int? fill, int? stroke, double opacity = 1)
    {
        if (fill is { } inside)
        {
            Area area = _clip.Intersect(new Area(Pixel(x), Pixel(y), Pixel(x + width), Pixel(y + height)));
            for (int row = area.Top; row < area.Bottom; row++)
            {
                for (int column = area.Left; column < area.Right; column++)
                {
                    Blend(column, row, inside, opacity);
                }
            }
        }

        if (stroke is { } color)
        {
            Polyline([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], new PlotPen(color));
        }
    }

    public override void Line(double x1, double y1, double x2, double y2, PlotPen pen) => Polyline([(x1, y1), (x2, y2)], pen);

    public override void Polyline(IReadOnlyList<(double X, double Y)> points, PlotPen pen)
    {
        double half = pen.Width * scale / 2;
        var pieces = new List<Piece>();
        double walked = 0;
        for (int i = 1; i < points.Count; i++)
        {
            var piece = new Piece(points[i - 1].X * scale, points[i - 1].Y * scale, points[i].X * scale, points[i].Y * scale);
            if (pen.Dash <= 0)
            {
                AddVisible(pieces, piece, half);
            }
            else if (piece.Length > 0)
            {
                AddDashes(pieces, piece, walked, half, pen);
            }

            walked += piece.Length;
        }

        Paint(pieces, half, pen.Color);
    }

    public override void Disc(double x, double y, double radius, int color) =>
        Paint([new Piece(x * scale, y * scale, x * scale, y * scale)], radius * scale, color);

    public override void Text(double x, double y, string text, PlotTextStyle style) =>
        Paint(Letters(x, y, text, style), HalfPen(style), style.Color);

    public override void BeginClip(double x, double y, double width, double height) =>
        _clip = Whole(image).Intersect(new Area((int)(x * scale), (int)(y * scale), (int)((x + width) * scale), (int)((y + height) * scale)));

    public override void EndClip() => _clip = Whole(image);

    private static Area Whole(PngImage image) => new(0, 0, image.Width, image.Height);

    private int Pixel(double place) => (int)Math.Round(place * scale);

    // A pen of less than a pixel would leave pale letters.
    private double HalfPen(PlotTextStyle style) => Math.Max(1, StrokeFont.PenWidth(style.Size * scale, style.Bold)) / 2;

    private List<Piece> Letters(double x, double y, string text, PlotTextStyle style)
    {
        double size = style.Size * scale;
        double width = StrokeFont.Measure(text, size, style.Bold);
        int back = (int)Math.Round(style.Anchor switch { PlotAnchor.Middle => width / 2, PlotAnchor.End => width, _ => 0 });
        (int left, int bottom) = style.Upwards ? (Pixel(x), Pixel(y) + back) : (Pixel(x) - back, Pixel(y));
        var pieces = new List<Piece>();
        foreach ((double X, double Y)[] stroke in StrokeFont.Strokes(text, size, style.Bold))
        {
            for (int i = 1; i < stroke.Length; i++)
            {
                ((double X, double Y) from, (double X, double Y) to) = (stroke[i - 1], stroke[i]);
                pieces.Add(style.Upwards
                    ? new Piece(left - from.Y, bottom - from.X, left - to.Y, bottom - to.X)
                    : new Piece(left + from.X, bottom - from.Y, left + to.X, bottom - to.Y));
            }
        }

        return pieces;
    }

    private void AddDashes(List<Piece> pieces, Piece line, double walked, double half, PlotPen pen)
    {
        double period = (pen.Dash + pen.Gap) * scale;
        for (double begin = Math.Floor(walked / period) * period; begin < walked + line.Length; begin += period)
        {
            // Ends are round, so that a dash is drawn shorter by as much.
            double first = Math.Max(0, begin + half - walked);
            double last = Math.Min(line.Length, begin + (pen.Dash * scale) - half - walked);
            if (last >= first)
            {
                AddVisible(pieces, line.Part(first / line.Length, last / line.Length), half);
            }
        }
    }

    private void AddVisible(List<Piece> pieces, Piece piece, double half)
    {
        if (!piece.Reach(half + 1).Intersect(_clip).IsEmpty)
        {
            pieces.Add(piece);
        }
    }

    // The pieces of one line, or one text, cover a pixel together once, so that it is as dark where they meet as elsewhere.
    private void Paint(List<Piece> pieces, double half, int color)
    {
        Area area = pieces.Aggregate(default(Area), (joined, piece) => joined.Join(piece.Reach(half + 1))).Intersect(_clip);
        if (area.IsEmpty)
        {
            return;
        }

        int width = area.Right - area.Left;
        int pixels = width * (area.Bottom - area.Top);
        float[] coverage = ArrayPool<float>.Shared.Rent(pixels);
        Array.Clear(coverage, 0, pixels);
        foreach (Piece piece in pieces)
        {
            Area reached = piece.Reach(half + 1).Intersect(area);
            for (int row = reached.Top; row < reached.Bottom; row++)
            {
                for (int column = reached.Left; column < reached.Right; column++)
                {
                    ref float pixel = ref coverage[((row - area.Top) * width) + column - area.Left];
                    pixel = Math.Max(pixel, (float)Math.Clamp(half + 0.5 - piece.Distance(column + 0.5, row + 0.5), 0, 1));
                }
            }
        }

        for (int row = area.Top; row < area.Bottom; row++)
        {
            for (int column = area.Left; column < area.Right; column++)
            {
                float covered = coverage[((row - area.Top) * width) + column - area.Left];
                if (covered > 0)
                {
                    Blend(column, row, color, covered);
                }
            }
        }

        ArrayPool<float>.Shared.Return(coverage);
    }

    private void Blend(int column, int row, int color, double share)
    {
        Span<byte> pixel = image.Row(row).Slice(image.Channels * column, image.Channels);
        for (int channel = 0; channel < pixel.Length; channel++)
        {
            int wanted = (color >> (8 * (pixel.Length - 1 - channel))) & byte.MaxValue;
            pixel[channel] = (byte)Math.Round(pixel[channel] + (share * (wanted - pixel[channel])));
        }
    }

    // A straight line between two places in the picture, with round ends.
    private readonly record struct Piece(double X1, double Y1, double X2, double Y2)
    {
        public double Length => Math.Sqrt(((X2 - X1) * (X2 - X1)) + ((Y2 - Y1) * (Y2 - Y1)));

        public Piece Part(double from, double to) => new(X1 + (from * (X2 - X1)), Y1 + (from * (Y2 - Y1)), X1 + (to * (X2 - X1)), Y1 + (to * (Y2 - Y1)));

        public Area Reach(double distance) => new(
            (int)Math.Floor(Math.Min(X1, X2) - distance),
            (int)Math.Floor(Math.Min(Y1, Y2) - distance),
            (int)Math.Ceiling(Math.Max(X1, X2) + distance),
            (int)Math.Ceiling(Math.Max(Y1, Y2) + distance));

        public double Distance(double x, double y)
        {
            (double dx, double dy) = (X2 - X1, Y2 - Y1);
            double square = (dx * dx) + (dy * dy);
            (x, y) = (x - X1, y - Y1);
            double share = square > 0 ? Math.Clamp(((x * dx) + (y * dy)) / square, 0, 1) : 0;
            (x, y) = (x - (share * dx), y - (share * dy));
            return Math.Sqrt((x * x) + (y * y));
        }
    }

    // Pixels from Left and Top up to, not including, Right and Bottom.
    private readonly record struct Area(int Left, int Top, int Right, int Bottom)
    {
        public bool IsEmpty => Left >= Right || Top >= Bottom;

        public Area Intersect(Area other) => new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

        public Area Join(Area other) =>
            IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));
    }
}
