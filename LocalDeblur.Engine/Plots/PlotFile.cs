using LocalDeblur.Files;

namespace LocalDeblur.Plots;

/// <summary>Writes a plot to a file, as the suffix says, and its numbers beside it.</summary>
public static class PlotFile
{
    private const string Svg = ".svg";
    private const string Png = ".png";

    /// <summary>Whether the name of a file has a suffix that can be written: .svg or .png.</summary>
    /// <param name="path">Path or name.</param>
    public static bool IsPicture(string path) => Has(path, Svg) || Has(path, Png);

    /// <summary>The table beside a picture: the same path with the suffix .csv.</summary>
    /// <param name="path">Path of the picture.</param>
    public static string Table(string path) => Path.ChangeExtension(path, ".csv");

    /// <summary>The refusal of a name that is not one of a picture.</summary>
    /// <param name="path">The name.</param>
    public static EngineException NameUnsupported(string path) => new(
        EngineError.PlotFileNameUnsupported,
        $"'{path}' does not say what picture to write; expected a name that ends in .svg (lines and text) or .png (pixels).",
        path);

    /// <summary>Refuses a picture that could not be written in the end, before what it shows is computed.</summary>
    /// <param name="path">Picture to write; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!IsPicture(path))
        {
            throw NameUnsupported(path);
        }

        string target = Path.GetFullPath(path);
        TemporaryFile.RequireTarget(target, overwrite);
        TemporaryFile.RequireTarget(Table(target), overwrite);
    }

    /// <summary>Writes the table, then the picture. Each file appears whole or not at all.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="path">Picture to write; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <param name="table">Writes the numbers; null for those of the plot as they are (<see cref="CsvTable"/>).</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists or MapFileInaccessible.</exception>
    public static void Write(LinePlot plot, string path, bool overwrite, Action<TextWriter>? table = null)
    {
        ArgumentNullException.ThrowIfNull(plot);
        RequireWritable(path, overwrite);
        ResultFile.WriteText(Table(path), overwrite, table ?? (writer => PlotTable.Write(plot, writer)));
        if (Has(path, Svg))
        {
            ResultFile.WriteText(path, overwrite, writer => SvgPlot.Write(plot, writer));
        }
        else
        {
            ResultFile.Write(path, overwrite, stream => PngPlot.Write(plot, stream));
        }
    }

    private static bool Has(string path, string suffix) => path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
