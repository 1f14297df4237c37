using System.Globalization;
using System.Security;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>Draws a <see cref="LinePlot"/> as a picture of lines and text (SVG 1.1) that any browser and any drawing program opens.</summary>
/// <remarks>White background, fonts of the system, no style sheet, script or identifier, so that several plots can stand in one page. Numbers are written
/// independently of the culture.</remarks>
internal static class SvgPlot
{
    // Viewers choose among the fonts that are named below. The widest is DejaVu Sans; the others are as wide as our own letters.
    private const double LetterWidth = 1.16;

    /// <summary>Writes the picture.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="writer">Takes the text; lines end with a line feed.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static void Write(LinePlot plot, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentNullException.ThrowIfNull(writer);
        var layout = new PlotLayout(plot, LetterWidth);
        var canvas = new Canvas();
        canvas.Begin(plot.Title, layout.Height);
        layout.Draw(canvas);
        canvas.End();
        writer.Write(canvas.Picture);
    }

    private sealed class Canvas : PlotCanvas
    {
        private const string Fonts = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

        public StringBuilder Picture { get; } = new();

        public void Begin(string title, int height)
        {
            FormattableString size = $"viewBox=\"0 0 {PlotLayout.Width} {height}\" width=\"{PlotLayout.Width}\" height=\"{height}\"";
            FormattableString text = $"font-family=\"{Fonts}\" font-size=\"{PlotLayout.FontSize}\" fill=\"{Hex(PlotLayout.Ink)}\"";
            Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} role=\"img\" {text}>");
            Append($"<title>{Escape(title)}</title>");
        }

        public void End() => Append($"</svg>");

        public override void Rectangle(double x, double y, double width, double height, int? fill, int? stroke, double opacity = 1)
        {
            string opaque = opacity < 1 ? Attribute($" fill-opacity=\"{opacity:0.##}\"") : string.Empty;
            string edge = stroke is { } color ? $" stroke=\"{Hex(color)}\"" : string.Empty;
            Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{(fill is { } inside ? Hex(inside) : "none")}\"{opaque}{edge}/>");
        }

        public override void Line(double x1, double y1, double x2, double y2, PlotPen pen) =>
            Append($"<path d=\"M{x1:0.##} {y1:0.##}L{x2:0.##} {y2:0.##}\"{Stroke(pen)}/>");

        public override void Polyline(IReadOnlyList<(double X, double Y)> points, PlotPen pen)
        {
            string joined = string.Join(' ', points.Select(point => Attribute($"{point.X:0.##},{point.Y:0.##}")));
            Append($"<polyline points=\"{joined}\" fill=\"none\"{Stroke(pen)} stroke-linejoin=\"round\"/>");
        }

        public override void Disc(double x, double y, double radius, int color) =>
            Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" fill=\"{Hex(color)}\"/>");

        public override void Text(double x, double y, string text, PlotTextStyle style)
        {
            if (text.Length == 0)
            {
                return;
            }

            string anchor = style.Anchor switch { PlotAnchor.Middle => "middle", PlotAnchor.End => "end", _ => "start" };
            string attributes = (style.Upwards ? Attribute($" transform=\"rotate(-90 {x:0.##} {y:0.##})\"") : string.Empty)
                + (style.Color != PlotLayout.Ink ? $" fill=\"{Hex(style.Color)}\"" : string.Empty)
                + (style.Size != PlotLayout.FontSize ? Attribute($" font-size=\"{style.Size:0.##}\"") : string.Empty)
                + (style.Bold ? " font-weight=\"bold\"" : string.Empty);
            Append($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\"{attributes}>{Escape(text)}</text>");
        }

        // A nested picture cuts what leaves it, without an identifier that a page could hold twice.
        public override void BeginClip(double x, double y, double width, double height)
        {
            FormattableString view = $"{x:0.##} {y:0.##} {width:0.##} {height:0.##}";
            Append($"<svg x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" viewBox=\"{view}\" overflow=\"hidden\">");
        }

        public override void EndClip() => Append($"</svg>");

        private static string Stroke(PlotPen pen) =>
            $" stroke=\"{Hex(pen.Color)}\""
            + (pen.Width != 1 ? Attribute($" stroke-width=\"{pen.Width:0.##}\"") : string.Empty)
            + (pen.Dash > 0 ? Attribute($" stroke-dasharray=\"{pen.Dash:0.##} {pen.Gap:0.##}\"") : string.Empty);

        private static string Hex(int color) => "#" + color.ToString("X6", CultureInfo.InvariantCulture);

        private static string Escape(string text) => SecurityElement.Escape(PlainText.Of(text));

        private static string Attribute(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

        private void Append(FormattableString text) => Picture.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
