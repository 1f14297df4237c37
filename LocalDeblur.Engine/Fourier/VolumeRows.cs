using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;

namespace LocalDeblur.Fourier;

/// <summary>Rows of a volume in memory, x fastest.</summary>
/// <param name="volume">nx·ny·nz values.</param>
/// <param name="size">Size of the volume.</param>
internal readonly struct VolumeRowSource(ReadOnlyMemory<float> volume, GridSize size) : IRowSource
{
    private readonly ReadOnlyMemory<float> _volume = volume;
    private readonly GridSize _size = size;

    /// <inheritdoc/>
    public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch) => _volume.Span.Slice((int)_size.Offset(0, y, z), _size.X);
}

/// <summary>Stores every row in a volume in memory, x fastest.</summary>
/// <param name="volume">nx·ny·nz values.</param>
/// <param name="size">Size of the volume.</param>
internal readonly unsafe struct VolumeRowSink(Memory<float> volume, GridSize size) : IRowSink
{
    private readonly Memory<float> _volume = volume;
    private readonly GridSize _size = size;

    /// <inheritdoc/>
    public bool Wants(int y0, int count, int z) => true;

    /// <inheritdoc/>
    public void Accept(int y, int z, ReadOnlySpan<float> row)
    {
        Span<float> target = _volume.Span.Slice((int)_size.Offset(0, y, z), _size.X);
        fixed (float* from = row, to = target)
        {
            Stream(from, to, row.Length);
        }
    }

    // Whole cache lines go past the cache: the volume is larger than it, and reading what will be overwritten costs 8–12 %.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stream(float* from, float* to, nint count)
    {
        const nint LineFloats = 16;
        // The line that a row shares with the next is written through the cache and would be waited for.
        LinePrefetch.Line(to + 8 * count);
        nint i = 0;
        // Rows of managed arrays start anywhere in a line, most often at a multiple of four floats.
        for (; i + 4 <= count && ((nint)(to + i) & 63) != 0 && ((nint)to & 15) == 0; i += 4)
        {
            Vector128.Store(Vector128.Load(from + i), to + i);
        }

        for (; i < count && ((nint)(to + i) & 63) != 0; i++)
        {
            to[i] = from[i];
        }

        for (; i + LineFloats <= count; i += LineFloats)
        {
            Vector256.StoreAlignedNonTemporal(Vector256.Load(from + i), to + i);
            Vector256.StoreAlignedNonTemporal(Vector256.Load(from + i + 8), to + i + 8);
        }

        for (; i + 4 <= count; i += 4)
        {
            Vector128.Store(Vector128.Load(from + i), to + i);
        }

        for (; i < count; i++)
        {
            to[i] = from[i];
        }
    }
}
