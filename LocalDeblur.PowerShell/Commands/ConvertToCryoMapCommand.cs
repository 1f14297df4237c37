using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>ConvertTo-CryoMap: atomic models to the density with which they scatter electrons.</summary>
[Cmdlet(VerbsData.ConvertTo, "CryoMap", HelpUri = HelpPages.Folder + "ConvertTo-CryoMap.md")]
[OutputType(typeof(CryoMap))]
public sealed class ConvertToCryoMapCommand : LimitedCommand
{
    private const string MapSet = "Map";
    private const string VoxelSizeSet = "VoxelSize";

    private MapSource? _map;
    private ModelDensityOptions _options = new();

    /// <summary>Models; each gives a map.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.ModelFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public ModelInput[] Model { get; set; } = [];

    /// <summary>Map whose grid the densities get.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = MapSet)]
    [EmptyCell]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Map { get; set; }

    /// <summary>Edge of a voxel (Å) of a box around the model.</summary>
    [Parameter(Mandatory = true, ParameterSetName = VoxelSizeSet)]
    [Number]
    [ValidateRange(0.01, 100.0)]
    public double VoxelSize { get; set; }

    /// <summary>Least distance from an atom to the edge of that box (Å).</summary>
    [Parameter(ParameterSetName = VoxelSizeSet)]
    [Number]
    [ValidateRange(0.0, 1000.0)]
    public double Margin { get; set; } = 10;

    /// <summary>Finest detail that stays (Å).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.02, 1000.0)]
    public double? Resolution { get; set; }

    /// <summary>One B factor for all atoms (Å²).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.0, 10000.0)]
    public double? BFactor { get; set; }

    /// <summary>Blur that is added to every B factor (Å²).</summary>
    [Parameter]
    [Number]
    [ValidateRange(-10000.0, 10000.0)]
    public double Blur { get; set; }

    /// <summary>Takes the coefficients from the samples as they are, with what folds back from beyond Nyquist.</summary>
    [Parameter]
    public SwitchParameter NoSamplingCorrection { get; set; }

    /// <summary>Whether the box repeats in space.</summary>
    [Parameter]
    public SwitchParameter Periodic { get; set; }

    /// <summary>Collects what holds for every model.</summary>
    private protected override void Begin()
    {
        if (NoSamplingCorrection && Resolution is null)
        {
            ThrowTerminatingError(
                ErrorRecords.ParameterNeedsAnother(nameof(NoSamplingCorrection), nameof(Resolution), "samples are corrected only where detail is cut off at a resolution"));
        }

        _options = new ModelDensityOptions
        {
            Resolution = Resolution,
            BFactor = BFactor,
            Blur = Blur,
            CorrectSampling = !NoSamplingCorrection,
            Periodic = Periodic,
            Limits = Limits,
        };
        _map = OpenGiven(Map);
    }

    /// <summary>Draws each model.</summary>
    protected override void ProcessRecord()
    {
        if (!TryOpen(Map, ref _map))
        {
            return;
        }

        foreach (ModelInput input in Model)
        {
            if (TryResolve(input, out ModelSource? source)
                && TryRun($"Drawing {source.Name}", source.Target, (progress, token) => Draw(source.Open(token), progress, token), out CryoMap? density))
            {
                Tell(source, density);
                WriteObject(density, enumerateCollection: false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _map = null;
        base.Dispose(disposing);
    }

    private CryoMap Draw(AtomicModel model, IProgress<StageProgress> progress, CancellationToken token) =>
        ModelDensity.Calculate(model, _map?.Open().Grid ?? ModelGrid.Around(model, VoxelSize, Margin), _options, progress, token);
}
