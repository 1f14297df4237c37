namespace LocalDeblur.Plots;

/// <summary>Draws a <see cref="LinePlot"/> as a picture of pixels, of the same layout as <see cref="SvgPlot"/>.</summary>
/// <remarks>Lines are anti-aliased: a pixel is covered as far as its centre lies within the line, with a transition of one pixel. Texts are in
/// <see cref="BitmapFont"/>. The same plot gives the same pixels in every culture and on every machine.</remarks>
public static class PngPlot
{
    // Pixels a unit of the layout.
    private const int Scale = 2;

    /// <summary>Draws the picture, 1360 × 920 pixels; higher where the legend stands below.</summary>
    /// <param name="plot">What to draw.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static PngImage Render(LinePlot plot)
    {
        ArgumentNullException.ThrowIfNull(plot);
        int height = PlotLayout.HeightOf(plot, new Canvas(new PngImage(1, 1, 3)));
        var canvas = new Canvas(new PngImage(PlotLayout.Width * Scale, height * Scale, 3));
        PlotLayout.Draw(plot, canvas);
        return canvas.Image;
    }

    /// <summary>Writes the picture.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="stream">Takes the bytes; stays open.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static void Write(LinePlot plot, Stream stream) => Render(plot).Write(stream);

    private sealed class Canvas(PngImage image) : PlotCanvas
    {
        // From this size of a font on, a dot of a letter is three pixels instead of two.
        private const double LargeFont = 14;

        private readonly float[] _coverage = new float[image.Width * image.Height];
        private Area _clip = Whole(image);

        public PngImage Image => image;

        public override double Measure(string text, PlotTextStyle style) =>
            text.Length == 0 ? 0 : (double)BitmapFont.Measure(text, DotSize(style)) / Scale;

        public override void Rectangle(double x, double y, double width, double height, int? fill, int? stroke, double opacity = 1)
        {
            if (fill is { } inside)
            {
                Area area = _clip.Intersect(new Area((int)Math.Round(x * Scale), (int)Math.Round(y * Scale), (int)Math.Round((x + width) * Scale), (int)Math.Round((y + height) * Scale)));
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
            // The pieces of one line cover a pixel together once, so that a line is as dark where they meet as elsewhere.
            double half = pen.Width * Scale / 2;
            Area touched = default;
            double walked = 0;
            for (int i = 1; i < points.Count; i++)
            {
                (double X, double Y) from = (points[i - 1].X * Scale, points[i - 1].Y * Scale);
                (double X, double Y) to = (points[i].X * Scale, points[i].Y * Scale);
                double length = Math.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
                if (pen.Dash <= 0)
                {
                    touched = touched.Join(Cover(from, to, half));
                }
                else if (length > 0)
                {
                    touched = CoverDashes(from, to, length, walked, half, pen, touched);
                }

                walked += length;
            }

            Paint(touched, pen.Color);
        }

        public override void Disc(double x, double y, double radius, int color) =>
            Paint(Cover((x * Scale, y * Scale), (x * Scale, y * Scale), radius * Scale), color);

        public override void Text(double x, double y, string text, PlotTextStyle style)
        {
            if (text.Length == 0)
            {
                return;
            }

            int dot = DotSize(style);
            int width = BitmapFont.Measure(text, dot);
            int above = BitmapFont.Height * dot;
            int height = above + (BitmapFont.Descent * dot);
            var letters = new PngImage(width, height, 1);
            BitmapFont.Draw(letters, text, 0, 0, dot, byte.MaxValue);
            int back = style.Anchor switch { PlotAnchor.Middle => width / 2, PlotAnchor.End => width, _ => 0 };
            int left = (int)Math.Round(x * Scale) - (style.Upwards ? above : back);
            int top = (int)Math.Round(y * Scale) - (style.Upwards ? width - back : above);
            for (int row = 0; row < height; row++)
            {
                ReadOnlySpan<byte> dots = letters.Row(row);
                for (int column = 0; column < width; column++)
                {
                    (int px, int py) = style.Upwards ? (left + row, top + width - 1 - column) : (left + column, top + row);
                    if (dots[column] != 0 && _clip.Contains(px, py))
                    {
                        Blend(px, py, style.Color, 1);
                    }
                }
            }
        }

        public override void BeginClip(double x, double y, double width, double height) =>
            _clip = Whole(image).Intersect(new Area((int)(x * Scale), (int)(y * Scale), (int)((x + width) * Scale), (int)((y + height) * Scale)));

        public override void EndClip() => _clip = Whole(image);

        private static Area Whole(PngImage image) => new(0, 0, image.Width, image.Height);

        private static int DotSize(PlotTextStyle style) => style.Size >= LargeFont ? 3 : 2;

        private Area CoverDashes((double X, double Y) from, (double X, double Y) to, double length, double walked, double half, PlotPen pen, Area touched)
        {
            double period = (pen.Dash + pen.Gap) * Scale;
            for (double begin = Math.Floor(walked / period) * period; begin < walked + length; begin += period)
            {
                // Ends are round, so that a dash is drawn shorter by as much.
                double first = Math.Max(0, begin + half - walked);
                double last = Math.Min(length, begin + (pen.Dash * Scale) - half - walked);
                if (last >= first)
                {
                    touched = touched.Join(Cover(Along(first / length), Along(last / length), half));
                }
            }

            return touched;

            (double X, double Y) Along(double share) => (from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
        }

        // Notes how far a straight piece with round ends covers each pixel; returns where it does.
        private Area Cover((double X, double Y) from, (double X, double Y) to, double half)
        {
            double reach = half + 1;
            Area area = _clip.Intersect(new Area(
                (int)Math.Floor(Math.Min(from.X, to.X) - reach),
                (int)Math.Floor(Math.Min(from.Y, to.Y) - reach),
                (int)Math.Ceiling(Math.Max(from.X, to.X) + reach),
                (int)Math.Ceiling(Math.Max(from.Y, to.Y) + reach)));
            double dx = to.X - from.X;
            double dy = to.Y - from.Y;
            double square = (dx * dx) + (dy * dy);
            for (int row = area.Top; row < area.Bottom; row++)
            {
                for (int column = area.Left; column < area.Right; column++)
                {
                    double x = column + 0.5 - from.X;
                    double y = row + 0.5 - from.Y;
                    double share = square > 0 ? Math.Clamp(((x * dx) + (y * dy)) / square, 0, 1) : 0;
                    x -= share * dx;
                    y -= share * dy;
                    float covered = (float)Math.Clamp(half + 0.5 - Math.Sqrt((x * x) + (y * y)), 0, 1);
                    ref float pixel = ref _coverage[(row * image.Width) + column];
                    pixel = Math.Max(pixel, covered);
                }
            }

            return area;
        }

        private void Paint(Area area, int color)
        {
            for (int row = area.Top; row < area.Bottom; row++)
            {
                for (int column = area.Left; column < area.Right; column++)
                {
                    ref float pixel = ref _coverage[(row * image.Width) + column];
                    if (pixel > 0)
                    {
                        Blend(column, row, color, pixel);
                        pixel = 0;
                    }
                }
            }
        }

        private void Blend(int column, int row, int color, double share)
        {
            Span<byte> pixel = image.Row(row).Slice(3 * column, 3);
            for (int channel = 0; channel < 3; channel++)
            {
                int wanted = (color >> (16 - (8 * channel))) & byte.MaxValue;
                pixel[channel] = (byte)Math.Round(pixel[channel] + (share * (wanted - pixel[channel])));
            }
        }
    }

    // Pixels from Left and Top up to, not including, Right and Bottom.
    private readonly record struct Area(int Left, int Top, int Right, int Bottom)
    {
        private bool IsEmpty => Left >= Right || Top >= Bottom;

        public bool Contains(int x, int y) => x >= Left && x < Right && y >= Top && y < Bottom;

        public Area Intersect(Area other) => new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

        public Area Join(Area other) => IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));
    }
}
