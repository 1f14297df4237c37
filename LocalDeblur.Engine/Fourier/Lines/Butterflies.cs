using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Fourier.Lines;

/// <summary>Gives the inputs of one butterfly.</summary>
internal interface ILegSource
{
    /// <summary>Input number <paramref name="leg"/>, 0 … radix−1.</summary>
    Lanes Get(nint leg);
}

/// <summary>Takes the outputs of one butterfly.</summary>
internal interface ILegTarget
{
    /// <summary>Output number <paramref name="leg"/>, 0 … radix−1.</summary>
    void Put(nint leg, Lanes value);
}

/// <summary>
/// A forward transform of a few points, y_k = Σ_j x_j·exp(−2πi·jk/radix), written once and used by every pass. All inputs
/// are read before the first output is written, so that a butterfly may work in place.
/// </summary>
internal interface IButterfly
{
    /// <summary>Number of points.</summary>
    static abstract int Radix { get; }

    /// <summary>Transforms.</summary>
    static abstract void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget;
}

/// <summary>Two points.</summary>
internal readonly struct Radix2 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        Lanes x0 = x.Get(0), x1 = x.Get(1);
        y.Put(0, x0 + x1);
        y.Put(1, x0 - x1);
    }
}

/// <summary>Three points.</summary>
internal readonly struct Radix3 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        Vector256<float> c = Vector256.Create(-0.5f);
        Vector256<float> s = Vector256.Create(0.86602540378443865f);
        Lanes x0 = x.Get(0), x1 = x.Get(1), x2 = x.Get(2);
        Lanes sum = x1 + x2;
        Lanes difference = (x1 - x2) * s;
        Lanes middle = Lanes.MultiplyAdd(sum, c, x0);
        y.Put(0, x0 + sum);
        y.Put(1, Lanes.SubtractI(middle, difference));
        y.Put(2, Lanes.AddI(middle, difference));
    }
}

/// <summary>Four points.</summary>
internal readonly struct Radix4 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        Lanes x0 = x.Get(0), x1 = x.Get(1), x2 = x.Get(2), x3 = x.Get(3);
        Lanes a = x0 + x2, b = x0 - x2, c = x1 + x3, d = x1 - x3;
        y.Put(0, a + c);
        y.Put(1, Lanes.SubtractI(b, d));
        y.Put(2, a - c);
        y.Put(3, Lanes.AddI(b, d));
    }
}

/// <summary>Five points.</summary>
internal readonly struct Radix5 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 5;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        // Cosine and sine of 2π/5 and 4π/5.
        Vector256<float> c1 = Vector256.Create(0.30901699437494742f), s1 = Vector256.Create(0.95105651629515357f);
        Vector256<float> c2 = Vector256.Create(-0.80901699437494742f), s2 = Vector256.Create(0.58778525229247313f);
        Lanes x0 = x.Get(0), x1 = x.Get(1), x2 = x.Get(2), x3 = x.Get(3), x4 = x.Get(4);
        Lanes p1 = x1 + x4, q1 = x1 - x4, p2 = x2 + x3, q2 = x2 - x3;
        Lanes even1 = Lanes.MultiplyAdd(p2, c2, Lanes.MultiplyAdd(p1, c1, x0));
        Lanes even2 = Lanes.MultiplyAdd(p2, c1, Lanes.MultiplyAdd(p1, c2, x0));
        Lanes odd1 = Lanes.MultiplyAdd(q2, s2, q1 * s1);
        Lanes odd2 = Lanes.MultiplySubtractFrom(q2, s1, q1 * s2);
        y.Put(0, x0 + p1 + p2);
        y.Put(1, Lanes.SubtractI(even1, odd1));
        y.Put(2, Lanes.SubtractI(even2, odd2));
        y.Put(3, Lanes.AddI(even2, odd2));
        y.Put(4, Lanes.AddI(even1, odd1));
    }
}

/// <summary>Seven points.</summary>
internal readonly struct Radix7 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 7;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        // Cosine and sine of 2π/7, 4π/7 and 6π/7.
        Vector256<float> c1 = Vector256.Create(0.62348980185873353f), s1 = Vector256.Create(0.78183148246802981f);
        Vector256<float> c2 = Vector256.Create(-0.22252093395631440f), s2 = Vector256.Create(0.97492791218182361f);
        Vector256<float> c3 = Vector256.Create(-0.90096886790241913f), s3 = Vector256.Create(0.43388373911755812f);
        Lanes x0 = x.Get(0), x1 = x.Get(1), x2 = x.Get(2), x3 = x.Get(3), x4 = x.Get(4), x5 = x.Get(5), x6 = x.Get(6);
        Lanes p1 = x1 + x6, q1 = x1 - x6, p2 = x2 + x5, q2 = x2 - x5, p3 = x3 + x4, q3 = x3 - x4;
        y.Put(0, x0 + p1 + p2 + p3);
        Lanes even1 = Lanes.MultiplyAdd(p3, c3, Lanes.MultiplyAdd(p2, c2, Lanes.MultiplyAdd(p1, c1, x0)));
        Lanes odd1 = Lanes.MultiplyAdd(q3, s3, Lanes.MultiplyAdd(q2, s2, q1 * s1));
        y.Put(1, Lanes.SubtractI(even1, odd1));
        y.Put(6, Lanes.AddI(even1, odd1));
        // Multiples of the angle beyond π come back with the sine's sign changed.
        Lanes even2 = Lanes.MultiplyAdd(p3, c1, Lanes.MultiplyAdd(p2, c3, Lanes.MultiplyAdd(p1, c2, x0)));
        Lanes odd2 = Lanes.MultiplySubtractFrom(q3, s1, Lanes.MultiplySubtractFrom(q2, s3, q1 * s2));
        y.Put(2, Lanes.SubtractI(even2, odd2));
        y.Put(5, Lanes.AddI(even2, odd2));
        Lanes even3 = Lanes.MultiplyAdd(p3, c2, Lanes.MultiplyAdd(p2, c1, Lanes.MultiplyAdd(p1, c3, x0)));
        Lanes odd3 = Lanes.MultiplyAdd(q3, s2, Lanes.MultiplySubtractFrom(q2, s1, q1 * s3));
        y.Put(3, Lanes.SubtractI(even3, odd3));
        y.Put(4, Lanes.AddI(even3, odd3));
    }
}

/// <summary>Eight points: two transforms of four, joined.</summary>
internal readonly struct Radix8 : IButterfly
{
    /// <inheritdoc/>
    public static int Radix => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSource, TTarget>(TSource x, TTarget y)
        where TSource : struct, ILegSource
        where TTarget : struct, ILegTarget
    {
        Vector256<float> h = Vector256.Create(0.70710678118654752f);
        Lanes x0 = x.Get(0), x2 = x.Get(2), x4 = x.Get(4), x6 = x.Get(6);
        Lanes a = x0 + x4, b = x0 - x4, c = x2 + x6, d = x2 - x6;
        Lanes e0 = a + c, e1 = Lanes.SubtractI(b, d), e2 = a - c, e3 = Lanes.AddI(b, d);

        Lanes x1 = x.Get(1), x3 = x.Get(3), x5 = x.Get(5), x7 = x.Get(7);
        a = x1 + x5;
        b = x1 - x5;
        c = x3 + x7;
        d = x3 - x7;
        Lanes o0 = a + c, o1 = Lanes.SubtractI(b, d), o2 = a - c, o3 = Lanes.AddI(b, d);

        // (1 − i)·o1 and (1 + i)·o3; the factor 1/√2 is part of the fused operations below.
        Lanes r1 = Lanes.SubtractI(o1, o1), r3 = Lanes.AddI(o3, o3);
        y.Put(0, e0 + o0);
        y.Put(1, Lanes.MultiplyAdd(r1, h, e1));
        y.Put(2, Lanes.SubtractI(e2, o2));
        // exp(−3πi/4) = −(1 + i)/√2.
        y.Put(3, Lanes.MultiplySubtractFrom(r3, h, e3));
        y.Put(4, e0 - o0);
        y.Put(5, Lanes.MultiplySubtractFrom(r1, h, e1));
        y.Put(6, Lanes.AddI(e2, o2));
        y.Put(7, Lanes.MultiplyAdd(r3, h, e3));
    }
}
