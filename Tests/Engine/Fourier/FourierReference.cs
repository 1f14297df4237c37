using System.Numerics;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Tests.Engine.Fourier;

/// <summary>Transforms in double precision, written as plainly as can be, to compare with.</summary>
internal static class FourierReference
{
    /// <summary>Relative L2 error allowed for lengths whose primes are small: 24 bits and some forty roundings.</summary>
    public const double SmoothTolerance = 2e-7;

    /// <summary>The same with large primes, where the chirp transform of more than twice the length is used.</summary>
    public const double PrimeTolerance = 6e-7;

    /// <summary>Values between −0.5 and 0.5 that depend on the seed only.</summary>
    public static float[] Noise(GridSize size, int seed = 1)
    {
        var values = new float[size.VoxelCount];
        var random = new Random(seed);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }

    /// <summary>The whole spectrum of a volume with the factor 1/N, x fastest.</summary>
    public static Complex[] Forward(float[] volume, GridSize size)
    {
        var values = new Complex[volume.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = volume[i];
        }

        Transform(values, size, sign: -1);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] /= values.Length;
        }

        return values;
    }

    /// <summary>The unscaled inverse of a whole spectrum.</summary>
    public static double[] Inverse(Complex[] spectrum, GridSize size)
    {
        var values = (Complex[])spectrum.Clone();
        Transform(values, size, sign: +1);
        return Array.ConvertAll(values, v => v.Real);
    }

    /// <summary>Relative L2 difference of the half spectrum from the reference's.</summary>
    public static double Error(Spectrum spectrum, Complex[] reference)
    {
        GridSize size = spectrum.Size;
        double difference = 0, norm = 0;
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x <= size.X / 2; x++)
                {
                    Complex expected = reference[size.Offset(x, y, z)];
                    Complex d = spectrum.Get(x, y, z) - expected;
                    difference += d.Real * d.Real + d.Imaginary * d.Imaginary;
                    norm += expected.Real * expected.Real + expected.Imaginary * expected.Imaginary;
                }
            }
        }

        return Math.Sqrt(difference / norm);
    }

    /// <summary>Relative L2 difference of two volumes.</summary>
    public static double Error(float[] volume, Func<int, double> expected)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < volume.Length; i++)
        {
            double e = expected(i), d = volume[i] - e;
            difference += d * d;
            norm += e * e;
        }

        return Math.Sqrt(difference / norm);
    }

    private static void Transform(Complex[] values, GridSize size, int sign)
    {
        Along(values, size.X, 1, sign);
        Along(values, size.Y, size.X, sign);
        Along(values, size.Z, size.X * size.Y, sign);
    }

    private static void Along(Complex[] values, int length, int stride, int sign)
    {
        if (length == 1)
        {
            return;
        }

        var roots = new Complex[length];
        for (int i = 0; i < length; i++)
        {
            roots[i] = Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * i / length);
        }

        Parallel.For(0, values.Length / length, line =>
        {
            int first = line / stride * stride * length + line % stride;
            var x = new Complex[length];
            for (int i = 0; i < length; i++)
            {
                x[i] = values[first + i * stride];
            }

            Complex[] y = Line(x, roots);
            for (int i = 0; i < length; i++)
            {
                values[first + i * stride] = y[i];
            }
        });
    }

    // Splits off the smallest prime factor, recursively; a prime length is summed directly.
    private static Complex[] Line(Complex[] x, Complex[] roots)
    {
        int n = x.Length;
        int radix = 2;
        while (radix < n && n % radix != 0)
        {
            radix++;
        }

        int m = n / radix;
        int step = roots.Length / n;
        var y = new Complex[n];
        if (m <= 1)
        {
            for (int k = 0; k < n; k++)
            {
                for (int j = 0; j < n; j++)
                {
                    y[k] += x[j] * roots[(int)((long)j * k % n) * step];
                }
            }

            return y;
        }

        var parts = new Complex[radix][];
        for (int q = 0; q < radix; q++)
        {
            var part = new Complex[m];
            for (int j = 0; j < m; j++)
            {
                part[j] = x[j * radix + q];
            }

            parts[q] = Line(part, roots);
        }

        for (int k = 0; k < n; k++)
        {
            for (int q = 0; q < radix; q++)
            {
                y[k] += parts[q][k % m] * roots[(int)((long)q * k % n) * step];
            }
        }

        return y;
    }
}
