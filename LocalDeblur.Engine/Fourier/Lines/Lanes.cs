using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// Eight complex numbers, one of each of eight independent lines. In memory an element is <c>[re×8 | im×8]</c>, one cache line,
/// so that butterflies need no shuffle.
/// </summary>
/// <param name="re">Real parts.</param>
/// <param name="im">Imaginary parts.</param>
internal readonly unsafe struct Lanes(Vector256<float> re, Vector256<float> im)
{
    /// <summary>Lines that are transformed together.</summary>
    public const int Width = 8;

    /// <summary>Floats of one element.</summary>
    public const int Floats = 2 * Width;

    /// <summary>Real parts.</summary>
    public readonly Vector256<float> Re = re;

    /// <summary>Imaginary parts.</summary>
    public readonly Vector256<float> Im = im;

    /// <summary>Eight zeros.</summary>
    public static Lanes Zero => default;

    /// <summary>Reads one element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Load(float* element) => new(Vector256.Load(element), Vector256.Load(element + Width));

    /// <summary>Reads one element with real and imaginary part exchanged: the inverse transform is the forward one between two exchanges.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes LoadSwapped(float* element) => new(Vector256.Load(element + Width), Vector256.Load(element));

    /// <summary>Writes one element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* element)
    {
        Vector256.Store(Re, element);
        Vector256.Store(Im, element + Width);
    }

    /// <summary>a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(Lanes a, Lanes b) => new(a.Re + b.Re, a.Im + b.Im);

    /// <summary>a − b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes a, Lanes b) => new(a.Re - b.Re, a.Im - b.Im);

    /// <summary>a·f for a real f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(Lanes a, Vector256<float> f) => new(a.Re * f, a.Im * f);

    /// <summary>a + i·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes AddI(Lanes a, Lanes b) => new(a.Re - b.Im, a.Im + b.Re);

    /// <summary>a − i·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes SubtractI(Lanes a, Lanes b) => new(a.Re + b.Im, a.Im - b.Re);

    /// <summary>a + f·b for a real f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes MultiplyAdd(Lanes b, Vector256<float> f, Lanes a) => new(MultiplyAdd(b.Re, f, a.Re), MultiplyAdd(b.Im, f, a.Im));

    /// <summary>a − f·b for a real f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes MultiplySubtractFrom(Lanes b, Vector256<float> f, Lanes a) => new(MultiplySubtractFrom(b.Re, f, a.Re), MultiplySubtractFrom(b.Im, f, a.Im));

    /// <summary>This number times the same complex w in all lanes.</summary>
    /// <param name="w">Real and imaginary part of w.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lanes Times(float* w)
    {
        Vector256<float> wr = Vector256.Create(w[0]);
        Vector256<float> wi = Vector256.Create(w[1]);
        return new(MultiplySubtract(Re, wr, Im * wi), MultiplyAdd(Re, wi, Im * wr));
    }

    /// <summary>a·b + c, in one rounding where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.MultiplyAddEstimate(a, b, c);

    // The portable call has no subtracting forms, and the negation would be an instruction of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplySubtract(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : Vector256.MultiplyAddEstimate(a, b, -c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplySubtractFrom(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAddNegated(a, b, c) : Vector256.MultiplyAddEstimate(-a, b, c);
}
