using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>
/// The local resolution that <see cref="LocalWiener"/> goes by, without a restoration: where the fitted signal is a third of the noise at that place, which is where the
/// Fourier shell correlation of the half maps is 0.143.
/// </summary>
/// <remarks>The by-product of <see cref="LocalWiener.Run"/> with the same mask and window is the same map.</remarks>
public static class LocalWienerResolution
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "LocalWienerResolution";

    /// <summary>Measures the local resolution.</summary>
    /// <param name="input">The half maps, as <see cref="LocalWiener.Run"/> takes them.</param>
    /// <param name="mask">Where the molecule is (≥ 0.5), on the same grid. Null to make one.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The local resolution (Å), on the same grid, 0 outside the mask, and its range.</returns>
    /// <exception cref="EngineException">As <see cref="LocalWiener.Run"/>.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocalWienerResolutionResult Run(
        Reconstruction input,
        CryoMap? mask = null,
        LocalWienerResolutionOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new LocalWienerResolutionOptions();
        long started = Stopwatch.GetTimestamp();
        var settings = new LocalWienerOptions { WindowWidth = options.WindowWidth, Limits = options.Limits };
        (LocalWienerWork work, mask, HistoryEntry? masking, long peakBytes) =
            LocalWiener.Measure(input, mask, settings, "Measuring the local resolution of", progress, cancellationToken);
        using LocalWienerWork working = work;
        float[] voxels = work.MeasureResolution();
        var range = LocalResolutionRange.Of(voxels);
        var found = new LocalWienerResolutionResult
        {
            UsedBands = work.Spectrum.UsedBands,
            InsideVoxels = range.Count,
            Finest = range.Finest,
            Median = range.Median,
            Coarsest = range.Coarsest,
            Cost = new RunCost(work.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = [.. options.Limits.Decisions],
            Warnings = [.. input.Warnings(cancellationToken), .. MaskRule.Doubts(mask, cancellationToken), .. work.Warnings()],
        };
        progress?.Report(new StageProgress("Measuring local resolution", 1));
        CryoMap first = masking is null ? input.First : input.First.WithHistory([.. input.First.History, masking]);
        return found with
        {
            Map = first.Derive(voxels, found.Entry([.. input.HalfMapParameters, ("Mask", MapLabel.SourceOf(mask)), ("WindowWidth", options.WindowWidth)])),
        };
    }
}
