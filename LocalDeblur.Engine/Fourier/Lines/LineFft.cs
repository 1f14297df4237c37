using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// Complex forward transform of one length on eight lines at once, unscaled: X_k = Σ_j x_j·exp(−2πi·jk/n).
/// The inverse is the same transform with real and imaginary part exchanged on both sides.
/// </summary>
/// <remarks>Immutable once made, except for <see cref="Dispose"/>; any number of threads may use it, each with scratch of its own.</remarks>
internal sealed unsafe class LineFft : IDisposable
{
    private readonly Pass[] _passes = [];
    private readonly ChirpLine? _chirp;
    private readonly NativeBuffer? _tables;
    private readonly int* _frequencies;

    /// <summary>Makes the tables for a length.</summary>
    /// <param name="length">Number of points, at least 1.</param>
    public LineFft(int length) : this(length, RadixPlan.Covers(length) ? RadixPlan.Radices(length) : [])
    {
    }

    /// <summary>Makes the tables for given radices; none stands for the chirp transform, or for length 1.</summary>
    /// <param name="length">Number of points, at least 1.</param>
    /// <param name="radices">The radices in the order of their passes.</param>
    public LineFft(int length, int[] radices)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        Positions = new int[length];
        if (radices.Length == 0)
        {
            for (int i = 0; i < length; i++)
            {
                Positions[i] = i;
            }

            if (length > 1)
            {
                _chirp = new ChirpLine(length);
            }

            ScratchFloats = _chirp?.ScratchFloats ?? Lanes.Floats;
            return;
        }

        _tables = NativeBuffer.OfFloats(TableFloats(length, radices));
        float* free = _tables.Floats;
        _passes = new Pass[radices.Length];
        int butterfly = 0;
        for (int i = 0, block = length; i < radices.Length; i++)
        {
            int radix = radices[i];
            int m = block / radix;
            float* twiddles = free;
            for (int j = 0; j < m; j++)
            {
                for (int q = 1; q < radix; q++)
                {
                    (double sin, double cos) = Math.SinCos(-2 * Math.PI * ((long)j * q % block) / block);
                    *free++ = (float)cos;
                    *free++ = (float)sin;
                }
            }

            float* odd = free;
            if (IsGeneric(radix))
            {
                float[] table = OddRadixPasses.Table(radix);
                table.CopyTo(new Span<float>(free, table.Length));
                free += table.Length;
                butterfly = Math.Max(butterfly, OddRadixPasses.ScratchFloats(radix));
            }

            _passes[i] = new Pass(radix, m, twiddles, odd);
            block = m;
        }

        ScratchFloats = (long)length * Lanes.Floats + butterfly;
        int[] frequencyAt = ReversePositions(radices);
        int last = radices[^1];
        _frequencies = (int*)free;
        for (int block = 0; block < length / last; block++)
        {
            _frequencies[block] = frequencyAt[block * last];
        }
    }

    private readonly struct Pass(int radix, int m, float* twiddles, float* odd)
    {
        public readonly int Radix = radix;
        public readonly int M = m;
        public readonly float* Twiddles = twiddles;
        public readonly float* Odd = odd;
    }

    /// <summary>Number of points.</summary>
    public int Length { get; }

    /// <summary>Floats of scratch that a call needs, 64-byte aligned.</summary>
    public long ScratchFloats { get; }

    /// <summary>Where <see cref="InPlace"/> leaves frequency k.</summary>
    public int[] Positions { get; }

    /// <summary>Reads through the loader and hands the results to the storer by frequency.</summary>
    /// <remarks>The loader is done before the storer begins, so both may use the same memory.</remarks>
    public void Transform<TLoader, TStorer>(TLoader loader, TStorer storer, float* scratch)
        where TLoader : struct, ILineLoader
        where TStorer : struct, ILineStorer
    {
        if (_chirp is not null)
        {
            _chirp.Transform(loader, storer, scratch);
            return;
        }

        if (_passes.Length == 0)
        {
            storer.Store(0, loader.Load(0));
            return;
        }

        if (_passes.Length == 1)
        {
            LinePasses.Copy(loader, scratch, Length);
        }
        else
        {
            First(_passes[0], loader, scratch, scratch);
        }

        nint blocks = InnerPasses(scratch, scratch, skip: 1);
        Last(_passes[^1], storer, scratch, blocks, scratch);
    }

    /// <summary>Transforms a line of contiguous elements in place; the result of frequency k lies at <see cref="Positions"/>[k].</summary>
    /// <param name="line">n elements.</param>
    /// <param name="scratch">Scratch, apart from the line.</param>
    public void InPlace(float* line, float* scratch)
    {
        if (_chirp is not null)
        {
            var elements = new StridedLine(line, Lanes.Floats);
            _chirp.Transform(elements, elements, scratch);
            return;
        }

        if (_passes.Length == 0)
        {
            return;
        }

        nint blocks = InnerPasses(line, scratch, skip: 0);
        LastInPlace(_passes[^1], line, blocks, scratch);
    }

    /// <summary>Transforms a line of contiguous elements, which it destroys, and hands the results to the storer by frequency.</summary>
    /// <param name="line">n elements.</param>
    /// <param name="storer">Takes the results; apart from the line.</param>
    /// <param name="scratch">Scratch, apart from the line.</param>
    public void Consume<TStorer>(float* line, TStorer storer, float* scratch)
        where TStorer : struct, ILineStorer
    {
        if (_chirp is not null)
        {
            _chirp.Transform(new StridedLine(line, Lanes.Floats), storer, scratch);
            return;
        }

        if (_passes.Length == 0)
        {
            storer.Store(0, Lanes.Load(line));
            return;
        }

        nint blocks = InnerPasses(line, scratch, skip: 0);
        Last(_passes[^1], storer, line, blocks, scratch);
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _tables?.Dispose();
        _chirp?.Dispose();
    }

    // Runs every pass but the last from number `skip` on; returns the number of blocks that the last pass finds.
    private nint InnerPasses(float* line, float* scratch, int skip)
    {
        nint blocks = 1;
        for (int i = 0; i < _passes.Length - 1; i++)
        {
            if (i >= skip)
            {
                Middle(_passes[i], line, blocks, scratch);
            }

            blocks *= _passes[i].Radix;
        }

        return blocks;
    }

    private void First<TLoader>(in Pass pass, TLoader loader, float* line, float* scratch)
        where TLoader : struct, ILineLoader
    {
        switch (pass.Radix)
        {
            case 2:
                LinePasses.First<Radix2, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            case 3:
                LinePasses.First<Radix3, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            case 4:
                LinePasses.First<Radix4, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            case 5:
                LinePasses.First<Radix5, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            case 7:
                LinePasses.First<Radix7, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            case 8:
                LinePasses.First<Radix8, TLoader>(loader, line, pass.M, pass.Twiddles);
                break;
            default:
                OddRadixPasses.First(loader, line, pass.Radix, pass.M, pass.Twiddles, pass.Odd, Butterfly(scratch));
                break;
        }
    }

    private void Middle(in Pass pass, float* line, nint blocks, float* scratch)
    {
        switch (pass.Radix)
        {
            case 2:
                LinePasses.Middle<Radix2>(line, blocks, pass.M, pass.Twiddles);
                break;
            case 3:
                LinePasses.Middle<Radix3>(line, blocks, pass.M, pass.Twiddles);
                break;
            case 4:
                LinePasses.Middle<Radix4>(line, blocks, pass.M, pass.Twiddles);
                break;
            case 5:
                LinePasses.Middle<Radix5>(line, blocks, pass.M, pass.Twiddles);
                break;
            case 7:
                LinePasses.Middle<Radix7>(line, blocks, pass.M, pass.Twiddles);
                break;
            case 8:
                LinePasses.Middle<Radix8>(line, blocks, pass.M, pass.Twiddles);
                break;
            default:
                OddRadixPasses.Middle(line, pass.Radix, blocks, pass.M, pass.Twiddles, pass.Odd, Butterfly(scratch));
                break;
        }
    }

    private void Last<TStorer>(in Pass pass, TStorer storer, float* line, nint blocks, float* scratch)
        where TStorer : struct, ILineStorer
    {
        switch (pass.Radix)
        {
            case 2:
                LinePasses.Last<Radix2, TStorer>(storer, line, blocks, _frequencies);
                break;
            case 3:
                LinePasses.Last<Radix3, TStorer>(storer, line, blocks, _frequencies);
                break;
            case 4:
                LinePasses.Last<Radix4, TStorer>(storer, line, blocks, _frequencies);
                break;
            case 5:
                LinePasses.Last<Radix5, TStorer>(storer, line, blocks, _frequencies);
                break;
            case 7:
                LinePasses.Last<Radix7, TStorer>(storer, line, blocks, _frequencies);
                break;
            case 8:
                LinePasses.Last<Radix8, TStorer>(storer, line, blocks, _frequencies);
                break;
            default:
                OddRadixPasses.Last(storer, line, pass.Radix, blocks, _frequencies, pass.Odd, Butterfly(scratch));
                break;
        }
    }

    private void LastInPlace(in Pass pass, float* line, nint blocks, float* scratch)
    {
        switch (pass.Radix)
        {
            case 2:
                LinePasses.LastInPlace<Radix2>(line, blocks);
                break;
            case 3:
                LinePasses.LastInPlace<Radix3>(line, blocks);
                break;
            case 4:
                LinePasses.LastInPlace<Radix4>(line, blocks);
                break;
            case 5:
                LinePasses.LastInPlace<Radix5>(line, blocks);
                break;
            case 7:
                LinePasses.LastInPlace<Radix7>(line, blocks);
                break;
            case 8:
                LinePasses.LastInPlace<Radix8>(line, blocks);
                break;
            default:
                OddRadixPasses.LastInPlace(line, pass.Radix, blocks, pass.Odd, Butterfly(scratch));
                break;
        }
    }

    // The scratch holds the work line first and the odd butterfly's table after it.
    private float* Butterfly(float* scratch) => scratch + (long)Length * Lanes.Floats;

    private static bool IsGeneric(int radix) => radix > 8;

    private static long TableFloats(int length, int[] radices)
    {
        long floats = length;
        int block = length;
        foreach (int radix in radices)
        {
            block /= radix;
            floats += 2L * block * (radix - 1);
            if (IsGeneric(radix))
            {
                floats += OddRadixPasses.Table(radix).Length;
            }
        }

        return floats;
    }

    // Fills Positions and returns its inverse.
    private int[] ReversePositions(int[] radices)
    {
        var frequencyAt = new int[Length];
        for (int position = 0; position < Length; position++)
        {
            int rest = position, frequency = 0, weight = 1, block = Length;
            foreach (int radix in radices)
            {
                block /= radix;
                frequency += rest / block * weight;
                rest %= block;
                weight *= radix;
            }

            Positions[frequency] = position;
            frequencyAt[position] = frequency;
        }

        return frequencyAt;
    }
}
