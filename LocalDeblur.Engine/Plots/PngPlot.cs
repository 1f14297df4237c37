namespace LocalDeblur.Plots;

/// <summary>Draws a <see cref="LinePlot"/> as a picture of pixels, of the same layout as <see cref="SvgPlot"/>.</summary>
/// <remarks>Lines and text are anti-aliased (<see cref="PngCanvas"/>). The same plot gives the same pixels in every culture and on every machine.</remarks>
internal static class PngPlot
{
    // Pixels a unit of the layout.
    private const int Scale = 2;

    /// <summary>Draws the picture, 1360 × 920 pixels; higher where the legend stands below.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="scale">Pixels a unit of the layout.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static PngImage Render(LinePlot plot, int scale = Scale)
    {
        ArgumentNullException.ThrowIfNull(plot);
        var layout = new PlotLayout(plot, 1);
        var image = new PngImage(PlotLayout.Width * scale, layout.Height * scale, 3);
        layout.Draw(new PngCanvas(image, scale));
        return image;
    }

    /// <summary>Writes the picture.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="stream">Takes the bytes; stays open.</param>
    /// <exception cref="ArgumentException">A series has another number of X than of Y values.</exception>
    public static void Write(LinePlot plot, Stream stream) => Render(plot).Write(stream);
}
