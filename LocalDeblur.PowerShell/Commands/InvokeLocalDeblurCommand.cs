using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Filters;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-LocalDeblur: sharpens maps by inverting the local blur that their local resolution describes.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LocalDeblur")]
[OutputType(typeof(CryoMap))]
public sealed class InvokeLocalDeblurCommand : MapCommand
{
    private MapSource? _localResolution;
    private MapSource? _mask;
    private LocalDeblurOptions _options = new();

    /// <summary>Maps to sharpen; each is a job of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public MapInput[] Map { get; set; } = [];

    /// <summary>Local resolution (Å) on the maps' grid.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput LocalResolution { get; set; } = null!;

    /// <summary>Where the molecule is (≥ 0.5); elsewhere the resolution is set to 0.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Width parameter of the weights (1/Å²).</summary>
    [Parameter]
    [ValidateRange(1e-6, 1.0)]
    [ArgumentCompleter(typeof(Completion.WidthCompleter))]
    public double K { get; set; } = FilterBank.DefaultK;

    /// <summary>Step size λ; automatic where it is not given.</summary>
    [Parameter]
    [ValidateRange(1e-6, 1e6)]
    public double? StepSize { get; set; }

    /// <summary>Most iterations.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int MaximumIterations { get; set; } = LocalDeblurOptions.DefaultMaximumIterations;

    /// <summary>Which published form is computed.</summary>
    [Parameter]
    public LocalDeblurFormulation Formulation { get; set; } = LocalDeblurFormulation.Reference;

    /// <summary>A filter bank made beforehand.</summary>
    [Parameter]
    public FilterBank? FilterBank { get; set; }

    /// <summary>Singular values of the bank below this share of the largest are left out.</summary>
    [Parameter]
    [ValidateRange(1e-12, 0.1)]
    public double RankTolerance { get; set; } = Filters.FilterBank.DefaultRankTolerance;

    /// <summary>Threads to use; 0 for one a processor.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Most memory that a run may hold at once (bytes).</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>Opens what every job needs, and collects the parameters.</summary>
    protected override void BeginProcessing()
    {
        if (FilterBank is not null)
        {
            foreach (string parameter in (string[])[nameof(K), nameof(RankTolerance)])
            {
                if (MyInvocation.BoundParameters.ContainsKey(parameter))
                {
                    ThrowTerminatingError(ErrorRecords.FilterBankConflict(parameter));
                }
            }
        }

        _options = new LocalDeblurOptions
        {
            Formulation = Formulation,
            K = K,
            StepSize = StepSize,
            MaximumIterations = MaximumIterations,
            RankTolerance = RankTolerance,
            Bank = FilterBank,
            Threads = Threads,
            MemoryLimit = MemoryLimit,
        };
        _localResolution = OpenOrThrow(LocalResolution);
        _mask = Mask is null ? null : OpenOrThrow(Mask);
    }

    /// <summary>Sharpens each map.</summary>
    protected override void ProcessRecord()
    {
        foreach (MapInput input in Map)
        {
            if (TryResolve(input, out MapSource? source)
                && TryRun($"Sharpening {source.Name}", source, Sharpen, out CryoMap? sharpened))
            {
                _localResolution!.TellWarnings(this);
                _mask?.TellWarnings(this);
                HistoryReport.Write(this, sharpened);
                WriteObject(sharpened, enumerateCollection: false);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _localResolution = null;
        _mask = null;
        base.Dispose(disposing);
    }

    private CryoMap Sharpen(CryoMap map, IProgress<StageProgress> progress, CancellationToken token)
    {
        CryoMap localResolution = _localResolution!.Open();
        CryoMap? mask = _mask?.Open();

        // One job reads these files in passing, without keeping their voxels; for many, once and for all is better.
        if (MyInvocation.ExpectingInput || Map.Length > 1)
        {
            localResolution.AsSpan(token);
            mask?.AsSpan(token);
        }

        return LocalDeblurSolver.Run(map, localResolution, mask, _options, progress, token);
    }
}
