using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LocalDeblur.Fourier.Lines;

/// <summary>Eight vectors of eight floats, transposed on their way to memory.</summary>
internal static unsafe class Transpose8
{
    /// <summary>Writes column i of the matrix with rows <paramref name="r0"/> … <paramref name="r7"/> to <c>target + i·stride</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        Vector256<float> r4, Vector256<float> r5, Vector256<float> r6, Vector256<float> r7,
        float* target, nint stride)
    {
        if (!Avx.IsSupported)
        {
            StoreQuarter(r0.GetLower(), r1.GetLower(), r2.GetLower(), r3.GetLower(), target, stride);
            StoreQuarter(r4.GetLower(), r5.GetLower(), r6.GetLower(), r7.GetLower(), target + 4, stride);
            StoreQuarter(r0.GetUpper(), r1.GetUpper(), r2.GetUpper(), r3.GetUpper(), target + 4 * stride, stride);
            StoreQuarter(r4.GetUpper(), r5.GetUpper(), r6.GetUpper(), r7.GetUpper(), target + 4 * stride + 4, stride);
            return;
        }

        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1);
        Vector256<float> a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5);
        Vector256<float> a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        // 0x44 joins the lower pairs of both operands, 0xEE the upper pairs.
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xEE);
        Vector256<float> b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xEE);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xEE);
        Vector256<float> b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xEE);
        // 0x20 joins the lower halves, 0x31 the upper halves.
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x20), target);
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x20), target + stride);
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x20), target + 2 * stride);
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x20), target + 3 * stride);
        target += 4 * stride;
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x31), target);
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x31), target + stride);
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x31), target + 2 * stride);
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x31), target + 3 * stride);
    }

    /// <summary>Reads eight rows and writes their columns: element (i, j) goes from <c>source + i·sourceStride + j</c> to <c>target + j·targetStride + i</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, nint sourceStride, float* target, nint targetStride)
    {
        float* upper = source + 4 * sourceStride;
        if (!Avx.IsSupported)
        {
            Store(
                Vector256.Load(source), Vector256.Load(source + sourceStride), Vector256.Load(source + 2 * sourceStride), Vector256.Load(source + 3 * sourceStride),
                Vector256.Load(upper), Vector256.Load(upper + sourceStride), Vector256.Load(upper + 2 * sourceStride), Vector256.Load(upper + 3 * sourceStride),
                target, targetStride);
            return;
        }

        // Halves that are joined while loading save the eight cross-lane permutations.
        for (int half = 0; half < 2; half++)
        {
            Vector256<float> r0 = Join(source, upper);
            Vector256<float> r1 = Join(source + sourceStride, upper + sourceStride);
            Vector256<float> r2 = Join(source + 2 * sourceStride, upper + 2 * sourceStride);
            Vector256<float> r3 = Join(source + 3 * sourceStride, upper + 3 * sourceStride);
            Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1);
            Vector256<float> a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
            Vector256.Store(Avx.Shuffle(a0, a2, 0x44), target);
            Vector256.Store(Avx.Shuffle(a0, a2, 0xEE), target + targetStride);
            Vector256.Store(Avx.Shuffle(a1, a3, 0x44), target + 2 * targetStride);
            Vector256.Store(Avx.Shuffle(a1, a3, 0xEE), target + 3 * targetStride);
            source += 4;
            upper += 4;
            target += 4 * targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Join(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    // One 4×4 block: interleaving rows twice transposes it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreQuarter(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3, float* target, nint stride)
    {
        Vector128<float> a0 = InterleaveLow(r0, r2), a1 = InterleaveHigh(r0, r2);
        Vector128<float> a2 = InterleaveLow(r1, r3), a3 = InterleaveHigh(r1, r3);
        Vector128.Store(InterleaveLow(a0, a2), target);
        Vector128.Store(InterleaveHigh(a0, a2), target + stride);
        Vector128.Store(InterleaveLow(a1, a3), target + 2 * stride);
        Vector128.Store(InterleaveHigh(a1, a3), target + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
        {
            return Sse.UnpackLow(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipLow(a, b);
        }

        return Vector128.Create(a.GetElement(0), b.GetElement(0), a.GetElement(1), b.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported)
        {
            return Sse.UnpackHigh(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipHigh(a, b);
        }

        return Vector128.Create(a.GetElement(2), b.GetElement(2), a.GetElement(3), b.GetElement(3));
    }
}
