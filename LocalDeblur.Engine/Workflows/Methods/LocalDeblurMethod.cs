using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>LocalDeblur, by the local resolution, given or estimated (<see cref="LocalDeblurRun"/>).</summary>
internal sealed record LocalDeblurMethod : ISharpeningMethod
{
    public string Name => "LocalDeblur";

    public string FileName => "localdeblur";

    public string Summary => "LocalDeblur, by the local resolution";

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        // The mask that all methods share is not made anew.
        CryoMap? mask = job.LocalResolution is null ? job.RequireMask() : job.Mask;
        LocalDeblurRunOptions options = new LocalDeblurRunOptions { LocalResolution = job.LocalResolution }.WithLimits(job.Limits);
        return LocalDeblurRun.Run(job.Input, mask, options, progress, cancellationToken).Map;
    }
}
