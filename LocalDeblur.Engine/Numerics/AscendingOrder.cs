namespace LocalDeblur.Numerics;

/// <summary>Sorts many values on several threads, in pieces, so that it can be stopped.</summary>
internal static class AscendingOrder
{
    // Sign, exponent and seven bits of the fraction.
    private const int BucketBits = 16;
    private const int OtherBits = 32 - BucketBits;
    private const int Chunk = 1 << 22;

    /// <summary>The values in ascending order.</summary>
    /// <param name="values">Any numbers but NaN.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between pieces.</param>
    public static float[] Of(float[] values, RunLimits limits, CancellationToken cancellationToken)
    {
        int[] starts = new int[(1 << BucketBits) + 1];
        for (int from = 0; from < values.Length; from += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (float value in values.AsSpan(from, Math.Min(Chunk, values.Length - from)))
            {
                starts[(Key(value) >> OtherBits) + 1]++;
            }
        }

        for (int bucket = 1; bucket < starts.Length; bucket++)
        {
            starts[bucket] += starts[bucket - 1];
        }

        float[] sorted = GC.AllocateUninitializedArray<float>(values.Length);
        int[] next = [.. starts];
        for (int from = 0; from < values.Length; from += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (float value in values.AsSpan(from, Math.Min(Chunk, values.Length - from)))
            {
                sorted[next[Key(value) >> OtherBits]++] = value;
            }
        }

        limits.ForEach(starts.Length - 1, bucket => sorted.AsSpan(starts[bucket], starts[bucket + 1] - starts[bucket]).Sort(), cancellationToken);
        return sorted;
    }

    /// <summary>Whole numbers in the order of the numbers.</summary>
    /// <param name="value">Any number but NaN.</param>
    internal static uint Key(float value)
    {
        // The bits have it once the sign is turned, and all bits of negative ones.
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (bits >> 31) == 0 ? bits | 0x80000000u : ~bits;
    }
}
