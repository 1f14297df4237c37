using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Benchmarks;

/// <summary>The transform against FFTW in float with the same number of threads, in one run, in turn.</summary>
internal static unsafe class FftBenchmark
{
    // Checked against FFTW in double precision only where the copy in double is small.
    private const int LargestChecked = 256;

    public static int Run(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var options = new Options(arguments);
        int threads = options.Number("threads", 2);
        Console.WriteLine($"{RealFft3D.CodePath}, {threads} threads, {Environment.ProcessorCount} processors, .NET {Environment.Version}");
        if (options.Has("lines"))
        {
            Lines(options.Numbers("sizes", "64,192,240,256,300,320,400,512"));
        }
        else if (options.Has("fuse"))
        {
            Fuse(options.Numbers("sizes", "256"), threads, options.Number("repeats", 15));
        }
        else
        {
            Compare(options, options.Numbers("sizes", "192,240,256,300,320,400,512"), threads, options.Text("planner", "measure"), options.Number("repeats", 0));
        }

        return 0;
    }

    private static void Compare(Options options, int[] sizes, int threads, string planner, int repeats)
    {
        Fftw? fftw = options.Has("alone") ? null : Fftw.TryLoad(threads);
        if (fftw is null)
        {
            Console.WriteLine("FFTW was not found on this machine: only our own times follow.");
        }

        string wisdom = Path.Combine(Path.GetTempPath(), $"localdeblur-fftw-wisdom-{threads}.txt");
        fftw?.ImportWisdom(wisdom);
        Console.WriteLine("median ms                ours           FFTW        wall ratio    CPU ratio     relative L2 error");
        Console.WriteLine("   n               fwd    inv      fwd    inv      fwd   inv    fwd   inv    forward  round trip");
        foreach (int n in sizes)
        {
            Compare(n, threads, fftw, planner == "estimate" ? Fftw.Estimate : Fftw.Measure, repeats > 0 ? repeats : n <= 128 ? 61 : n <= 256 ? 25 : n <= 400 ? 13 : 9);
            if (planner != "estimate")
            {
                fftw?.ExportWisdom(wisdom);
            }
        }
    }

    private static void Compare(int n, int threads, Fftw? fftw, uint planner, int repeats)
    {
        var size = new GridSize(n, n, n);
        using var plan = new RealFft3D(size, threads);
        using Spectrum spectrum = plan.AllocateSpectrum();
        float[] volume = Noise(size.VoxelCount), back = new float[volume.Length];
        plan.Forward(volume, spectrum);
        string error = fftw is { HasDouble: true } && n <= LargestChecked ? Error(fftw, spectrum, volume).ToString("e1", CultureInfo.InvariantCulture) : "-";
        plan.Inverse(spectrum, back);
        TensorPrimitives.Subtract(back, volume, back);
        double roundTrip = TensorPrimitives.Norm<float>(back) / TensorPrimitives.Norm<float>(volume);

        float* real = null, complex = null;
        nint forward = 0, inverse = 0;
        if (fftw is not null)
        {
            real = fftw.Allocate(size.VoxelCount);
            complex = fftw.Allocate(2L * n * n * (n / 2 + 1));
            forward = fftw.PlanForward(n, real, complex, planner);
            inverse = fftw.PlanInverse(n, complex, real, planner);
        }

        Timings ours = new(), oursBack = new(), theirs = new(), theirsBack = new();
        for (int i = -2; i < repeats; i++)
        {
            ours.Measure(() => plan.Forward(volume, spectrum), i >= 0);
            oursBack.Measure(() => plan.Inverse(spectrum, back), i >= 0);
            if (fftw is null)
            {
                continue;
            }
            // Their transforms are unscaled: the values are put back each time so that none grows without bound.
            volume.CopyTo(new Span<float>(real, volume.Length));
            theirs.Measure(() => fftw.Execute(forward), i >= 0);
            theirsBack.Measure(() => fftw.Execute(inverse), i >= 0);
        }

        string comparison = fftw is null
            ? "       -      -        -     -      -     -"
            : $"{theirs.Wall,8:f1} {theirsBack.Wall,6:f1}   {ours.Wall / theirs.Wall,6:f2} "
                + $"{oursBack.Wall / theirsBack.Wall,5:f2} {ours.Cpu / theirs.Cpu,6:f2} {oursBack.Cpu / theirsBack.Cpu,5:f2}";
        Console.WriteLine(
            $"{n,4}³   {ours.Wall,10:f1} {oursBack.Wall,6:f1} {comparison}    {error,7}  {roundTrip:e1}    (best {ours.BestWall:f2} {oursBack.BestWall:f2}; "
                + $"CPU {ours.BestCpu:f2} {oursBack.BestCpu:f2})");
        if (fftw is not null)
        {
            fftw.Destroy(forward);
            fftw.Destroy(inverse);
            fftw.Free(real);
            fftw.Free(complex);
        }
    }

    private static double Error(Fftw fftw, Spectrum spectrum, float[] volume)
    {
        int n = spectrum.Size.X, half = n / 2 + 1;
        double* real = (double*)NativeMemory.AlignedAlloc((nuint)(volume.LongLength * sizeof(double)), 64);
        double* complex = (double*)NativeMemory.AlignedAlloc((nuint)(2L * n * n * half * sizeof(double)), 64);
        for (long i = 0; i < volume.LongLength; i++)
        {
            real[i] = volume[i];
        }

        fftw.ForwardDouble(n, real, complex);
        double difference = 0, norm = 0, scale = 1.0 / volume.LongLength;
        var re = new float[half];
        var im = new float[half];
        double* expected = complex;
        for (int z = 0; z < n; z++)
        {
            for (int y = 0; y < n; y++)
            {
                spectrum.CopyRow(y, z, re, im);
                for (int x = 0; x < half; x++, expected += 2)
                {
                    double r = expected[0] * scale, i = expected[1] * scale;
                    difference += (re[x] - r) * (re[x] - r) + (im[x] - i) * (im[x] - i);
                    norm += r * r + i * i;
                }
            }
        }

        NativeMemory.AlignedFree(real);
        NativeMemory.AlignedFree(complex);
        return Math.Sqrt(difference / norm);
    }

    // One term of out += a(r)·IFFT(b·V): everything fused, fused without using the band limit, and pass by pass.
    private static void Fuse(int[] sizes, int threads, int repeats)
    {
        Console.WriteLine("ms for out += a·IFFT(b·V)    separate   fused, b to 0.87   0.5    0.35   0.25   0.125 cycles/voxel");
        foreach (int n in sizes)
        {
            var size = new GridSize(n, n, n);
            using var plan = new RealFft3D(size, threads);
            using Spectrum spectrum = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
            float[] volume = Noise(size.VoxelCount), weight = Noise(size.VoxelCount), sum = new float[volume.Length];
            plan.Forward(volume, spectrum);
            double[] cutoffs = [0.87, 0.5, 0.35, 0.25, 0.125];
            OctantFilter[] filters = Array.ConvertAll(cutoffs, c => OctantFilter.Create(size, u => (float)Math.Exp(-4 * u * u), c, plan.Pool));
            var separate = new Timings();
            Timings[] fused = Array.ConvertAll(cutoffs, _ => new Timings());
            for (int i = -2; i < repeats; i++)
            {
                // The multiplication alone is one more pass over a spectrum; here it stays in the loader, so this favours "separate".
                separate.Measure(
                    () =>
                    {
                        plan.Inverse(spectrum, filters[0], work, volume);
                        plan.Pool.Run(n, z => TensorPrimitives.MultiplyAdd(
                            volume.AsSpan(z * n * n, n * n), weight.AsSpan(z * n * n, n * n), sum.AsSpan(z * n * n, n * n), sum.AsSpan(z * n * n, n * n)));
                    },
                    i >= 0);
                for (int c = 0; c < cutoffs.Length; c++)
                {
                    OctantFilter filter = filters[c];
                    fused[c].Measure(() => plan.Inverse(spectrum, filter, work, new AccumulateSink(sum, weight, size)), i >= 0);
                }
            }

            Console.WriteLine($"{n,4}³ wall {separate.Wall,26:f1} {fused[0].Wall,15:f1} {fused[1].Wall,9:f1} {fused[2].Wall,6:f1} {fused[3].Wall,6:f1} {fused[4].Wall,6:f1}");
            Console.WriteLine($"      CPU  {separate.Cpu,26:f1} {fused[0].Cpu,15:f1} {fused[1].Cpu,9:f1} {fused[2].Cpu,6:f1} {fused[3].Cpu,6:f1} {fused[4].Cpu,6:f1}");
            foreach (OctantFilter filter in filters)
            {
                filter.Dispose();
            }
        }
    }

    private static void Lines(int[] sizes)
    {
        foreach (int n in sizes)
        {
            foreach (bool manyRegisters in new[] { false, true })
            {
                int[] radices = RadixPlan.Radices(n, manyRegisters);
                using var line = new LineFft(n, radices);
                using var memory = NativeBuffer.OfFloats(n * Fourier.Lines.Lanes.Floats + line.ScratchFloats);
                float* values = memory.Floats;
                double best = double.MaxValue, bestThrough = double.MaxValue;
                for (int repeat = 0; repeat < 60; repeat++)
                {
                    Noise(n * Fourier.Lines.Lanes.Floats).CopyTo(new Span<float>(values, n * Fourier.Lines.Lanes.Floats));
                    long start = Stopwatch.GetTimestamp();
                    // Few enough in a row that unscaled values stay finite.
                    for (int i = 0; i < 8; i++)
                    {
                        line.InPlace(values, values + n * Fourier.Lines.Lanes.Floats);
                    }

                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / 8);
                    var strided = new StridedLine(values, Fourier.Lines.Lanes.Floats);
                    start = Stopwatch.GetTimestamp();
                    for (int i = 0; i < 8; i++)
                    {
                        line.Transform(strided, strided, values + n * Fourier.Lines.Lanes.Floats);
                    }

                    bestThrough = Math.Min(bestThrough, Stopwatch.GetElapsedTime(start).TotalSeconds / 8);
                }

                double flops = 8 * 5.0 * n * Math.Log2(n) * 1e-9;
                Console.WriteLine(
                    $"{n,4} × 8 lines [{string.Join(',', radices)}]: in place {best * 1e6:f2} µs, {flops / best:f0} Gflop/s; "
                        + $"load to store {bestThrough * 1e6:f2} µs, {flops / bestThrough:f0} Gflop/s");
            }
        }
    }

    private static float[] Noise(long count)
    {
        var values = new float[count];
        uint state = 12345;
        for (long i = 0; i < count; i++)
        {
            state = state * 1664525u + 1013904223u;
            values[i] = (state >> 8) / 16777216f - 0.5f;
        }

        return values;
    }

    private readonly struct AccumulateSink(float[] sum, float[] weight, GridSize size) : IRowSink
    {
        public bool Wants(int y0, int count, int z)
        {
            if (!Sse.IsSupported)
            {
                return true;
            }
            // What the rows will meet is asked for while they are being transformed.
            fixed (float* s = &sum[size.Offset(0, y0, z)], w = &weight[size.Offset(0, y0, z)])
            {
                for (int i = 0; i < count * size.X; i += 16)
                {
                    Sse.Prefetch1(s + i);
                    Sse.Prefetch1(w + i);
                }
            }

            return true;
        }

        public void Accept(int y, int z, ReadOnlySpan<float> row)
        {
            Span<float> target = sum.AsSpan((int)size.Offset(0, y, z), row.Length);
            TensorPrimitives.MultiplyAdd(row, weight.AsSpan((int)size.Offset(0, y, z), row.Length), target, target);
        }
    }
}
