using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Bands;

/// <summary>The mean square of a volume around each sample, in a Gaussian window of three standard deviations that goes on at the other face of the box.</summary>
internal sealed class LocalPowers
{
    private readonly SampleGrid _grid;
    private readonly float[] _window;
    private readonly int _reach;
    private readonly float[] _rows;

    /// <summary>Sets up the window, and memory of a volume's share of one over the sample distance.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="deviation">Standard deviation of the window (voxels).</param>
    public LocalPowers(SampleGrid grid, double deviation)
    {
        _grid = grid;
        _reach = (int)Math.Floor((3 * deviation) + 0.5);
        double[] weights = [.. Enumerable.Range(-_reach, (2 * _reach) + 1).Select(i => Math.Exp(-0.5 * i * i / (deviation * deviation)))];
        double sum = weights.Sum();
        _window = [.. weights.Select(weight => (float)(weight / sum))];
        _rows = GC.AllocateUninitializedArray<float>(checked((int)Bytes(grid) / sizeof(float)));
    }

    /// <summary>Bytes that the sums hold.</summary>
    /// <param name="grid">The samples.</param>
    public static long Bytes(SampleGrid grid) => (long)sizeof(float) * grid.Map.X * grid.Size.Y * grid.Map.Z;

    /// <summary>Measures the powers.</summary>
    /// <param name="volume">One value a voxel.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <returns>One value a sample, x fastest, in a row that is <see cref="SampleLanes.Padded"/> with 0.</returns>
    public float[] Measure(float[] volume, RunLimits limits, CancellationToken cancellationToken)
    {
        float[] powers = new float[SampleLanes.Padded(_grid)];
        limits.ForEach(_grid.Map.Z, z => SumAlongY(volume, z), cancellationToken);
        limits.ForEach(_grid.Size.Z, z => SumAlongZAndX(powers, z), cancellationToken);
        return powers;
    }

    private void SumAlongY(float[] volume, int z)
    {
        (int nx, int ny) = (_grid.Map.X, _grid.Map.Y);
        float[] squares = ArrayPool<float>.Shared.Rent(nx * ny);
        ReadOnlySpan<float> plane = volume.AsSpan((int)_grid.Map.Offset(0, 0, z), nx * ny);
        TensorPrimitives.Multiply(plane, plane, squares);
        Span<int> starts = stackalloc int[_window.Length];
        for (int sample = 0; sample < _grid.Size.Y; sample++)
        {
            for (int tap = 0; tap < starts.Length; tap++)
            {
                starts[tap] = Wrap((sample * _grid.Step) + tap - _reach, ny) * nx;
            }

            WeightedSum(squares, starts, Row(sample, z));
        }

        ArrayPool<float>.Shared.Return(squares);
    }

    private void SumAlongZAndX(float[] powers, int sampleZ)
    {
        int nx = _grid.Map.X;
        int phaseLength = ((_window.Length + _grid.Step - 1) / _grid.Step) + _grid.Size.X;
        float[] line = ArrayPool<float>.Shared.Rent(nx);
        double[] phases = ArrayPool<double>.Shared.Rent(phaseLength * _grid.Step);
        Span<int> starts = stackalloc int[_window.Length];
        Span<int> places = stackalloc int[_window.Length];
        for (int tap = 0; tap < places.Length; tap++)
        {
            places[tap] = (tap % _grid.Step * phaseLength) + (tap / _grid.Step);
        }

        for (int sampleY = 0; sampleY < _grid.Size.Y; sampleY++)
        {
            for (int tap = 0; tap < starts.Length; tap++)
            {
                int z = Wrap((sampleZ * _grid.Step) + tap - _reach, _grid.Map.Z);
                starts[tap] = RowStart(sampleY, z);
            }

            WeightedSum(_rows, starts, line.AsSpan(0, nx));

            // What is a sample's distance apart stands side by side.
            int x = Wrap(-_reach, nx);
            for (int i = 0; i < phaseLength; i++)
            {
                for (int phase = 0; phase < _grid.Step; phase++)
                {
                    phases[(phase * phaseLength) + i] = line[x];
                    x = x + 1 == nx ? 0 : x + 1;
                }
            }

            SumAlongX(phases, places, powers.AsSpan(((sampleZ * _grid.Size.Y) + sampleY) * _grid.Size.X, _grid.Size.X));
        }

        ArrayPool<double>.Shared.Return(phases);
        ArrayPool<float>.Shared.Return(line);
    }

    private int RowStart(int sampleY, int z) => (int)((((long)z * _grid.Size.Y) + sampleY) * _grid.Map.X);

    private Span<float> Row(int sampleY, int z) => _rows.AsSpan(RowStart(sampleY, z), _grid.Map.X);

    // Few values, in double and in order: the same on every machine.
    private void SumAlongX(ReadOnlySpan<double> phases, ReadOnlySpan<int> starts, Span<float> target)
    {
        ref double first = ref MemoryMarshal.GetReference(phases);
        int sample = 0;
        for (; sample <= target.Length - SampleLanes.Count; sample += SampleLanes.Count)
        {
            Vector256<double> sum = Vector256<double>.Zero;
            for (int tap = 0; tap < starts.Length; tap++)
            {
                sum += Vector256.LoadUnsafe(ref first, (nuint)(starts[tap] + sample)) * _window[tap];
            }

            Vector128.Narrow(sum.GetLower(), sum.GetUpper()).CopyTo(target[sample..]);
        }

        for (; sample < target.Length; sample++)
        {
            double sum = 0;
            for (int tap = 0; tap < starts.Length; tap++)
            {
                sum += phases[starts[tap] + sample] * _window[tap];
            }

            target[sample] = (float)sum;
        }
    }

    // Rows of one array, each times its tap of the window, value by value in the order of the taps. The rows lie within the array: that is not looked at for each value.
    private void WeightedSum(ReadOnlySpan<float> values, ReadOnlySpan<int> starts, Span<float> sum)
    {
        const int Width = 8;
        ref float from = ref MemoryMarshal.GetReference(values);
        ref float to = ref MemoryMarshal.GetReference(sum);
        int i = 0;
        for (; i <= sum.Length - (4 * Width); i += 4 * Width)
        {
            Vector256<float> sum0 = Vector256<float>.Zero, sum1 = Vector256<float>.Zero, sum2 = Vector256<float>.Zero, sum3 = Vector256<float>.Zero;
            for (int tap = 0; tap < starts.Length; tap++)
            {
                var weight = Vector256.Create(_window[tap]);
                ref float part = ref Unsafe.Add(ref from, starts[tap] + i);
                sum0 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref part), sum0);
                sum1 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref part, Width), sum1);
                sum2 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref part, 2 * Width), sum2);
                sum3 = Vector256.MultiplyAddEstimate(weight, Vector256.LoadUnsafe(ref part, 3 * Width), sum3);
            }

            ref float target = ref Unsafe.Add(ref to, i);
            sum0.StoreUnsafe(ref target);
            sum1.StoreUnsafe(ref target, Width);
            sum2.StoreUnsafe(ref target, 2 * Width);
            sum3.StoreUnsafe(ref target, 3 * Width);
        }

        for (; i < sum.Length; i++)
        {
            float one = 0;
            for (int tap = 0; tap < starts.Length; tap++)
            {
                one = float.MultiplyAddEstimate(_window[tap], values[starts[tap] + i], one);
            }

            sum[i] = one;
        }
    }

    private static int Wrap(int index, int count)
    {
        int rest = index % count;
        return rest < 0 ? rest + count : rest;
    }
}
