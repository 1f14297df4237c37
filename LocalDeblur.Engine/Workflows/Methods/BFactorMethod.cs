using LocalDeblur.Maps;
using LocalDeblur.Sharpening.PostProcessing;

namespace LocalDeblur.Workflows.Methods;

/// <summary>One B factor for the whole map, as RELION's post-processing finds it (<see cref="BFactorSharpening"/>).</summary>
internal sealed record BFactorMethod : ISharpeningMethod
{
    public string Name => "BFactor";

    public string FileName => "bfactor";

    public string Summary => "One B factor for the whole map, as RELION's post-processing finds it";

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        // The curve of half maps states the resolution; one map has none, so that fit and low-pass filter end at the resolution that is known.
        bool isWeighted = job.Input.HasHalves;
        var options = new BFactorSharpeningOptions { Resolution = isWeighted ? null : job.Resolution, Limits = job.Limits };
        return BFactorSharpening.Run(job.Input, isWeighted ? job.Mask : null, options, progress, cancellationToken).Map;
    }
}
