using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Masks;

/// <summary>Rows of the product of a volume and a mask, which is never stored.</summary>
/// <param name="volume">nx·ny·nz values, x fastest.</param>
/// <param name="mask">As many factors.</param>
/// <param name="size">Size of both.</param>
/// <param name="background">What is taken off the volume before.</param>
internal readonly struct MaskedRows(ReadOnlyMemory<float> volume, ReadOnlyMemory<float> mask, GridSize size, float background = 0) : IRowSource
{
    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
    {
        int offset = (int)size.Offset(0, y, z);
        Span<float> row = scratch[..size.X];
        TensorPrimitives.Subtract(volume.Span.Slice(offset, size.X), background, row);
        TensorPrimitives.Multiply(row, mask.Span.Slice(offset, size.X), row);
        return row;
    }
}
