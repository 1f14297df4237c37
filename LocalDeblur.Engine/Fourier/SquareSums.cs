using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;

namespace LocalDeblur.Fourier;

/// <summary>Takes a line and stores the squares of its parts: the first term of a sum.</summary>
/// <param name="sums">Element 0 of the sums.</param>
internal readonly unsafe struct Squares(float* sums) : ILineStorer
{
    private readonly float* _sums = sums;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value) => new Lanes(value.Re * value.Re, value.Im * value.Im).Store(_sums + index * Lanes.Floats);
}

/// <summary>Takes a line and adds the squares of its parts to sums.</summary>
/// <param name="sums">Element 0 of the sums.</param>
internal readonly unsafe struct AddedSquares(float* sums) : ILineStorer
{
    private readonly float* _sums = sums;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value) => Add(value, _sums + index * Lanes.Floats).Store(_sums + index * Lanes.Floats);

    /// <summary>An element of the sums and the squares of the parts of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Add(Lanes value, float* sum)
    {
        Lanes before = Lanes.Load(sum);
        return new Lanes(Lanes.MultiplyAdd(value.Re, value.Re, before.Re), Lanes.MultiplyAdd(value.Im, value.Im, before.Im));
    }
}

/// <summary>
/// Takes the line of the last term and replaces the sums by their roots, with the parts exchanged: an inverse transform leaves them so, and
/// a forward one wants them back.
/// </summary>
/// <param name="sums">Element 0 of the sums.</param>
internal readonly unsafe struct RootOfSquares(float* sums) : ILineStorer
{
    private readonly float* _sums = sums;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(nint index, Lanes value)
    {
        float* element = _sums + index * Lanes.Floats;
        Lanes sum = AddedSquares.Add(value, element);
        new Lanes(Vector256.Sqrt(sum.Im), Vector256.Sqrt(sum.Re)).Store(element);
    }
}
