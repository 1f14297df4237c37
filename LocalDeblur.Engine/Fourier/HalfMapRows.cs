using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Fourier;

/// <summary>The rows of a·(first + sign·second), or of a·first where there is no second: mean and difference of half maps that are never stored.</summary>
/// <param name="first">First volume, x fastest.</param>
/// <param name="second">Second volume, or null.</param>
/// <param name="subtract">True to subtract the second.</param>
/// <param name="factor">a.</param>
/// <param name="size">Their size.</param>
internal readonly struct HalfMapRows(float[] first, float[]? second, bool subtract, float factor, GridSize size) : IRowSource
{
    /// <summary>a for one map; for the mean of half maps, twice that.</summary>
    public float Factor => second is null ? factor : 2 * factor;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
    {
        int start = (int)size.Offset(0, y, z);
        ReadOnlySpan<float> row = first.AsSpan(start, size.X);
        if (second is null)
        {
            TensorPrimitives.Multiply(row, factor, scratch);
            return scratch;
        }

        ReadOnlySpan<float> other = second.AsSpan(start, size.X);
        if (subtract)
        {
            TensorPrimitives.Subtract(row, other, scratch);
        }
        else
        {
            TensorPrimitives.Add(row, other, scratch);
        }

        TensorPrimitives.Multiply(scratch, factor, scratch);
        return scratch;
    }
}
