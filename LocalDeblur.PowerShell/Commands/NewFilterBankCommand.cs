using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>New-FilterBank: the filter bank of LocalDeblur, to look at or to use again.</summary>
[Cmdlet(VerbsCommon.New, "FilterBank", DefaultParameterSetName = NumbersSet, HelpUri = HelpPages.Folder + "New-FilterBank.md")]
[OutputType(typeof(FilterBank))]
public sealed class NewFilterBankCommand : MapCommand
{
    private const string NumbersSet = "Numbers";
    private const string MapSet = "Map";

    private MapSource? _localResolution;
    private MapSource? _mask;

    /// <summary>Edge of a voxel (Å).</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [Number]
    [ValidateRange(1e-3, 1e4)]
    public double VoxelSize { get; set; }

    /// <summary>Voxels along x, y, z, or one number for a cube.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [AxisValues(AllowOne = true)]
    [ValidateRange(1, 65536)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public int[] Size { get; set; } = [];

    /// <summary>Coarsest local resolution (Å).</summary>
    [Parameter(Mandatory = true, ParameterSetName = NumbersSet)]
    [Number]
    [ValidateRange(1e-2, 1e3)]
    public double CoarsestResolution { get; set; }

    /// <summary>The map that will be sharpened.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput Map { get; set; } = null!;

    /// <summary>Its local resolution (Å).</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? LocalResolution { get; set; }

    /// <summary>Where the molecule is (≥ 0.5).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Width parameter of the weights (1/Å²).</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-6, 1.0)]
    [ArgumentCompleter(typeof(Completion.WidthCompleter))]
    public double K { get; set; } = FilterBank.DefaultK;

    /// <summary>Singular values below this share of the largest are left out.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-12, 0.1)]
    public double RankTolerance { get; set; } = FilterBank.DefaultRankTolerance;

    /// <summary>Opens what is given for every map.</summary>
    private protected override void Begin()
    {
        _localResolution = OpenGiven(LocalResolution);
        _mask = OpenGiven(Mask);
    }

    /// <summary>Makes one bank.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == NumbersSet)
        {
            var size = Size.Length == 1 ? new GridSize(Size[0], Size[0], Size[0]) : new GridSize(Size[0], Size[1], Size[2]);
            Make(size.ToString(), _ => FilterBank.Create(size, VoxelSize, CoarsestResolution, K, RankTolerance));
            return;
        }

        if (TryOpen(LocalResolution, ref _localResolution) && TryOpen(Mask, ref _mask) && TryResolve(Map, out MapSource? source))
        {
            Make(source.Target, token => FromMaps(source.Open(), _localResolution!.Open(), _mask?.Open(), token));
            source.TellWarnings(this);
            _localResolution!.TellWarnings(this);
            _mask?.TellWarnings(this);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _localResolution = null;
        _mask = null;
        base.Dispose(disposing);
    }

    private void Make(string target, Func<CancellationToken, FilterBank> create)
    {
        bool isMade = TryRun(
            "Making the filter bank",
            target,
            (IProgress<StageProgress> _, CancellationToken token) =>
            {
                FilterBank made = create(token);

                // Whoever looks at a bank looks at its rank. That takes a decomposition: here, where Ctrl+C works.
                return (Bank: made, made.Rank);
            },
            out (FilterBank Bank, int Rank) result);
        if (isMade)
        {
            Note($"{result.Bank.Bands.Count} bands are reduced to rank {result.Rank}.");
            WriteObject(result.Bank, enumerateCollection: false);
        }
    }

    private FilterBank FromMaps(CryoMap map, CryoMap localResolution, CryoMap? mask, CancellationToken token)
    {
        map.Grid.RequireCubicVoxels(map.Name);
        map.Grid.RequireSameAs(map.Name, localResolution.Grid, localResolution.Name);
        ResolutionField field = ResolutionField.Prepare(localResolution, mask, limit: null, token);
        return FilterBank.Create(map.Size, map.VoxelSize, Math.Max(field.Coarsest, 2 * map.VoxelSize), K, RankTolerance);
    }
}
