using System.Numerics;
using LocalDeblur.Maps;

namespace LocalDeblur.Tests.Engine.Fourier;

/// <summary>The discrete Fourier transform as it is written down, one axis after the other, in double precision.</summary>
internal static class NaiveFourier
{
    public static Complex[] Transform(Complex[] volume, GridSize size, int sign)
    {
        Complex[] result = volume;
        foreach ((int length, int stride) in new[] { (size.X, 1), (size.Y, size.X), (size.Z, size.X * size.Y) })
        {
            Complex[] roots = [.. Enumerable.Range(0, length).Select(i => Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * i / length))];
            var next = new Complex[result.Length];
            for (int i = 0; i < result.Length; i++)
            {
                int k = i / stride % length;
                int first = i - (k * stride);
                Complex sum = Complex.Zero;
                for (int n = 0; n < length; n++)
                {
                    sum += result[first + (n * stride)] * roots[(int)((long)k * n % length)];
                }

                next[i] = sum;
            }

            result = next;
        }

        return result;
    }

    /// <summary>u of coefficient i (cycles per voxel).</summary>
    public static double Frequency(int i, GridSize size)
    {
        double x = Axis(i % size.X, size.X);
        double y = Axis(i / size.X % size.Y, size.Y);
        double z = Axis(i / (size.X * size.Y), size.Z);
        return Math.Sqrt((x * x) + (y * y) + (z * z));
    }

    private static double Axis(int k, int length) => (k <= length / 2 ? k : k - length) / (double)length;
}
