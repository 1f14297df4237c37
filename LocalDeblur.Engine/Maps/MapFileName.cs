namespace LocalDeblur.Maps;

/// <summary>Names of map files: their suffixes, and the name of the history beside them.</summary>
public static class MapFileName
{
    private static readonly string[] Suffixes = [".mrc", ".map", ".ccp4", ".rec"];

    private static readonly string[] Compressions = [".gz", ".bz2"];

    /// <summary>True for the names under which a map can be written: .mrc, .map, .ccp4 or .rec, each also with .gz or .bz2, in any case.</summary>
    /// <param name="path">Path or name of a file.</param>
    public static bool IsMap(string path) => HasSuffix(WithoutCompression(path), Suffixes);

    /// <summary>True for the suffix of image stacks, .mrcs, also with .gz or .bz2.</summary>
    /// <param name="path">Path or name of a file.</param>
    public static bool IsStack(string path) => HasSuffix(WithoutCompression(path), [".mrcs"]);

    /// <summary>The name of a file for a map of this name: the same where it is one already, else with .mrc at its end.</summary>
    /// <param name="name">Name of the map, which is often that of the file it came from.</param>
    public static string Of(string name) => IsMap(name) ? name : name + Suffixes[0];

    /// <summary>
    /// Path of the history that is written beside a map: <c>sharp.history.json</c> for <c>sharp.mrc</c>. Of any other suffix it keeps that, so that maps of different
    /// names have different histories: <c>sharp.map.history.json</c>, <c>sharp.mrc.gz.history.json</c>.
    /// </summary>
    /// <param name="path">Path of the map.</param>
    public static string History(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return (path.EndsWith(Suffixes[0], StringComparison.Ordinal) ? path[..^Suffixes[0].Length] : path) + ".history.json";
    }

    /// <summary>True for names whose suffix says that the file is compressed: .gz or .bz2.</summary>
    /// <param name="path">Path or name of a file.</param>
    internal static bool IsCompressed(string path) => HasSuffix(path, Compressions);

    /// <summary>Path of another map beside a map: <c>sharp-noise.mrc</c> for <c>sharp.mrc.gz</c> and <c>-noise</c>.</summary>
    /// <param name="path">Path of the map.</param>
    /// <param name="ending">What is put behind its name.</param>
    public static string Beside(string path, string ending) => Stem(path) + ending + Suffixes[0];

    private static string Stem(string path)
    {
        string stem = WithoutCompression(path);
        return HasSuffix(stem, Suffixes) ? stem[..^Path.GetExtension(stem).Length] : stem;
    }

    private static string WithoutCompression(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return HasSuffix(path, Compressions) ? path[..^Path.GetExtension(path).Length] : path;
    }

    private static bool HasSuffix(string path, string[] suffixes) => suffixes.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
