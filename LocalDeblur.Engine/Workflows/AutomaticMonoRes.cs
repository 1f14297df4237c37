using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Monogenic;

namespace LocalDeblur.Workflows;

/// <summary>MonoRes that makes its mask itself where none is given.</summary>
public static class AutomaticMonoRes
{
    // Share of the whole that making the mask takes, for the progress display.
    private const double MaskShare = 0.1;

    /// <summary>Estimates the local resolution of one map, or of two half maps.</summary>
    /// <param name="input">The map, whose noise is then taken from outside the mask, or the half maps: unfiltered, unsharpened, with cubic voxels.</param>
    /// <param name="mask">1 or more in the molecule, on the same grid, a soft edge counting as outside; null to make a mask.</param>
    /// <param name="options">Parameters of MonoRes; null for the published ones.</param>
    /// <param name="masking">Parameters of the mask that is made; null for the defaults, with a hard edge.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>As <see cref="MonoRes"/>; where a mask was made, the entry before the last of each map's history says how.</returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static MonoResResult Run(
        Reconstruction input,
        CryoMap? mask,
        MonoResOptions? options = null,
        MaskOptions? masking = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new MonoResOptions();
        if (mask is not null)
        {
            return MonoRes.Run(input, mask, options, progress, cancellationToken);
        }

        masking ??= new MaskOptions { SoftEdgeVoxels = 0, Limits = options.Limits };
        MonoRes.RequireMemory(input, setBytes: 0, options);
        CryoMap made = MakeMask();
        HistoryEntry step = made.History[^1];
        MonoResResult result = MonoRes.Run(input, made, options, Part(MaskShare, 1 - MaskShare), cancellationToken);
        return result with { Map = Tell(result.Map), Filled = Tell(result.Filled), RefinedMask = Tell(result.RefinedMask) };

        // One with a hard edge is packed: it waits for the end, for its history.
        CryoMap MakeMask()
        {
            CryoMap mask = MaskBuilder.Run(input, masking, Part(0, MaskShare), cancellationToken).Map;
            return masking.SoftEdgeVoxels == 0 ? PackedMask.Of(mask, cancellationToken) : mask;
        }

        [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(output))]
        CryoMap? Tell(CryoMap? output) => output?.WithHistory([.. output.History.SkipLast(1), step, output.History[^1]]);

        IProgress<StageProgress>? Part(double from, double share) => ScaledProgress.Part(progress, from, share);
    }
}
