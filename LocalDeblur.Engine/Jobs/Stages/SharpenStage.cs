using LocalDeblur.Filters;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Sharpens by LocalDeblur, with a local resolution that is given or that it estimates (<see cref="LocalDeblurRun"/>).</summary>
public sealed record SharpenStage : MaskedStage
{
    /// <summary>Name of the local resolution; null to estimate it.</summary>
    public string? LocalResolution { get; init; }

    /// <summary>As <see cref="LocalDeblurRunOptions.CoarsestResolution"/> (Å).</summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>As <see cref="LocalDeblurRunOptions.Rounds"/>; null for automatic.</summary>
    public int? Rounds { get; init; } = 1;

    /// <summary>As <see cref="LocalDeblurOptions.K"/> (1/Å²).</summary>
    public double K { get; init; } = FilterBank.DefaultK;

    /// <summary>As <see cref="LocalDeblurOptions.StepSize"/>.</summary>
    public double? StepSize { get; init; }

    /// <summary>As <see cref="LocalDeblurOptions.MaximumIterations"/>.</summary>
    public int MaximumIterations { get; init; } = LocalDeblurOptions.DefaultMaximumIterations;

    /// <summary>As <see cref="LocalDeblurOptions.Formulation"/>.</summary>
    public LocalDeblurFormulation Formulation { get; init; } = LocalDeblurFormulation.Reference;

    /// <summary>As <see cref="LocalDeblurOptions.RankTolerance"/>.</summary>
    public double RankTolerance { get; init; } = FilterBank.DefaultRankTolerance;

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "sharpened.mrc";

    internal override IEnumerable<string?> Uses => [.. base.Uses, LocalResolution];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(15, voxels);

    internal override JobStage Connect(KnownParts known) => ((SharpenStage)base.Connect(known)) with
    {
        Mask = known.Given(KnownParts.Mask),
        LocalResolution = known.Optional(KnownParts.LocalResolution),
    };

    internal override void RequireMemory(StageRun run) => LocalDeblurRun.RequireMemory(run.Open(this), Options(run), isEstimated: LocalResolution is null);

    internal override void Run(StageRun run) =>
        run.Write(Output, LocalDeblurRun.Run(run.Open(this), run.Map(Mask), Options(run) with { LocalResolution = run.Map(LocalResolution) }, run.Progress, run.Cancellation));

    private LocalDeblurRunOptions Options(StageRun run)
    {
        var sharpening = new LocalDeblurOptions
        {
            K = K,
            StepSize = StepSize,
            MaximumIterations = MaximumIterations,
            Formulation = Formulation,
            RankTolerance = RankTolerance,
        };
        return new LocalDeblurRunOptions
        {
            CoarsestResolution = CoarsestResolution,
            Sharpening = sharpening,
            Rounds = Rounds,
        }.WithLimits(run.Limits);
    }
}
