using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Sharpens by one B factor (<see cref="BFactorSharpening"/>).</summary>
public sealed record BFactorStage : MaskedStage
{
    private static readonly BFactorSharpeningOptions Defaults = new();

    /// <summary>Name of a table of Fourier shell correlation to weight by; null to measure it where there are half maps.</summary>
    public string? Fsc { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.WeightByFsc"/>.</summary>
    public bool WeightByFsc { get; init; } = Defaults.WeightByFsc;

    /// <summary>As <see cref="FourierShellCorrelationOptions.Seed"/>; null for its default, and where nothing is measured.</summary>
    public int? Seed { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.BFactor"/> (Å²).</summary>
    public double? BFactor { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.Resolution"/> (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.FitRange"/>: coarsest and finest (Å).</summary>
    public IReadOnlyList<double>? FitRange { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.LowPassResolution"/> (Å).</summary>
    public double? LowPassResolution { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.LowPassEdgeShells"/>.</summary>
    public int LowPassEdgeShells { get; init; } = Defaults.LowPassEdgeShells;

    /// <summary>Name of a table of the detector's modulation transfer function; null for none.</summary>
    public string? Mtf { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.MtfPixelSize"/> (Å).</summary>
    public double? MtfPixelSize { get; init; }

    /// <summary>As <see cref="BFactorSharpeningOptions.ApplyMask"/>.</summary>
    public bool ApplyMask { get; init; }

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "bfactor.mrc";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Fsc, Mtf];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(7, voxels);

    // One map has no curve that a mask would correct, and none that would state its resolution.
    internal override JobStage Connect(KnownParts known)
    {
        var stage = (BFactorStage)base.Connect(known);
        return known.HasHalves ? stage : stage with { Mask = null, Resolution = known.Resolution };
    }

    internal override void Run(StageRun run)
    {
        if (Seed is not null && (Fsc is not null || !WeightByFsc))
        {
            throw run.Invalid("seed has no effect where the Fourier shell correlation is not measured. Leave it out.");
        }

        var options = new BFactorSharpeningOptions
        {
            Fsc = run.Path(Fsc) is { } table ? FscTable.Read(table) : null,
            WeightByFsc = WeightByFsc,
            FscOptions = Seed is { } seed ? new FourierShellCorrelationOptions { Seed = seed } : null,
            BFactor = BFactor,
            Resolution = Resolution,
            FitRange = run.Range(FitRange, "fitRange"),
            LowPassResolution = LowPassResolution,
            LowPassEdgeShells = LowPassEdgeShells,
            Mtf = run.Path(Mtf) is { } detector ? DetectorMtf.Read(detector) : null,
            MtfPixelSize = MtfPixelSize,
            ApplyMask = ApplyMask,
            Limits = run.Limits,
        };
        BFactorSharpeningResult found = BFactorSharpening.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation);
        run.Write(Output, found);
    }
}
