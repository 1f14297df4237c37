using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace LocalDeblur.Fourier.Lines;

/// <summary>How the length of a line is split into radices.</summary>
internal static class RadixPlan
{
    /// <summary>Largest prime that gets a butterfly; above it the chirp transform is faster.</summary>
    public const int LargestRadix = 61;

    /// <summary>True when every prime factor of n has a butterfly.</summary>
    public static bool Covers(int n) => LargestPrime(n) <= LargestRadix;

    /// <summary>
    /// The radices in the order of their passes: odd ones first, largest first, because the first pass streams and the later
    /// ones stay in cache; then the powers of two.
    /// </summary>
    /// <param name="n">Length, at least 1. Its product is the product of the radices; 1 gives no radix at all.</param>
    public static int[] Radices(int n) => Radices(n, HasManyRegisters);

    /// <summary>The radices for a processor with 32 vector registers, where radix 8 does not spill, or with 16.</summary>
    public static int[] Radices(int n, bool manyRegisters)
    {
        var odd = new List<int>();
        int twos = 0;
        for (; n % 2 == 0; n /= 2)
        {
            twos++;
        }

        for (int f = 3; n > 1; f += 2)
        {
            for (; n % f == 0; n /= f)
            {
                odd.Add(f);
            }
        }

        odd.Reverse();
        odd.AddRange(PowersOfTwo(twos, manyRegisters));
        return [.. odd];
    }

    /// <summary>Smallest length at least n with no prime factor above 5, and divisible by 4 so that its passes are cheap.</summary>
    public static int NextFast(int n)
    {
        for (int candidate = (n + 3) / 4 * 4; ; candidate += 4)
        {
            if (LargestPrime(candidate) <= 5)
            {
                return candidate;
            }
        }
    }

    // With AVX-512VL the just-in-time compiler has 32 registers for 256-bit vectors too.
    private static bool HasManyRegisters => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported;

    private static List<int> PowersOfTwo(int exponent, bool manyRegisters)
    {
        var radices = new List<int>();
        if (exponent == 1)
        {
            radices.Add(2);
            return radices;
        }

        // Eights: all of them where registers allow, else the one that absorbs an odd exponent.
        int eights = manyRegisters ? exponent / 3 : exponent % 2;
        if (manyRegisters && exponent % 3 == 1)
        {
            eights--;
        }

        for (int rest = exponent - 3 * eights; rest > 0; rest -= 2)
        {
            radices.Add(4);
        }

        for (; eights > 0; eights--)
        {
            radices.Add(8);
        }

        return radices;
    }

    private static int LargestPrime(int n)
    {
        int largest = 1;
        for (int f = 2; (long)f * f <= n; f++)
        {
            for (; n % f == 0; n /= f)
            {
                largest = f;
            }
        }

        return Math.Max(largest, n);
    }
}
