using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that scores maps by an atomic model: maps piped in are scored by one model, models piped in score the same maps.</summary>
public abstract class ModelScoreCommand : ModelCommand
{
    /// <summary>Name of the parameter set in which maps are piped in.</summary>
    protected const string MapSet = "Map";

    /// <summary>Name of the parameter set in which models are piped in.</summary>
    protected const string ModelSet = "Model";

    private readonly List<MapSource> _maps = [];
    private MapInput[]? _resolved;
    private ModelSource? _model;

    /// <summary>Maps; each gives a result.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ModelSet)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Atomic model.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ModelSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>Reads the model, where it is given for all maps.</summary>
    private protected override void Begin() => _model = OpenGiven(Model);

    /// <summary>Scores the maps of a record by its model; either may be given for all.</summary>
    protected override void ProcessRecord()
    {
        // Maps that are given for many models are read once.
        if (_resolved != Map)
        {
            _resolved = Map;
            _maps.Clear();
            foreach (MapInput input in Map)
            {
                if (TryResolve(input, out MapSource? source))
                {
                    _maps.Add(source);
                }
            }
        }

        if (_maps.Count == 0 || !TryOpen(Model, ref _model))
        {
            return;
        }

        TellModel(_model!);
        _maps.ForEach(map => Score(map, _model!));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _model = null;
        _resolved = null;
        _maps.Clear();
        base.Dispose(disposing);
    }

    /// <summary>Scores one map, and writes the result.</summary>
    private protected abstract void Score(MapSource map, ModelSource model);

    /// <summary>Does the work for one map, warns of what it found, and writes the result.</summary>
    private protected void Score<T>(
        string activity,
        MapSource source,
        ModelSource model,
        Func<AtomicModel, CryoMap, IProgress<StageProgress>, CancellationToken, T> work,
        Func<T, IReadOnlyList<string>> warnings)
        where T : class
    {
        if (!TryRun($"{activity} of {source.Name} by {model.Name}", source, (map, progress, token) => work(model.Open(token), map, progress, token), out T? result))
        {
            return;
        }

        // What came with the model was told when it was read.
        foreach (string warning in warnings(result).Except(model.Open(CancellationToken.None).Warnings))
        {
            Warn($"{source.Name}: {warning}");
        }

        WriteObject(result, enumerateCollection: false);
    }
}
