using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.PowerShell;

/// <summary>A map that a cmdlet is about to use: in memory, or a file whose path is resolved. Opened by the worker.</summary>
internal sealed class MapSource
{
    private readonly CryoMap? _map;
    private readonly string? _path;

    public MapSource(CryoMap map) => _map = map;

    public MapSource(string path) => _path = path;

    /// <summary>Name for progress and messages.</summary>
    public string Name => _map?.Name ?? Path.GetFileName(_path!);

    /// <summary>What an error record points at: a name or a path, never the map, which $Error would keep alive.</summary>
    public string Target => _map is null ? _path! : _map.Path ?? _map.Name;

    /// <summary>The map. A file is opened and its header read; its voxels are read when they are used.</summary>
    public CryoMap Open() => _map ?? MrcReader.Open(_path!);
}
