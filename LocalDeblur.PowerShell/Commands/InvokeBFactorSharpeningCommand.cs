using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-BFactorSharpening: sharpens a whole map by one B factor, weighted by the Fourier shell correlation of its half maps.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "BFactorSharpening", HelpUri = HelpPages.Folder + "Invoke-BFactorSharpening.md")]
[OutputType(typeof(CryoMap), typeof(BFactorSharpeningResult))]
public sealed class InvokeBFactorSharpeningCommand : HalfMapCommand
{
    private static readonly BFactorSharpeningOptions Defaults = new();

    private MapSource? _mask;
    private BFactorSharpeningOptions _options = new();

    /// <summary>Mask for the Fourier shell correlation.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>Curves to weight by, instead of measuring them.</summary>
    [Parameter]
    public FscInput? Fsc { get; set; }

    /// <summary>Leaves the amplitudes unweighted.</summary>
    [Parameter]
    public SwitchParameter NoFscWeighting { get; set; }

    /// <summary>Seed of the random phases that correct the curve for the mask.</summary>
    [Parameter]
    [Number]
    [ValidateRange(int.MinValue, int.MaxValue)]
    public int Seed { get; set; } = new FourierShellCorrelationOptions().Seed;

    /// <summary>B factor (Å²), negative to sharpen; automatic where it is not given.</summary>
    [Parameter]
    [Number]
    [ValidateRange(-BFactorSharpening.LargestBFactor, BFactorSharpening.LargestBFactor)]
    public double? BFactor { get; set; }

    /// <summary>Resolution of the map (Å), where fit and low-pass filter end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RowNumber]
    [ResolutionRange(0.01, 10000.0)]
    public double? Resolution { get; set; }

    /// <summary>Range of resolution of the Guinier fit (Å): coarsest, finest.</summary>
    [Parameter]
    [Number]
    [ValidateCount(2, 2)]
    [ValidateRange(0.01, 10000.0)]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public double[]? FitRange { get; set; }

    /// <summary>Resolution of a low-pass filter (Å).</summary>
    [Parameter]
    [Number]
    [Alias("LowPass")]
    [ValidateRange(0.01, 10000.0)]
    public double? LowPassResolution { get; set; }

    /// <summary>Width of that filter's edge (shells).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0, 100)]
    public int LowPassEdgeShells { get; set; } = Defaults.LowPassEdgeShells;

    /// <summary>Table of the detector's modulation transfer function.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MtfPath { get; set; }

    /// <summary>Size of a detector's pixel in the specimen (Å).</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.01, 100.0)]
    public double? MtfPixelSize { get; set; }

    /// <summary>Multiplies the result by the mask.</summary>
    [Parameter]
    public SwitchParameter ApplyMask { get; set; }

    /// <summary>Returns the curves and the Guinier profiles too.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "One map, or the two half maps of one reconstruction, can be sharpened in one call. Name the halves with -HalfMap1 and -HalfMap2, or call the cmdlet once for each map.";

    /// <summary>Checks what belongs together, and opens what every job needs.</summary>
    private protected override void Begin()
    {
        if (Fsc is not null && (NoFscWeighting || IsGiven(nameof(Seed))))
        {
            ThrowTerminatingError(ErrorRecords.FscConflict(NoFscWeighting ? nameof(NoFscWeighting) : nameof(Seed)));
        }

        if (MtfPixelSize is not null && MtfPath is null)
        {
            ThrowTerminatingError(ErrorRecords.ParameterNeedsAnother(nameof(MtfPixelSize), nameof(MtfPath), "it is the pixel that such a table refers to"));
        }

        base.Begin();
        _mask = OpenGiven(Mask);
        _options = new BFactorSharpeningOptions
        {
            Fsc = Fsc is null ? null : Fsc.Curves ?? ReadOrThrow(Fsc.Path!, FscTable.Read),
            WeightByFsc = !NoFscWeighting,
            FscOptions = new FourierShellCorrelationOptions { Seed = Seed },
            BFactor = BFactor,
            FitRange = FitRange is [double coarsest, double finest] ? new ResolutionRange(coarsest, finest) : null,
            LowPassResolution = LowPassResolution,
            LowPassEdgeShells = LowPassEdgeShells,
            Mtf = MtfPath is null ? null : ReadOrThrow(MtfPath, DetectorMtf.Read),
            MtfPixelSize = MtfPixelSize,
            ApplyMask = ApplyMask,
            Limits = Limits,
        };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        base.Dispose(disposing);
    }

    private protected override ErrorRecord? FindConflict() =>
        IsGiven(nameof(Seed)) && Mask is null
            ? ErrorRecords.MaskMissing(nameof(Seed))
        : ApplyMask && Mask is null
            ? ErrorRecords.ParameterNeedsAnother(nameof(ApplyMask), nameof(Mask), "there is nothing else to multiply the result by")
        : IsGiven(nameof(LowPassEdgeShells)) && LowPassResolution is null && Resolution is null
            ? ErrorRecords.ParameterNeedsAnother(nameof(LowPassEdgeShells), nameof(LowPassResolution), "there is no low-pass filter unless asked for")
        : null;

    private protected override bool TryOpenOthers() => TryOpen(Mask, ref _mask);

    private protected override void Process(MapPair maps)
    {
        WarnOfLoneHalf(maps);
        bool isMeasured = maps.Second is not null && Fsc is null && !NoFscWeighting;
        if (_mask is not null && !isMeasured && !ApplyMask)
        {
            Warn(
                $"The mask '{_mask.Name}' has no effect: no Fourier shell correlation is measured in this call. Give -ApplyMask to multiply the result by it.");
        }

        BFactorSharpeningOptions options = _options with { Resolution = Resolution };
        bool isSharpened = TryRun(
            $"Sharpening {maps.Name}",
            maps,
            (input, progress, token) => BFactorSharpening.Run(input, _mask?.Open(), options, progress, token),
            out BFactorSharpeningResult? sharpened);
        _mask?.TellWarnings(this);
        if (isSharpened)
        {
            Tell(sharpened!.Map);
            WriteObject(All ? sharpened : sharpened.Map, enumerateCollection: false);
        }
    }
}
