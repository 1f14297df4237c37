using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;

namespace LocalDeblur.Fourier.Monogenic;

/// <summary>A column of the spectrum times 1 − stop, with real and imaginary part exchanged.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="stop">What the filter takes away: eight values for each |k|.</param>
/// <param name="length">Length of the line.</param>
internal readonly unsafe struct StoppedSwappedLine(float* first, nint stride, float* stop, nint length) : ILineLoader
{
    private readonly float* _first = first;
    private readonly float* _stop = stop;
    private readonly nint _stride = stride;
    private readonly nint _length = length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        float* element = _first + index * _stride;
        LinePrefetch.Neighbour(element);
        return Lanes.LoadSwapped(element) * (Vector256<float>.One - Vector256.Load(_stop + nint.Min(index, _length - index) * Lanes.Width));
    }
}

/// <summary>
/// A column of the spectrum times −i·(1 − stop)/u, with real and imaginary part exchanged: what the x and the y component of the
/// Riesz transform have in common, since their own factors, kx/nx and ky/ny, do not change along z.
/// </summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="stop">What the filter takes away: eight values for each |k|.</param>
/// <param name="inverseFrequency">1/u, eight values for each |k|; 0 at u = 0.</param>
/// <param name="length">Length of the line.</param>
internal readonly unsafe struct RieszLine(float* first, nint stride, float* stop, float* inverseFrequency, nint length) : ILineLoader
{
    private readonly float* _first = first;
    private readonly float* _stop = stop;
    private readonly float* _inverseFrequency = inverseFrequency;
    private readonly nint _stride = stride;
    private readonly nint _length = length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index)
    {
        nint k = nint.Min(index, _length - index) * Lanes.Width;
        Vector256<float> factor = (Vector256<float>.One - Vector256.Load(_stop + k)) * Vector256.Load(_inverseFrequency + k);
        Lanes value = Lanes.Load(_first + index * _stride);
        // −i·(re + i·im) = im − i·re; exchanged, that is (−re, im).
        return new Lanes(-(value.Re * factor), value.Im * factor);
    }
}

/// <summary>As <see cref="RieszLine"/>, times the signed frequency along the line: the z component, complete.</summary>
/// <param name="line">The part common to all components.</param>
/// <param name="frequencies">Signed frequency of each index.</param>
internal readonly unsafe struct AxialRieszLine(RieszLine line, float* frequencies) : ILineLoader
{
    private readonly RieszLine _line = line;
    private readonly float* _frequencies = frequencies;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index) => _line.Load(index) * Vector256.Create(_frequencies[index]);
}

/// <summary>A line whose elements lie at a constant distance, each lane times a factor of its own.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="factors">Factor of each lane.</param>
internal readonly unsafe struct LaneScaledLine(float* first, nint stride, Vector256<float> factors) : ILineLoader
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;
    private readonly Vector256<float> _factors = factors;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index) => Lanes.Load(_first + index * _stride) * _factors;
}

/// <summary>A line whose elements lie at a constant distance, each element times a factor of its own.</summary>
/// <param name="first">Element 0.</param>
/// <param name="stride">Distance of neighbours, in floats.</param>
/// <param name="factors">Factor of each element.</param>
internal readonly unsafe struct ElementScaledLine(float* first, nint stride, float* factors) : ILineLoader
{
    private readonly float* _first = first;
    private readonly nint _stride = stride;
    private readonly float* _factors = factors;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Load(nint index) => Lanes.Load(_first + index * _stride) * Vector256.Create(_factors[index]);
}
