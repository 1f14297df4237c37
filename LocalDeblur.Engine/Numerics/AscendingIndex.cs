namespace LocalDeblur.Numerics;

/// <summary>
/// Finds values in many that stand in ascending order. The first bits of a number lead to those that share them, the others to where among these it should be: the
/// memory is seldom in cache, and is looked at as little as possible.
/// </summary>
internal sealed class AscendingIndex
{
    // Sign, exponent and eleven bits of the fraction.
    private const int BucketBits = 20;
    private const int OtherBits = 32 - BucketBits;

    private readonly float[] _ascending;
    private readonly int[] _starts = new int[(1 << BucketBits) + 1];

    /// <summary>Looks where each bucket begins.</summary>
    /// <param name="ascending">Any numbers but NaN, in ascending order.</param>
    public AscendingIndex(float[] ascending)
    {
        _ascending = ascending;
        int next = 0;
        for (int i = 0; i < ascending.Length; i++)
        {
            for (uint bucket = AscendingOrder.Key(ascending[i]) >> OtherBits; next <= bucket; next++)
            {
                _starts[next] = i;
            }
        }

        _starts.AsSpan(next).Fill(ascending.Length);
    }

    /// <summary>Place of a value that is among them; of equal ones any.</summary>
    /// <param name="value">The value.</param>
    public int Of(float value)
    {
        uint key = AscendingOrder.Key(value);
        uint bucket = key >> OtherBits;
        int low = _starts[bucket], high = _starts[bucket + 1];
        int guess = low + (int)(((long)(high - low) * (key & ((1 << OtherBits) - 1))) >> OtherBits);

        // A bracket around it that doubles until the value is inside.
        for (int reach = 8; ; reach *= 2)
        {
            int from = Math.Max(low, guess - reach), to = Math.Min(high, guess + reach);
            if ((from == low || _ascending[from] <= value) && (to == high || _ascending[to - 1] >= value))
            {
                return Array.BinarySearch(_ascending, from, to - from, value);
            }
        }
    }
}
