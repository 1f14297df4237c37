using System.Buffers;
using System.Numerics.Tensors;
using LocalDeblur.Bands;
using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Adds the rows of a band, each voxel times its interpolated weight, to a volume.</summary>
/// <param name="grid">The samples.</param>
/// <param name="weights">A weight for each sample, interpolated along x.</param>
/// <param name="sum">Takes the first band, and adds the others.</param>
/// <param name="isFirst">Whether this band is the first.</param>
internal readonly struct WeightedBandSink(SampleGrid grid, float[] weights, float[] sum, bool isFirst) : IRowSink
{
    /// <inheritdoc/>
    public bool Wants(int y0, int count, int z) => true;

    /// <inheritdoc/>
    public void Accept(int y, int z, ReadOnlySpan<float> row)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(row.Length);
        Span<float> weight = rented.AsSpan(0, row.Length);
        grid.Interpolate(weights, y, z, weight);
        Span<float> target = sum.AsSpan((int)grid.Map.Offset(0, y, z), row.Length);
        if (isFirst)
        {
            TensorPrimitives.Multiply(weight, row, target);
        }
        else
        {
            TensorPrimitives.MultiplyAdd(weight, row, target, target);
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
