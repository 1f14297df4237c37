using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-GuinierProfile: radial amplitude profiles of maps, and of the model they are judged by.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "GuinierProfile", HelpUri = HelpPages.Folder + "Measure-GuinierProfile.md")]
[OutputType(typeof(GuinierProfile))]
public sealed class MeasureGuinierProfileCommand : LimitedCommand
{
    private MapSource? _mask;
    private ModelSource? _model;
    private MapGrid? _grid;
    private bool _isModelOfAll;
    private GuinierProfileOptions _options = new();

    /// <summary>Maps; each gives a profile.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Mask by which maps and model are multiplied first.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Atomic model whose profile comes last, on the grid of the first map.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>Range of resolution for a straight line (Å): coarsest, finest.</summary>
    [Parameter]
    [Number]
    [ValidateCount(2, 2)]
    [ValidateRange(0.01, 10000.0)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public double[]? FitRange { get; set; }

    /// <summary>How often a coefficient counts.</summary>
    [Parameter]
    public ShellCounting Counting { get; set; } = ShellCounting.FullTransform;

    /// <summary>Opens what every profile needs, and collects the parameters.</summary>
    private protected override void Begin()
    {
        _options = new GuinierProfileOptions
        {
            Counting = Counting,
            FitRange = FitRange is [double coarsest, double finest] ? new ResolutionRange(coarsest, finest) : null,
            Limits = Limits,
        };
        _mask = OpenGiven(Mask);
        _model = OpenGiven(Model);
        _isModelOfAll = _model is not null;
    }

    /// <summary>Measures each map, and the model of a row.</summary>
    protected override void ProcessRecord()
    {
        if (!TryOpen(Mask, ref _mask) || !TryOpen(Model, ref _model))
        {
            return;
        }

        foreach (MapInput input in Map)
        {
            if (!TryResolve(input, out MapSource? source))
            {
                continue;
            }

            bool isMeasured = TryRun(
                $"Guinier profile of {source.Name}",
                source,
                (map, progress, token) => GuinierProfile.Measure(map, _mask?.Open(), _options, progress, token).Named(MapLabel.Of(map)),
                out GuinierProfile? profile);
            _mask?.TellWarnings(this);
            if (isMeasured)
            {
                _grid ??= source.Open().Grid;
                Write(profile!);
            }
        }

        if (!_isModelOfAll)
        {
            MeasureModel();
        }
    }

    /// <summary>Measures a model that was given for all maps.</summary>
    protected override void EndProcessing()
    {
        if (_isModelOfAll)
        {
            MeasureModel();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        _model = null;
        _grid = null;
        base.Dispose(disposing);
    }

    private void MeasureModel()
    {
        if (_model is not null && _grid is not null)
        {
            bool isMeasured = TryRun(
                $"Guinier profile of {_model.Name}",
                _model.Target,
                (progress, token) => GuinierProfile.MeasureModel(_model.Open(token), _grid, _mask?.Open(), _options, progress, token),
                out (GuinierProfile Profile, CryoMap Density) measured);
            if (isMeasured)
            {
                Tell(_model, measured.Density);
                Write(measured.Profile);
            }
        }

        // A model of a row is drawn on the grid of its own map.
        _grid = null;
    }

    private void Write(GuinierProfile profile)
    {
        if (profile.Fit is { } fit)
        {
            WriteVerbose($"{profile.Name}: {fit}");
        }

        WriteObject(profile, enumerateCollection: false);
    }
}
