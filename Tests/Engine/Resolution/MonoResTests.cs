using System.Numerics;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Monogenic;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Monogenic;
using Xunit;
using static LocalDeblur.Tests.Engine.Fourier.FourierReference;

namespace LocalDeblur.Tests.Engine.Resolution;

public sealed class MonoResTests
{
    /// <summary>Relative L2 error of the amplitude: some ten roundings on top of those of three transforms.</summary>
    private const double AmplitudeTolerance = 1e-6;

    /// <summary>Error bound that the handbook states for its formula.</summary>
    private const double QuantileTolerance = 4.5e-4;

    private const double VoxelSize = 1.5;

    private static readonly GridSize Box = new(32, 32, 32);

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 16, 16, 16 }, { 17, 17, 17 }, { 32, 16, 16 }, { 16, 32, 48 }, { 20, 21, 22 }, { 33, 18, 16 }, { 18, 33, 17 },
        { 24, 16, 31 }, { 40, 17, 19 }, { 8, 9, 10 }, { 67, 16, 16 },
    };

    [Fact]
    public void AmplitudePlanKeepsNothingOfACallThatFailed()
    {
        using var pool = new WorkerPool(2);
        using var plan = new MonogenicTransform(Box, pool);
        WeakReference[] operands = FailingCall(plan, pool);
        GC.Collect();
        Assert.All(operands, operand => Assert.False(operand.IsAlive));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AmplitudeAgreesWithTheSumInDoublePrecision(int nx, int ny, int nz)
    {
        var size = new GridSize(nx, ny, nz);
        float[] volume = Noise(size, nx + ny + nz);
        using var bench = new Bench(size, volume, threads: 2);
        foreach (double f in new[] { 0.1, 0.27, 0.45 })
        {
            Assert.InRange(Error(bench.Amplitude(f), NaiveAmplitude(volume, size, f)), 0, AmplitudeTolerance);
        }
    }

    [Fact]
    public void NyquistPlaneOfEachAxisCountsAsInTheReference()
    {
        // Waves that alternate from voxel to voxel along one axis or two, with a slow one along another.
        var size = new GridSize(16, 16, 16);
        foreach ((int x, int y, int z) in new[] { (8, 0, 0), (0, 8, 0), (0, 0, 8), (8, 8, 8), (3, 8, 2), (8, 3, 2), (3, 2, 8), (0, 8, 3), (0, 3, 8), (8, 0, 3), (3, 8, 8) })
        {
            float[] wave = new float[size.VoxelCount];
            for (int i = 0; i < wave.Length; i++)
            {
                int ix = i % 16, iy = i / 16 % 16, iz = i / 256;
                wave[i] = (float)Math.Cos((Math.PI / 8 * ((x * ix) + (y * iy) + (z * iz))) + 0.3);
            }

            using var bench = new Bench(size, wave, threads: 1);
            Assert.InRange(Error(bench.Amplitude(0.15), NaiveAmplitude(wave, size, 0.15)), 0, AmplitudeTolerance);
        }
    }

    [Fact]
    public void ComponentsKeptFromStepToStepChangeNoBit()
    {
        var size = new GridSize(48, 20, 18);
        float[] volume = Noise(size);
        using var kept = new Bench(size, volume, threads: 2);
        foreach (double f in new[] { 0.05, 0.12, 0.3, 0.31, 0.48, 0.2 })
        {
            using var fresh = new Bench(size, volume, threads: 1);
            Assert.Equal(fresh.Amplitude(f), kept.Amplitude(f));
        }
    }

    [Fact]
    public void SelectionIsTheSortedElement()
    {
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll(
                ArbMap.Default.ArbFor<int>(),
                ArbMap.Default.ArbFor<NonNegativeInt>(),
                ArbMap.Default.ArbFor<PositiveInt>(),
                (seed, place, spread) =>
                {
                    var random = new Random(seed);
                    float[] values = new float[1 + (random.Next() % 30000)];
                    // Few distinct values, many, or ascending ones: ties and order must not matter.
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = (seed % 3) switch { 0 => random.Next(spread.Get), 1 => random.NextSingle() * spread.Get, _ => i / spread.Get };
                    }

                    int rank = place.Get % 4 == 0 ? values.Length - 1 : (int)((long)place.Get * 7919 % values.Length);
                    float[] sorted = [.. values.Order()];
                    return OrderStatistic.Select(values, rank) == sorted[rank];
                }));
    }

    // Of 256³ voxels those at equal distances lie on one face of the box, which is outside the molecule.
    [Fact]
    public void TheMedianOfAVolumeWithEmptyFacesIsFoundWithoutACopyOfIt()
    {
        float[] values = new float[256 * 256 * 32];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i % 256 == 0 ? 0 : 1 + (i * 7919L % 65521);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        OrderStatistic.Select(values, values.Length / 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, sizeof(float) * values.Length / 4);
    }

    [Theory]
    [InlineData(0.95, 1.6448536)]
    [InlineData(0.99, 2.3263479)]
    [InlineData(0.5, 0)]
    [InlineData(0.9999, 3.7190165)]
    public void QuantileIsThatOfTheHandbook(double p, double z) => Assert.Equal(z, NormalQuantile.Approximate(p), QuantileTolerance);

    [Theory]
    [InlineData(MonoResNoise.Halves, false)]
    [InlineData(MonoResNoise.OutsideMask, true)]
    public void ResultDoesNotDependOnThreadsOrMemory(MonoResNoise noise, bool gaussian)
    {
        (CryoMap first, CryoMap second) = Halves();
        var options = new MonoResOptions { NoiseFrom = noise, GaussianNoise = gaussian, Limits = new() { Threads = 1 }, WithFilledMap = true };
        MonoResResult one = MonoRes.Run(new Reconstruction(first, second), Ball(10), options);
        long most = one.Cost!.PeakBytes;
        MonoResResult other = MonoRes.Run(new Reconstruction(first, second), Ball(10), options with { Limits = new() { Threads = 3, Memory = most } });
        Assert.Equal(one.LocalResolution.AsSpan(), other.LocalResolution.AsSpan());
        Assert.Equal(one.Filled!.AsSpan(), other.Filled!.AsSpan());
        RequireError(
            EngineError.InsufficientMemory,
            () => MonoRes.Run(new Reconstruction(first, second), Ball(10), options with { Limits = new() { Memory = most - 1 } }));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    public void ScaleOfTheMapsDoesNotMatter(int exponent)
    {
        (CryoMap first, CryoMap second) = Halves();
        float factor = (float)Math.ScaleB(1, exponent);
        CryoMap expected = MonoRes.Run(new Reconstruction(first, second), Ball(10)).LocalResolution;
        CryoMap actual = MonoRes.Run(new Reconstruction(Scaled(first, factor), Scaled(second, factor)), Ball(10)).LocalResolution;
        Assert.Equal(expected.AsSpan(), actual.AsSpan());
    }

    [Fact]
    public void ScanReachesTwoVoxelsWithoutNaN()
    {
        (CryoMap first, CryoMap second) = Halves(noise: 1e-4f);
        CryoMap result = MonoRes.Run(new Reconstruction(first, second), Ball(10)).LocalResolution;
        double[] evaluated = (double[])result.History[^1].Figures["EvaluatedResolutions"]!;
        Assert.Equal(2 * VoxelSize, evaluated[^1], 1e-9);
        Assert.True(double.IsFinite(result.Mean));
        Assert.True(result.Minimum >= 0 && result.Maximum <= evaluated[0]);
    }

    [Fact]
    public void OneMapTakesItsNoiseFromOutsideTheMask()
    {
        (CryoMap first, _) = Halves();
        MonoResResult result = MonoRes.Run(first, Ball(8), new MonoResOptions { WithRefinedMask = true, WithFilledMap = true });
        HistoryEntry entry = result.LocalResolution.History[^1];
        Assert.Equal(MonoRes.StepName, entry.Step);
        Assert.Equal("OutsideMask", entry.Parameters["NoiseFrom"]);
        Assert.Equal(((long[])entry.Figures["HistogramCounts"]!).Sum(), entry.Figures["InsideVoxels"]);
        Assert.Equal(((long[])entry.Figures["HistogramCounts"]!).Length + 1, ((double[])entry.Figures["HistogramEdges"]!).Length);
        ReadOnlySpan<float> values = result.LocalResolution.AsSpan(), mask = result.RefinedMask!.AsSpan(), filled = result.Filled!.AsSpan();
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(mask[i] == 1, values[i] > 0);
            if (mask[i] == 1)
            {
                Assert.Equal(values[i], filled[i]);
            }

            Assert.True(filled[i] > 0);
        }
    }

    // Nothing is measured from half the box's length along x on, as in the published program.
    [Fact]
    public void WhatOfTheMaskLiesBeyondTheSphereIsCountedInAWarning()
    {
        (CryoMap first, CryoMap second) = Halves();
        CryoMap ball = Ball(10);
        Assert.DoesNotContain(MonoRes.Run(new Reconstruction(first, second), ball).Warnings, Beyond);

        float[] voxels = ball.AsSpan().ToArray();
        voxels.AsSpan(0, 128).Fill(1);
        MonoResResult result = MonoRes.Run(new Reconstruction(first, second), new CryoMap(ball.Grid, voxels, "wide"));
        Assert.StartsWith(FormattableString.Invariant($"128 of the {result.MaskVoxels} voxels"), Assert.Single(result.Warnings, Beyond), StringComparison.Ordinal);

        static bool Beyond(string warning) => warning.Contains("16 voxels or more from the centre of the box", StringComparison.Ordinal);
    }

    [Fact]
    public void ExcludedVoxelsHaveNoResolution()
    {
        (CryoMap first, CryoMap second) = Halves();
        CryoMap exclusion = Ball(4);
        foreach (MonoResNoise noise in Enum.GetValues<MonoResNoise>())
        {
            CryoMap result = MonoRes.Run(new Reconstruction(first, second), Ball(10), new MonoResOptions { ExclusionMask = exclusion, NoiseFrom = noise }).LocalResolution;
            for (int i = 0; i < Box.VoxelCount; i++)
            {
                if (exclusion.AsSpan()[i] == 1)
                {
                    Assert.Equal(0, result.AsSpan()[i]);
                }
            }
        }
    }

    [Fact]
    public void BoxesThatAreNotCubesOrOddWork()
    {
        var size = new GridSize(33, 24, 40);
        var grid = new MapGrid(size, VoxelSize);
        CryoMap Map(int seed) => new(grid, Noise(size, seed), "noise");
        float[] mask = new float[size.VoxelCount];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = i % size.X is > 8 and < 24 && i / size.X % size.Y is > 6 and < 18 && i / (size.X * size.Y) is > 10 and < 30 ? 1 : 0;
        }

        float[] signal = Map(1).AsSpan().ToArray();
        for (int i = 0; i < signal.Length; i++)
        {
            signal[i] *= 1 + (20 * mask[i]);
        }

        CryoMap result = MonoRes.Run(new CryoMap(grid, signal, "signal"), new CryoMap(grid, mask, "mask")).LocalResolution;
        Assert.True(result.Maximum > 0);
    }

    [Fact]
    public void CancellationStopsTheScan()
    {
        (CryoMap first, CryoMap second) = Halves();
        using var source = new CancellationTokenSource();
        var progress = new Immediate(stage =>
        {
            if (stage.Stage.StartsWith("Local resolution", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => MonoRes.Run(new Reconstruction(first, second), Ball(10), progress: progress, cancellationToken: source.Token));
    }

    [Fact]
    public void ConstantAndEqualMapsAreRefused()
    {
        (CryoMap first, _) = Halves();
        var grid = new MapGrid(Box, VoxelSize);
        foreach (float value in new[] { 0f, 3f })
        {
            float[] voxels = new float[Box.VoxelCount];
            voxels.AsSpan().Fill(value);
            RequireError(EngineError.MapWithoutSignal, () => MonoRes.Run(new CryoMap(grid, voxels, "constant"), Ball(10)));
        }

        RequireError(EngineError.MapWithoutSignal, () => MonoRes.Run(new Reconstruction(first, Scaled(first, 1)), Ball(10)));
    }

    [Fact]
    public void UnusableInputIsRefused()
    {
        (CryoMap first, CryoMap second) = Halves();
        CryoMap mask = Ball(10);
        RequireError(EngineError.MaskEmpty, () => MonoRes.Run(new Reconstruction(first, second), Ball(-1)));
        RequireError(EngineError.MaskEmpty, () => MonoRes.Run(new Reconstruction(first, second), mask, new MonoResOptions { ExclusionMask = mask }));
        RequireError(EngineError.MaskCoversMap, () => MonoRes.Run(first, Ball(100)));
        RequireError(EngineError.MaskCoversMap, () => MonoRes.Run(new Reconstruction(first, second), Ball(100), new MonoResOptions { NoiseFrom = MonoResNoise.OutsideMask }));
        RequireError(
            EngineError.MapSizeMismatch,
            () => MonoRes.Run(new Reconstruction(first, second), new CryoMap(new MapGrid(new GridSize(32, 32, 31), VoxelSize), new float[32 * 32 * 31], "other")));
        RequireError(EngineError.VoxelSizeMismatch, () => MonoRes.Run(new Reconstruction(first, new CryoMap(new MapGrid(Box, 2), second.AsSpan().ToArray(), "other")), mask));

        float[] broken = first.AsSpan().ToArray();
        broken[7] = float.NaN;
        RequireError(EngineError.MapNotFinite, () => MonoRes.Run(new Reconstruction(new CryoMap(first.Grid, broken, "broken"), second), mask));
        RequireError(EngineError.MapNotFinite, () => MonoRes.Run(new Reconstruction(first, second), new CryoMap(first.Grid, broken, "broken")));

        var small = new GridSize(15, 32, 32);
        var smallGrid = new MapGrid(small, VoxelSize);
        RequireError(EngineError.MapSizeUnsupported, () => MonoRes.Run(new CryoMap(smallGrid, Noise(small), "small"), new CryoMap(smallGrid, Noise(small), "mask")));
    }

    [Fact]
    public void ParametersOutOfRangeAreRefused()
    {
        (CryoMap first, CryoMap second) = Halves();
        foreach (MonoResOptions options in new MonoResOptions[]
        {
            new() { Step = 0.2 }, new() { Step = double.NaN }, new() { Step = 11 }, new() { Significance = 0.4 }, new() { Significance = 1 },
            new() { CoarsestResolution = 3 }, new() { CoarsestResolution = 49 }, new() { CoarsestResolution = double.NaN },
        })
        {
            RequireError(EngineError.ParameterOutOfRange, () => MonoRes.Run(new Reconstruction(first, second), Ball(10), options));
        }

        RequireError(EngineError.ParameterOutOfRange, () => MonoRes.Run(first, Ball(10), new MonoResOptions { NoiseFrom = MonoResNoise.Halves }));
        RequireError(EngineError.InsufficientMemory, () => MonoRes.Run(new Reconstruction(first, second), Ball(10), new MonoResOptions { Limits = new() { Memory = 1000 } }));
    }

    private static void RequireError(EngineError error, Action action) => Assert.Equal(error, Assert.Throws<EngineException>(action).Error);

    // A ball of random density, sharper towards one side, with noise of its own in each half.
    private static (CryoMap First, CryoMap Second) Halves(float noise = 0.3f)
    {
        var grid = new MapGrid(Box, VoxelSize);
        float[] signal = Noise(Box, 5), one = Noise(Box, 6), two = Noise(Box, 7);
        ReadOnlySpan<float> ball = Ball(9).AsSpan();
        for (int i = 0; i < signal.Length; i++)
        {
            float density = 4 * signal[i] * ball[i] * (i % Box.X) / Box.X;
            one[i] = density + (noise * one[i]);
            two[i] = density + (noise * two[i]);
        }

        return (new CryoMap(grid, one, "first"), new CryoMap(grid, two, "second"));
    }

    private static CryoMap Ball(int radius)
    {
        float[] voxels = new float[Box.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            int x = (i % 32) - 16, y = (i / 32 % 32) - 16, z = (i / 1024) - 16;
            voxels[i] = radius > 0 && (x * x) + (y * y) + (z * z) <= radius * radius ? 1 : 0;
        }

        return new CryoMap(new MapGrid(Box, VoxelSize), voxels, "ball");
    }

    private static CryoMap Scaled(CryoMap map, float factor) => new(map.Grid, Array.ConvertAll(map.AsSpan().ToArray(), v => v * factor), map.Name);

    private static Func<int, double> NaiveAmplitude(float[] volume, GridSize size, double f)
    {
        Complex[] spectrum = Forward(volume, size);
        Func<double, float> stop = MonoResFilters.Stop(f);
        double[] squares = new double[volume.Length];
        for (int component = 0; component < 4; component++)
        {
            var half = new Complex[spectrum.Length];
            for (int i = 0; i < half.Length; i++)
            {
                (double x, double y, double z) = Frequencies(i, size);
                double u = Math.Sqrt((x * x) + (y * y) + (z * z));
                Complex factor = component == 0 ? Complex.One : u == 0 ? Complex.Zero : -Complex.ImaginaryOne * (component switch { 1 => x, 2 => y, _ => z }) / u;
                half[i] = spectrum[i] * factor * (1 - (double)stop(u));
            }

            double[] values = InverseOfHalf(half, size);
            for (int i = 0; i < squares.Length; i++)
            {
                squares[i] += values[i] * values[i];
            }
        }

        Complex[] amplitude = Forward(Array.ConvertAll(squares, s => (float)Math.Sqrt(s)), size);
        (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(f);
        for (int i = 0; i < amplitude.Length; i++)
        {
            (double x, double y, double z) = Frequencies(i, size);
            double u = Math.Sqrt((x * x) + (y * y) + (z * z));
            amplitude[i] *= u <= cutoff ? pass(u) : 0;
        }

        double[] result = Inverse(amplitude, size);
        return i => result[i];
    }

    // What a transform from half a spectrum to real values does: kx = 1 … (nx−1)/2 and their conjugates, and the real part of the rest.
    private static double[] InverseOfHalf(Complex[] spectrum, GridSize size)
    {
        var whole = new Complex[spectrum.Length];
        for (int i = 0; i < whole.Length; i++)
        {
            int x = i % size.X, y = i / size.X % size.Y, z = i / (size.X * size.Y);
            Complex image = Complex.Conjugate(spectrum[size.Offset((size.X - x) % size.X, (size.Y - y) % size.Y, (size.Z - z) % size.Z)]);
            whole[i] = x == 0 || 2 * x == size.X ? (spectrum[i] + image) / 2 : 2 * x < size.X ? spectrum[i] : image;
        }

        return Inverse(whole, size);
    }

    private static (double X, double Y, double Z) Frequencies(int i, GridSize size)
    {
        static double Signed(int k, int n) => (double)(k <= n / 2 ? k : k - n) / n;
        return (Signed(i % size.X, size.X), Signed(i / size.X % size.Y, size.Y), Signed(i / (size.X * size.Y), size.Z));
    }

    private sealed class Immediate(Action<StageProgress> report) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => report(value);
    }

    // Not inlined, so that nothing on the stack keeps the operands.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] FailingCall(MonogenicTransform plan, WorkerPool pool)
    {
        using var components = new MonogenicComponents(Box);
        using var spectrum = new Spectrum(Box);
        using var transform = new RealFft3D(Box, pool);
        transform.Forward(Noise(Box, 1), spectrum);
        using OctantFilter stop = OctantFilter.Create(Box, MonoResFilters.Stop(0.2), 0.2, pool);
        (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(0.2);
        using OctantFilter lowPass = OctantFilter.Create(Box, pass, cutoff, pool);
        Assert.Throws<InvalidDataException>(() => plan.Amplitude(spectrum, components, stop, lowPass, new FailingSink(), CancellationToken.None));
        return [new(components), new(spectrum), new(stop), new(lowPass)];
    }

    private readonly struct FailingSink : IRowSink
    {
        public bool Wants(int y0, int count, int z) => true;

        public void Accept(int y, int z, ReadOnlySpan<float> row) => throw new InvalidDataException();
    }

    private sealed class Bench : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly MonogenicTransform _transform;
        private readonly MonogenicComponents _components;
        private readonly Spectrum _spectrum;

        public Bench(GridSize size, float[] volume, int threads)
        {
            _pool = new WorkerPool(threads);
            _transform = new MonogenicTransform(size, _pool);
            _components = new MonogenicComponents(size);
            _spectrum = new Spectrum(size);
            using var transform = new RealFft3D(size, _pool);
            transform.Forward(volume, _spectrum);
        }

        public float[] Amplitude(double f)
        {
            GridSize size = _spectrum.Size;
            float[] result = new float[size.VoxelCount];
            (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(f);
            using OctantFilter stop = OctantFilter.Create(size, MonoResFilters.Stop(f), f, _pool);
            using OctantFilter lowPass = OctantFilter.Create(size, pass, cutoff, _pool);
            _transform.Amplitude(_spectrum, _components, stop, lowPass, new VolumeRowSink(result, size), CancellationToken.None);
            return result;
        }

        public void Dispose()
        {
            _transform.Dispose();
            _components.Dispose();
            _spectrum.Dispose();
            _pool.Dispose();
        }
    }
}
