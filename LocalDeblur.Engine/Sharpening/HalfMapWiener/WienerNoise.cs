using System.Buffers;
using LocalDeblur.Numerics;
using MathNet.Numerics;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>What follows from the fitted spectra beside the restored map: local resolution, noise, confidence, and how much of the variance is noise.</summary>
internal sealed class WienerNoise(
    WienerBands bands, WienerSpectrum whole, LocalSpectra local, BandStatistics statistics, SampleGrid grid, RunLimits limits, CancellationToken cancellationToken)
{
    // Half-map correlation of 0.143 is a share of signal of 0.25, a ratio of signal to noise of one third.
    private static readonly double LogThreshold = Math.Log(1.0 / 3);

    private const double CoarsestFrequency = 0.05;

    /// <summary>Detail is what lies in bands from this frequency on (Å⁻¹).</summary>
    public const double DetailFrequency = 0.2;

    /// <summary>First band of the detail.</summary>
    public static int DetailBand { get; } = (int)Math.Round(DetailFrequency / WienerBands.Step);

    /// <summary>Variance of the noise at each sample after bands were weighted.</summary>
    /// <param name="weights">The weights, a row a band; null for 1.</param>
    /// <param name="first">First band that is there.</param>
    /// <param name="end">First band that is there no more.</param>
    public float[] Variance(float[][]? weights, int first, int end)
    {
        float[] variance = new float[local.Count];
        limits.ForEachBlock(
            local.Count,
            (from, to) =>
            {
                for (int sample = from; sample < to; sample++)
                {
                    double sum = 0, before = 0;
                    for (int k = first; k < end; k++)
                    {
                        double noise = local.Noises[k][sample];
                        double weight = weights is null ? 1 : weights[k][sample];
                        double scaled = weight * Math.Sqrt(noise / whole.Noises[k]);
                        sum += weight * weight * noise;
                        if (k > first)
                        {
                            // Neighbouring bands overlap.
                            sum += 2 * before * scaled * statistics.Overlaps[k - 1];
                        }

                        before = scaled;
                    }

                    variance[sample] = (float)Math.Max(sum, 0);
                }
            },
            cancellationToken);
        return variance;
    }

    /// <summary>Frequency at each sample where signal is a third of the noise (Å⁻¹), at least 0.05.</summary>
    public float[] ResolutionFrequency()
    {
        float[] frequency = new float[local.Count];
        limits.ForEachBlock(
            local.Count,
            (from, to) =>
            {
                for (int sample = from; sample < to; sample++)
                {
                    frequency[sample] = (float)Math.Max(CoarsestFrequency, Crossing(sample));
                }
            },
            cancellationToken);
        return frequency;
    }

    /// <summary>Interpolates samples to every voxel.</summary>
    /// <param name="samples">One value a sample.</param>
    /// <param name="value">Applied to each interpolated value.</param>
    public float[] Everywhere(float[] samples, Func<float, float> value)
    {
        float[] volume = GC.AllocateUninitializedArray<float>((int)grid.Map.VoxelCount);
        limits.ForEach(
            grid.Map.Z,
            z =>
            {
                float[] line = ArrayPool<float>.Shared.Rent(grid.Size.X);
                for (int y = 0; y < grid.Map.Y; y++)
                {
                    Span<float> row = volume.AsSpan((int)grid.Map.Offset(0, y, z), grid.Map.X);
                    grid.Interpolate(samples, y, z, line.AsSpan(0, grid.Size.X), row);
                    for (int x = 0; x < row.Length; x++)
                    {
                        row[x] = value(row[x]);
                    }
                }

                ArrayPool<float>.Shared.Return(line);
            },
            cancellationToken);
        return volume;
    }

    /// <summary>One minus the false discovery rate of each voxel (Benjamini and Hochberg 1995), by a one-sided test against the noise there.</summary>
    /// <param name="restored">The map.</param>
    /// <param name="deviation">Standard deviation of its noise.</param>
    public float[] Confidence(float[] restored, float[] deviation)
    {
        int count = restored.Length;
        float[] scores = new float[count];
        int plane = count / grid.Map.Z;
        limits.ForEach(
            grid.Map.Z,
            z =>
            {
                for (int i = z * plane; i < (z + 1) * plane; i++)
                {
                    scores[i] = deviation[i] > 0 ? restored[i] / deviation[i] : restored[i] > 0 ? float.PositiveInfinity : float.NegativeInfinity;
                }
            },
            cancellationToken);
        float[] ascending = AscendingOrder.Of(scores, limits, cancellationToken);
        float[] confidences = new float[count];
        limits.ForEach(
            grid.Map.Z,
            z =>
            {
                for (int i = z * plane; i < (z + 1) * plane; i++)
                {
                    // What the rate would be if the voxel were the last that counts.
                    confidences[i] = (float)(0.5 * SpecialFunctions.Erfc(ascending[i] / Constants.Sqrt2) * count / (count - i));
                }
            },
            cancellationToken);

        // Rate at the voxel of each rank: the least that any higher rank allows, from the most doubtful voxel on.
        float least = 1;
        for (int i = 0; i < count; i++)
        {
            least = Math.Min(least, confidences[i]);
            confidences[i] = 1 - least;
        }

        limits.ForEach(
            grid.Map.Z,
            z =>
            {
                for (int i = z * plane; i < (z + 1) * plane; i++)
                {
                    scores[i] = confidences[Array.BinarySearch(ascending, scores[i])];
                }
            },
            cancellationToken);
        return scores;
    }

    private double Crossing(int sample)
    {
        double before = LogRatio(1, sample);
        for (int k = 2; k < whole.UsedBands; k++)
        {
            double ratio = LogRatio(k, sample);
            if (ratio < LogThreshold)
            {
                double share = Math.Clamp((before - LogThreshold) / Math.Max(before - ratio, 1e-9), 0, 1);
                return WienerBands.Frequency(k - 1) + (share * WienerBands.Step);
            }

            before = ratio;
        }

        return WienerBands.Frequency(Math.Min(whole.UsedBands, bands.Count) - 1);
    }

    private double LogRatio(int band, int sample) => Math.Log(Math.Max(local.Signal(band, sample), 1e-300) / local.Noises[band][sample]);
}
