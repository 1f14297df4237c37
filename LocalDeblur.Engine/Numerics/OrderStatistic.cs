using System.Numerics;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Numerics;

/// <summary>The element that a sorted list would have at a given place, without sorting it.</summary>
internal static class OrderStatistic
{
    private const int SortedLength = 2048;
    private const int SampleLength = 8192;

    /// <summary>Half width of the bracket, in standard deviations of the rank of a sampled element.</summary>
    private const double BracketDeviations = 4;

    /// <summary>Element number <paramref name="rank"/> of the values in ascending order: one of them, exactly.</summary>
    /// <param name="values">At least one value, none of them NaN. Not changed.</param>
    /// <param name="rank">0 … n−1.</param>
    /// <remarks>
    /// A sorted sample brackets the place; one pass counts what lies below the bracket and keeps what lies inside, which is
    /// searched in turn. A sample that misleads costs another pass, never a wrong answer.
    /// </remarks>
    public static float Select(ReadOnlySpan<float> values, int rank)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rank, (uint)values.Length, nameof(rank));
        float[] kept = [];
        while (values.Length > SortedLength)
        {
            (float low, float high) = Bracket(values, rank);
            (int below, int atLow, int between, int atHigh) = Count(values, low, high);
            int first = below + atLow;
            if (rank >= below && rank < first)
            {
                return low;
            }

            if (rank >= first + between && rank < first + between + atHigh)
            {
                return high;
            }

            // low and high are themselves values and left out, so every turn shortens the list.
            float from = rank < below ? float.NegativeInfinity : rank < first + between ? low : high;
            float to = rank < below ? low : rank < first + between ? high : float.PositiveInfinity;
            int count = rank < below ? below : rank < first + between ? between : values.Length - first - between - atHigh;
            rank -= rank < below ? 0 : rank < first + between ? first : first + between + atHigh;
            float[] next = new float[count];
            Keep(values, from, to, next);
            kept = next;
            values = kept;
        }

        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[rank];
    }

    private static (float Low, float High) Bracket(ReadOnlySpan<float> values, int rank)
    {
        float[] sample = ScatteredSample.Of(values, SampleLength);
        int length = sample.Length;
        Array.Sort(sample);
        double share = (rank + 0.5) / values.Length;
        double centre = share * length;
        double reach = (BracketDeviations * Math.Sqrt(length * share * (1 - share))) + 2;
        return (sample[Math.Clamp((int)(centre - reach), 0, length - 1)], sample[Math.Clamp((int)(centre + reach), 0, length - 1)]);
    }

    private static (int Below, int AtLow, int Between, int AtHigh) Count(ReadOnlySpan<float> values, float low, float high)
    {
        int below = 0, upToLow = 0, belowHigh = 0, upToHigh = 0;
        Vector256<float> lows = Vector256.Create(low), highs = Vector256.Create(high);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> value = Vector256.Create(values[i..]);
            below += BitOperations.PopCount(Vector256.LessThan(value, lows).ExtractMostSignificantBits());
            upToLow += BitOperations.PopCount(Vector256.LessThanOrEqual(value, lows).ExtractMostSignificantBits());
            belowHigh += BitOperations.PopCount(Vector256.LessThan(value, highs).ExtractMostSignificantBits());
            upToHigh += BitOperations.PopCount(Vector256.LessThanOrEqual(value, highs).ExtractMostSignificantBits());
        }

        for (; i < values.Length; i++)
        {
            float value = values[i];
            if (value < low)
            {
                below++;
            }

            if (value <= low)
            {
                upToLow++;
            }

            if (value < high)
            {
                belowHigh++;
            }

            if (value <= high)
            {
                upToHigh++;
            }
        }

        return low == high
            ? (below, upToLow - below, 0, 0)
            : (below, upToLow - below, belowHigh - upToLow, upToHigh - belowHigh);
    }

    private static void Keep(ReadOnlySpan<float> values, float from, float to, Span<float> kept)
    {
        int count = 0;
        Vector256<float> lows = Vector256.Create(from), highs = Vector256.Create(to);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> value = Vector256.Create(values[i..]);
            uint inside = (Vector256.GreaterThan(value, lows) & Vector256.LessThan(value, highs)).ExtractMostSignificantBits();
            for (; inside != 0; inside &= inside - 1)
            {
                kept[count++] = values[i + BitOperations.TrailingZeroCount(inside)];
            }
        }

        for (; i < values.Length; i++)
        {
            if (values[i] > from && values[i] < to)
            {
                kept[count++] = values[i];
            }
        }
    }
}
