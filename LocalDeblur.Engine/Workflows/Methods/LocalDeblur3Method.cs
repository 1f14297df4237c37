using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>LocalDeblur that ends after three iterations, where its published stop takes ten and more.</summary>
internal sealed record LocalDeblur3Method : ISharpeningMethod
{
    private static readonly LocalDeblurMethod Three = new() { MaximumIterations = 3 };

    public string Name => "LocalDeblur3";

    public string FileName => "localdeblur-3";

    public string Summary => "LocalDeblur, ended after three iterations";

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) => Three.Run(job, progress, cancellationToken);
}
