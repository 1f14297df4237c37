using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LocalDeblur.Filters;

/// <summary>
/// A coefficient as a fine table over the local resolution, read by linear interpolation: for banks that reach so far, or
/// weigh so narrowly, that no polynomial of low degree follows them.
/// </summary>
internal sealed unsafe class CoefficientTable : TermCoefficient
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
    /// <param name="bank">The bank whose weights are meant; it covers more than one resolution.</param>
    /// <param name="kernel">Its reduced form, or the explicit one.</param>
    public static CoefficientTable[] Tabulate(FilterBank bank, LowRankKernel kernel)
    {
        double step = (bank.CoarsestResolution - bank.FinestResolution) / Intervals;
        double[] resolutions = [.. Enumerable.Range(0, Intervals + 1).Select(i => bank.FinestResolution + (i * step))];
        return Array.ConvertAll(Sample(bank, kernel, resolutions), sample =>
        {
            float[] entries = new float[2 * sample.Length];
            for (int i = 0; i < sample.Length; i++)
            {
                entries[2 * i] = (float)sample[i];
                entries[(2 * i) + 1] = i < Intervals ? (float)(sample[i + 1] - sample[i]) : 0;
            }

            return new CoefficientTable(entries, (float)(1 / step), (float)(-bank.FinestResolution / step));
        });
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(ReadOnlySpan<float> resolution, ReadOnlySpan<float> values, float factor, bool add, Span<float> destination)
    {
        int length = destination.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(resolution.Length, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, length);
        fixed (float* r = resolution, v = values, d = destination, entries = _entries)
        {
            int i = 0;
            if (Avx2.IsSupported)
            {
                double* pairs = (double*)entries;
                Vector256<float> scale = Vector256.Create(_scale);
                Vector256<float> shift = Vector256.Create(_shift);
                Vector256<float> top = Vector256.Create((float)Intervals);
                Vector256<float> common = Vector256.Create(factor);
                for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
                {
                    Vector256<float> at = Vector256.Load(r + i);
                    Vector256<float> position = Vector256.MinNative(Vector256.MaxNative((at * scale) + shift, Vector256<float>.Zero), top);
                    Vector256<int> index = Vector256.ConvertToInt32Native(position);
                    Vector256<float> fraction = position - Vector256.ConvertToSingle(index);
                    Vector256<float> low = Avx2.GatherVector256(pairs, index.GetLower(), sizeof(double)).AsSingle();
                    Vector256<float> high = Avx2.GatherVector256(pairs, index.GetUpper(), sizeof(double)).AsSingle();

                    // The shuffles leave the lanes as 0 1 4 5 2 3 6 7; the permutation of pairs restores their order.
                    Vector256<float> value = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle();
                    Vector256<float> slope = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).AsSingle();
                    Vector256<float> product = Vector256.GreaterThan(at, Vector256<float>.Zero) & ((value + (slope * fraction)) * common * Vector256.Load(v + i));
                    (add ? Vector256.Load(d + i) + product : product).Store(d + i);
                }
            }

            for (; i < length; i++)
            {
                float position = MathF.Min(MathF.Max((r[i] * _scale) + _shift, 0), Intervals);
                int index = (int)position;
                float product = r[i] > 0 ? (entries[2 * index] + (entries[(2 * index) + 1] * (position - index))) * factor * v[i] : 0;
                d[i] = add ? d[i] + product : product;
            }
        }
    }
}
