using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace LocalDeblur.Sharpening.HalfMapWiener;

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
    /// <param name="powers">Takes one value a sample, x fastest.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Measure(float[] volume, float[] powers, RunLimits limits, CancellationToken cancellationToken)
    {
        limits.ForEach(_grid.Map.Z, z => SumAlongY(volume, z), cancellationToken);
        limits.ForEach(_grid.Size.Z, z => SumAlongZAndX(powers, z), cancellationToken);
    }

    private void SumAlongY(float[] volume, int z)
    {
        (int nx, int ny) = (_grid.Map.X, _grid.Map.Y);
        float[] squares = ArrayPool<float>.Shared.Rent(nx * ny);
        ReadOnlySpan<float> plane = volume.AsSpan((int)_grid.Map.Offset(0, 0, z), nx * ny);
        TensorPrimitives.Multiply(plane, plane, squares);
        for (int sample = 0; sample < _grid.Size.Y; sample++)
        {
            Span<float> sum = Row(sample, z);
            sum.Clear();
            for (int tap = 0; tap < _window.Length; tap++)
            {
                int y = Wrap((sample * _grid.Step) + tap - _reach, ny);
                MultiplyAdd(squares.AsSpan(y * nx, nx), _window[tap], sum);
            }
        }

        ArrayPool<float>.Shared.Return(squares);
    }

    private void SumAlongZAndX(float[] powers, int sampleZ)
    {
        int nx = _grid.Map.X;
        float[] rented = ArrayPool<float>.Shared.Rent(nx + (2 * _reach));
        Span<float> wide = rented.AsSpan(0, nx + (2 * _reach));
        Span<float> line = wide.Slice(_reach, nx);
        for (int sampleY = 0; sampleY < _grid.Size.Y; sampleY++)
        {
            line.Clear();
            for (int tap = 0; tap < _window.Length; tap++)
            {
                int z = Wrap((sampleZ * _grid.Step) + tap - _reach, _grid.Map.Z);
                MultiplyAdd(Row(sampleY, z), _window[tap], line);
            }

            for (int x = 0; x < _reach; x++)
            {
                wide[x] = line[Wrap(x - _reach, nx)];
                wide[_reach + nx + x] = line[Wrap(nx + x, nx)];
            }

            Span<float> target = powers.AsSpan(((sampleZ * _grid.Size.Y) + sampleY) * _grid.Size.X, _grid.Size.X);
            for (int sampleX = 0; sampleX < target.Length; sampleX++)
            {
                target[sampleX] = Dot(wide.Slice(sampleX * _grid.Step, _window.Length));
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private Span<float> Row(int sampleY, int z) => _rows.AsSpan((int)((((long)z * _grid.Size.Y) + sampleY) * _grid.Map.X), _grid.Map.X);

    // Few values, in double and in order: the same on every machine.
    private float Dot(ReadOnlySpan<float> values)
    {
        double sum = 0;
        for (int i = 0; i < _window.Length; i++)
        {
            sum += (double)values[i] * _window[i];
        }

        return (float)sum;
    }

    // Value by value, so that the width of the machine's registers does not matter.
    private static void MultiplyAdd(ReadOnlySpan<float> values, float factor, Span<float> sum)
    {
        int i = 0;
        var factors = new Vector<float>(factor);
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Span<float> part = sum[i..];
            (new Vector<float>(part) + (factors * new Vector<float>(values[i..]))).CopyTo(part);
        }

        for (; i < values.Length; i++)
        {
            sum[i] += factor * values[i];
        }
    }

    private static int Wrap(int index, int count)
    {
        int rest = index % count;
        return rest < 0 ? rest + count : rest;
    }
}
