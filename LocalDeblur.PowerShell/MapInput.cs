using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell;

/// <summary>
/// What -Map, -Mask, -LocalResolution and -Reference accept: a CryoMap, a path, or a file object.
/// Only remembers it; the cmdlet opens the file, so that errors, progress and Ctrl+C are the cmdlet's.
/// </summary>
public sealed class MapInput
{
    /// <summary>Remembers a map.</summary>
    /// <param name="map">A map in memory.</param>
    public MapInput(CryoMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Map = map;
    }

    /// <summary>Remembers the path of a map file. Wildcards are not expanded.</summary>
    /// <param name="path">A PowerShell path; a relative one follows the current location.</param>
    public MapInput(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
    }

    /// <summary>Remembers a file.</summary>
    /// <param name="file">A file object, as Get-ChildItem returns it.</param>
    public MapInput(FileInfo file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Path = file.FullName;
    }

    /// <summary>Remembers a resolved path.</summary>
    /// <param name="path">A path object, as Resolve-Path returns it.</param>
    public MapInput(PathInfo path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = path.Path;
    }

    /// <summary>The map in memory; null where a path was given.</summary>
    public CryoMap? Map { get; }

    /// <summary>The path as given; null where a map was given.</summary>
    public string? Path { get; }

    /// <summary>Whether another names the same.</summary>
    /// <param name="other">What another parameter, or the same one of another row, was given.</param>
    internal bool IsSameAs(MapInput other) => ReferenceEquals(Map, other.Map) && Path == other.Path;

    /// <summary>The map's name or the path.</summary>
    public override string ToString() => Map?.Name ?? Path!;
}
