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

    private ModelSource? _model;
    private List<MapSource>? _maps;

    /// <summary>Maps; each gives a result.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Atomic model.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = MapSet)]
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>Reads the model, unless models are piped in.</summary>
    protected override void BeginProcessing()
    {
        if (Model is not null)
        {
            _model = OpenOrThrow(Model);
            TellModel(_model);
        }
    }

    /// <summary>Scores each map.</summary>
    protected override void ProcessRecord()
    {
        if (_model is not null)
        {
            foreach (MapInput input in Map)
            {
                if (TryResolve(input, out MapSource? source))
                {
                    Score(source, _model);
                }
            }

            return;
        }

        _maps ??= ResolveMaps();
        if (_maps.Count == 0 || !TryResolve(Model!, out ModelSource? model)
            || !TryRun($"Reading {model.Name}", model.Target, (_, token) => model.Open(token), out AtomicModel? _))
        {
            return;
        }

        TellModel(model);
        _maps.ForEach(map => Score(map, model));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _model = null;
        _maps = null;
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
            WriteWarning($"{source.Name}: {warning}");
        }

        WriteObject(result, enumerateCollection: false);
    }

    private List<MapSource> ResolveMaps()
    {
        List<MapSource> sources = [];
        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source))
            {
                sources.Add(source);
            }
        }

        return sources;
    }
}
