using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening.AutoSharpening;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-AutoSharpen: sharpens whole maps by the B factor that makes them most detailed while they still connect, half maps by what they
/// agree on, or either to the amplitudes of a model.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AutoSharpen", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Folder + "Invoke-AutoSharpen.md")]
[OutputType(typeof(CryoMap))]
public sealed class InvokeAutoSharpenCommand : HalfMapCommand
{
    private AutoSharpenOptions _options = null!;
    private ModelSource? _model;

    /// <summary>Resolution of the maps (Å).</summary>
    [Parameter(Mandatory = true)]
    [ValidateRange(0.02, 1000.0)]
    public double Resolution { get; set; }

    /// <summary>Atomic model whose amplitudes, with B = 0, the maps get.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    public ModelInput? Model { get; set; }

    /// <summary>What the search looks for.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public AutoSharpenTarget Target { get; set; } = AutoSharpenTarget.AdjustedSurfaceArea;

    /// <summary>First voxel of the box in which the search runs, or in which map and model are compared (x, y, z).</summary>
    [Parameter(ParameterSetName = MapSet)]
    [AxisValues]
    [ValidateRange(0, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? BoxOrigin { get; set; }

    /// <summary>Voxels of that box (x, y, z).</summary>
    [Parameter(ParameterSetName = MapSet)]
    [AxisValues(AllowOne = true)]
    [ValidateRange(1, int.MaxValue)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[]? BoxSize { get; set; }

    /// <summary>Continues the weight of half maps or a model beyond the shells along a line, as the published program does.</summary>
    [Parameter]
    public SwitchParameter ExtrapolateWeight { get; set; }

    /// <summary>Collects the parameters.</summary>
    protected override void BeginProcessing()
    {
        if ((BoxOrigin is null) != (BoxSize is null))
        {
            (string given, string needed) = BoxSize is null ? (nameof(BoxOrigin), nameof(BoxSize)) : (nameof(BoxSize), nameof(BoxOrigin));
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(given, needed, "a box has both"));
        }

        if (Model is not null && IsGiven(nameof(Target)))
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(Target), "belongs to the search without a model", "-Model, whose amplitudes leave nothing to search"));
        }

        if (ExtrapolateWeight && Model is null && !HasHalfMaps)
        {
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(nameof(ExtrapolateWeight), nameof(Model), "one map by itself has no weights in shells"));
        }

        int[] edges = BoxSize is [int one] ? [one, one, one] : BoxSize ?? [];
        _options = new AutoSharpenOptions
        {
            Resolution = Resolution,
            Target = Target,
            Box = BoxOrigin is null ? null : new VoxelBox(BoxOrigin[0], BoxOrigin[1], BoxOrigin[2], new GridSize(edges[0], edges[1], edges[2])),
            ExtrapolateWeight = ExtrapolateWeight,
            Limits = Limits,
        };
        if (Model is not null)
        {
            _model = OpenOrThrow(Model);
            TellModel(_model);
        }
    }

    /// <summary>Sharpens each map, or the mean of the half maps.</summary>
    protected override void ProcessRecord()
    {
        if (HasHalfMaps)
        {
            if (TryResolveHalfMaps(out MapPair? halves))
            {
                Sharpen(halves);
            }

            return;
        }

        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source))
            {
                Sharpen(new MapPair(source, null));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _model = null;
        base.Dispose(disposing);
    }

    private void Sharpen(MapPair maps)
    {
        AtomicModel? model = _model?.Open(CancellationToken.None);
        if (TryRun($"Sharpening {maps.Name}", maps, (input, progress, token) => AutoSharpen.Run(input, _options, model, progress, token).Map, out CryoMap? sharpened))
        {
            HistoryReport.Write(this, sharpened, told: model?.Decisions.Concat(model.Warnings));
            WriteObject(sharpened, enumerateCollection: false);
        }
    }
}
