using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.Workflows.Methods;

/// <summary>The plain Wiener filter, from both half maps (<see cref="LocalWienerOptions.Global"/>): what is local in the local one is the difference between the two.</summary>
internal sealed record WienerMethod : ISharpeningMethod
{
    public string Name => "Wiener";

    public string FileName => "wiener";

    public string Summary => "One Wiener weight a shell for the whole map, by what the half maps agree on";

    public bool NeedsHalves => true;

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) =>
        LocalWiener.Run(job.Input, job.RequireMask(), new LocalWienerOptions { Global = true, Limits = job.Limits }, progress, cancellationToken).Map;
}
