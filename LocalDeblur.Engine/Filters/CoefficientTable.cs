using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LocalDeblur.Filters;

/// <summary>
/// One coefficient a_k(R) as a fine table over the local resolution, read by linear interpolation, and 0 where R is 0.
/// Evaluating it row by row while the rows are in cache replaces one stored volume a term.
/// </summary>
internal sealed unsafe class CoefficientTable
{
    /// <summary>
    /// Intervals over the range of R. The error of the interpolation is a″·h²/8: with h below 2 mÅ (a range of 30 Å) and
    /// a″ of order K it stays under float32 rounding.
    /// </summary>
    private const int Intervals = 1 << 14;

    /// <summary>Value and slope of each entry side by side, so that one load fetches both.</summary>
    private readonly float[] _entries;
    private readonly float _scale;
    private readonly float _shift;

    private CoefficientTable(float[] entries, float scale, float shift)
    {
        _entries = entries;
        _scale = scale;
        _shift = shift;
    }

    /// <summary>Tabulates all coefficients of a kernel.</summary>
    /// <param name="bank">The bank whose weights are meant.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    public static CoefficientTable[] Create(FilterBank bank, LowRankKernel kernel)
    {
        double range = bank.CoarsestResolution - bank.FinestResolution;
        double step = range > 0 ? range / Intervals : 1;
        int points = range > 0 ? Intervals + 1 : 1;
        double[][] samples = [.. Enumerable.Range(0, kernel.Rank).Select(_ => new double[points])];
        double[] weights = new double[bank.Bands.Count];
        double[][] rows = kernel.RightVectors.ToRowArrays();
        for (int i = 0; i < points; i++)
        {
            bank.Weights(bank.FinestResolution + (i * step), weights);
            for (int term = 0; term < rows.Length; term++)
            {
                double sum = 0;
                for (int band = 0; band < weights.Length; band++)
                {
                    sum += rows[term][band] * weights[band];
                }

                samples[term][i] = sum;
            }
        }

        // Entry 0 is the outside: a resolution of 0 lands there after clamping and multiplies by 0. Entry 1 is the finest resolution.
        float scale = (float)(1 / step);
        float shift = (float)(1 - (bank.FinestResolution / step));
        return [.. samples.Select(sample =>
        {
            float[] entries = new float[2 * (points + 2)];
            for (int i = 0; i < points; i++)
            {
                entries[(2 * i) + 2] = (float)sample[i];
                entries[(2 * i) + 3] = i + 1 < points ? (float)(sample[i + 1] - sample[i]) : 0;
            }

            entries[^2] = (float)sample[^1];
            return new CoefficientTable(entries, scale, shift);
        })];
    }

    /// <summary>destination = (add ? destination : 0) + factor · a(R) · values, along one row.</summary>
    /// <param name="resolution">R along the row (Å), 0 outside.</param>
    /// <param name="values">What the coefficient multiplies.</param>
    /// <param name="factor">A factor common to the row.</param>
    /// <param name="add">True to add to the destination, false to replace it.</param>
    /// <param name="destination">Result; as long as the other two.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ReadOnlySpan<float> resolution, ReadOnlySpan<float> values, float factor, bool add, Span<float> destination)
    {
        int length = destination.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(resolution.Length, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, length);
        fixed (float* r = resolution, v = values, d = destination, entries = _entries)
        {
            int last = (_entries.Length / 2) - 1;
            int i = 0;
            if (Avx2.IsSupported)
            {
                double* pairs = (double*)entries;
                Vector256<float> scale = Vector256.Create(_scale);
                Vector256<float> shift = Vector256.Create(_shift);
                Vector256<float> top = Vector256.Create((float)last);
                Vector256<float> common = Vector256.Create(factor);
                for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
                {
                    Vector256<float> position = Vector256.MinNative(Vector256.MaxNative((Vector256.Load(r + i) * scale) + shift, Vector256<float>.Zero), top);
                    Vector256<int> index = Vector256.ConvertToInt32Native(position);
                    Vector256<float> fraction = position - Vector256.ConvertToSingle(index);
                    Vector256<float> low = Avx2.GatherVector256(pairs, index.GetLower(), sizeof(double)).AsSingle();
                    Vector256<float> high = Avx2.GatherVector256(pairs, index.GetUpper(), sizeof(double)).AsSingle();

                    // The shuffles leave the lanes as 0 1 4 5 2 3 6 7; the permutation of pairs restores their order.
                    Vector256<float> value = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle();
                    Vector256<float> slope = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).AsSingle();
                    Vector256<float> product = (value + (slope * fraction)) * common * Vector256.Load(v + i);
                    (add ? Vector256.Load(d + i) + product : product).Store(d + i);
                }
            }

            for (; i < length; i++)
            {
                float position = MathF.Min(MathF.Max((r[i] * _scale) + _shift, 0), last);
                int index = (int)position;
                float product = (entries[2 * index] + (entries[(2 * index) + 1] * (position - index))) * factor * v[i];
                d[i] = add ? d[i] + product : product;
            }
        }
    }
}
