using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.PowerShell;

/// <summary>A map that a cmdlet is about to use: in memory, or a file whose path is resolved and that the worker opens.</summary>
internal sealed class MapSource
{
    private readonly string? _path;
    private CryoMap? _map;
    private int _told;

    /// <summary>What a parameter was given.</summary>
    /// <param name="input">The map in memory, of which the cmdlet that returned it has told the warnings; or a file.</param>
    /// <param name="path">The full path of the file; null for a map in memory.</param>
    public MapSource(MapInput input, string? path = null)
    {
        Input = input;
        _path = path;
        _map = input.Map;
        _told = Warnings.Count;
    }

    /// <summary>What the parameter was given.</summary>
    public MapInput Input { get; }

    /// <summary>Name for progress and messages.</summary>
    public string Name => _path is null ? _map!.Name : Path.GetFileName(_path);

    /// <summary>What an error record points at: a name or a path, never the map, which $Error would keep alive.</summary>
    public string Target => _path ?? _map!.Path ?? _map.Name;

    /// <summary>What has been done to it; nothing for a file that is not open yet.</summary>
    public IReadOnlyList<HistoryEntry> History => _map?.History ?? (IReadOnlyList<HistoryEntry>)[];

    private IReadOnlyList<string> Warnings => _map is { History: [.., HistoryEntry last] } ? last.Warnings : [];

    /// <summary>The map. A file is opened and its header read; its voxels are read when they are used.</summary>
    public CryoMap Open() => _map ??= MrcReader.Open(_path!);

    /// <summary>Tells the warnings that came up since the last time; some come up only when the voxels are read.</summary>
    /// <param name="command">The cmdlet to warn through.</param>
    public void TellWarnings(Cmdlet command)
    {
        IReadOnlyList<string> warnings = Warnings;
        for (; _told < warnings.Count; _told++)
        {
            command.WriteWarning(PlainText.Of($"{Name}: {warnings[_told]}"));
        }
    }
}
