using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Compare-SharpeningMethod: sharpens one reconstruction by every method, and scores the results alike.</summary>
[Cmdlet(VerbsData.Compare, "SharpeningMethod", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Compare-SharpeningMethod.md")]
[OutputType(typeof(SharpeningComparisonRow))]
[OutputType(typeof(SharpeningDrawsRow))]
public sealed class CompareSharpeningMethodCommand : ReconstructionCommand
{
    // Type names by which the format views with halves and without scores are chosen.
    private const string CrossValidatedTypeName = "LocalDeblur.Workflows.Comparison.SharpeningComparisonRow#CrossValidated";
    private const string WithTruthTypeName = "LocalDeblur.Workflows.Comparison.SharpeningComparisonRow#WithTruth";
    private const string WithoutModelTypeName = "LocalDeblur.Workflows.Comparison.SharpeningComparisonRow#WithoutModel";

    private MapSource? _mask;
    private MapSource? _localResolution;
    private MapSource? _truth;
    private ModelSource? _model;
    private string? _folder;
    private bool _isFolderTaken;

    /// <summary>First half map of a reconstruction; of each of several.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] HalfMap1 { get; set; } = [];

    /// <summary>Second half map of the same reconstruction; of each of several, in the same order.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HalfMapsSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] HalfMap2 { get; set; } = [];

    /// <summary>Atomic model by which the results are scored.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>Where the molecule is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Local resolution (Å) for LocalDeblur; estimated where it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? LocalResolution { get; set; }

    /// <summary>Where the scan of the local resolution for LocalDeblur begins (Å).</summary>
    [Parameter]
    [ValidateRange(1e-2, 1e4)]
    [Number]
    public double? CoarsestResolution { get; set; }

    /// <summary>The sharp truth, where it is known.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Truth { get; set; }

    /// <summary>Resolution of the map (Å); measured between half maps where it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RowNumber]
    [ResolutionRange(0.1, 100.0)]
    public double? Resolution { get; set; }

    /// <summary>The methods; all that the input allows where none is named.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SharpeningMethodNames]
    [ArgumentCompleter(typeof(Completion.SharpeningMethodCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[]? Method { get; set; }

    /// <summary>Runs every method on each half map by itself too.</summary>
    [Parameter]
    public SwitchParameter CrossValidate { get; set; }

    /// <summary>Folder that keeps maps, table and pictures.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputDirectory { get; set; }

    /// <summary>Replaces files that exist there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IReadOnlyList<MapInput> FirstHalves => HalfMap1;

    private protected override IReadOnlyList<MapInput> SecondHalves => HalfMap2;

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "One map, or the two half maps of one reconstruction, can be compared in one call. Name the halves with -HalfMap1 and -HalfMap2, or call the cmdlet once for each map.";

    /// <summary>Checks what belongs together, and opens what every comparison needs.</summary>
    private protected override void Begin()
    {
        if (Force && OutputDirectory is null)
        {
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(nameof(Force), nameof(OutputDirectory), "nothing else is written"));
        }

        base.Begin();
        if (OutputDirectory is not null && !TryResolveLiteral(OutputDirectory, out _folder, out ErrorRecord? error))
        {
            ThrowTerminatingError(error);
        }

        _mask = OpenGiven(Mask);
        _localResolution = OpenGiven(LocalResolution);
        _truth = OpenGiven(Truth);
        _model = OpenGiven(Model);
    }

    private protected override ErrorRecord? FindConflict() =>
        CrossValidate && Model is null ? ErrorRecords.ParameterNeedsAnother(nameof(CrossValidate), nameof(Model), "each half is scored by a model") : null;

    private protected override bool TryOpenOthers() =>
        TryOpen(Mask, ref _mask) && TryOpen(LocalResolution, ref _localResolution) && TryOpen(Truth, ref _truth) && TryOpen(Model, ref _model);

    private protected override void Process(MapPair maps)
    {
        if (CrossValidate && maps.Second is null)
        {
            Refuse(ErrorRecords.ParameterNeedsAnother(nameof(CrossValidate), nameof(HalfMap2), $"one map, {maps.Name}, has no halves"));
            return;
        }

        if (!MayProcess(maps.Name))
        {
            return;
        }

        bool isDone = TryRun(
            $"Comparing sharpening methods on {maps.Name}",
            maps,
            (input, progress, token) => SharpeningComparison.Run(input, _mask?.Open(), Options(token), progress, token),
            out SharpeningComparison? comparison);
        TellOthers();
        if (isDone)
        {
            Tell(maps.Name, comparison!);
            NoteFolder(maps.Name);
            foreach (SharpeningComparisonRow row in comparison!.Rows)
            {
                WriteObject(Shown(row), enumerateCollection: false);
            }
        }
    }

    private protected override void Process(IReadOnlyList<MapPair> sets)
    {
        if (sets.Count == 1)
        {
            Process(sets[0]);
            return;
        }

        string name = $"{sets.Count} sets, from {sets[0].Name} on";
        if (sets.Count == 0 || !MayProcess(name))
        {
            return;
        }

        bool isDone = TryRun(
            $"Comparing sharpening methods on {name}",
            sets[0].First.Target,
            (progress, token) => SharpeningDraws.Run([.. sets.Select(maps => maps.Open())], _mask?.Open(), Options(token), progress, token),
            out SharpeningDraws? draws);
        foreach (MapPair maps in sets)
        {
            maps.First.TellWarnings(this);
            maps.Second?.TellWarnings(this);
        }

        TellOthers();
        if (isDone)
        {
            foreach ((MapPair maps, SharpeningComparison comparison) in sets.Zip(draws!.Sets))
            {
                Tell(maps.Name, comparison);
            }

            NoteFolder(name);
            WriteObject(draws!.Rows, enumerateCollection: true);
        }
    }

    // Whether to go on, once the model has been spoken of.
    private bool MayProcess(string name)
    {
        if (_folder is not null && _isFolderTaken)
        {
            WriteError(ErrorRecords.OutputDirectoryRepeated(name, _folder));
            return false;
        }

        _isFolderTaken = true;
        string methods = Method is null ? "every method" : string.Join(", ", Method);
        string writing = _folder is null ? string.Empty : $", and write maps, table and pictures to '{_folder}'";
        if (!ShouldProcess(name, $"Sharpen by {methods}{writing}"))
        {
            return false;
        }

        if (_model is not null)
        {
            TellModel(_model);
        }

        return true;
    }

    private void TellOthers()
    {
        _mask?.TellWarnings(this);
        _localResolution?.TellWarnings(this);
        _truth?.TellWarnings(this);
    }

    private void NoteFolder(string name)
    {
        if (_folder is not null)
        {
            Note($"{name}: maps, table and pictures written to '{_folder}'.", "File");
        }
    }

    private void Tell(string name, SharpeningComparison comparison)
    {
        Tell(name, comparison.Decisions, comparison.Warnings.Except(_model?.Open(CancellationToken.None).Warnings ?? []));
        foreach (SharpeningComparisonRow part in comparison.Rows.SelectMany(row => row.WithHalves()))
        {
            foreach (string warning in part.Error is null ? part.Warnings : [part.Error])
            {
                Warn($"{part.Label}: {warning}");
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        _localResolution = null;
        _truth = null;
        _model = null;
        base.Dispose(disposing);
    }

    private object Shown(SharpeningComparisonRow row) =>
        CrossValidate ? ShownAs(CrossValidatedTypeName, row)
        : _truth is not null ? ShownAs(WithTruthTypeName, row)
        : _model is null ? ShownAs(WithoutModelTypeName, row)
        : row;

    private static PSObject ShownAs(string typeName, SharpeningComparisonRow row)
    {
        var shown = PSObject.AsPSObject(row);
        shown.TypeNames.Insert(0, typeName);
        return shown;
    }

    private SharpeningComparisonOptions Options(CancellationToken token) => new()
    {
        Methods = Method is null ? null : [.. Method.Select(SharpeningMethods.Named)],
        Model = _model?.Open(token),
        Resolution = Resolution,
        LocalResolution = _localResolution?.Open(),
        CoarsestResolution = CoarsestResolution,
        Truth = _truth?.Open(),
        CrossValidate = CrossValidate,
        OutputDirectory = _folder,
        Overwrite = Force,
        Limits = Limits,
    };
}
