using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-AutoSharpen: sharpens whole maps by the B factor that makes them most detailed while they still connect, or half maps by what they agree on.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "AutoSharpen", DefaultParameterSetName = MapSet)]
[OutputType(typeof(CryoMap))]
public sealed class InvokeAutoSharpenCommand : HalfMapCommand
{
    private AutoSharpenOptions _options = null!;

    /// <summary>Resolution of the maps (Å).</summary>
    [Parameter(Mandatory = true)]
    [ValidateRange(0.02, 1000.0)]
    public double Resolution { get; set; }

    /// <summary>What the search looks for.</summary>
    [Parameter(ParameterSetName = MapSet)]
    public AutoSharpenTarget Target { get; set; } = AutoSharpenTarget.AdjustedSurfaceArea;

    /// <summary>First voxel of the box in which the search runs (x, y, z).</summary>
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

    /// <summary>Continues the weight of the half maps beyond their shells along a line, as the published program does.</summary>
    [Parameter(ParameterSetName = HalfMapsSet)]
    public SwitchParameter ExtrapolateWeight { get; set; }

    /// <summary>Collects the parameters.</summary>
    protected override void BeginProcessing()
    {
        if ((BoxOrigin is null) != (BoxSize is null))
        {
            (string given, string needed) = BoxSize is null ? (nameof(BoxOrigin), nameof(BoxSize)) : (nameof(BoxSize), nameof(BoxOrigin));
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(given, needed, "a box has both"));
        }

        int[] edges = BoxSize is [int one] ? [one, one, one] : BoxSize ?? [];
        _options = new AutoSharpenOptions
        {
            Resolution = Resolution,
            Target = Target,
            Box = BoxOrigin is null ? null : new VoxelBox(BoxOrigin[0], BoxOrigin[1], BoxOrigin[2], new GridSize(edges[0], edges[1], edges[2])),
            ExtrapolateWeight = ExtrapolateWeight,
            Threads = Threads,
            MemoryLimit = MemoryLimit,
        };
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

    private void Sharpen(MapPair maps)
    {
        bool isSharpened = TryRun(
            $"Sharpening {maps.Name}",
            maps,
            (first, second, progress, token) => second is null ? AutoSharpen.Run(first, _options, progress, token) : AutoSharpen.Run(first, second, _options, progress, token),
            out CryoMap? sharpened);
        if (isSharpened)
        {
            HistoryReport.Write(this, sharpened!);
            WriteObject(sharpened, enumerateCollection: false);
        }
    }
}
