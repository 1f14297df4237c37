using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that takes maps, or the two half maps of one reconstruction.</summary>
public abstract class HalfMapCommand : ModelCommand
{
    /// <summary>Name of the parameter set with -Map.</summary>
    protected const string MapSet = "Map";

    /// <summary>Name of the parameter set with -HalfMap1 and -HalfMap2.</summary>
    protected const string HalfMapsSet = "HalfMaps";

    private readonly List<MapSource> _collected = [];
    private bool _isRefused;

    /// <summary>Maps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>First half map of a reconstruction.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HalfMapsSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap1 { get; set; } = null!;

    /// <summary>Second half map of the same reconstruction.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HalfMapsSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput HalfMap2 { get; set; } = null!;

    /// <summary>Threads to use; 0 for one a processor.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Most memory that a run may hold at once (bytes).</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Threads and memory for the engine.</summary>
    private protected RunLimits Limits => new() { Threads = Threads, Memory = MemoryLimit };

    /// <summary>Whether -HalfMap1 and -HalfMap2 were given.</summary>
    private protected bool HasHalfMaps => ParameterSetName == HalfMapsSet;

    /// <summary>How the call is mistaken when more than two maps come and none is a job of its own.</summary>
    private protected virtual string TooManyMaps =>
        "One map, or the two half maps of one reconstruction, can be given. Name the halves with -HalfMap1 and -HalfMap2, or give one reconstruction a call.";

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _collected.Clear();
        base.Dispose(disposing);
    }

    /// <summary>Whether the user gave a parameter.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>The half maps of the call; an error record where a path is none.</summary>
    private protected bool TryResolveHalfMaps([NotNullWhen(true)] out MapPair? pair)
    {
        pair = TryResolve(HalfMap1, out MapSource? first) & TryResolve(HalfMap2, out MapSource? second) ? new MapPair(first!, second) : null;
        return pair is not null;
    }

    /// <summary>Keeps the maps of one record until all have come. They are opened later, and their voxels read when they are used.</summary>
    private protected void Collect()
    {
        foreach (MapInput input in HasHalfMaps ? [HalfMap1, HalfMap2] : Map)
        {
            if (_collected.Count == 2)
            {
                ThrowTerminatingError(ErrorRecords.MapCountUnsupported($"More than two maps were given, the third being '{input}'. {TooManyMaps}", input.ToString()));
            }

            if (TryResolve(input, out MapSource? source))
            {
                _collected.Add(source);
            }
            else
            {
                // What was meant as two halves must not be taken for one map.
                _isRefused = true;
            }
        }
    }

    /// <summary>The maps that were kept: one, or two halves. False where there is none, or where an error record tells of one that is missing.</summary>
    private protected bool TryTakeCollected([NotNullWhen(true)] out MapPair? pair)
    {
        pair = _isRefused || _collected.Count == 0 ? null : new MapPair(_collected[0], _collected.ElementAtOrDefault(1));
        return pair is not null;
    }

    /// <summary>Says what the maps of the call are taken for. One that is named as a half map is warned of: the other may have failed to come.</summary>
    private protected void WarnOfLoneHalf(MapPair maps)
    {
        if (maps.Second is not null)
        {
            WriteVerbose($"{maps.Name} are taken as the halves of one reconstruction.");
        }
        else if (Reconstruction.LoneHalfWarning(maps.Name, maps.First.History) is { } warning)
        {
            WriteWarning($"{warning} The parameters are -HalfMap1 and -HalfMap2; where a script reads the maps before, let it end at the first error (-ErrorAction Stop).");
        }
        else
        {
            WriteVerbose($"{maps.Name} is taken as one map, without halves.");
        }
    }

    /// <summary>Does work on one map or two halves, and tells what their files deserve to be warned of.</summary>
    /// <returns>False when an error record was written instead of a result.</returns>
    private protected bool TryRun<T>(
        string activity,
        MapPair maps,
        Func<Reconstruction, IProgress<StageProgress>, CancellationToken, T> work,
        [NotNullWhen(true)] out T? result)
        where T : notnull
    {
        bool isDone = TryRun(activity, maps.First.Target, (progress, token) => work(maps.Open(), progress, token), out result);
        maps.First.TellWarnings(this);
        maps.Second?.TellWarnings(this);
        return isDone;
    }

    /// <summary>One map, or two half maps.</summary>
    /// <param name="First">The map, or the first half.</param>
    /// <param name="Second">The second half; null for one map.</param>
    private protected sealed record MapPair(MapSource First, MapSource? Second)
    {
        /// <summary>Name for progress and messages.</summary>
        public string Name => Second is null ? First.Name : $"{First.Name} and {Second.Name}";

        /// <summary>Opens what stands in files. Voxels are read when they are used.</summary>
        public Reconstruction Open() => Second is null ? new Reconstruction(First.Open()) : new Reconstruction(First.Open(), Second.Open());
    }
}
