using LocalDeblur.Bands;
using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>What the half maps say of each band: signal and noise in the mask, and around each sample.</summary>
internal sealed class BandStatistics
{
    private BandStatistics(int bands)
    {
        Totals = new double[bands];
        Noises = new double[bands];
        Overlaps = new double[bands - 1];
        Powers = new float[bands][];
        LocalNoises = new float[bands][];
    }

    /// <summary>Mean square of the mean map in the mask.</summary>
    public double[] Totals { get; }

    /// <summary>Mean square of half the difference in the mask.</summary>
    public double[] Noises { get; }

    /// <summary>Mean over the mask of half the difference in a band times that in the next.</summary>
    public double[] Overlaps { get; }

    /// <summary>Mean square of the mean map around each sample, a row a band; rows are null where no samples were asked for.</summary>
    public float[][] Powers { get; }

    /// <summary>The same of half the difference.</summary>
    public float[][] LocalNoises { get; }

    /// <summary>Measures every band.</summary>
    /// <param name="split">Mean and half difference.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="local">The window around samples; null for the mask alone.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="progress">Told the share that is done; or null.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public static BandStatistics Measure(BandSplit split, MaskRuns mask, LocalPowers? local, RunLimits limits, Action<double>? progress, CancellationToken cancellationToken)
    {
        var found = new BandStatistics(split.Bands.Count);
        float[] band = GC.AllocateUninitializedArray<float>((int)split.Size.VoxelCount);
        float[] before = GC.AllocateUninitializedArray<float>(mask.Count);
        for (int k = 0; k < split.Bands.Count; k++)
        {
            split.Mean(k, new VolumeRowSink(band, split.Size), cancellationToken);
            found.Totals[k] = mask.MeanProduct(band, band, limits, cancellationToken);
            found.Powers[k] = Around(band);

            split.Difference(k, new VolumeRowSink(band, split.Size), cancellationToken);
            found.Noises[k] = mask.MeanProduct(band, band, limits, cancellationToken);
            found.LocalNoises[k] = Around(band);
            if (k > 0)
            {
                found.Overlaps[k - 1] = mask.MeanProductOfGathered(band, before, limits, cancellationToken);
            }

            mask.Gather(band, before, limits, cancellationToken);
            progress?.Invoke((k + 1.0) / split.Bands.Count);
        }

        return found;

        float[] Around(float[] volume) => local is null ? null! : local.Measure(volume, limits, cancellationToken);
    }
}
