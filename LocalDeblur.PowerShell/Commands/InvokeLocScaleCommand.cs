using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Workflows;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-LocScale: scales the amplitudes of maps, around every voxel, to those of a model or a reference map.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LocScale", HelpUri = HelpPages.Folder + "Invoke-LocScale.md")]
[OutputType(typeof(CryoMap))]
public sealed class InvokeLocScaleCommand : LimitedCommand
{
    private const string ModelSet = "Model";
    private const string ReferenceSet = "Reference";

    private MapSource? _reference;
    private ModelSource? _model;
    private MapSource? _mask;
    private CryoMap? _told;
    private LocScaleRun? _run;
    private LocScaleOptions _options = new();
    private ModelDensityOptions _drawing = new();

    /// <summary>Maps to scale; each is a job of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Map whose amplitudes are taken over.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ReferenceSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Reference { get; set; }

    /// <summary>Atomic model whose density is the reference.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ModelSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>Where voxels are scaled: above 0.99; made from each map where it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Edge of the window (voxels).</summary>
    [Parameter]
    [Number]
    [ValidateRange(LocScaleOptions.MinimumWindowVoxels, LocScaleOptions.MaximumWindowVoxels)]
    public int? WindowVoxels { get; set; }

    /// <summary>How radial profiles are averaged.</summary>
    [Parameter]
    public LocScaleAveraging Averaging { get; set; } = LocScaleAveraging.FullShells;

    /// <summary>Finest detail of the model's density (Å).</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [Number]
    [ValidateRange(0.02, 1000.0)]
    public double? Resolution { get; set; }

    /// <summary>One B factor for all atoms (Å²).</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [Number]
    [ValidateRange(0.0, 10000.0)]
    public double? BFactor { get; set; }

    /// <summary>Blur that is added to every B factor (Å²).</summary>
    [Parameter(ParameterSetName = ModelSet)]
    [Number]
    [ValidateRange(-10000.0, 10000.0)]
    public double Blur { get; set; }

    /// <summary>Opens what every job needs, and collects the parameters.</summary>
    private protected override void Begin()
    {
        _options = new LocScaleOptions { WindowVoxels = WindowVoxels, Averaging = Averaging, Limits = Limits };
        _drawing = new ModelDensityOptions { Resolution = Resolution, BFactor = BFactor, Blur = Blur, Limits = Limits };
        _mask = OpenGiven(Mask);
        _reference = OpenGiven(Reference);
        _model = OpenGiven(Model);
    }

    /// <summary>Scales each map.</summary>
    protected override void ProcessRecord()
    {
        (MapSource? reference, ModelSource? model) = (_reference, _model);
        if (!TryOpen(Mask, ref _mask) || !TryOpen(Reference, ref _reference) || !TryOpen(Model, ref _model))
        {
            return;
        }

        if (_run is null || _reference != reference || _model != model)
        {
            _run = _reference is not null ? new LocScaleRun(_reference.Open()) : new LocScaleRun(_model!.Open(CancellationToken.None), _drawing);
        }

        foreach (MapInput input in Map)
        {
            if (!TryResolve(input, out MapSource? source))
            {
                continue;
            }

            bool isScaled = TryRun(
                $"Scaling {source.Name}", source, (map, progress, token) => _run.Run(map, _mask?.Open(), _options, progress, token).Map, out CryoMap? scaled);
            _reference?.TellWarnings(this);
            _mask?.TellWarnings(this);
            if (_run.Density is { } density && !ReferenceEquals(density, _told))
            {
                Tell(_model!, density);
                _told = density;
            }

            if (isScaled)
            {
                Tell(scaled!, since: source.Open().History.Count);
                WriteObject(scaled, enumerateCollection: false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _reference = null;
        _model = null;
        _mask = null;
        _run = null;
        _told = null;
        base.Dispose(disposing);
    }
}
