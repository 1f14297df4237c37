using System.Runtime.Intrinsics;
using LocalDeblur.Bands;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>What follows from the fitted spectra beside the restored map: local resolution, noise, confidence, and how much of the variance is noise.</summary>
internal sealed class WienerNoise(
    FrequencyBands bands, WienerSpectrum whole, LocalSpectra local, BandStatistics statistics, SampleGrid grid, RunLimits limits, CancellationToken cancellationToken)
{
    // Half-map correlation of 0.143 is a share of signal of 0.25, a ratio of signal to noise of one third.
    private static readonly double LogThreshold = Math.Log(1.0 / 3);

    private const double CoarsestFrequency = 0.05;

    /// <summary>Detail is what lies in bands from this frequency on (Å⁻¹).</summary>
    public const double DetailFrequency = 0.2;

    /// <summary>First band of the detail.</summary>
    public static int DetailBand { get; } = (int)Math.Round(DetailFrequency / FrequencyBands.Step);

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
                for (int sample = from; sample < to; sample += SampleLanes.Count)
                {
                    Vector256<double> sum = Vector256<double>.Zero, before = Vector256<double>.Zero;
                    for (int k = first; k < end; k++)
                    {
                        Vector256<double> weight = weights is null ? Vector256<double>.One : SampleLanes.Load(weights[k], sample);
                        Vector256<double> ratio = SampleLanes.Load(local.Noises[k], sample) * (1 / whole.Noises[k]);
                        Vector256<double> scaled = weight * Vector256.Sqrt(ratio);
                        sum += weight * weight * ratio * whole.Noises[k];
                        if (k > first)
                        {
                            // Neighbouring bands overlap.
                            sum += before * scaled * (2 * statistics.Overlaps[k - 1]);
                        }

                        before = scaled;
                    }

                    SampleLanes.Store(Vector256.Max(sum, Vector256<double>.Zero), variance, sample);
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
                for (int sample = from; sample < to; sample += SampleLanes.Count)
                {
                    SampleLanes.Store(Vector256.Max(Crossing(sample), Vector256.Create(CoarsestFrequency)), frequency, sample);
                }
            },
            cancellationToken);
        return frequency;
    }

    /// <summary>One minus the false discovery rate of each voxel (Benjamini and Hochberg 1995), by a one-sided test against the noise there.</summary>
    /// <param name="restored">The map.</param>
    /// <param name="deviation">Standard deviation of its noise.</param>
    public float[] Confidence(float[] restored, float[] deviation)
    {
        int count = restored.Length;
        float[] scores = GC.AllocateUninitializedArray<float>(count);
        ForEachPlane(i => scores[i] = deviation[i] > 0 ? restored[i] / deviation[i] : restored[i] > 0 ? float.PositiveInfinity : float.NegativeInfinity);
        float[] ascending = AscendingOrder.Of(scores, limits, cancellationToken);
        float[] confidences = GC.AllocateUninitializedArray<float>(count);

        // What the rate would be if the voxel were the last that counts.
        ForEachPlane(i => confidences[i] = (float)(NormalTail.Above(ascending[i]) * count / (count - i)));

        // Rate at the voxel of each rank: the least that any higher rank allows, from the most doubtful voxel on.
        float least = 1;
        for (int i = 0; i < count; i++)
        {
            least = Math.Min(least, confidences[i]);
            confidences[i] = 1 - least;
        }

        // Equal scores have equal rates, whichever of them is found.
        var index = new AscendingIndex(ascending);
        ForEachPlane(i => scores[i] = confidences[index.Of(scores[i])]);
        return scores;
    }

    private void ForEachPlane(Action<int> voxel) => limits.ForEach(
        grid.Map.Z,
        z =>
        {
            int plane = grid.Map.X * grid.Map.Y;
            for (int i = z * plane; i < (z + 1) * plane; i++)
            {
                voxel(i);
            }
        },
        cancellationToken);

    // At four samples.
    private Vector256<double> Crossing(int sample)
    {
        var threshold = Vector256.Create(LogThreshold);
        Vector256<double> found = Vector256.Create(FrequencyBands.Frequency(Math.Min(whole.UsedBands, bands.Count) - 1));
        Vector256<double> open = Vector256<double>.AllBitsSet;
        Vector256<double> before = LogRatio(1, sample);
        for (int k = 2; k < whole.UsedBands && open != Vector256<double>.Zero; k++)
        {
            Vector256<double> ratio = LogRatio(k, sample);
            Vector256<double> here = Vector256.LessThan(ratio, threshold) & open;
            Vector256<double> share = Vector256.Clamp(
                (before - threshold) / Vector256.Max(before - ratio, Vector256.Create(1e-9)), Vector256<double>.Zero, Vector256<double>.One);
            found = Vector256.ConditionalSelect(here, Vector256.Create(FrequencyBands.Frequency(k - 1)) + (share * FrequencyBands.Step), found);
            open = Vector256.AndNot(open, here);
            before = ratio;
        }

        return found;
    }

    private Vector256<double> LogRatio(int band, int sample) => local.LogSignal(band, sample) - Vector256.Log(SampleLanes.Load(local.Noises[band], sample));
}
