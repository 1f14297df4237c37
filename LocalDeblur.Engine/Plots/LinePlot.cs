using LocalDeblur.Files;

namespace LocalDeblur.Plots;

/// <summary>A plot of lines as data, from which <see cref="SvgPlot"/> makes the picture and <see cref="CsvTable"/> the numbers.</summary>
public sealed record LinePlot
{
    /// <summary>Title above the plot.</summary>
    public required string Title { get; init; }

    /// <summary>Horizontal axis.</summary>
    public required PlotAxis X { get; init; }

    /// <summary>Vertical axis.</summary>
    public required PlotAxis Y { get; init; }

    /// <summary>The lines, those drawn last on top.</summary>
    public IReadOnlyList<PlotSeries> Series { get; init; } = [];

    /// <summary>Straight lines across the plot, under the series.</summary>
    public IReadOnlyList<PlotReferenceLine> ReferenceLines { get; init; } = [];
}

/// <summary>An axis of a plot.</summary>
/// <param name="Label">What is shown, with its unit, for example "Spatial frequency (1/Å)".</param>
public sealed record PlotAxis(string Label)
{
    /// <summary>Lower end; null to fit the points.</summary>
    public double? Minimum { get; init; }

    /// <summary>Upper end, above the lower one; null to fit the points.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether a second axis states the same places as resolution in Å. Horizontal axes only.</summary>
    public PlotResolutionScale Resolution { get; init; }
}

/// <summary>How the values of an axis relate to a resolution d.</summary>
public enum PlotResolutionScale
{
    /// <summary>They do not.</summary>
    None,

    /// <summary>1/d, in 1/Å.</summary>
    Reciprocal,

    /// <summary>1/d², in 1/Å².</summary>
    ReciprocalSquare,
}

/// <summary>One line of a plot.</summary>
/// <param name="Name">Its name in the legend and the table.</param>
/// <param name="X">Horizontal values, in the order they are joined.</param>
/// <param name="Y">Vertical values, as many. Where one of the pair is NaN or infinite, the line has a gap.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>Colour; null for the next of the palette.</summary>
    public PlotColor? Color { get; init; }

    /// <summary>How the line is broken.</summary>
    public PlotDash Dash { get; init; }
}

/// <summary>A straight line across the plot.</summary>
/// <param name="Value">Where it crosses the axis.</param>
/// <param name="Label">Short text beside it; empty for none.</param>
public sealed record PlotReferenceLine(double Value, string Label)
{
    /// <summary>True for a line that stands at a horizontal value, false for one that lies at a vertical value.</summary>
    public bool Upright { get; init; }
}

/// <summary>How a line is broken.</summary>
public enum PlotDash
{
    /// <summary>Not at all.</summary>
    Solid,

    /// <summary>Dashes.</summary>
    Dashed,

    /// <summary>Dots.</summary>
    Dotted,

    /// <summary>Long dashes, for a colour that a solid line has already.</summary>
    LongDashed,
}

/// <summary>Colours that stay apart for every kind of colour vision: Okabe and Ito, "Color universal design" (2008).</summary>
public enum PlotColor
{
    /// <summary>#0072B2.</summary>
    Blue,

    /// <summary>#D55E00.</summary>
    Vermilion,

    /// <summary>#009E73.</summary>
    Green,

    /// <summary>#CC79A7.</summary>
    Purple,

    /// <summary>#E69F00.</summary>
    Orange,

    /// <summary>#56B4E9.</summary>
    SkyBlue,

    /// <summary>#000000.</summary>
    Black,
}
