using System.CommandLine;
using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Runner;

/// <summary>Files as Xmipp's programs name, read and write them: a suffix such as ":mrc" tells the type, places in space do not count, and what exists is replaced.</summary>
internal static class XmippFiles
{
    private static readonly string[] ReadableTypes = ["mrc", "map", "ccp4"];

    /// <summary>How these programs write.</summary>
    public static MrcWriteOptions Writing { get; } = new() { Overwrite = true, WriteHistory = false };

    /// <summary>The path that a name stands for.</summary>
    /// <param name="name">Name, with or without a type behind a colon.</param>
    public static string Path(string name)
    {
        int colon = name.LastIndexOf(':');
        bool isTyped = colon > 0 && ReadableTypes.Contains(name[(colon + 1)..], StringComparer.OrdinalIgnoreCase);
        return System.IO.Path.GetFullPath(isTyped ? name[..colon] : name);
    }

    /// <summary>Opens maps that belong together, all at the place of the first.</summary>
    /// <param name="sampling">Voxel size (Å), instead of their headers'.</param>
    /// <param name="names">Their names; null for none.</param>
    public static CryoMap?[] Open(double sampling, params string?[] names)
    {
        AxisTriple? place = null;
        return [.. names.Select(name =>
        {
            if (name is null)
            {
                return null;
            }

            CryoMap map = MapOptions.Open(Path(name), sampling, place is { } first ? [first.X, first.Y, first.Z] : null);
            place ??= map.Origin;
            return map;
        })];
    }

    /// <summary>Writes a table of one row, as Xmipp's metadata.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="columns">Labels and values.</param>
    public static void WriteMetadata(TextWriter writer, params (string Label, IFormattable Value)[] columns)
    {
        writer.Write("# XMIPP_STAR_1 * \n# \ndata_\nloop_\n");
        foreach ((string label, _) in columns)
        {
            writer.Write($" _{label}\n");
        }

        foreach ((_, IFormattable value) in columns)
        {
            writer.Write(value.ToString(value is double ? "0.000000" : null, CultureInfo.InvariantCulture).PadLeft(13));
        }

        writer.Write(" \n");
    }

    /// <summary>Tells of options that were given and change nothing, here as in the published program.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options, each with its reason.</param>
    public static void Note(ParseResult parsed, params (Option Option, string Reason)[] options)
    {
        foreach ((Option option, string reason) in options.Where(one => parsed.GetResult(one.Option) is { Implicit: false }))
        {
            Console.Error.WriteLine($"Note: {option.Name} changes nothing: {reason}.");
        }
    }
}
