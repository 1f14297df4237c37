using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LocalDeblur.Fourier.Lines;

/// <summary>
/// The passes of a line transform by decimation in frequency, each written once for any butterfly. A pass splits every block
/// of length radix·m into radix blocks of length m and multiplies leg q of element j by exp(−2πi·jq/(radix·m)).
/// </summary>
/// <remarks>
/// AggressiveOptimization keeps the first transform of a process from running in unoptimised code, where it would be ten
/// times slower. The butterflies and accessors are structs that are inlined into the loops.
/// </remarks>
internal static unsafe class LinePasses
{
    /// <summary>First pass: reads through the loader, writes to the work line.</summary>
    /// <param name="loader">Gives the n input elements.</param>
    /// <param name="line">Work line of n elements.</param>
    /// <param name="m">Length of a block after the pass, n/radix.</param>
    /// <param name="twiddles">(radix−1) complex factors for each j.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void First<TButterfly, TLoader>(TLoader loader, float* line, nint m, float* twiddles)
        where TButterfly : struct, IButterfly
        where TLoader : struct, ILineLoader
    {
        nint legStride = m * Lanes.Floats;
        for (nint j = 0; j < m; j++)
        {
            TButterfly.Apply(new LoaderLegs<TLoader>(loader, j, m), new TwiddledLegs(line, legStride, twiddles));
            line += Lanes.Floats;
            twiddles += 2 * (TButterfly.Radix - 1);
        }
    }

    /// <summary>Pass in the middle, in place.</summary>
    /// <param name="line">Work line.</param>
    /// <param name="blocks">Number of blocks before the pass.</param>
    /// <param name="m">Length of a block after the pass.</param>
    /// <param name="twiddles">(radix−1) complex factors for each j.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Middle<TButterfly>(float* line, nint blocks, nint m, float* twiddles)
        where TButterfly : struct, IButterfly
    {
        nint legStride = m * Lanes.Floats;
        for (nint block = 0; block < blocks; block++)
        {
            float* w = twiddles;
            for (nint j = 0; j < m; j++)
            {
                TButterfly.Apply(new LineLegs(line, legStride), new TwiddledLegs(line, legStride, w));
                line += Lanes.Floats;
                w += 2 * (TButterfly.Radix - 1);
            }

            line += (TButterfly.Radix - 1) * legStride;
        }
    }

    /// <summary>Last pass: hands the results to the storer by frequency, which undoes the digit reversal at no cost.</summary>
    /// <param name="storer">Takes the n results.</param>
    /// <param name="line">Work line.</param>
    /// <param name="blocks">Number of blocks, n/radix.</param>
    /// <param name="frequencies">Lowest frequency of each block; the others follow at distance <paramref name="blocks"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Last<TButterfly, TStorer>(TStorer storer, float* line, nint blocks, int* frequencies)
        where TButterfly : struct, IButterfly
        where TStorer : struct, ILineStorer
    {
        for (nint block = 0; block < blocks; block++)
        {
            TButterfly.Apply(new LineLegs(line, Lanes.Floats), new StorerLegs<TStorer>(storer, frequencies[block], blocks));
            line += TButterfly.Radix * Lanes.Floats;
        }
    }

    /// <summary>Last pass in place; the results stay in digit-reversed order.</summary>
    /// <param name="line">Work line.</param>
    /// <param name="blocks">Number of blocks, n/radix.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LastInPlace<TButterfly>(float* line, nint blocks)
        where TButterfly : struct, IButterfly
    {
        for (nint block = 0; block < blocks; block++)
        {
            TButterfly.Apply(new LineLegs(line, Lanes.Floats), new LineLegs(line, Lanes.Floats));
            line += TButterfly.Radix * Lanes.Floats;
        }
    }

    /// <summary>Copies the elements of a loader to a work line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<TLoader>(TLoader loader, float* line, nint n)
        where TLoader : struct, ILineLoader
    {
        for (nint i = 0; i < n; i++)
        {
            loader.Load(i).Store(line + i * Lanes.Floats);
        }
    }

    private readonly struct LoaderLegs<TLoader>(TLoader loader, nint first, nint step) : ILegSource
        where TLoader : struct, ILineLoader
    {
        private readonly TLoader _loader = loader;
        private readonly nint _first = first;
        private readonly nint _step = step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Get(nint leg) => _loader.Load(_first + leg * _step);
    }

    private readonly struct StorerLegs<TStorer>(TStorer storer, nint first, nint step) : ILegTarget
        where TStorer : struct, ILineStorer
    {
        private readonly TStorer _storer = storer;
        private readonly nint _first = first;
        private readonly nint _step = step;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(nint leg, Lanes value) => _storer.Store(_first + leg * _step, value);
    }

    private readonly struct LineLegs(float* first, nint stride) : ILegSource, ILegTarget
    {
        private readonly float* _first = first;
        private readonly nint _stride = stride;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Get(nint leg) => Lanes.Load(_first + leg * _stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(nint leg, Lanes value) => value.Store(_first + leg * _stride);
    }

    private readonly struct TwiddledLegs(float* first, nint stride, float* twiddles) : ILegTarget
    {
        private readonly float* _first = first;
        private readonly float* _twiddles = twiddles;
        private readonly nint _stride = stride;

        // The leg is a constant at every call, so the test is gone after inlining.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(nint leg, Lanes value)
        {
            if (leg != 0)
            {
                value = value.Times(_twiddles + 2 * (leg - 1));
            }

            value.Store(_first + leg * _stride);
        }
    }
}

/// <summary>
/// The same passes for an odd radix without a kernel of its own (11, 13 … 61). The butterfly uses the symmetry of cosine and
/// sine and costs about radix² operations, held in a small scratch table.
/// </summary>
internal static unsafe class OddRadixPasses
{
    /// <summary>Floats of scratch for one butterfly.</summary>
    public static int ScratchFloats(int radix) => 2 * radix * Lanes.Floats;

    /// <summary>cos and sin of 2π·jk/radix for k, j = 1 … (radix−1)/2, as pairs, k slowest.</summary>
    public static float[] Table(int radix)
    {
        int half = (radix - 1) / 2;
        var table = new float[2 * half * half];
        for (int k = 1, i = 0; k <= half; k++)
        {
            for (int j = 1; j <= half; j++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * (j * k % radix) / radix);
                table[i++] = (float)cos;
                table[i++] = (float)sin;
            }
        }

        return table;
    }

    /// <summary>First pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void First<TLoader>(TLoader loader, float* line, int radix, nint m, float* twiddles, float* table, float* scratch)
        where TLoader : struct, ILineLoader
    {
        float* y = scratch + radix * Lanes.Floats;
        for (nint j = 0; j < m; j++)
        {
            for (int q = 0; q < radix; q++)
            {
                loader.Load(j + q * m).Store(scratch + q * Lanes.Floats);
            }

            Transform(radix, scratch, y, table);
            PutTwiddled(radix, y, line, m * Lanes.Floats, twiddles);
            line += Lanes.Floats;
            twiddles += 2 * (radix - 1);
        }
    }

    /// <summary>Pass in the middle, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Middle(float* line, int radix, nint blocks, nint m, float* twiddles, float* table, float* scratch)
    {
        float* y = scratch + radix * Lanes.Floats;
        nint legStride = m * Lanes.Floats;
        for (nint block = 0; block < blocks; block++)
        {
            float* w = twiddles;
            for (nint j = 0; j < m; j++)
            {
                for (int q = 0; q < radix; q++)
                {
                    Lanes.Load(line + q * legStride).Store(scratch + q * Lanes.Floats);
                }

                Transform(radix, scratch, y, table);
                PutTwiddled(radix, y, line, legStride, w);
                line += Lanes.Floats;
                w += 2 * (radix - 1);
            }

            line += (radix - 1) * legStride;
        }
    }

    /// <summary>Last pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Last<TStorer>(TStorer storer, float* line, int radix, nint blocks, int* frequencies, float* table, float* scratch)
        where TStorer : struct, ILineStorer
    {
        float* y = scratch + radix * Lanes.Floats;
        for (nint block = 0; block < blocks; block++)
        {
            for (int q = 0; q < radix; q++)
            {
                Lanes.Load(line + q * Lanes.Floats).Store(scratch + q * Lanes.Floats);
            }

            Transform(radix, scratch, y, table);
            for (int q = 0; q < radix; q++)
            {
                storer.Store(frequencies[block] + q * blocks, Lanes.Load(y + q * Lanes.Floats));
            }

            line += radix * Lanes.Floats;
        }
    }

    /// <summary>Last pass in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LastInPlace(float* line, int radix, nint blocks, float* table, float* scratch)
    {
        for (nint block = 0; block < blocks; block++)
        {
            for (int q = 0; q < radix; q++)
            {
                Lanes.Load(line + q * Lanes.Floats).Store(scratch + q * Lanes.Floats);
            }

            Transform(radix, scratch, line, table);
            line += radix * Lanes.Floats;
        }
    }

    // x is overwritten with sums and differences of the legs j and radix−j.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(int radix, float* x, float* y, float* table)
    {
        int half = (radix - 1) / 2;
        Lanes x0 = Lanes.Load(x);
        Lanes total = x0;
        for (int j = 1; j <= half; j++)
        {
            float* low = x + j * Lanes.Floats;
            float* high = x + (radix - j) * Lanes.Floats;
            Lanes a = Lanes.Load(low), b = Lanes.Load(high);
            Lanes sum = a + b;
            sum.Store(low);
            (a - b).Store(high);
            total += sum;
        }

        total.Store(y);
        for (int k = 1; k <= half; k++)
        {
            Lanes even = x0;
            Lanes odd = Lanes.Zero;
            for (int j = 1; j <= half; j++, table += 2)
            {
                even = Lanes.MultiplyAdd(Lanes.Load(x + j * Lanes.Floats), Vector256.Create(table[0]), even);
                odd = Lanes.MultiplyAdd(Lanes.Load(x + (radix - j) * Lanes.Floats), Vector256.Create(table[1]), odd);
            }

            Lanes.SubtractI(even, odd).Store(y + k * Lanes.Floats);
            Lanes.AddI(even, odd).Store(y + (radix - k) * Lanes.Floats);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutTwiddled(int radix, float* y, float* first, nint legStride, float* twiddles)
    {
        Lanes.Load(y).Store(first);
        for (int q = 1; q < radix; q++)
        {
            Lanes.Load(y + q * Lanes.Floats).Times(twiddles + 2 * (q - 1)).Store(first + q * legStride);
        }
    }
}
