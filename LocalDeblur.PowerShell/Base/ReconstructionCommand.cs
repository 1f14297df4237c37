using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that takes maps, or the two half maps of one reconstruction.</summary>
/// <remarks>
/// Two maps that are piped in may be halves, so that they are kept until all have come. Maps that are named, by -Map or -HalfMap1 and -HalfMap2, are a
/// reconstruction, and so is each row of the pipeline that names them by its properties.
/// </remarks>
public abstract class ReconstructionCommand : LimitedCommand
{
    /// <summary>Name of the parameter set with -Map.</summary>
    protected const string MapSet = "Map";

    /// <summary>Name of the parameter set with -HalfMap1 and -HalfMap2.</summary>
    protected const string HalfMapsSet = "HalfMaps";

    /// <summary>Name of the parameter set with maps that are piped in.</summary>
    protected const string InputObjectSet = "InputObject";

    private readonly List<MapSource> _collected = [];
    private bool _isRefused;

    /// <summary>Maps.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Maps that are piped in.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputObjectSet)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] InputObject { get; set; } = [];

    /// <summary>The first half maps that are named, one for each reconstruction.</summary>
    private protected abstract IReadOnlyList<MapInput> FirstHalves { get; }

    /// <summary>The second half maps.</summary>
    private protected abstract IReadOnlyList<MapInput> SecondHalves { get; }

    /// <summary>Whether -HalfMap1 and -HalfMap2 were given.</summary>
    private protected bool HasHalfMaps => ParameterSetName == HalfMapsSet;

    /// <summary>Whether maps that come without being named as halves belong together; otherwise each is a job of its own.</summary>
    private protected virtual bool TakesTogether => true;

    /// <summary>Whether the parameter set is one with maps. A cmdlet that has another does its work in <see cref="ProcessWithoutMaps"/>.</summary>
    private protected virtual bool TakesMaps => true;

    /// <summary>How the call is mistaken when more than two maps come and none is a job of its own.</summary>
    private protected virtual string TooManyMaps =>
        "One map, or the two half maps of one reconstruction, can be given. Name the halves with -HalfMap1 and -HalfMap2, or call the cmdlet once for each reconstruction.";

    private bool IsRow => MyInvocation.ExpectingInput && ParameterSetName != InputObjectSet;

    /// <summary>Checks what belongs together, where nothing is piped in that could add to it.</summary>
    private protected override void Begin()
    {
        if (!MyInvocation.ExpectingInput && FindConflict() is { } conflict)
        {
            ThrowTerminatingError(conflict);
        }
    }

    /// <summary>Does the work for the maps that are named; keeps those that may be halves until all have come.</summary>
    protected sealed override void ProcessRecord()
    {
        if (FindConflict() is { } conflict)
        {
            Refuse(conflict);
        }
        else if (!TakesMaps)
        {
            ProcessWithoutMaps();
        }
        else if (!TryOpenOthers())
        {
            _isRefused = true;
        }
        else if (ParameterSetName == InputObjectSet && TakesTogether)
        {
            // What was meant as two halves must not be taken for one map.
            _isRefused |= !TryAdd(InputObject, _collected);
        }
        else if (HasHalfMaps)
        {
            ProcessHalves();
        }
        else if (TakesTogether)
        {
            List<MapSource> maps = [];
            if (TryAdd(Map, maps))
            {
                Process(new MapPair(maps[0], maps.ElementAtOrDefault(1)));
            }
        }
        else
        {
            foreach (MapInput input in ParameterSetName == InputObjectSet ? InputObject : Map)
            {
                if (TryResolve(input, out MapSource? source))
                {
                    Process(new MapPair(source, null));
                }
            }
        }
    }

    /// <summary>Does the work for the maps that were kept.</summary>
    protected sealed override void EndProcessing()
    {
        if (!_isRefused && _collected.Count > 0)
        {
            Process(new MapPair(_collected[0], _collected.ElementAtOrDefault(1)));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _collected.Clear();
        base.Dispose(disposing);
    }

    /// <summary>What contradicts itself in the parameters; null for nothing.</summary>
    private protected virtual ErrorRecord? FindConflict() => null;

    /// <summary>Opens what is given beside the maps, unless it is open already.</summary>
    /// <returns>False when an error record says what cannot be opened.</returns>
    private protected virtual bool TryOpenOthers() => true;

    /// <summary>Does the work where no maps are taken.</summary>
    private protected virtual void ProcessWithoutMaps()
    {
    }

    /// <summary>Does the work of the cmdlet for one map or two halves.</summary>
    private protected abstract void Process(MapPair maps);

    /// <summary>Does the work for the reconstructions whose halves are named.</summary>
    private protected virtual void Process(IReadOnlyList<MapPair> sets)
    {
        foreach (MapPair maps in sets)
        {
            Process(maps);
        }
    }

    /// <summary>Ends the call with an error; where each row of the pipeline is a job, only the row.</summary>
    private protected void Refuse(ErrorRecord error)
    {
        if (IsRow)
        {
            WriteError(error);
        }
        else
        {
            ThrowTerminatingError(error);
        }
    }

    /// <summary>Whether the user gave a parameter.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Says what the maps of the call are taken for. One that is named as a half map is warned of: the other may have failed to come.</summary>
    private protected void WarnOfLoneHalf(MapPair maps)
    {
        if (maps.Second is not null)
        {
            Note($"{maps.Name} are taken as the halves of one reconstruction.");
        }
        else if (Reconstruction.LoneHalfWarning(maps.Name, maps.First.History) is { } warning)
        {
            Warn($"{warning} The parameters are -HalfMap1 and -HalfMap2; where a script reads the maps before, let it end at the first error (-ErrorAction Stop).");
        }
        else
        {
            Note($"{maps.Name} is taken as one map, without halves.");
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

    private void ProcessHalves()
    {
        if (FirstHalves.Count != SecondHalves.Count)
        {
            Refuse(ErrorRecords.HalfMapsUnpaired(FirstHalves.Count, SecondHalves.Count));
            return;
        }

        List<MapPair> sets = [];
        foreach ((MapInput first, MapInput second) in FirstHalves.Zip(SecondHalves))
        {
            List<MapSource> maps = [];
            if (!TryAdd([first, second], maps))
            {
                return;
            }

            sets.Add(new MapPair(maps[0], maps[1]));
        }

        Process(sets);
    }

    // Maps are opened later, and their voxels read when they are used.
    private bool TryAdd(MapInput[] inputs, List<MapSource> maps)
    {
        bool isComplete = true;
        foreach (MapInput input in inputs)
        {
            if (maps.Count == 2)
            {
                Refuse(ErrorRecords.MapCountUnsupported($"More than two maps were given, the third being '{input}'. {TooManyMaps}", input.ToString()));
                return false;
            }

            if (TryResolve(input, out MapSource? source))
            {
                maps.Add(source);
            }
            else
            {
                isComplete = false;
            }
        }

        return isComplete;
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
