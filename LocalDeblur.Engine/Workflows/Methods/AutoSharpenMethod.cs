using LocalDeblur.Maps;
using LocalDeblur.Sharpening.AutoSharpening;

namespace LocalDeblur.Workflows.Methods;

/// <summary>AutoSharpen, as phenix.auto_sharpen (<see cref="AutoSharpen"/>).</summary>
internal sealed record AutoSharpenMethod : ISharpeningMethod
{
    public string Name => "AutoSharpen";

    public string FileName => "autosharpen";

    public string Summary => "One filter for the whole map, as phenix.auto_sharpen finds it";

    // Each thread tries a filter of its own.
    public long EstimateBytes(long voxels, int threads) => (8L + (4 * threads)) * sizeof(float) * voxels;

    public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        var options = new AutoSharpenOptions { Resolution = job.Resolution, Limits = job.Limits };
        return AutoSharpen.Run(job.Input, options, model: null, progress, cancellationToken).Map;
    }
}
