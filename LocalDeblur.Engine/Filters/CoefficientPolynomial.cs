using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Filters;

/// <summary>
/// A coefficient as a polynomial in t, which runs from −1 at the bank's finest resolution to 1 at its coarsest. The weights are
/// smooth enough in R for a degree of 7 where a bank of the default K reaches 8 Å, and 17 where it reaches 20 Å; degree 7 takes
/// less than half as long as looking values up in a table, and leaves the cache to the volumes.
/// </summary>
internal sealed unsafe class CoefficientPolynomial : TermCoefficient
{
    /// <summary>Up to here rounding costs no more than in the table (3e-7 at worst); much beyond it, powers of t cancel in float32.</summary>
    private const int LargestDegree = 18;

    /// <summary>Enough that a coefficient which they do not resolve shows in the terms to be cut off.</summary>
    private const int Nodes = 64;

    /// <summary>Largest error relative to the largest coefficient of all: half of what rounding to float32 adds.</summary>
    private const double Tolerance = 1.0 / (1 << 25);

    /// <summary>Voxels at a time: four vectors, so that one need not wait for the other's sum.</summary>
    private const int Block = 4 * 8;

    private readonly float[] _powers;
    private readonly float _scale;
    private readonly float _shift;

    private CoefficientPolynomial(float[] powers, float scale, float shift)
    {
        _powers = powers;
        _scale = scale;
        _shift = shift;
    }

    /// <summary>Fits all coefficients of a kernel, or returns null when one of them needs too high a degree.</summary>
    /// <param name="bank">The bank whose weights are meant.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    public static CoefficientPolynomial[]? TryFit(FilterBank bank, LowRankKernel kernel)
    {
        double centre = (bank.FinestResolution + bank.CoarsestResolution) / 2;
        double halfRange = (bank.CoarsestResolution - bank.FinestResolution) / 2;
        double[] nodes = [.. Enumerable.Range(0, Nodes).Select(j => centre + (halfRange * Math.Cos(Math.PI * (j + 0.5) / Nodes)))];
        double[][] samples = Sample(bank, kernel, nodes);
        double largest = samples.Max(values => values.Max(Math.Abs));
        double[][] series = Array.ConvertAll(samples, values => Shorten(ChebyshevSeries(values), Tolerance * largest));
        if (series.Any(terms => terms.Length > LargestDegree + 1))
        {
            return null;
        }

        double scale = halfRange > 0 ? 1 / halfRange : 0;
        return Array.ConvertAll(series, terms => new CoefficientPolynomial(Array.ConvertAll(Powers(terms), c => (float)c), (float)scale, (float)(-centre * scale)));
    }

    /// <inheritdoc/>
    public override void Multiply(ReadOnlySpan<float> resolution, ReadOnlySpan<float> values, float factor, bool add, Span<float> destination)
    {
        int length = destination.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(resolution.Length, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, length);
        int whole = length / Block * Block;
        fixed (float* r = resolution, v = values, d = destination)
        {
            MultiplyBlocks(r, v, factor, add, d, whole);
        }

        if (whole == length)
        {
            return;
        }

        // What is left is done in a block of its own, so that every voxel goes through the same arithmetic.
        float* rest = stackalloc float[3 * Block];
        new Span<float>(rest, 3 * Block).Clear();
        resolution[whole..].CopyTo(new Span<float>(rest, Block));
        values[whole..].CopyTo(new Span<float>(rest + Block, Block));
        destination[whole..].CopyTo(new Span<float>(rest + (2 * Block), Block));
        MultiplyBlocks(rest, rest + Block, factor, add, rest + (2 * Block), Block);
        new Span<float>(rest + (2 * Block), length - whole).CopyTo(destination[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBlocks(float* r, float* v, float factor, bool add, float* d, int length)
    {
        Vector256<float> scale = Vector256.Create(_scale);
        Vector256<float> shift = Vector256.Create(_shift);
        Vector256<float> common = Vector256.Create(factor);
        fixed (float* powers = _powers)
        {
            int degree = _powers.Length - 1;
            for (float* end = r + length; r < end; r += Block, v += Block, d += Block)
            {
                Vector256<float> t0 = Position(r, scale, shift), t1 = Position(r + 8, scale, shift);
                Vector256<float> t2 = Position(r + 16, scale, shift), t3 = Position(r + 24, scale, shift);
                Vector256<float> sum0 = Vector256.Create(powers[degree]), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                for (int power = degree - 1; power >= 0; power--)
                {
                    Vector256<float> next = Vector256.Create(powers[power]);
                    sum0 = Vector256.MultiplyAddEstimate(sum0, t0, next);
                    sum1 = Vector256.MultiplyAddEstimate(sum1, t1, next);
                    sum2 = Vector256.MultiplyAddEstimate(sum2, t2, next);
                    sum3 = Vector256.MultiplyAddEstimate(sum3, t3, next);
                }

                Put(r, sum0 * common, v, add, d);
                Put(r + 8, sum1 * common, v + 8, add, d + 8);
                Put(r + 16, sum2 * common, v + 16, add, d + 16);
                Put(r + 24, sum3 * common, v + 24, add, d + 24);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Position(float* r, Vector256<float> scale, Vector256<float> shift) =>
        Vector256.MinNative(Vector256.MultiplyAddEstimate(Vector256.Load(r), scale, shift), Vector256<float>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* r, Vector256<float> coefficient, float* v, bool add, float* d)
    {
        Vector256<float> product = Vector256.GreaterThan(Vector256.Load(r), Vector256<float>.Zero) & (coefficient * Vector256.Load(v));
        (add ? Vector256.Load(d) + product : product).Store(d);
    }

    /// <summary>Coefficients c_m of Σ c_m T_m(t) through values at t_j = cos(π(j + ½)/n).</summary>
    private static double[] ChebyshevSeries(double[] values)
    {
        double[] series = new double[values.Length];
        for (int m = 0; m < series.Length; m++)
        {
            for (int j = 0; j < values.Length; j++)
            {
                series[m] += values[j] * Math.Cos(Math.PI * m * (j + 0.5) / values.Length);
            }

            series[m] *= (m == 0 ? 1.0 : 2.0) / values.Length;
        }

        return series;
    }

    /// <summary>Cuts the end off a series while the sum of what goes stays within a tolerance; |T_m| ≤ 1, so that bounds the error.</summary>
    private static double[] Shorten(double[] series, double tolerance)
    {
        int length = series.Length;
        for (double error = Math.Abs(series[^1]); length > 1 && error <= tolerance; error += Math.Abs(series[length - 1]))
        {
            length--;
        }

        return series[..length];
    }

    /// <summary>The same polynomial by powers of t, from T_{m+1} = 2t·T_m − T_{m−1}.</summary>
    private static double[] Powers(double[] series)
    {
        double[] powers = new double[series.Length];
        double[] previous = new double[series.Length];
        double[] current = new double[series.Length];
        current[0] = 1;
        for (int m = 0; m < series.Length; m++)
        {
            double[] following = new double[series.Length];
            for (int i = 0; i < series.Length; i++)
            {
                powers[i] += series[m] * current[i];
                following[i] = ((m == 0 ? 1 : 2) * (i > 0 ? current[i - 1] : 0)) - previous[i];
            }

            previous = current;
            current = following;
        }

        return powers;
    }
}
