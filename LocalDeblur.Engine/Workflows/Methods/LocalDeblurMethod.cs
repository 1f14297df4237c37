using LocalDeblur.Maps;
using LocalDeblur.Sharpening.Deblurring;

namespace LocalDeblur.Workflows.Methods;

/// <summary>LocalDeblur, by the local resolution, given or estimated (<see cref="LocalDeblurRun"/>).</summary>
internal sealed record LocalDeblurMethod : ISharpeningMethod
{
    public string Name => "LocalDeblur";

    public string FileName => "localdeblur";

    public string Summary => "LocalDeblur, by the local resolution";

    /// <summary>Most iterations; the published stop may come before.</summary>
    public int MaximumIterations { get; init; } = LocalDeblurOptions.DefaultMaximumIterations;

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        // The mask that all methods share is not made anew.
        CryoMap? mask = job.LocalResolution is null ? job.RequireMask() : job.Mask;
        var options = new LocalDeblurRunOptions
        {
            LocalResolution = job.LocalResolution,
            CoarsestResolution = job.CoarsestResolution,
            Sharpening = new() { MaximumIterations = MaximumIterations },
            Shared = job.Estimated,
        };
        return LocalDeblurRun.Run(job.Input, mask, options.WithLimits(job.Limits), progress, cancellationToken).Map;
    }
}
