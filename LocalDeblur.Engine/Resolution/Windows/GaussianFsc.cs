using System.Diagnostics;
using LocalDeblur.Bands;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Resolution.Windows;

/// <summary>
/// Local resolution from the Fourier shell correlation of two half maps in Gaussian windows, band by band: the window cuts each band after the whole map was split into
/// bands, so that it blurs no frequency into another and may be small.
/// </summary>
/// <remarks>
/// Bands are raised cosines 0.025 Å⁻¹ apart. In each, around every third Å, C = Σg·v₁v₂ / ½Σg·(v₁² + v₂²), with v₁ and v₂ the band of each half map and g
/// the window: the correlation where both halves are equally strong. The band that holds the mean is not looked at, so that an offset changes nothing.
/// The local resolution is where C, linear between bands, first falls below 0.143; between windows its frequency is interpolated. The idea is that of
/// Cardone, Heymann and Steven, <i>J. Struct. Biol.</i> 184 (2013) 226, who cut out windows first.
/// </remarks>
public static class GaussianFsc
{
    private const double LeastWidth = 2;
    private const double MostWidth = 20;

    /// <summary>Measures the local resolution.</summary>
    /// <param name="halves">Both half maps. Cubic voxels; finite values.</param>
    /// <param name="mask">Where the local resolution is wanted (≥ 0.5), on the same grid: the result is 0 elsewhere. Null for everywhere.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The local resolution (Å), on the same grid, and its range. It does not depend on the number of threads.</returns>
    /// <exception cref="EngineException">The input cannot be used, does not fit together, or needs more memory than allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static GaussianFscResult Run(
        Reconstruction halves,
        CryoMap? mask = null,
        GaussianFscOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(halves);
        options ??= new GaussianFscOptions();
        long started = Stopwatch.GetTimestamp();
        halves.RequireHalves(Spheres.LocalFsc.StepName);
        CryoMap first = halves.Half1;
        first.Grid.RequireCubicVoxels(first.Name);
        mask?.Grid.RequireSameAs(mask.Name, first.Grid, first.Name);
        Require(options);
        var bands = new FrequencyBands(first.VoxelSize, options.WindowWidth);
        var grid = new SampleGrid(first.Size, first.VoxelSize);
        long peakBytes = RequireMemory(halves, mask, grid, options);
        progress?.Report(new StageProgress("Local resolution: reading maps", 0));
        if (mask is not null)
        {
            MaskRule.RequireSignalInside(halves, mask, cancellationToken);
        }

        halves.RequireSound(cancellationToken);
        mask?.RequireFinite(cancellationToken);
        if (mask is not null && !mask.Load(cancellationToken).Any(MaskRule.Selects))
        {
            throw MaskRule.Empty(mask);
        }

        Reconstruction scaled = GreyValues.Times(halves, GreyValues.FactorOf(halves.Maps), cancellationToken);
        (float[] frequencies, int threads) = Frequencies(scaled, bands, grid, options, progress, cancellationToken);
        double finest = 2 * first.VoxelSize;
        float[] voxels = grid.Resolutions(frequencies, finest, Math.Max(finest, options.CoarsestResolution), mask, options.Limits, cancellationToken);
        progress?.Report(new StageProgress("Local resolution", 1));
        var range = LocalResolutionRange.Of(voxels);
        var found = new GaussianFscResult
        {
            Bands = bands.Last,
            SampleStep = grid.Step,
            InsideVoxels = range.Count,
            Finest = range.Finest,
            Median = range.Median,
            Coarsest = range.Coarsest,
            Cost = new RunCost(threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = [Say($"{bands.Last} bands were compared in Gaussian windows of {options.WindowWidth:0.##} Å, {grid.Step} voxels apart."), .. options.Limits.Decisions],
            Warnings = [.. halves.Warnings(cancellationToken), .. MaskRule.Doubts(mask, cancellationToken)],
        };
        return found with
        {
            Map = first.Derive(voxels, found.Entry(
                ("SecondHalfMap", halves.SecondSource),
                ("Mask", MapLabel.SourceOf(mask)),
                ("WindowShape", "Gaussian"),
                ("WindowWidth", options.WindowWidth),
                ("CoarsestResolution", options.CoarsestResolution))),
        };
    }

    // At each sample, where the correlation first falls below the threshold (Å⁻¹).
    private static (float[] Frequencies, int Threads) Frequencies(
        Reconstruction halves, FrequencyBands bands, SampleGrid grid, GaussianFscOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        using var split = new BandSplit(halves, bands, options.Limits, cancellationToken);
        var local = new LocalPowers(grid, options.WindowWidth / bands.VoxelSize);
        float[] volume = GC.AllocateUninitializedArray<float>((int)grid.Map.VoxelCount);
        float[] before = [];
        float[] frequencies = new float[SampleLanes.Padded(grid)];
        for (int band = 1; band < bands.Count; band++)
        {
            progress?.Report(new StageProgress(Say($"Local resolution: band {band} of {bands.Last}"), (double)band / bands.Count));
            split.Mean(band, new VolumeRowSink(volume, grid.Map), cancellationToken);
            float[] powers = local.Measure(volume, options.Limits, cancellationToken);
            split.Difference(band, new VolumeRowSink(volume, grid.Map), cancellationToken);
            float[] noises = local.Measure(volume, options.Limits, cancellationToken);
            for (int i = 0; i < powers.Length; i++)
            {
                // v₁v₂ is the square of the mean less that of half the difference, ½(v₁² + v₂²) their sum.
                double both = (double)powers[i] + noises[i];
                double correlation = both > 0 ? ((double)powers[i] - noises[i]) / both : 0;
                if (band > 1 && frequencies[i] == 0 && correlation < FscResult.Threshold)
                {
                    double share = Math.Clamp((before[i] - FscResult.Threshold) / Math.Max(before[i] - correlation, 1e-9), 0, 1);
                    frequencies[i] = (float)(FrequencyBands.Frequency(band - 1) + (share * FrequencyBands.Step));
                }

                powers[i] = (float)correlation;
            }

            before = powers;
        }

        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = frequencies[i] == 0 ? (float)FrequencyBands.Frequency(bands.Last) : frequencies[i];
        }

        return (frequencies, split.Threads);
    }

    private static void Require(GaussianFscOptions options)
    {
        if (!(options.WindowWidth is >= LeastWidth and <= MostWidth))
        {
            throw EngineException.OutOfRange(
                EngineParameter.WindowWidth, Say($"The width of the window is {options.WindowWidth}; expected {LeastWidth} to {MostWidth} Å, usually 5."));
        }

        if (!(options.CoarsestResolution > 0 && double.IsFinite(options.CoarsestResolution)))
        {
            throw EngineException.OutOfRange(
                EngineParameter.CoarsestResolution, Say($"The coarsest resolution (Å) is {options.CoarsestResolution}; expected a positive number."));
        }
    }

    // Both half maps, the mask, a band; the transforms; sums and samples. Band and transforms are gone when the result comes.
    private static long RequireMemory(Reconstruction halves, CryoMap? mask, SampleGrid grid, GaussianFscOptions options)
    {
        GridSize size = halves.Grid.Size;
        long needed = ((mask is null ? 3 : 4) * sizeof(float) * size.VoxelCount) + BandSplit.Bytes(size, withDifference: true) + LocalPowers.Bytes(grid)
            + (4L * sizeof(float) * SampleLanes.Padded(grid));
        return options.Limits.Require(needed, Say($"Local resolution of '{halves.Name}' ({size} voxels)"), halves.First.Name);
    }
}
