using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Numerics;

/// <summary>Statistics of the voxels of a volume, summed in double precision.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="StandardDeviation">Root mean square deviation from the mean (divided by n, as the RMS field of a map header).</param>
/// <param name="NonFinite">Number of NaN and infinite values. Where it is not zero, the other figures are NaN.</param>
internal readonly record struct VolumeStatistics(double Minimum, double Maximum, double Mean, double StandardDeviation, long NonFinite)
{
    // Long enough to hide the loop's overhead, short enough to stay in the first-level cache between the two passes over it.
    private const int BlockLength = 4096;

    /// <summary>Number of values above a threshold.</summary>
    /// <param name="voxels">The values.</param>
    /// <param name="threshold">What counts is above.</param>
    public static int CountAbove(ReadOnlySpan<float> voxels, float threshold)
    {
        int count = 0;
        foreach (float value in voxels)
        {
            if (value > threshold)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Measures a volume in two passes, so that the deviation does not suffer from a large mean.</summary>
    /// <param name="voxels">The values; at least one.</param>
    public static VolumeStatistics Measure(ReadOnlySpan<float> voxels)
    {
        if (voxels.IsEmpty)
        {
            return new VolumeStatistics(double.NaN, double.NaN, double.NaN, double.NaN, 0);
        }

        double sum = Sum(voxels);
        if (!double.IsFinite(sum))
        {
            return new VolumeStatistics(double.NaN, double.NaN, double.NaN, double.NaN, CountNonFinite(voxels));
        }

        double mean = sum / voxels.Length;
        return new VolumeStatistics(
            TensorPrimitives.Min(voxels),
            TensorPrimitives.Max(voxels),
            mean,
            Math.Sqrt(SumOfSquares(voxels, mean) / voxels.Length),
            0);
    }

    /// <summary>Sum of the values, in double precision.</summary>
    /// <param name="values">Any number of values.</param>
    public static double Sum(ReadOnlySpan<float> values)
    {
        double total = 0;
        for (int start = 0; start < values.Length; start += BlockLength)
        {
            ReadOnlySpan<float> block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            Vector512<double> low = Vector512<double>.Zero;
            Vector512<double> high = Vector512<double>.Zero;
            int i = 0;
            for (; i <= block.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Create(block[i..]));
                low += lower;
                high += upper;
            }

            total += Vector512.Sum(low + high);
            for (; i < block.Length; i++)
            {
                total += block[i];
            }
        }

        return total;
    }

    /// <summary>Sum of the squared deviations from a centre, in double precision. With centre 0 its root is the Euclidean norm.</summary>
    /// <param name="values">Any number of values.</param>
    /// <param name="centre">What is subtracted from each value.</param>
    public static double SumOfSquares(ReadOnlySpan<float> values, double centre = 0)
    {
        double total = 0;
        Vector512<double> middle = Vector512.Create(centre);
        for (int start = 0; start < values.Length; start += BlockLength)
        {
            ReadOnlySpan<float> block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            Vector512<double> low = Vector512<double>.Zero;
            Vector512<double> high = Vector512<double>.Zero;
            int i = 0;
            for (; i <= block.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            {
                (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(Vector512.Create(block[i..]));
                lower -= middle;
                upper -= middle;
                low += lower * lower;
                high += upper * upper;
            }

            total += Vector512.Sum(low + high);
            for (; i < block.Length; i++)
            {
                double deviation = block[i] - centre;
                total += deviation * deviation;
            }
        }

        return total;
    }

    /// <summary>Mean fourth power of the deviations from the mean over the square of their mean square; NaN where all values are the same.</summary>
    /// <param name="values">At least one value.</param>
    public static double Kurtosis(ReadOnlySpan<float> values)
    {
        double mean = Sum(values) / values.Length;
        double squares = 0;
        double fourths = 0;
        foreach (float value in values)
        {
            double square = (value - mean) * (value - mean);
            squares += square;
            fourths += square * square;
        }

        return fourths * values.Length / (squares * squares);
    }

    /// <summary>Number of NaN and infinite values.</summary>
    /// <param name="values">Any number of values.</param>
    public static long CountNonFinite(ReadOnlySpan<float> values)
    {
        long count = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                count++;
            }
        }

        return count;
    }
}
