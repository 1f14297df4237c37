using System.Numerics;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using Xunit;
using static LocalDeblur.Tests.Engine.Fourier.FourierReference;

namespace LocalDeblur.Tests.Engine.Fourier;

public sealed class FourierTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 2, 1, 1 }, { 1, 2, 1 }, { 1, 1, 2 }, { 3, 1, 1 }, { 1, 7, 33 }, { 2, 3, 5 }, { 5, 3, 2 }, { 4, 4, 4 }, { 7, 8, 9 },
        { 8, 8, 8 }, { 9, 17, 3 }, { 10, 6, 15 }, { 11, 13, 17 }, { 12, 16, 20 }, { 13, 1, 64 }, { 14, 33, 2 }, { 15, 15, 15 }, { 16, 16, 16 },
        { 16, 5, 4 }, { 17, 31, 6 }, { 18, 40, 10 }, { 19, 2, 128 }, { 24, 24, 24 }, { 25, 21, 49 }, { 31, 15, 14 }, { 32, 48, 64 }, { 33, 18, 22 },
        { 61, 3, 26 }, { 67, 2, 3 }, { 3, 67, 4 }, { 2, 5, 67 }, { 127, 3, 2 }, { 131, 17, 5 }, { 5, 131, 2 }, { 251, 2, 2 }, { 262, 4, 3 }, { 3, 2, 251 },
        { 1, 262, 1 }, { 64, 1, 1 }, { 1, 1, 256 }, { 512, 1, 2 }, { 96, 20, 7 }, { 100, 34, 1 }, { 343, 2, 1 }, { 169, 2, 11 }, { 122, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAgreesWithTheSumInDoublePrecision(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size, nx + 1000 * ny + 7 * nz);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        plan.Forward(volume, spectrum, Cancel);
        Assert.InRange(Error(spectrum, Forward(volume, size)), 0, Tolerance(size));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardThenInverseReturnsInput(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        var back = new float[volume.Length];
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, back, Cancel);
        Assert.InRange(Error(back, i => volume[i]), 0, 2 * Tolerance(size));
    }

    [Fact]
    public void LongSmoothLengthsStayWithinTheErrorBound()
    {
        foreach (GridSize size in new GridSize[] { new(256, 4, 4), new(4, 320, 3), new(2, 3, 400), new(512, 2, 3), new(48, 60, 54), new(3, 480, 2), new(360, 1, 5) })
        {
            float[] volume = Noise(size);
            using var plan = new RealFft3D(size, 2);
            using Spectrum spectrum = plan.AllocateSpectrum();
            plan.Forward(volume, spectrum, Cancel);
            Assert.InRange(Error(spectrum, Forward(volume, size)), 0, SmoothTolerance);
        }
    }

    [Fact]
    public void AnyShapeAgreesWithTheReference()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt[]>(),
            lengths =>
            {
                int At(int i) => lengths.Length > i ? lengths[i].Get % 41 + 1 : 1;
                var size = new GridSize(At(0), At(1), At(2));
                float[] volume = Noise(size, At(3));
                using var plan = new RealFft3D(size, 1);
                using Spectrum spectrum = plan.AllocateSpectrum();
                plan.Forward(volume, spectrum, Cancel);
                return Error(spectrum, Forward(volume, size)) <= SmoothTolerance;
            }));
    }

    [Fact]
    public void EnergyIsTheSameInBothSpaces()
    {
        var size = new GridSize(18, 21, 20);
        float[] volume = Noise(size);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        plan.Forward(volume, spectrum, Cancel);
        double energy = 0;
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                // Every coefficient but those of kx = 0 and nx/2 stands for its mirror image too.
                for (int x = 0; x <= size.X / 2; x++)
                {
                    energy += (x == 0 || 2 * x == size.X ? 1 : 2) * Math.Pow(spectrum.Get(x, y, z).Magnitude, 2);
                }
            }
        }

        double expected = volume.Sum(v => (double)v * v) / size.VoxelCount;
        Assert.Equal(1, energy / expected, 1e-6);
    }

    [Fact]
    public void DeltaAtAPlaceHasThePhaseOfThatPlace()
    {
        var size = new GridSize(12, 10, 9);
        var volume = new float[size.VoxelCount];
        volume[size.Offset(5, 7, 2)] = (float)size.VoxelCount;
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        plan.Forward(volume, spectrum, Cancel);
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x <= size.X / 2; x++)
                {
                    Complex expected = Complex.FromPolarCoordinates(1, -2 * Math.PI * (x * 5 / 12.0 + y * 7 / 10.0 + z * 2 / 9.0));
                    Assert.InRange((spectrum.Get(x, y, z) - expected).Magnitude, 0, 1e-6);
                }
            }
        }
    }

    [Fact]
    public void TransformIsLinear()
    {
        var size = new GridSize(15, 16, 14);
        float[] a = Noise(size, 1), b = Noise(size, 2);
        using var plan = new RealFft3D(size, 2);
        using Spectrum fa = plan.AllocateSpectrum(), fb = plan.AllocateSpectrum(), fc = plan.AllocateSpectrum();
        plan.Forward(a, fa, Cancel);
        plan.Forward(b, fb, Cancel);
        plan.Forward(new CombinedSource(a, b, size), fc, Cancel);
        foreach ((int x, int y, int z) in new[] { (0, 0, 0), (7, 15, 13), (3, 8, 7), (1, 0, 5) })
        {
            Assert.InRange((fc.Get(x, y, z) - (2 * fa.Get(x, y, z) - 3 * fb.Get(x, y, z))).Magnitude, 0, 1e-7);
        }
    }

    [Fact]
    public void RowsOfASpectrumReadAsItsCoefficients()
    {
        var size = new GridSize(21, 5, 4);
        using var plan = new RealFft3D(size, 1);
        using Spectrum spectrum = plan.AllocateSpectrum();
        plan.Forward(Noise(size), spectrum, Cancel);
        float[] re = new float[11], im = new float[11];
        spectrum.CopyRow(3, 2, re, im);
        for (int x = 0; x < 11; x++)
        {
            Assert.Equal(spectrum.Get(x, 3, 2), new Complex(re[x], im[x]));
        }

        re[10] = 42;
        spectrum.SetRow(1, 3, re, im);
        Assert.Equal(new Complex(42, im[10]), spectrum.Get(10, 1, 3));
        Assert.Equal(new Complex(re[0], im[0]), spectrum.Get(0, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.Get(11, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.Get(0, 5, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.Get(0, 0, -1));
    }

    [Theory]
    [InlineData(16, 16, 16)]
    [InlineData(20, 33, 15)]
    [InlineData(7, 5, 66)]
    [InlineData(34, 3, 67)]
    [InlineData(1, 9, 8)]
    public void FilteredInverseIsTheInverseOfTheProduct(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size), result = new float[volume.Length];
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(size, Gaussian, 1);
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, filter, work, result, Cancel);

        Complex[] product = Forward(volume, size);
        for (int z = 0; z < nz; z++)
        {
            for (int y = 0; y < ny; y++)
            {
                for (int x = 0; x < nx; x++)
                {
                    int kx = Math.Min(x, nx - x), ky = Math.Min(y, ny - y), kz = Math.Min(z, nz - z);
                    product[size.Offset(x, y, z)] *= filter.Get(kx, ky, kz);
                    double u = Math.Sqrt(Math.Pow((double)kx / nx, 2) + Math.Pow((double)ky / ny, 2) + Math.Pow((double)kz / nz, 2));
                    Assert.Equal(Gaussian(u), filter.Get(kx, ky, kz), 1e-6f);
                }
            }
        }

        double[] expected = Inverse(product, size);
        Assert.InRange(Error(result, i => expected[i]), 0, 2 * Tolerance(size));

        // The source is still there: a second filter gives the plain volume back.
        using OctantFilter one = OctantFilter.Create(size, _ => 1, double.PositiveInfinity);
        plan.Inverse(spectrum, one, work, result, Cancel);
        Assert.InRange(Error(result, i => volume[i]), 0, 2 * Tolerance(size));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.08)]
    [InlineData(0.2)]
    [InlineData(0.31)]
    [InlineData(0.6)]
    public void SkippingBeyondTheCutoffChangesNoBit(double cutoff)
    {
        var size = new GridSize(50, 35, 44);
        float[] volume = Noise(size), cut = new float[volume.Length], uncut = new float[volume.Length];
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum(), product = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(size, Gaussian, cutoff, plan.Pool);
        plan.Forward(volume, spectrum, Cancel);
        int half = size.X / 2 + 1;
        float[] re = new float[half], im = new float[half];
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                spectrum.CopyRow(y, z, re, im);
                for (int x = 0; x < half; x++)
                {
                    float f = filter.Get(x, Math.Min(y, size.Y - y), Math.Min(z, size.Z - z));
                    re[x] *= f;
                    im[x] *= f;
                }

                product.SetRow(y, z, re, im);
                // Nothing of the intermediate's former contents may show.
                re.AsSpan().Fill(float.NaN);
                work.SetRow(y, z, re, re);
            }
        }

        plan.Inverse(spectrum, filter, work, cut, Cancel);
        plan.Inverse(product, uncut, Cancel);
        Assert.Equal(uncut, cut);

        // The same when the forward transform leaves out what the filter does not read.
        using Spectrum limited = plan.AllocateSpectrum();
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                limited.SetRow(y, z, re, re);
            }
        }

        plan.Forward(new VolumeRowSource(volume, size), limited, cutoff, Cancel);
        plan.Inverse(limited, filter, limited, cut, Cancel);
        Assert.Equal(uncut, cut);
    }

    [Fact]
    public void LimitedSpectrumIsZeroBeyondItsCutoffAndRefusesWiderFilters()
    {
        var size = new GridSize(40, 36, 30);
        float[] volume = Noise(size);
        using var plan = new RealFft3D(size, 2);
        using Spectrum whole = plan.AllocateSpectrum(), limited = plan.AllocateSpectrum();
        plan.Forward(volume, whole, Cancel);
        plan.Forward(new VolumeRowSource(volume, size), limited, 0.2, Cancel);
        Assert.Equal(0.2, limited.Cutoff);
        Assert.Equal(Complex.Zero, limited.Get(20, 0, 0));
        Assert.Equal(Complex.Zero, limited.Get(0, 18, 3));
        Assert.Equal(whole.Get(3, 2, 1), limited.Get(3, 2, 1));
        Assert.Equal(whole.Get(0, 34, 29), limited.Get(0, 34, 29));
        float[] re = new float[21], im = new float[21];
        limited.CopyRow(0, 0, re, im);
        Assert.Equal(0, re[20]);
        Assert.Equal(whole.Get(7, 0, 0), new Complex(re[7], im[7]));

        using OctantFilter wide = OctantFilter.Create(size, _ => 1, 0.3);
        Assert.Throws<ArgumentException>(() => plan.Inverse(limited, wide, limited, volume, Cancel));
        Assert.Throws<ArgumentException>(() => plan.Inverse(limited, volume, Cancel));
    }

    [Fact]
    public void FilterValuesTooSmallToMatterBecomeZero()
    {
        var size = new GridSize(16, 16, 16);
        using OctantFilter filter = OctantFilter.Create(size, u => u > 0.2 ? 1e-31f : 1, 1);
        Assert.Equal(0, filter.Get(8, 0, 0));
        Assert.Equal(1, filter.Get(1, 1, 1));
    }

    [Theory]
    [InlineData(20, 53, 11)]
    [InlineData(9, 16, 5)]
    [InlineData(8, 3, 4)]
    public void SkippedRowsLeaveTheOthersAsTheyWere(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] all = new float[size.VoxelCount], some = new float[size.VoxelCount];
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
        plan.Forward(Noise(size), spectrum, Cancel);
        plan.Inverse(spectrum, null, work, all, Cancel);
        plan.Inverse(spectrum, null, work, new PickySink(some, size), Cancel);
        for (int z = 0; z < nz; z++)
        {
            for (int y = 0; y < ny; y++)
            {
                bool wanted = PickySink.WantsGroup(y / 16 * 16, z);
                for (int x = 0; x < nx; x++)
                {
                    Assert.Equal(wanted ? all[size.Offset(x, y, z)] : 0f, some[size.Offset(x, y, z)]);
                }
            }
        }
    }

    [Theory]
    [InlineData(24, 24, 24)]
    [InlineData(5, 37, 6)]
    [InlineData(33, 17, 3)]
    [InlineData(3, 1, 2)]
    public void EveryRowIsHandedOverOnceAndInOrder(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size), sum = new float[volume.Length];
        var calls = new int[ny * nz];
        var last = new int[nz];
        using var plan = new RealFft3D(size, 3);
        using Spectrum spectrum = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, null, work, new CountingSink(sum, calls, last, size), Cancel);
        Assert.All(calls, count => Assert.Equal(1, count));
        Assert.All(last, y => Assert.Equal(ny, y));
        Assert.InRange(Error(sum, i => volume[i]), 0, 2 * SmoothTolerance);
    }

    [Fact]
    public void NumberOfThreadsChangesNoBit()
    {
        var size = new GridSize(30, 45, 22);
        float[] volume = Noise(size);
        float[]? expected = null;
        foreach (int threads in new[] { 1, 2, 3, 5 })
        {
            using var plan = new RealFft3D(size, threads);
            using Spectrum spectrum = plan.AllocateSpectrum();
            using OctantFilter filter = OctantFilter.Create(size, Gaussian, 0.4, plan.Pool);
            Assert.Equal(threads, plan.Threads);
            var result = new float[volume.Length];
            plan.Forward(volume, spectrum, Cancel);
            plan.Inverse(spectrum, filter, spectrum, result, Cancel);
            expected ??= result;
            Assert.Equal(expected, result);
        }
    }

    [Fact]
    public void CancelledTransformThrowsAndThePlanGoesOn()
    {
        var size = new GridSize(32, 32, 64);
        float[] volume = Noise(size), back = new float[volume.Length];
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        using var source = new CancellationTokenSource();
        var planes = new StrongBox();
        Assert.Throws<OperationCanceledException>(() => plan.Forward(new CancellingSource(volume, size, source, planes), spectrum, source.Token));
        Assert.InRange(planes.Value, 1, 63);

        Assert.Throws<OperationCanceledException>(() => plan.Inverse(spectrum, back, source.Token));
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, back, Cancel);
        Assert.InRange(Error(back, i => volume[i]), 0, 2 * SmoothTolerance);
    }

    [Fact]
    public void ExceptionOfASourceReachesTheCallerAndThePlanGoesOn()
    {
        var size = new GridSize(32, 32, 64);
        float[] volume = Noise(size), back = new float[volume.Length];
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        Assert.Throws<InvalidDataException>(() => plan.Forward(new FailingSource(volume, size), spectrum, Cancel));
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, back, Cancel);
        Assert.InRange(Error(back, i => volume[i]), 0, 2 * SmoothTolerance);
    }

    [Fact]
    public void PlanGoesOnWhenItsFirstSweepsFoundNoMemory()
    {
        var size = new GridSize(8, 8, 8);
        float[] volume = Noise(size), back = new float[volume.Length];
        using var plan = new RealFft3D(size, 1);
        using Spectrum spectrum = plan.AllocateSpectrum(), sum = plan.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(size, Gaussian, 0.4);
        ref Dictionary<Type, IIndexedWork> sweeps = ref SweepsOf(plan);
        sweeps = new Dictionary<Type, IIndexedWork>(new NoMemory());
        Assert.Throws<InsufficientMemoryException>(() => plan.Forward(volume, spectrum, Cancel));
        Assert.Throws<InsufficientMemoryException>(() => plan.Inverse(spectrum, back, Cancel));
        Assert.Throws<InsufficientMemoryException>(() => plan.ForwardFilteredSum(new VolumeRowSource(volume, size), spectrum, filter, sum, add: false, Cancel));
        sweeps = [];
        plan.Forward(volume, spectrum, Cancel);
        plan.Inverse(spectrum, back, Cancel);
        Assert.InRange(Error(back, i => volume[i]), 0, 2 * SmoothTolerance);
    }

    [Fact]
    public void PlanAtWorkIsNotDisposedOf()
    {
        var size = new GridSize(8, 8, 8);
        using var plan = new RealFft3D(size, 1);
        using Spectrum spectrum = plan.AllocateSpectrum();
        Assert.Throws<InvalidOperationException>(() => plan.Forward(new DisposingSource(plan), spectrum, Cancel));
        plan.Forward(Noise(size), spectrum, Cancel);
        plan.Dispose();
        Assert.Throws<ObjectDisposedException>(() => plan.Forward(Noise(size), spectrum, Cancel));
    }

    [Fact]
    public void RepeatedTransformsAllocateNothing()
    {
        var size = new GridSize(32, 32, 32);
        float[] volume = Noise(size), sum = new float[volume.Length];
        using var plan = new RealFft3D(size, 1);
        using Spectrum spectrum = plan.AllocateSpectrum(), work = plan.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(size, Gaussian, 0.4);
        int[] calls = new int[32 * 32], last = new int[32];

        // What every round allocates counts: the runtime may allocate in any of them, when it compiles what it has seen often enough anew.
        long least = long.MaxValue;
        for (int i = 0; i < 22; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            plan.Forward(volume, spectrum, Cancel);
            plan.Forward(new CombinedSource(volume, volume, size), spectrum, Cancel);
            plan.Inverse(spectrum, filter, work, sum, Cancel);
            Array.Clear(last);
            plan.Inverse(spectrum, filter, work, new CountingSink(sum, calls, last, size), Cancel);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void ThreadsAllocateNothingEither()
    {
        var size = new GridSize(32, 32, 32);
        float[] volume = Noise(size), back = new float[volume.Length];
        using var plan = new RealFft3D(size, 3);
        using Spectrum spectrum = plan.AllocateSpectrum();
        long least = long.MaxValue;
        // Other tests allocate meanwhile, so one quiet batch among many is what counts.
        for (int batch = 0; batch < 2000 && least != 0; batch++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 3; i++)
            {
                plan.Forward(volume, spectrum, Cancel);
                plan.Inverse(spectrum, back, Cancel);
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void SizesThatDoNotFitAreRefused()
    {
        using var plan = new RealFft3D(new GridSize(8, 8, 8), 1);
        using Spectrum spectrum = plan.AllocateSpectrum();
        using var other = new Spectrum(new GridSize(8, 8, 9));
        using OctantFilter filter = OctantFilter.Create(new GridSize(9, 8, 8), _ => 1, 1);
        Assert.Throws<ArgumentException>(() => plan.Forward(new float[511], spectrum, Cancel));
        Assert.Throws<ArgumentException>(() => plan.Forward(new float[512], other, Cancel));
        Assert.Throws<ArgumentException>(() => plan.Inverse(spectrum, filter, spectrum, new float[512], Cancel));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft3D(new GridSize(0, 1, 1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Forward(new VolumeRowSource(new float[512], plan.Size), spectrum, double.NaN, Cancel));
    }

    [Fact]
    public void MemoryIsKnownBeforeItIsAllocated()
    {
        var size = new GridSize(50, 20, 30);
        using var plan = new RealFft3D(size, 2);
        using Spectrum spectrum = plan.AllocateSpectrum();
        Assert.Equal(RealFft3D.SpectrumBytes(size), spectrum.Bytes);
        Assert.InRange(plan.ScratchBytes, 1, 1 << 20);
        // 4096³ does not fit into 32 bits anywhere.
        Assert.InRange(RealFft3D.SpectrumBytes(new GridSize(4096, 4096, 4096)), 4L * 4096 * 4096 * 4096, 5L * 4096 * 4096 * 4096);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static float Gaussian(double u) => (float)Math.Exp(-3 * u * u);

    // Its sweeps are made at their first use, which fails in memory's last bytes; no volume in a test comes near them.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_planeSweeps")]
    private static extern ref Dictionary<Type, IIndexedWork> SweepsOf(RealFft3D plan);

    private sealed class NoMemory : IEqualityComparer<Type>
    {
        public bool Equals(Type? x, Type? y) => x == y;

        public int GetHashCode(Type type) => throw new InsufficientMemoryException();
    }

    private readonly struct DisposingSource(RealFft3D plan) : IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
        {
            plan.Dispose();
            return scratch;
        }
    }

    private sealed class StrongBox
    {
        public int Value;
    }

    private readonly struct CombinedSource(float[] a, float[] b, GridSize size) : IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
        {
            int offset = (int)size.Offset(0, y, z);
            for (int x = 0; x < scratch.Length; x++)
            {
                scratch[x] = 2 * a[offset + x] - 3 * b[offset + x];
            }

            return scratch;
        }
    }

    private readonly struct CancellingSource(float[] volume, GridSize size, CancellationTokenSource cancellation, StrongBox planes) : IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
        {
            if (y == 0 && Interlocked.Increment(ref planes.Value) == 5)
            {
                cancellation.Cancel();
            }

            return volume.AsSpan((int)size.Offset(0, y, z), size.X);
        }
    }

    private readonly struct FailingSource(float[] volume, GridSize size) : IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch) =>
            z == 40 ? throw new InvalidDataException() : volume.AsSpan((int)size.Offset(0, y, z), size.X);
    }

    private readonly struct PickySink(float[] volume, GridSize size) : IRowSink
    {
        public static bool WantsGroup(int y0, int z) => z % 3 != 1 && (y0 / 16 + z) % 2 == 0;

        public bool Wants(int y0, int count, int z) => WantsGroup(y0, z);

        public void Accept(int y, int z, ReadOnlySpan<float> row) => row.CopyTo(volume.AsSpan((int)size.Offset(0, y, z)));
    }

    private readonly struct CountingSink(float[] sum, int[] calls, int[] last, GridSize size) : IRowSink
    {
        public bool Wants(int y0, int count, int z) => true;

        public void Accept(int y, int z, ReadOnlySpan<float> row)
        {
            calls[z * size.Y + y]++;
            if (last[z]++ != y)
            {
                throw new InvalidOperationException("The rows of a plane must come in ascending order.");
            }

            int offset = (int)size.Offset(0, y, z);
            for (int x = 0; x < row.Length; x++)
            {
                sum[offset + x] += row[x];
            }
        }
    }

    private static double Tolerance(GridSize size) =>
        RadixPlan.Covers(size.X) && RadixPlan.Covers(size.Y) && RadixPlan.Covers(size.Z) ? SmoothTolerance : PrimeTolerance;
}
