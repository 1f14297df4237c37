using System.Numerics;

namespace LocalDeblur.Numerics;

/// <summary>
/// Random numbers whose sequence is specified, so that a phantom is the same on every machine and in every version of the runtime.
/// </summary>
/// <remarks>
/// Generator xoshiro256** with its state filled by SplitMix64 (Blackman and Vigna, <i>ACM Trans. Math. Softw.</i> 47 (2021) 36);
/// normal deviates by the transform of Box and Muller (1958). Not safe to share between threads.
/// </remarks>
internal sealed class DeterministicRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spare = double.NaN;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Number of the sequence: different streams of one seed are independent.</param>
    public DeterministicRandom(int seed, ulong stream)
    {
        ulong state = unchecked((ulong)seed * 0xD1342543DE82EF95UL);
        ulong mixed = SplitMix(ref state) ^ stream;
        _s0 = SplitMix(ref mixed);
        _s1 = SplitMix(ref mixed);
        _s2 = SplitMix(ref mixed);
        _s3 = SplitMix(ref mixed);
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    public double NextUniform(double low, double high) => low + ((high - low) * NextUniform());

    /// <summary>Normal with mean 0 and standard deviation 1.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spare))
        {
            double kept = _spare;
            _spare = double.NaN;
            return kept;
        }

        // 1 − u lies in (0, 1], where the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * NextUniform());
        _spare = radius * sine;
        return radius * cosine;
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
