using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening.AutoSharpening;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-AutoSharpen: sharpens whole maps by the B factor that makes them most detailed while they still connect, half maps by what they
/// agree on, or either to the amplitudes of a model.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AutoSharpen", HelpUri = HelpPages.Folder + "Invoke-AutoSharpen.md")]
[OutputType(typeof(CryoMap))]
public sealed class InvokeAutoSharpenCommand : HalfMapCommand
{
    private ModelSource? _model;

    /// <summary>Resolution of the maps (Å).</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [RowNumber]
    [ResolutionRange(0.02, 1000.0)]
    public double Resolution { get; set; }

    /// <summary>Atomic model whose amplitudes, with B = 0, the maps get.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>What the search looks for.</summary>
    [Parameter(ParameterSetName = MapSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    public AutoSharpenTarget Target { get; set; } = AutoSharpenTarget.AdjustedSurfaceArea;

    /// <summary>First voxel of the box in which the search runs, or in which map and model are compared (x, y, z).</summary>
    [Parameter(ParameterSetName = MapSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [AxisValues]
    [ValidateRange(0, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? BoxOrigin { get; set; }

    /// <summary>Voxels of that box (x, y, z).</summary>
    [Parameter(ParameterSetName = MapSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [AxisValues(AllowOne = true)]
    [ValidateRange(1, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? BoxSize { get; set; }

    /// <summary>Continues the weight of half maps or a model beyond the shells along a line, as the published program does.</summary>
    [Parameter]
    public SwitchParameter ExtrapolateWeight { get; set; }

    /// <inheritdoc/>
    private protected override bool TakesTogether => false;

    /// <summary>Checks what belongs together, and opens what every job needs.</summary>
    private protected override void Begin()
    {
        if ((BoxOrigin is null) != (BoxSize is null))
        {
            (string given, string needed) = BoxSize is null ? (nameof(BoxOrigin), nameof(BoxSize)) : (nameof(BoxSize), nameof(BoxOrigin));
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(given, needed, "a box has both"));
        }

        base.Begin();
        _model = OpenGiven(Model);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _model = null;
        base.Dispose(disposing);
    }

    private protected override ErrorRecord? FindConflict() =>
        Model is not null && IsGiven(nameof(Target))
            ? ErrorRecords.MethodConflict(nameof(Target), "belongs to the search without a model", "-Model, whose amplitudes leave nothing to search")
        : ExtrapolateWeight && Model is null && !HasHalfMaps
            ? ErrorRecords.ParameterNeedsAnother(nameof(ExtrapolateWeight), nameof(Model), "one map by itself has no weights in shells")
        : null;

    private protected override bool TryOpenOthers() => TryOpen(Model, ref _model);

    private protected override void Process(MapPair maps)
    {
        WarnOfLoneHalf(maps);
        if (_model is not null)
        {
            TellModel(_model);
        }

        int[] edges = BoxSize is [int one] ? [one, one, one] : BoxSize ?? [];
        var options = new AutoSharpenOptions
        {
            Resolution = Resolution,
            Target = Target,
            Box = BoxOrigin is null ? null : new VoxelBox(BoxOrigin[0], BoxOrigin[1], BoxOrigin[2], new GridSize(edges[0], edges[1], edges[2])),
            ExtrapolateWeight = ExtrapolateWeight,
            Limits = Limits,
        };
        AtomicModel? model = _model?.Open(CancellationToken.None);
        if (TryRun($"Sharpening {maps.Name}", maps, (input, progress, token) => AutoSharpen.Run(input, options, model, progress, token).Map, out CryoMap? sharpened))
        {
            Tell(sharpened, told: model?.Decisions.Concat(model.Warnings));
            WriteObject(sharpened, enumerateCollection: false);
        }
    }
}
