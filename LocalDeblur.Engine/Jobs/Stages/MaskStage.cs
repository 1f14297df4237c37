using LocalDeblur.Masks;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Makes a mask (<see cref="MaskBuilder"/>).</summary>
public sealed record MaskStage : ReconstructionStage
{
    private static readonly MaskOptions Defaults = new();

    /// <summary>As <see cref="MaskOptions.Threshold"/>.</summary>
    public double? Threshold { get; init; }

    /// <summary>As <see cref="MaskOptions.LowPassResolution"/> (Å).</summary>
    public double? LowPassResolution { get; init; }

    /// <summary>As <see cref="MaskOptions.MinimumComponentVoxels"/>.</summary>
    public long? MinimumComponentVoxels { get; init; }

    /// <summary>As <see cref="MaskOptions.ExtendVoxels"/>.</summary>
    public double ExtendVoxels { get; init; } = Defaults.ExtendVoxels;

    /// <summary>As <see cref="MaskOptions.SoftEdgeVoxels"/>.</summary>
    public double SoftEdgeVoxels { get; init; } = Defaults.SoftEdgeVoxels;

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "mask.mrc";

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(6, voxels);

    internal override void Run(StageRun run)
    {
        var options = new MaskOptions
        {
            Threshold = Threshold,
            LowPassResolution = LowPassResolution,
            MinimumComponentVoxels = MinimumComponentVoxels,
            ExtendVoxels = ExtendVoxels,
            SoftEdgeVoxels = SoftEdgeVoxels,
            Limits = run.Limits,
        };
        run.Write(Output, MaskBuilder.Run(run.Open(this), options, run.Progress, run.Cancellation));
    }
}
