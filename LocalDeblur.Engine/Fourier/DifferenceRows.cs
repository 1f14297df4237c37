using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Fourier;

/// <summary>The rows of the difference of two volumes, which is never stored.</summary>
/// <param name="minuend">What is subtracted from, x fastest.</param>
/// <param name="subtrahend">What is subtracted.</param>
/// <param name="size">Their size.</param>
internal readonly struct DifferenceRows(float[] minuend, float[] subtrahend, GridSize size) : IRowSource
{
    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
    {
        int start = (int)size.Offset(0, y, z);
        TensorPrimitives.Subtract(minuend.AsSpan(start, size.X), subtrahend.AsSpan(start, size.X), scratch);
        return scratch;
    }
}
