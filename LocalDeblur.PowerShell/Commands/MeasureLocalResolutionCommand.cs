using System.Management.Automation;
using LocalDeblur.Maps;
using LocalDeblur.PowerShell.Base;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Measure-LocalResolution: the resolution at each place of a map, or of a reconstruction given by its half maps.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "LocalResolution", HelpUri = HelpPages.Folder + "Measure-LocalResolution.md")]
[OutputType(typeof(CryoMap), typeof(MonoResResult))]
public sealed class MeasureLocalResolutionCommand : HalfMapCommand
{
    private static readonly string[] OnlyMonoRes =
        [nameof(ExclusionMask), nameof(Step), nameof(Significance), nameof(NoiseFrom), nameof(GaussianNoise), nameof(Filled), nameof(All)];
    private static readonly string[] OnlySpheres = [nameof(SamplingDistance), nameof(RandomiseBeyond), nameof(Seed)];
    private static readonly LocalFscOptions FscDefaults = new();
    private static readonly GaussianFscOptions GaussianDefaults = new();

    private MapSource? _mask;
    private MapSource? _exclusionMask;

    /// <summary>How the local resolution is estimated.</summary>
    [Parameter]
    public LocalResolutionMethod Method { get; set; } = LocalResolutionMethod.MonoRes;

    /// <summary>Where the molecule is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? Mask { get; set; }

    /// <summary>What of the mask is left out (≥ 1). MonoRes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(Completion.MapFileCompleter))]
    public MapInput? ExclusionMask { get; set; }

    /// <summary>Coarsest resolution (Å).</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-2, 1e4)]
    public double? CoarsestResolution { get; set; }

    /// <summary>Step of the scan (Å). MonoRes.</summary>
    [Parameter]
    [Number]
    [ValidateRange(MonoResOptions.SmallestStep, 10.0)]
    public double Step { get; set; } = MonoResOptions.SmallestStep;

    /// <summary>Share of the noise that a voxel must exceed. MonoRes.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0.5, 0.9999)]
    public double Significance { get; set; } = MonoResOptions.DefaultSignificance;

    /// <summary>Where the noise is. MonoRes.</summary>
    [Parameter]
    public MonoResNoise? NoiseFrom { get; set; }

    /// <summary>Takes the noise for Gaussian. MonoRes.</summary>
    [Parameter]
    public SwitchParameter GaussianNoise { get; set; }

    /// <summary>In what the half maps are correlated. LocalFsc.</summary>
    [Parameter]
    public FscWindowShape WindowShape { get; set; } = FscWindowShape.Sphere;

    /// <summary>Standard deviation of the Gaussian window (Å). LocalFsc with Gaussian windows, and LocalWiener.</summary>
    [Parameter]
    [Number]
    [ValidateRange(2.0, 20.0)]
    public double WindowWidth { get; set; } = GaussianDefaults.WindowWidth;

    /// <summary>Distance of the spheres (Å). LocalFsc.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-2, 1e4)]
    public double SamplingDistance { get; set; } = FscDefaults.SamplingDistance;

    /// <summary>Resolution (Å) from which on phases are made random. LocalFsc.</summary>
    [Parameter]
    [Number]
    [ValidateRange(1e-2, 1e4)]
    public double? RandomiseBeyond { get; set; }

    /// <summary>Seed of the random phases. LocalFsc.</summary>
    [Parameter]
    [Number]
    [ValidateRange(int.MinValue, int.MaxValue)]
    public int Seed { get; set; } = FscDefaults.Seed;

    /// <summary>Returns the map whose background is filled, for colouring surfaces. MonoRes.</summary>
    [Parameter]
    public SwitchParameter Filled { get; set; }

    /// <summary>Returns the filled map and the refined mask too. MonoRes.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Checks what belongs together, and opens masks that are for every job.</summary>
    private protected override void Begin()
    {
        RequireMethod(LocalResolutionMethod.MonoRes, OnlyMonoRes);
        RequireMethod(LocalResolutionMethod.LocalFsc, [nameof(WindowShape), .. OnlySpheres]);
        bool isSphere = Method == LocalResolutionMethod.LocalFsc && WindowShape == FscWindowShape.Sphere;
        if (Method == LocalResolutionMethod.LocalFsc && !isSphere && OnlySpheres.FirstOrDefault(IsGiven) is { } ofSpheres)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(ofSpheres, "belongs to -WindowShape Sphere", $"{Method} with -WindowShape {WindowShape}"));
        }

        if (IsGiven(nameof(WindowWidth)) && (Method == LocalResolutionMethod.MonoRes || isSphere))
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(
                nameof(WindowWidth),
                "belongs to -Method LocalFsc with -WindowShape Gaussian, and to -Method LocalWiener",
                isSphere ? $"{Method} with -WindowShape Sphere" : $"{Method}"));
        }

        if (IsGiven(nameof(CoarsestResolution)) && Method == LocalResolutionMethod.LocalWiener)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(CoarsestResolution), "belongs to -Method MonoRes and -Method LocalFsc", Method.ToString()));
        }

        if (IsGiven(nameof(Seed)) && RandomiseBeyond is null)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(Seed), "seeds random phases, which -RandomiseBeyond asks for", $"{Method} without it"));
        }

        if (Filled && All)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(nameof(Filled), "returns one map", "-All, which returns every map"));
        }

        _mask = OpenGiven(Mask);
        _exclusionMask = OpenGiven(ExclusionMask);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _mask = null;
        _exclusionMask = null;
        base.Dispose(disposing);
    }

    private protected override bool TryOpenOthers() => TryOpen(Mask, ref _mask) && TryOpen(ExclusionMask, ref _exclusionMask);

    private protected override void Process(MapPair maps)
    {
        if (Method != LocalResolutionMethod.MonoRes && maps.Second is null)
        {
            Refuse(ErrorRecords.MapCountUnsupported(
                $"One map was given, '{maps.First.Name}', and -Method {Method} compares the two half maps of a reconstruction. "
                    + "Give both, with -HalfMap1 and -HalfMap2 or through the pipeline; for one map there is -Method MonoRes.",
                maps.First.Target));
            return;
        }

        WarnOfLoneHalf(maps);
        string activity = $"Local resolution of {maps.Name}";
        bool isDone = TryRun(activity, maps, Measure, out LocalResolutionResult? found);
        _mask?.TellWarnings(this);
        _exclusionMask?.TellWarnings(this);
        if (!isDone)
        {
            return;
        }

        Tell(found!.LocalResolution, since: maps.First.Open().History.Count);
        WriteObject(All ? found : Filled ? ((MonoResResult)found).Filled : found.LocalResolution, enumerateCollection: false);
    }

    private void RequireMethod(LocalResolutionMethod method, string[] parameters)
    {
        if (Method != method && parameters.FirstOrDefault(IsGiven) is { } other)
        {
            ThrowTerminatingError(ErrorRecords.MethodConflict(other, $"belongs to -Method {method}", Method.ToString()));
        }
    }

    private LocalResolutionResult Measure(Reconstruction input, IProgress<StageProgress> progress, CancellationToken token) => Method switch
    {
        LocalResolutionMethod.LocalFsc when WindowShape == FscWindowShape.Gaussian => GaussianFsc.Run(
            input,
            _mask?.Open(),
            new GaussianFscOptions { WindowWidth = WindowWidth, CoarsestResolution = CoarsestResolution ?? GaussianDefaults.CoarsestResolution, Limits = Limits },
            progress,
            token),
        LocalResolutionMethod.LocalFsc => SpheresOf(input, progress, token),
        LocalResolutionMethod.LocalWiener =>
            LocalWienerResolution.Run(input, _mask?.Open(), new LocalWienerResolutionOptions { WindowWidth = WindowWidth, Limits = Limits }, progress, token),
        _ => MonogenicOf(input, progress, token),
    };

    private MonoResResult MonogenicOf(Reconstruction input, IProgress<StageProgress> progress, CancellationToken token)
    {
        var options = new MonoResOptions
        {
            CoarsestResolution = CoarsestResolution,
            Step = Step,
            Significance = Significance,
            NoiseFrom = NoiseFrom,
            GaussianNoise = GaussianNoise,
            ExclusionMask = _exclusionMask?.Open(),
            WithFilledMap = All || Filled,
            WithRefinedMask = All,
            Limits = Limits,
        };
        return AutomaticMonoRes.Run(input, _mask?.Open(), options, masking: null, progress, token);
    }

    private LocalFscResult SpheresOf(Reconstruction halves, IProgress<StageProgress> progress, CancellationToken token)
    {
        var options = new LocalFscOptions
        {
            SamplingDistance = SamplingDistance,
            RandomiseBeyond = RandomiseBeyond,
            CoarsestResolution = CoarsestResolution ?? FscDefaults.CoarsestResolution,
            Seed = Seed,
            Limits = Limits,
        };
        return LocalFsc.Run(halves, _mask?.Open(), options, progress, token);
    }
}
