namespace LocalDeblur.Plots;

/// <summary>What a plot is painted on. Places and widths are in units of the layout, x to the right and y down; see <see cref="PlotLayout"/>.</summary>
internal abstract class PlotCanvas
{
    /// <summary>Paints a rectangle.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    /// <param name="fill">What fills it, as 0xRRGGBB; null for nothing.</param>
    /// <param name="stroke">What surrounds it; null for nothing.</param>
    /// <param name="opacity">Of the filling, 0 … 1.</param>
    public abstract void Rectangle(double x, double y, double width, double height, int? fill, int? stroke, double opacity = 1);

    /// <summary>Paints a straight line.</summary>
    /// <param name="x1">Where it begins.</param>
    /// <param name="y1">Where it begins.</param>
    /// <param name="x2">Where it ends.</param>
    /// <param name="y2">Where it ends.</param>
    /// <param name="pen">How it is drawn.</param>
    public abstract void Line(double x1, double y1, double x2, double y2, PlotPen pen);

    /// <summary>Paints a line through points.</summary>
    /// <param name="points">At least two.</param>
    /// <param name="pen">How it is drawn.</param>
    public abstract void Polyline(IReadOnlyList<(double X, double Y)> points, PlotPen pen);

    /// <summary>Paints a disc.</summary>
    /// <param name="x">Centre.</param>
    /// <param name="y">Centre.</param>
    /// <param name="radius">Radius.</param>
    /// <param name="color">Colour, as 0xRRGGBB.</param>
    public abstract void Disc(double x, double y, double radius, int color);

    /// <summary>Paints a text.</summary>
    /// <param name="x">Where its anchor lies.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">How it is set.</param>
    public abstract void Text(double x, double y, string text, PlotTextStyle style);

    /// <summary>Cuts what is painted from now on at a rectangle.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="width">Width.</param>
    /// <param name="height">Height.</param>
    public abstract void BeginClip(double x, double y, double width, double height);

    /// <summary>Ends what <see cref="BeginClip"/> began.</summary>
    public abstract void EndClip();
}

/// <summary>How a line is drawn.</summary>
/// <param name="Color">Colour, as 0xRRGGBB.</param>
/// <param name="Width">Width.</param>
/// <param name="Dash">Length of a dash; 0 for a line without gaps.</param>
/// <param name="Gap">Length of a gap.</param>
internal readonly record struct PlotPen(int Color, double Width = 1, double Dash = 0, double Gap = 0);

/// <summary>How a text is set.</summary>
/// <param name="Anchor">Which part of the text lies at its place.</param>
/// <param name="Color">Colour, as 0xRRGGBB.</param>
/// <param name="Size">Size of the font.</param>
/// <param name="Bold">Whether it is bold.</param>
/// <param name="Upwards">Whether it is turned about its place to run upwards.</param>
internal readonly record struct PlotTextStyle(PlotAnchor Anchor, int Color, double Size, bool Bold = false, bool Upwards = false);

/// <summary>Which part of a text lies at its place.</summary>
internal enum PlotAnchor
{
    /// <summary>Its beginning.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its end.</summary>
    End,
}
