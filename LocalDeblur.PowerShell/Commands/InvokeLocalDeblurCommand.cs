using System.Management.Automation;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-LocalDeblur: sharpens maps by inverting the local blur that their local resolution describes, given or estimated.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LocalDeblur", HelpUri = HelpPages.Folder + "Invoke-LocalDeblur.md")]
[OutputType(typeof(CryoMap))]
public sealed class InvokeLocalDeblurCommand : HalfMapCommand
{
    private MapSource? _localResolution;
    private MapSource? _mask;
    private bool _areForManyMaps;
    private LocalDeblurOptions _options = new();

    /// <summary>Local resolution (Å) on the maps' grid; estimated where it is not given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? LocalResolution { get; set; }

    /// <summary>Where the molecule is (≥ 0.5).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>How often the local resolution is estimated and the map sharpened.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(Completion.RoundsCompleter))]
    public RoundCount Rounds { get; set; } = new(1);

    /// <summary>Coarsest resolution (Å).</summary>
    [Parameter]
    [ValidateRange(1e-2, 1e4)]
    [Number]
    public double? CoarsestResolution { get; set; }

    /// <summary>Width parameter of the weights (1/Å²).</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-6, 1.0)]
    [ArgumentCompleter(typeof(Completion.WidthCompleter))]
    public double K { get; set; } = FilterBank.DefaultK;

    /// <summary>Step size λ; automatic where it is not given.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-6, 1e6)]
    public double? StepSize { get; set; }

    /// <summary>Most iterations.</summary>
    [Parameter]
    [Number]
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
    [Number]
    [ValidateRange(1e-12, 0.1)]
    public double RankTolerance { get; set; } = Filters.FilterBank.DefaultRankTolerance;

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "Without -LocalResolution, one map or the two half maps of one reconstruction can be sharpened. "
            + "Name the halves with -HalfMap1 and -HalfMap2, or give -LocalResolution to sharpen every map by itself.";

    /// <inheritdoc/>
    private protected override bool TakesTogether => LocalResolution is null;

    /// <summary>Checks what belongs together, and opens what every job needs.</summary>
    private protected override void Begin()
    {
        if (FilterBank is not null && ((string[])[nameof(K), nameof(RankTolerance)]).FirstOrDefault(IsGiven) is { } parameter)
        {
            ThrowTerminatingError(ErrorRecords.FilterBankConflict(parameter));
        }

        base.Begin();
        _options = new LocalDeblurOptions
        {
            Formulation = Formulation,
            K = K,
            StepSize = StepSize,
            MaximumIterations = MaximumIterations,
            RankTolerance = RankTolerance,
            Bank = FilterBank,
            Limits = Limits,
        };
        _localResolution = OpenGiven(LocalResolution);
        _mask = OpenGiven(Mask);
        _areForManyMaps = _localResolution is not null && (MyInvocation.ExpectingInput || Map.Length > 1);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _localResolution = null;
        _mask = null;
        base.Dispose(disposing);
    }

    private protected override ErrorRecord? FindConflict() =>
        LocalResolution is null && FilterBank is not null ? ErrorRecords.FilterBankWithoutResolution()
        : LocalResolution is not null && IsGiven(nameof(Rounds)) ? ErrorRecords.RoundsConflict()
        : null;

    private protected override bool TryOpenOthers() => TryOpen(LocalResolution, ref _localResolution) && TryOpen(Mask, ref _mask);

    private protected override void Process(MapPair maps)
    {
        if (_localResolution is null)
        {
            WarnOfLoneHalf(maps);
        }

        bool isSharpened = TryRun($"Sharpening {maps.Name}", maps, Run, out CryoMap? sharpened);
        _localResolution?.TellWarnings(this);
        _mask?.TellWarnings(this);
        if (isSharpened)
        {
            Tell(sharpened!, since: maps.First.Open().History.Count);
            WriteObject(sharpened, enumerateCollection: false);
        }
    }

    private CryoMap Run(Reconstruction input, IProgress<StageProgress> progress, CancellationToken token)
    {
        CryoMap? localResolution = _localResolution?.Open();
        CryoMap? mask = _mask?.Open();

        // One job reads these files in passing, without keeping their voxels; for many, once and for all is better.
        if (_areForManyMaps && localResolution is not null)
        {
            localResolution.AsSpan(token);
            mask?.AsSpan(token);
        }

        LocalDeblurRunOptions options = new LocalDeblurRunOptions
        {
            LocalResolution = localResolution,
            CoarsestResolution = CoarsestResolution,
            Sharpening = _options,
            Rounds = Rounds.Count,
        }.WithLimits(Limits);
        return LocalDeblurRun.Run(input, mask, options, progress, token).Map;
    }
}
