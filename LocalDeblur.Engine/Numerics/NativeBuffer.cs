using System.Runtime.InteropServices;

namespace LocalDeblur.Numerics;

/// <summary>
/// Aligned memory outside the collected heap, for arrays that are long, aligned, or longer than a managed array may be.
/// The contents are undefined until written.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>One cache line.</summary>
    public const int CacheLine = 64;

    /// <summary>Size of a large page on the processors we know; big buffers start on such a boundary.</summary>
    public const int LargePage = 2 << 20;

    private readonly long _bytes;
    private void* _pointer;

    /// <summary>Allocates the buffer and tells the collector about it.</summary>
    /// <param name="bytes">Size in bytes.</param>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        nuint alignment = bytes >= 4L * LargePage ? LargePage : (nuint)CacheLine;
        _pointer = NativeMemory.AlignedAlloc((nuint)bytes, alignment);
        _bytes = bytes;
        GC.AddMemoryPressure(bytes);
    }

    /// <summary>Frees a buffer that nobody disposed of.</summary>
    ~NativeBuffer() => Free();

    /// <summary>Size in bytes.</summary>
    public long Bytes => _bytes;

    /// <summary>First float.</summary>
    public float* Floats => (float*)Pointer;

    /// <summary>First byte.</summary>
    public void* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pointer == null, this);
            return _pointer;
        }
    }

    /// <summary>A buffer of a number of floats.</summary>
    /// <param name="count">Number of floats.</param>
    public static NativeBuffer OfFloats(long count) => new(checked(count * sizeof(float)));

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer == null)
        {
            return;
        }

        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(_bytes);
    }
}
