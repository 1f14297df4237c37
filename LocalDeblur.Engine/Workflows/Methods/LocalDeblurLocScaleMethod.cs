using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>LocalDeblur, and LocScale after it.</summary>
internal sealed record LocalDeblurLocScaleMethod : ISharpeningMethod
{
    private static readonly LocScaleMethod Second = new();

    public string Name => "LocalDeblurLocScale";

    public string FileName => "localdeblur-locscale";

    public string Summary => "LocalDeblur, and LocScale after it";

    public bool NeedsModel => Second.NeedsModel;

    public ISharpeningMethod? BeginsWith { get; } = new LocalDeblurMethod();

    public long EstimateBytes(long voxels, int threads) => Second.EstimateBytes(voxels, threads);

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) => Second.Run(job, progress, cancellationToken);
}
