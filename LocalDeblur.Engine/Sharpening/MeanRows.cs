using System.Numerics.Tensors;
using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening;

/// <summary>The rows of the mean of two volumes, which is never stored.</summary>
/// <param name="first">One volume, x fastest.</param>
/// <param name="second">The other.</param>
/// <param name="size">Their size.</param>
internal readonly struct MeanRows(ReadOnlyMemory<float> first, ReadOnlyMemory<float> second, GridSize size) : IRowSource
{
    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
    {
        int start = (int)size.Offset(0, y, z);
        Span<float> row = scratch[..size.X];
        TensorPrimitives.Add(first.Span.Slice(start, size.X), second.Span.Slice(start, size.X), row);
        TensorPrimitives.Multiply(row, 0.5f, row);
        return row;
    }
}
