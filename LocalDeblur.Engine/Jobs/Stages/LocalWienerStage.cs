using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Restores the mean of the half maps (<see cref="LocalWiener"/>).</summary>
public sealed record LocalWienerStage : MaskedStage
{
    private static readonly LocalWienerOptions Defaults = new();

    /// <summary>As <see cref="LocalWienerOptions.TargetBFactor"/> (Å²).</summary>
    public double TargetBFactor { get; init; } = Defaults.TargetBFactor;

    /// <summary>As <see cref="LocalWienerOptions.WeightExponent"/>.</summary>
    public double? WeightExponent { get; init; }

    /// <summary>As <see cref="LocalWienerOptions.WindowWidth"/> (Å).</summary>
    public double WindowWidth { get; init; } = Defaults.WindowWidth;

    /// <summary>As <see cref="LocalWienerOptions.Positivity"/>.</summary>
    public bool Positivity { get; init; }

    /// <summary>As <see cref="LocalWienerOptions.Global"/>.</summary>
    public bool Global { get; init; }

    /// <summary>As <see cref="LocalWienerOptions.ByProducts"/>; they go beside the map, with -resolution, -noise and -confidence behind its name.</summary>
    public bool ByProducts { get; init; }

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "wiener.mrc";

    internal override IEnumerable<JobProduct> Products =>
    [
        new(Name, Output),
        .. ByProducts ? from ending in (string[])["resolution", "noise", "confidence"] select new JobProduct($"{Name}.{ending}", MapFileName.Beside(Output, $"-{ending}")) : [],
    ];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(ByProducts ? 18 : 14, voxels);

    // The statistics need a mask that is 1 or 0; without one it makes its own.
    internal override JobStage Connect(KnownParts known) => ((LocalWienerStage)base.Connect(known)) with { Mask = known.Given(KnownParts.Mask) };

    internal override void Run(StageRun run)
    {
        var options = new LocalWienerOptions
        {
            TargetBFactor = TargetBFactor,
            WeightExponent = WeightExponent,
            WindowWidth = WindowWidth,
            Positivity = Positivity,
            Global = Global,
            ByProducts = ByProducts,
            Limits = run.Limits,
        };
        LocalWienerResult found = LocalWiener.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation);
        run.Write(Output, found);
        CryoMap[] others = ByProducts ? [found.LocalResolution!, found.NoiseDeviation!, found.Confidence!] : [];
        foreach ((JobProduct product, CryoMap other) in Products.Skip(1).Zip(others))
        {
            run.Write(product.Path, other);
        }
    }
}
