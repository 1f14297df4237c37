using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Invoke-LocalWiener: restores the mean of two half maps, each band weighted by its share of signal at each place.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "LocalWiener", HelpUri = HelpPages.Folder + "Invoke-LocalWiener.md")]
[OutputType(typeof(CryoMap), typeof(LocalWienerResult))]
public sealed class InvokeLocalWienerCommand : HalfMapCommand
{
    private static readonly LocalWienerOptions Defaults = new();

    private MapSource? _mask;

    /// <summary>Where the molecule is (≥ 0.5); made from the half maps where it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>B factor of the result (Å²).</summary>
    [Parameter]
    [Number]
    public double TargetBFactor { get; set; } = Defaults.TargetBFactor;

    /// <summary>Exponent of the weights; 0.75 where it is not given, or 1 with -Positivity or -Global.</summary>
    [Parameter]
    [Number]
    public double? WeightExponent { get; set; }

    /// <summary>Width of the window in which signal and noise are told apart (Å).</summary>
    [Parameter]
    [Number]
    public double WindowWidth { get; set; } = Defaults.WindowWidth;

    /// <summary>Adds positive density in the molecule, for model building.</summary>
    [Parameter]
    public SwitchParameter Positivity { get; set; }

    /// <summary>One weight a shell for the whole map.</summary>
    [Parameter]
    public SwitchParameter Global { get; set; }

    /// <summary>Returns local resolution, noise, confidence and figures with the map.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <inheritdoc/>
    private protected override string TooManyMaps =>
        "The two half maps of one reconstruction can be restored a call. Name them with -HalfMap1 and -HalfMap2, or give exactly two maps a call.";

    /// <summary>Opens a mask that is for every job.</summary>
    private protected override void Begin()
    {
        base.Begin();
        _mask = OpenGiven(Mask);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        base.Dispose(disposing);
    }

    private protected override bool TryOpenOthers() => TryOpen(Mask, ref _mask);

    private protected override void Process(MapPair maps)
    {
        bool isRestored = TryRun($"Restoring {maps.Name}", maps, Restore, out LocalWienerResult? found);
        _mask?.TellWarnings(this);
        if (!isRestored)
        {
            return;
        }

        Tell(found!.Map, since: maps.First.Open().History.Count);
        if (found.Summary is { } summary)
        {
            Note($"{found.Map.Name}: {summary}");
        }

        WriteObject(All ? found : found.Map, enumerateCollection: false);
    }

    private LocalWienerResult Restore(Reconstruction input, IProgress<StageProgress> progress, CancellationToken token)
    {
        var options = new LocalWienerOptions
        {
            TargetBFactor = TargetBFactor,
            WeightExponent = WeightExponent,
            WindowWidth = WindowWidth,
            Positivity = Positivity,
            Global = Global,
            ByProducts = All,
            Limits = Limits,
        };
        return LocalWiener.Run(input, _mask?.Open(), options, progress, token);
    }
}
