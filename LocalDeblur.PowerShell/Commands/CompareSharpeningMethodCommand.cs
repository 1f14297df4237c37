using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Compare-SharpeningMethod: sharpens one reconstruction by every method, and scores the results alike.</summary>
[Cmdlet(VerbsData.Compare, "SharpeningMethod", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Compare-SharpeningMethod.md")]
[OutputType(typeof(SharpeningComparisonRow))]
public sealed class CompareSharpeningMethodCommand : HalfMapCommand
{
    // Type names by which the format views with halves and without scores are chosen.
    private const string CrossValidatedTypeName = "LocalDeblur.Workflows.Comparison.SharpeningComparisonRow#CrossValidated";
    private const string WithoutModelTypeName = "LocalDeblur.Workflows.Comparison.SharpeningComparisonRow#WithoutModel";

    private MapSource? _mask;
    private MapSource? _localResolution;
    private ModelSource? _model;
    private string? _folder;
    private bool _isFolderTaken;

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
        _model = OpenGiven(Model);
    }

    private protected override ErrorRecord? FindConflict() =>
        CrossValidate && Model is null ? ErrorRecords.ParameterNeedsAnother(nameof(CrossValidate), nameof(Model), "each half is scored by a model") : null;

    private protected override bool TryOpenOthers() =>
        TryOpen(Mask, ref _mask) && TryOpen(LocalResolution, ref _localResolution) && TryOpen(Model, ref _model);

    private protected override void Process(MapPair maps)
    {
        if (CrossValidate && maps.Second is null)
        {
            Refuse(ErrorRecords.ParameterNeedsAnother(nameof(CrossValidate), nameof(HalfMap2), $"one map, {maps.Name}, has no halves"));
            return;
        }

        if (_folder is not null && _isFolderTaken)
        {
            WriteError(ErrorRecords.OutputDirectoryRepeated(maps.Name, _folder));
            return;
        }

        _isFolderTaken = true;
        string methods = Method is null ? "every method" : string.Join(", ", Method);
        string writing = _folder is null ? string.Empty : $", and write maps, table and pictures to '{_folder}'";
        if (!ShouldProcess(maps.Name, $"Sharpen by {methods}{writing}"))
        {
            return;
        }

        if (_model is not null)
        {
            TellModel(_model);
        }

        bool isDone = TryRun($"Comparing sharpening methods on {maps.Name}", maps, Compare, out SharpeningComparison? comparison);
        _mask?.TellWarnings(this);
        _localResolution?.TellWarnings(this);
        if (!isDone)
        {
            return;
        }

        Tell(maps.Name, comparison!.Decisions, comparison.Warnings.Except(_model?.Open(CancellationToken.None).Warnings ?? []));

        if (_folder is not null)
        {
            Note($"{maps.Name}: maps, table and pictures written to '{_folder}'.", "File");
        }

        foreach (SharpeningComparisonRow row in comparison.Rows)
        {
            foreach (SharpeningComparisonRow part in row.WithHalves())
            {
                foreach (string warning in part.Error is null ? part.Warnings : [part.Error])
                {
                    WriteWarning($"{part.Label}: {warning}");
                }
            }

            WriteObject(CrossValidate ? ShownAs(CrossValidatedTypeName, row) : _model is null ? ShownAs(WithoutModelTypeName, row) : row, enumerateCollection: false);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        _localResolution = null;
        _model = null;
        base.Dispose(disposing);
    }

    private static PSObject ShownAs(string typeName, SharpeningComparisonRow row)
    {
        var shown = PSObject.AsPSObject(row);
        shown.TypeNames.Insert(0, typeName);
        return shown;
    }

    private SharpeningComparison Compare(Reconstruction input, IProgress<StageProgress> progress, CancellationToken token)
    {
        var options = new SharpeningComparisonOptions
        {
            Methods = Method is null ? null : [.. Method.Select(SharpeningMethods.Named)],
            Model = _model?.Open(token),
            Resolution = Resolution,
            LocalResolution = _localResolution?.Open(),
            CrossValidate = CrossValidate,
            OutputDirectory = _folder,
            Overwrite = Force,
            Limits = Limits,
        };
        return SharpeningComparison.Run(input, _mask?.Open(), options, progress, token);
    }
}
