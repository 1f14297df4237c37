using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Workflows;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Estimates the local resolution, by MonoRes (<see cref="AutomaticMonoRes"/>), in spheres (<see cref="LocalFsc"/>) or in Gaussian windows
/// (<see cref="GaussianFsc"/>).</summary>
public sealed record LocalResolutionStage : MaskedStage
{
    private static readonly LocalFscOptions Spheres = new();
    private static readonly GaussianFscOptions Windows = new();

    /// <summary>How it is estimated.</summary>
    public LocalResolutionMethod Method { get; init; } = LocalResolutionMethod.MonoRes;

    /// <summary>Coarsest resolution (Å); null for the method's own.</summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>As <see cref="MonoResOptions.Step"/> (Å); null for its default, and with another method.</summary>
    public double? Step { get; init; }

    /// <summary>As <see cref="MonoResOptions.Significance"/>; null for its default, and with another method.</summary>
    public double? Significance { get; init; }

    /// <summary>As <see cref="MonoResOptions.NoiseFrom"/>.</summary>
    public MonoResNoise? NoiseFrom { get; init; }

    /// <summary>As <see cref="MonoResOptions.GaussianNoise"/>; null for its default, and with another method.</summary>
    public bool? GaussianNoise { get; init; }

    /// <summary>Name of what is left out of the mask. MonoRes.</summary>
    public string? ExclusionMask { get; init; }

    /// <summary>In what LocalFsc compares the half maps; null for spheres, and with another method.</summary>
    public FscWindowShape? WindowShape { get; init; }

    /// <summary>As <see cref="GaussianFscOptions.WindowWidth"/> (Å); null for its default, and with spheres.</summary>
    public double? WindowWidth { get; init; }

    /// <summary>As <see cref="LocalFscOptions.SamplingDistance"/> (Å); null for its default, and with another method.</summary>
    public double? SamplingDistance { get; init; }

    /// <summary>As <see cref="LocalFscOptions.RandomiseBeyond"/> (Å).</summary>
    public double? RandomiseBeyond { get; init; }

    /// <summary>As <see cref="LocalFscOptions.Seed"/>; null for its default, and with another method.</summary>
    public int? Seed { get; init; }

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "local-resolution.mrc";

    /// <summary>The map with a filled background to write too, for the colours of a surface; null for none. MonoRes.</summary>
    public string? Filled { get; init; }

    internal override IEnumerable<string?> Uses => [.. base.Uses, ExclusionMask];

    internal override IEnumerable<JobProduct> Products => Filled is null ? [new(Name, Output)] : [new(Name, Output), new($"{Name}.filled", Filled)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(Method == LocalResolutionMethod.MonoRes ? 15 : 12 + (4 * threads), voxels);

    // With the mask of a stage before, whose edge is soft, MonoRes would lose the rim: without one it makes its own, as in a run of LocalDeblur.
    internal override JobStage Connect(KnownParts known) => ((LocalResolutionStage)base.Connect(known)) with { Mask = known.Given(KnownParts.Mask) };

    internal override void RequireMemory(StageRun run)
    {
        if (Method == LocalResolutionMethod.MonoRes)
        {
            MonoRes.RequireMemory(run.Open(this), setBytes: 0, new MonoResOptions { Limits = run.Limits });
        }
    }

    internal override void Run(StageRun run)
    {
        if (Method == LocalResolutionMethod.LocalWiener)
        {
            throw run.Invalid("method LocalWiener is that of a stage localWiener with byProducts, which writes the local resolution too. Use that stage.");
        }

        if (Method == LocalResolutionMethod.LocalFsc)
        {
            Refuse(run, "LocalFsc", (nameof(Step), Step), (nameof(Significance), Significance), (nameof(NoiseFrom), NoiseFrom), (nameof(GaussianNoise), GaussianNoise),
                (nameof(ExclusionMask), ExclusionMask), (nameof(Filled), Filled));
            if (WindowShape == FscWindowShape.Gaussian)
            {
                Refuse(run, "LocalFsc in Gaussian windows", (nameof(SamplingDistance), SamplingDistance), (nameof(RandomiseBeyond), RandomiseBeyond), (nameof(Seed), Seed));
                var windows = new GaussianFscOptions
                {
                    WindowWidth = WindowWidth ?? Windows.WindowWidth,
                    CoarsestResolution = CoarsestResolution ?? Windows.CoarsestResolution,
                    Limits = run.Limits,
                };
                run.Write(Output, GaussianFsc.Run(run.Open(this), run.Map(Mask), windows, run.Progress, run.Cancellation));
                return;
            }

            Refuse(run, "LocalFsc in spheres", (nameof(WindowWidth), WindowWidth));
            var spheres = new LocalFscOptions
            {
                SamplingDistance = SamplingDistance ?? Spheres.SamplingDistance,
                RandomiseBeyond = RandomiseBeyond,
                CoarsestResolution = CoarsestResolution ?? Spheres.CoarsestResolution,
                Seed = Seed ?? Spheres.Seed,
                Limits = run.Limits,
            };
            run.Write(Output, LocalFsc.Run(run.Open(this), run.Map(Mask), spheres, run.Progress, run.Cancellation));
            return;
        }

        Refuse(run, "MonoRes", (nameof(WindowShape), WindowShape), (nameof(WindowWidth), WindowWidth),
            (nameof(SamplingDistance), SamplingDistance), (nameof(RandomiseBeyond), RandomiseBeyond), (nameof(Seed), Seed));
        var options = new MonoResOptions
        {
            CoarsestResolution = CoarsestResolution,
            Step = Step ?? MonoResOptions.SmallestStep,
            Significance = Significance ?? MonoResOptions.DefaultSignificance,
            NoiseFrom = NoiseFrom,
            GaussianNoise = GaussianNoise ?? false,
            ExclusionMask = run.Map(ExclusionMask),
            WithFilledMap = Filled is not null,
            Limits = run.Limits,
        };
        MonoResResult found = AutomaticMonoRes.Run(run.Open(this), run.Map(Mask), options, masking: null, run.Progress, run.Cancellation);
        run.Write(Output, found);
        if (Filled is not null)
        {
            run.Write(Filled, found.Filled!);
        }
    }

    private static void Refuse(StageRun run, string method, params ReadOnlySpan<(string Name, object? Value)> others)
    {
        foreach ((string name, object? value) in others)
        {
            if (value is not null)
            {
                throw run.Invalid($"{char.ToLowerInvariant(name[0])}{name[1..]} belongs to another method than {method}. Leave it out, or choose the other method.");
            }
        }
    }
}
