namespace LocalDeblur.Numerics;

/// <summary>Some of the voxels of a volume that stand for all of them: one of every stretch of equal length, each at a random place in it.</summary>
/// <remarks>
/// Voxels at equal distances would lie on a lattice that the size of the box decides: of 512³ voxels every 513th lies on one diagonal plane, which misses the molecule.
/// The places are the same on every machine.
/// </remarks>
internal static class ScatteredSample
{
    /// <summary>Takes a sample.</summary>
    /// <param name="values">The volume.</param>
    /// <param name="least">At least so many values are taken, and fewer than twice as many; all of a volume with fewer than twice as many.</param>
    /// <returns>A new array.</returns>
    public static float[] Of(ReadOnlySpan<float> values, int least)
    {
        int step = Math.Max(1, values.Length / least);
        if (step == 1)
        {
            return values.ToArray();
        }

        float[] sample = new float[values.Length / step];
        int taken = 0;
        foreach (int place in Places(values.Length, least))
        {
            sample[taken++] = values[place];
        }

        return sample;
    }

    /// <summary>Where the values are taken, ascending.</summary>
    /// <param name="length">How many values there are.</param>
    /// <param name="least">As for <see cref="Of"/>.</param>
    internal static IEnumerable<int> Places(int length, int least)
    {
        int step = Math.Max(1, length / least);
        var random = new DeterministicRandom(seed: 1, stream: 0);
        for (int begin = 0; begin <= length - step; begin += step)
        {
            yield return begin + (int)(step * random.NextUniform());
        }
    }
}
