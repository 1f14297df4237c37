using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// Gives the elements of eight lines to the first pass of a line transform. Passes are generic over struct loaders and storers,
/// so that gathering, filtering and prefetching cost no pass of their own.
/// </summary>
internal interface ILineLoader
{
    /// <summary>Element <paramref name="index"/> of the line, 0 … n−1.</summary>
    Lanes Load(nint index);
}

/// <summary>Takes the elements of eight transformed lines from the last pass.</summary>
internal interface ILineStorer
{
    /// <summary>Takes the element of frequency <paramref name="index"/>, 0 … n−1.</summary>
    void Store(nint index, Lanes value);
}

/// <summary>A line whose elements lie at a constant distance.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
internal readonly unsafe struct StridedLine(float* first, nint stride) : ILineLoader, ILineStorer
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        float* element = _first + index * _stride;
        LinePrefetch.Neighbour(element);
        return Lanes.Load(element);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value) => value.Store(_first + index * _stride);
}

/// <summary>
/// A line that is written past the cache, because nobody reads it before it would have left: whole cache lines then need not
/// be read first, which gains 15 % of a forward transform.
/// </summary>
/// <remarks>Such stores are ordered by the interlocked counter of <see cref="Numerics.WorkerPool"/>, which every worker touches before a sweep ends.</remarks>
/// <param name="first">Element 0, aligned to a cache line.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
internal readonly unsafe struct StreamedLine(float* first, nint stride) : ILineStorer
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value)
    {
        float* element = _first + index * _stride;
        Vector256.StoreAlignedNonTemporal(value.Re, element);
        Vector256.StoreAlignedNonTemporal(value.Im, element + Lanes.Width);
    }
}

/// <summary>As <see cref="StridedLine"/>, with real and imaginary part exchanged on loading.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
internal readonly unsafe struct SwappedLine(float* first, nint stride) : ILineLoader
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        float* element = _first + index * _stride;
        LinePrefetch.Neighbour(element);
        return Lanes.LoadSwapped(element);
    }
}

/// <summary>As <see cref="SwappedLine"/>, times a real filter that is even in the index; beyond its reach the line counts as zero.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="filter">Eight values for each |k|.</param>
/// <param name="reach">Number of |k| that may differ from zero.</param>
/// <param name="length">Length of the line.</param>
internal readonly unsafe struct FilteredSwappedLine(float* first, nint stride, float* filter, nint reach, nint length) : ILineLoader
{
    private readonly float* _first = first;
    private readonly float* _filter = filter;
    private readonly nint _stride = stride;
    private readonly nint _reach = reach;
    private readonly nint _length = length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        nint k = nint.Min(index, _length - index);
        if (k >= _reach)
        {
            return Lanes.Zero;
        }

        float* element = _first + index * _stride;
        LinePrefetch.Neighbour(element);
        return Lanes.LoadSwapped(element) * Vector256.Load(_filter + k * Lanes.Width);
    }
}

/// <summary>As <see cref="StridedLine"/>; frequencies beyond a reach count as zero and are not read.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="reach">Number of |k| that are read.</param>
/// <param name="length">Length of the line.</param>
internal readonly unsafe struct LimitedLine(float* first, nint stride, nint reach, nint length) : ILineLoader
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;
    private readonly nint _reach = reach;
    private readonly nint _length = length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        if (nint.Min(index, _length - index) >= _reach)
        {
            return Lanes.Zero;
        }

        float* element = _first + index * _stride;
        LinePrefetch.Neighbour(element);
        return Lanes.Load(element);
    }
}

/// <summary>Prefetching for lines across memory.</summary>
internal static unsafe class LinePrefetch
{
    /// <summary>
    /// Asks for the element beside this one, which belongs to the eight lines that come next. Strided lines defeat the
    /// hardware's own prefetcher; this gains 12–15 %. Harmless at the end of the memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Neighbour(float* element) => Line(element + Lanes.Floats);

    /// <summary>Asks for contiguous memory that will be written in small strided pieces soon, each of which would wait for its line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Range(float* first, nint floats)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (nint i = 0; i < floats; i += Lanes.Floats)
        {
            Sse.Prefetch1(first + i);
        }
    }

    /// <summary>Asks for the memory a distance after a row, as much of it as the row is long. It need not exist.</summary>
    public static void After(ReadOnlySpan<float> row, nint distance)
    {
        fixed (float* first = row)
        {
            Range(first + distance, row.Length);
        }
    }

    /// <summary>Asks for one cache line. The address need not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
