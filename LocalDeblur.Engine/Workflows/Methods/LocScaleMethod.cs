using LocalDeblur.Maps;
using LocalDeblur.Sharpening.LocScaling;

namespace LocalDeblur.Workflows.Methods;

/// <summary>LocScale, by the amplitudes of the model (<see cref="LocScale"/>).</summary>
internal sealed record LocScaleMethod : ISharpeningMethod
{
    public string Name => "LocScale";

    public string FileName => "locscale";

    public string Summary => "LocScale, by the amplitudes of the model";

    public bool NeedsModel => true;

    // The maps within frames, and what each thread works in.
    public long EstimateBytes(long voxels, int threads) => (8L * sizeof(float) * voxels) + (threads * (64L << 20));

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        CryoMap mask = job.RequireMask();
        return LocScale.Run(job.Start, job.RequireReference(), mask, new LocScaleOptions { Limits = job.Limits }, progress, cancellationToken).Map;
    }
}
