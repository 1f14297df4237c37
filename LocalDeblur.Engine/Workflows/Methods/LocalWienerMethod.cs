using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.Workflows.Methods;

/// <summary>The local Wiener restoration, from both half maps (<see cref="LocalWiener"/>).</summary>
internal sealed record LocalWienerMethod : ISharpeningMethod
{
    public string Name => "LocalWiener";

    public string FileName => "localwiener";

    public string Summary => "Local Wiener restoration, by what the half maps agree on at each place";

    public bool NeedsHalves => true;

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) =>
        LocalWiener.Run(job.Input, job.RequireMask(), new LocalWienerOptions { Limits = job.Limits }, progress, cancellationToken).Map;
}
