using System.Globalization;
using System.Text;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Masks;

namespace LocalDeblur.Plots;

/// <summary>What a script for ChimeraX shows. Every map has to be a file, as the script opens it.</summary>
/// <param name="Map">The map whose surface is drawn, usually a sharpened one.</param>
public sealed record ChimeraXScene(CryoMap Map)
{
    /// <summary>
    /// Local resolution (Å) that colours the surface, on the map's grid: the one whose background is filled, since zeros outside would bleed into the colours.
    /// Null for a surface of one colour.
    /// </summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>The map before sharpening, on the same grid, drawn beside it at the level that encloses as much; null for none.</summary>
    public CryoMap? RawMap { get; init; }

    /// <summary>Density of the surface; null for the one that encloses <see cref="EnclosedVolume"/>.</summary>
    public double? Level { get; init; }

    /// <summary>
    /// Volume within the surface (Å³); null for that of the molecule as the automatic threshold of a mask finds it, or less where noise would show
    /// (four standard deviations above what surrounds it).
    /// </summary>
    public double? EnclosedVolume { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}

/// <summary>
/// Scripts for UCSF ChimeraX (.cxc) that open a sharpened map at a level by its enclosed volume, coloured by local resolution with a key, and the raw map beside it.
/// </summary>
/// <remarks>Commands of ChimeraX 1.x: open, volume, color sample, key, move, view. Names of files below the script's folder are relative to it.</remarks>
public static class ChimeraXScript
{
    private const string Suffix = ".cxc";

    // Colours of the 5 %, 50 % and 95 % of the resolutions in the surface; the map beside it is grey.
    private static readonly (double Share, int Color)[] Stops = [(0.05, 0x440154), (0.5, 0x21918C), (0.95, 0xFDE725)];

    // Least distance of two resolutions of the key (Å).
    private const double LeastStep = 0.01;

    // Distance between the two maps, in widths of the box.
    private const double Beside = 1.05;

    /// <summary>Whether the name of a file has the suffix of a script: .cxc.</summary>
    /// <param name="path">Path or name.</param>
    public static bool IsScript(string path) => path is not null && path.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of a name that is not one of a script.</summary>
    /// <param name="path">The name.</param>
    public static EngineException NameUnsupported(string path) => new(
        EngineError.PlotFileNameUnsupported, $"'{path}' is no name of a script for ChimeraX; expected one that ends in {Suffix}.", path);

    /// <summary>Writes the script, whole or not at all.</summary>
    /// <param name="scene">What it shows.</param>
    /// <param name="path">Script to write, .cxc; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The density of the surface.</returns>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists, MapFileInaccessible; MapFileNotFound for a map without a file; maps that do not fit
    /// together; ParameterOutOfRange for a volume that the box does not have.</exception>
    public static double Write(
        ChimeraXScene scene, string path, bool overwrite, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scene);
        if (!IsScript(path))
        {
            throw NameUnsupported(path);
        }

        string target = Path.GetFullPath(path);
        ResultFile.RequireWritable(target, overwrite);
        CryoMap map = scene.Map;
        map.Grid.RequireCubicVoxels(map.Name);
        foreach (CryoMap other in ((CryoMap?[])[scene.LocalResolution, scene.RawMap]).OfType<CryoMap>())
        {
            other.Grid.RequireSameAs(other.Name, map.Grid, map.Name);
            other.RequireNumbers(cancellationToken);
        }

        map.RequireNumbers(cancellationToken);
        string folder = Path.GetDirectoryName(target)!;
        var text = new StringBuilder();
        (double level, long inside) = Surface(scene, progress, cancellationToken);
        Line(text, $"# {ProgramName.WithVersion}: the surface encloses {inside * Math.Pow(map.VoxelSize, 3):0} Å³ ({inside} voxels)");
        Line(text, $"open {Name(map, folder)} id 1");
        Line(text, $"volume #1 style surface step 1 level {level:G6}");
        if (scene.LocalResolution is { } resolution)
        {
            double[] values = Quantiles(map, resolution, level, cancellationToken);
            Line(text, $"open {Name(resolution, folder)} id 2");
            Line(text, $"volume #2 hide");
            Line(text, $"color sample #1 map #2 palette \"{Join(":", (value, color) => Say($"{value:0.##},{color}"))}\"");
            Line(text, $"key {Join(" ", (value, color) => Say($"{color}:{value:0.##}"))}");

            string Join(string separator, Func<double, string, string> stop) =>
                string.Join(separator, values.Zip(Stops, (value, one) => stop(value, $"#{one.Color:x6}")));
        }

        if (scene.RawMap is { } raw)
        {
            Line(text, $"open {Name(raw, folder)} id 3");
            Line(text, $"volume #3 style surface step 1 level {Contour.Enclosing(raw, inside, cancellationToken).Level:G6} color #b4b4b4");
            Line(text, $"move x {Beside * map.Size.X * map.VoxelSize:0.##} models #3");
        }

        Line(text, $"view");
        ResultFile.WriteText(target, overwrite, writer => writer.Write(text));
        return level;
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static Contour Surface(ChimeraXScene scene, IProgress<StageProgress>? progress, CancellationToken cancellationToken) =>
        scene.Level is { } level ? Contour.At(scene.Map, level, cancellationToken)
        : scene.EnclosedVolume is { } volume ? Contour.EnclosingVolume(scene.Map, volume, cancellationToken)
        : Contour.OfMolecule(scene.Map, new Reconstruction(scene.RawMap ?? scene.Map), scene.Limits, progress, cancellationToken);

    private static double[] Quantiles(CryoMap map, CryoMap resolution, double level, CancellationToken cancellationToken)
    {
        double[] quantiles = SurfaceResolutions.Quantiles(map, resolution, level, [.. Stops.Select(stop => stop.Share)], cancellationToken);
        for (int i = 1; i < quantiles.Length; i++)
        {
            quantiles[i] = Math.Max(quantiles[i], quantiles[i - 1] + LeastStep);
        }

        return quantiles;
    }

    // In quotes, in which a backslash would begin an escape. A line end cannot be part of a command.
    private static string Name(CryoMap map, string folder)
    {
        if (map.Path is not { } path)
        {
            throw new EngineException(
                EngineError.MapFileNotFound, $"'{map.Name}' is in memory alone, and a script opens files. Export the map first, and give the file.", map.Name);
        }

        if (path.Any(char.IsControl))
        {
            throw new EngineException(
                EngineError.MapFileNotFound, $"The name of '{MapLabel.Of(map)}' has a line end or another control character, which a script cannot hold.", map.Name);
        }

        string relative = Path.GetRelativePath(folder, path);
        string name = relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
        if (OperatingSystem.IsWindows())
        {
            name = name.Replace('\\', '/');
        }

        return $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
