using System.Runtime.CompilerServices;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// Bluestein's chirp transform, for lengths with a large prime factor: with jk = (j² + k² − (k−j)²)/2 the transform becomes a
/// convolution with a chirp, done by transforms of a longer, smooth length. About four times as slow as a neighbour without
/// large primes, and a little less accurate (3e-7 instead of 1.6e-7).
/// </summary>
internal sealed unsafe class ChirpLine : IDisposable
{
    private readonly int _length;
    private readonly int _padded;
    private readonly LineFft _inner;
    private readonly NativeBuffer _tables;
    private readonly float* _chirp;
    private readonly float* _kernel;

    /// <summary>Makes the tables for a length.</summary>
    public ChirpLine(int length)
    {
        _length = length;
        _padded = RadixPlan.NextFast(2 * length - 1);
        _inner = new LineFft(_padded);
        _tables = NativeBuffer.OfFloats(2L * length + 2L * _padded);
        _chirp = _tables.Floats;
        _kernel = _chirp + 2L * length;

        // exp(−πi·j²/n), the square reduced first so that the angle stays exact; the kernel is its conjugate, wrapped.
        var re = new double[_padded];
        var im = new double[_padded];
        for (int j = 0; j < length; j++)
        {
            (double sin, double cos) = Math.SinCos(Math.PI * ((long)j * j % (2L * length)) / length);
            _chirp[2 * j] = (float)cos;
            _chirp[2 * j + 1] = (float)-sin;
            re[j] = cos;
            im[j] = sin;
            if (j > 0)
            {
                (re[_padded - j], im[_padded - j]) = (cos, sin);
            }
        }

        TransformKernel(re, im);
        ScratchFloats = 2L * _padded * Lanes.Floats + _inner.ScratchFloats;
    }

    /// <summary>Floats of scratch that a call needs.</summary>
    public long ScratchFloats { get; }

    /// <summary>Reads through the loader and hands the results to the storer by frequency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform<TLoader, TStorer>(TLoader loader, TStorer storer, float* scratch)
        where TLoader : struct, ILineLoader
        where TStorer : struct, ILineStorer
    {
        float* a = scratch;
        float* b = a + (long)_padded * Lanes.Floats;
        float* inner = b + (long)_padded * Lanes.Floats;
        int[] positions = _inner.Positions;

        for (int j = 0; j < _length; j++)
        {
            loader.Load(j).Times(_chirp + 2 * j).Store(a + (long)j * Lanes.Floats);
        }

        for (int j = _length; j < _padded; j++)
        {
            Lanes.Zero.Store(a + (long)j * Lanes.Floats);
        }

        _inner.InPlace(a, inner);
        for (int k = 0; k < _padded; k++)
        {
            Lanes product = Lanes.Load(a + (long)positions[k] * Lanes.Floats).Times(_kernel + 2 * k);
            // Exchanged, so that the second forward transform is the inverse one.
            new Lanes(product.Im, product.Re).Store(b + (long)k * Lanes.Floats);
        }

        _inner.InPlace(b, inner);
        for (int k = 0; k < _length; k++)
        {
            storer.Store(k, Lanes.LoadSwapped(b + (long)positions[k] * Lanes.Floats).Times(_chirp + 2 * k));
        }
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _inner.Dispose();
        _tables.Dispose();
    }

    // The kernel is transformed once, so the plain double sum is good enough; 1/padded is folded in.
    private void TransformKernel(double[] re, double[] im)
    {
        int n = _padded;
        var cos = new double[n];
        var sin = new double[n];
        for (int i = 0; i < n; i++)
        {
            (sin[i], cos[i]) = Math.SinCos(-2 * Math.PI * i / n);
        }

        for (int k = 0; k < n; k++)
        {
            double sumRe = 0, sumIm = 0;
            for (int j = 0, angle = 0; j < n; j++)
            {
                sumRe += re[j] * cos[angle] - im[j] * sin[angle];
                sumIm += re[j] * sin[angle] + im[j] * cos[angle];
                angle += k;
                if (angle >= n)
                {
                    angle -= n;
                }
            }

            _kernel[2 * k] = (float)(sumRe / n);
            _kernel[2 * k + 1] = (float)(sumIm / n);
        }
    }
}
