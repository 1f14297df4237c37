using System.Buffers;
using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Adds the rows of a band, each voxel times its interpolated weight, to a volume, and to a second one where there is one.</summary>
/// <param name="grid">The samples.</param>
/// <param name="weights">A weight for each sample.</param>
/// <param name="sum">Takes the first band, and adds the others.</param>
/// <param name="isFirst">Whether this band is the first.</param>
/// <param name="detail">Adds it too; null for none.</param>
internal readonly struct WeightedBandSink(SampleGrid grid, float[] weights, float[] sum, bool isFirst, float[]? detail) : IRowSink
{
    /// <inheritdoc/>
    public bool Wants(int y0, int count, int z) => true;

    /// <inheritdoc/>
    public void Accept(int y, int z, ReadOnlySpan<float> row)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(grid.Size.X + row.Length);
        Span<float> weight = rented.AsSpan(grid.Size.X, row.Length);
        grid.Interpolate(weights, y, z, rented.AsSpan(0, grid.Size.X), weight);
        int start = (int)grid.Map.Offset(0, y, z);
        Span<float> target = sum.AsSpan(start, row.Length);
        if (isFirst)
        {
            target.Clear();
        }

        for (int x = 0; x < row.Length; x++)
        {
            target[x] += weight[x] * row[x];
        }

        if (detail is not null)
        {
            Span<float> fine = detail.AsSpan(start, row.Length);
            for (int x = 0; x < row.Length; x++)
            {
                fine[x] += weight[x] * row[x];
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
