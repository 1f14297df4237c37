using LocalDeblur.Fourier.Lines;
using LocalDeblur.Fourier.Sweeps;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Monogenic;

/// <summary>What a monogenic plan needs beside the transform's own scratch: signed frequencies, and for each worker a plane of sums and a column.</summary>
internal sealed unsafe class MonogenicScratch : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly NativeBuffer _frequencies;
    private readonly long _columnOffset;
    private readonly long _workerFloats;
    private readonly int _yOffset;
    private readonly int _zOffset;

    /// <summary>Makes the tables.</summary>
    /// <param name="context">The transform.</param>
    /// <param name="workers">Number of workers.</param>
    public MonogenicScratch(TransformContext context, int workers)
    {
        GridSize size = context.Layout.Size;
        _columnOffset = (size.Y + RowTransform.Rows - 1L) / RowTransform.Rows * SumFloats(size);
        _workerFloats = _columnOffset + Round((long)size.Z * Lanes.Floats) + Lanes.Floats;
        _memory = NativeBuffer.OfFloats(_workerFloats * workers);

        _yOffset = context.Layout.Blocks * Lanes.Width;
        _zOffset = _yOffset + size.Y;
        _frequencies = NativeBuffer.OfFloats(_zOffset + size.Z);
        Fill(X, _yOffset, size.X);
        Fill(Y, size.Y, size.Y);
        Fill(Z, size.Z, size.Z);
    }

    /// <summary>kx/nx of each lane of each block; padding lanes have some value.</summary>
    public float* X => _frequencies.Floats;

    /// <summary>Signed ky/ny of each row.</summary>
    public float* Y => _frequencies.Floats + _yOffset;

    /// <summary>Signed kz/nz of each plane.</summary>
    public float* Z => _frequencies.Floats + _zOffset;

    /// <summary>Floats of the sums of a group of rows.</summary>
    /// <param name="size">Size of the volume.</param>
    public static nint SumFloats(GridSize size) => (nint)size.X * Lanes.Floats;

    /// <summary>Sums of squares of one plane: for each group of rows a line, as the x transform leaves it.</summary>
    public float* Plane(int worker) => _memory.Floats + worker * _workerFloats;

    /// <summary>One z column of elements.</summary>
    public float* Column(int worker) => Plane(worker) + _columnOffset;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _frequencies.Dispose();
    }

    private static void Fill(float* target, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = (float)((double)(i <= length / 2 ? i : i - length) / length);
        }
    }

    private static long Round(long floats) => (floats + Lanes.Floats - 1) / Lanes.Floats * Lanes.Floats;
}
