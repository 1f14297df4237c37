using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>The map as it is; the mean of the half maps.</summary>
internal sealed record RawMethod : ISharpeningMethod
{
    public string Name => "Raw";

    public string FileName => "raw";

    public string Summary => "The map as it is; the mean of the half maps";

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) => job.Start;
}
