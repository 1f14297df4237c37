using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>The map as it is; the mean of the half maps.</summary>
internal sealed record RawMethod : ISharpeningMethod
{
    /// <summary>Its name, by which gains over the map as it is find it.</summary>
    public const string MethodName = "Raw";

    public string Name => MethodName;

    public string FileName => "raw";

    public string Summary => "The map as it is; the mean of the half maps";

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) => job.Start;
}
