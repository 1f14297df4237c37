using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.PostProcessing;
using Xunit;

namespace LocalDeblur.Tests.Engine.Sharpening;

public sealed class LocalWienerTests
{
    private static readonly HelixPhantom Drawn = new(new PhantomOptions { Size = 48, NoiseFraction = 0.3 });
    private static readonly CryoMap First = Drawn.DrawHalfMap(1);
    private static readonly CryoMap Second = Drawn.DrawHalfMap(2);
    private static readonly CryoMap Mask = Drawn.DrawMask();

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(48, 48, 48)]
    [InlineData(48, 45, 38)]
    public void TheResultHasTheSameBitsForAnyNumberOfThreads(int x, int y, int z)
    {
        var size = new GridSize(x, y, z);
        var halves = new Reconstruction(Crop(First, size), Crop(Second, size));
        CryoMap mask = Crop(Mask, size);
        foreach (LocalWienerOptions way in (LocalWienerOptions[])[new() { ByProducts = true }, new() { Positivity = true }, new() { Global = true }])
        {
            LocalWienerResult one = Run(1);
            foreach (int threads in (int[])[2, 3, 7])
            {
                LocalWienerResult more = Run(threads);
                Assert.Equal(Voxels(one.Map), Voxels(more.Map));
                Assert.Equal(Voxels(one.LocalResolution), Voxels(more.LocalResolution));
                Assert.Equal(Voxels(one.NoiseDeviation), Voxels(more.NoiseDeviation));
                Assert.Equal(Voxels(one.Confidence), Voxels(more.Confidence));
                Assert.Equal(one.Totals, more.Totals);
                Assert.Equal((one.FallOff, one.NoiseShareAfter, one.DetailNoiseShareBefore), (more.FallOff, more.NoiseShareAfter, more.DetailNoiseShareBefore));
            }

            LocalWienerResult Run(int threads) => LocalWiener.Run(halves, mask, way with { Limits = new() { Threads = threads } }, cancellationToken: _stop);
        }
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void TwiceTheDensityGivesTwiceTheResult(bool byProducts, bool positivity, bool global)
    {
        var options = new LocalWienerOptions { ByProducts = byProducts, Positivity = positivity, Global = global };
        LocalWienerResult once = LocalWiener.Run(new Reconstruction(First, Second), Mask, options, cancellationToken: _stop);
        LocalWienerResult twice = LocalWiener.Run(new Reconstruction(Change(First, v => 2 * v), Change(Second, v => 2 * v)), Mask, options, cancellationToken: _stop);

        AssertClose(Change(once.Map, v => 2 * v), twice.Map);
        Assert.Equal(once.FallOff, twice.FallOff, 1e-6);
        if (options.ByProducts)
        {
            AssertClose(Change(once.NoiseDeviation!, v => 2 * v), twice.NoiseDeviation!);
            AssertClose(once.LocalResolution!, twice.LocalResolution!);
            AssertClose(once.Confidence!, twice.Confidence!);
            Assert.Equal(once.NoiseShareAfter!.Value, twice.NoiseShareAfter!.Value, 1e-6);
        }
    }

    [Fact]
    public void OneWeightAShellIsTheSameInEveryDirection()
    {
        LocalWienerResult result = LocalWiener.Run(new Reconstruction(First, Second), Mask, new LocalWienerOptions { Global = true }, cancellationToken: _stop);

        using var transform = new RealFft3D(First.Grid.Size, 1);
        using Spectrum before = transform.AllocateSpectrum();
        using Spectrum after = transform.AllocateSpectrum();
        transform.Forward(Voxels(new Reconstruction(First, Second).Mean(_stop)), before, _stop);
        transform.Forward(Voxels(result.Map), after, _stop);
        for (int i = 1; i < 24; i++)
        {
            System.Numerics.Complex gain = after.Get(i, 0, 0) / before.Get(i, 0, 0);
            Assert.True(gain.Real > 0);
            foreach ((int y, int z) in new[] { (i, 0), (0, i) })
            {
                System.Numerics.Complex difference = (after.Get(0, y, z) / before.Get(0, y, z)) - gain;
                Assert.InRange(difference.Magnitude, 0, 1e-3 * gain.Real);
            }
        }
    }

    // A place without signal is damped, and the molecule is not.
    [Fact]
    public void NoiseIsDampedWhereThereIsNoSignal()
    {
        LocalWienerResult result = LocalWiener.Run(new Reconstruction(First, Second), Mask, new LocalWienerOptions { ByProducts = true }, cancellationToken: _stop);

        float[] mean = Voxels(new Reconstruction(First, Second).Mean(_stop));
        float[] restored = Voxels(result.Map);
        float[] mask = Voxels(Mask);
        double Power(float[] voxels, bool inside) => voxels.Where((_, i) => mask[i] >= 0.5f == inside).Average(v => (double)v * v);
        Assert.InRange(Power(restored, false) / Power(restored, true), 0, 0.5 * Power(mean, false) / Power(mean, true));

        float[] confidence = Voxels(result.Confidence);
        double sure = confidence.Where((_, i) => mask[i] >= 0.5f).Average();
        Assert.InRange(confidence.Where((_, i) => mask[i] < 0.5f).Average(), 0, 0.5 * sure);
        Assert.All(confidence, value => Assert.InRange(value, 0, 1));
        float[] resolution = Voxels(result.LocalResolution);
        for (int i = 0; i < mask.Length; i++)
        {
            Assert.True(mask[i] >= 0.5f ? resolution[i] >= 2.119f && resolution[i] <= 20 : resolution[i] == 0);
        }

        Assert.All(Voxels(result.NoiseDeviation), value => Assert.True(value > 0));
        Assert.InRange(result.DetailNoiseShareAfter!.Value, 0, result.DetailNoiseShareBefore!.Value);
        (double after, double before) = (100 * result.DetailNoiseShareAfter.Value, 100 * result.DetailNoiseShareBefore.Value);
        Assert.Equal(FormattableString.Invariant($"Of the detail finer than 5 Å, {after:0} % is noise ({before:0} % before)."), result.Summary);
    }

    [Fact]
    public void TheHistoryHasTheStepWithWhatWasAskedForAndFound()
    {
        LocalWienerResult result = LocalWiener.Run(new Reconstruction(First, Second), Mask, new LocalWienerOptions { ByProducts = true }, cancellationToken: _stop);

        Assert.Equal(First.Grid, result.Map.Grid);
        HistoryEntry step = result.Map.History[^1];
        Assert.Equal(LocalWiener.StepName, step.Step);
        Assert.Equal(0.75, step.Parameters["WeightExponent"]);
        Assert.Equal(20.0, step.Parameters["TargetBFactor"]);
        Assert.Equal(5.0, step.Parameters["WindowWidth"]);
        Assert.Equal(First.Name, step.Parameters["HalfMap1"]);
        Assert.Equal(result.NoiseShareAfter, step.Figures["NoiseShareAfter"]);
        Assert.Empty(step.Warnings);
        Assert.Equal(First.History.Count + 1, result.Map.History.Count);
        foreach ((CryoMap? map, string what) in new[] { (result.LocalResolution, "local resolution"), (result.NoiseDeviation, "noise"), (result.Confidence, "confidence") })
        {
            Assert.Equal(what, map!.History[^1].Parameters["Output"]);
            Assert.Equal(First.Grid, map.Grid);
        }
    }

    [Fact]
    public void WithoutAMaskOneIsMade()
    {
        LocalWienerResult result = LocalWiener.Run(new Reconstruction(First, Second), cancellationToken: _stop);

        CryoMap mask = MaskBuilder.Run(new Reconstruction(First, Second), cancellationToken: _stop).Map;
        Assert.Equal(mask.History[^1].Step, result.Map.History[^2].Step);
        Assert.Equal(Voxels(LocalWiener.Run(new Reconstruction(First, Second), mask, cancellationToken: _stop).Map), Voxels(result.Map));
        Assert.Null(result.LocalResolution);
        Assert.NotNull(result.Summary);
    }

    [Fact]
    public void PositivityAddsDensityAndIsSaidInTheHistory()
    {
        LocalWienerResult plain = LocalWiener.Run(new Reconstruction(First, Second), Mask, new LocalWienerOptions { WeightExponent = 1 }, cancellationToken: _stop);
        LocalWienerResult positive = LocalWiener.Run(new Reconstruction(First, Second), Mask, new LocalWienerOptions { Positivity = true }, cancellationToken: _stop);

        Assert.Equal(1.0, positive.Map.History[^1].Parameters["WeightExponent"]);
        Assert.Contains(positive.Map.History[^1].Decisions, said => said.Contains("No Fourier shell correlation may be computed", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Map.History[^1].Decisions, said => said.Contains("No Fourier shell correlation", StringComparison.Ordinal));
        Assert.True(positive.Map.Mean > plain.Map.Mean);
    }

    [Fact]
    public void WhatMayBeAMistakeIsAWarning()
    {
        // A sharp edge at 4 Å: noise that breaks off from one band to the next.
        var filter = new BFactorSharpeningOptions { BFactor = 0, WeightByFsc = false, LowPassResolution = 4, LowPassEdgeShells = 0 };
        CryoMap Filtered(CryoMap map) => BFactorSharpening.Run(map, options: filter, cancellationToken: _stop).Map;
        RequireWarning("low-pass filtered", Filtered(First), Filtered(Second), Mask);
        RequireWarning("the half map was masked", Masked(First), Masked(Second), Mask);
        RequireWarning("fills 100 % of the box", First, Second, Change(Mask, _ => 1));
        RequireWarning("are the same in every voxel", First, First, Mask);
        CryoMap signal = Drawn.DrawSignal(null, _stop);
        RequireWarning("the halves share noise", Noisy(signal, 1), Noisy(signal, 2), Mask);

        // Hardly any noise of their own, up to the corners of the transform.
        static CryoMap Noisy(CryoMap map, ulong half)
        {
            var random = new DeterministicRandom(1, half);
            return Change(map, v => v + (float)(1e-6 * random.NextNormal()));
        }

        static CryoMap Masked(CryoMap map)
        {
            float[] mask = Mask.AsSpan().ToArray();
            return Change(map, (v, i) => v * mask[i]);
        }
    }

    // What has no noise has nothing to divide by: everything is signal, and is sharp and sure.
    [Fact]
    public void IdenticalHalvesGiveNumbers()
    {
        LocalWienerResult result = LocalWiener.Run(new Reconstruction(First, First), Mask, new LocalWienerOptions { ByProducts = true }, cancellationToken: _stop);

        CryoMap[] maps = [result.Map, result.LocalResolution!, result.NoiseDeviation!, result.Confidence!];
        Assert.All(maps, map => Assert.DoesNotContain(Voxels(map), value => !float.IsFinite(value)));
        Assert.InRange(result.NoiseShareAfter!.Value, 0, 1e-6);
    }

    [Fact]
    public void WhatCannotBeUsedIsRefusedWithAWayOut()
    {
        RequireRefusal(EngineError.MapCountUnsupported, "no noise estimate", First, Mask);
        RequireRefusal(EngineError.MapCountUnsupported, "LocalDeblur, one B factor or AutoSharpen", First, Mask);
        RequireRefusal(EngineError.MapSizeUnsupported, "38.4 Å; expected at least 40 Å", new Reconstruction(Finer(First), Finer(Second)), Finer(Mask));
        RequireRefusal(EngineError.MaskEmpty, "in 729 voxels; expected 1000", Halves(), Change(Mask, (_, i) => i % 48 < 9 && i / 48 % 48 < 9 && i / 48 / 48 < 9 ? 1 : 0));
        RequireRefusal(EngineError.MapSizeMismatch, "48", Halves(), Crop(Mask, new GridSize(48, 48, 47)));
        RequireRefusal(EngineError.MapNotFinite, "phantom-half2", new Reconstruction(First, Change(Second, (v, i) => i == 5 ? float.NaN : v)), Mask);
        RequireRefusal(EngineError.InsufficientMemory, "Restoring", Halves(), Mask, new() { Limits = new() { Memory = 1 << 20 } });
        RequireRefusal(EngineError.ParameterOutOfRange, "B factor", Halves(), Mask, new() { TargetBFactor = 501 });
        RequireRefusal(EngineError.ParameterOutOfRange, "B factor", Halves(), Mask, new() { TargetBFactor = double.NaN });
        RequireRefusal(EngineError.ParameterOutOfRange, "exponent", Halves(), Mask, new() { WeightExponent = -0.1 });
        RequireRefusal(EngineError.ParameterOutOfRange, "exponent", Halves(), Mask, new() { WeightExponent = 2.5 });
        RequireRefusal(EngineError.ParameterOutOfRange, "window", Halves(), Mask, new() { WindowWidth = 1.9 });
        RequireRefusal(EngineError.ParameterOutOfRange, "expected 1", Halves(), Mask, new() { Positivity = true, WeightExponent = 0.75 });
        RequireRefusal(EngineError.ParameterOutOfRange, "local weights", Halves(), Mask, new() { Positivity = true, Global = true });
        RequireRefusal(EngineError.ParameterOutOfRange, "knows no places", Halves(), Mask, new() { ByProducts = true, Global = true });
        RequireRefusal(EngineError.ParameterOutOfRange, "no longer hold", Halves(), Mask, new() { ByProducts = true, Positivity = true });

        static CryoMap Finer(CryoMap map) => new(map.Grid.WithVoxelSize(0.8), map.AsSpan().ToArray(), map.Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AConstantWithNoiseAloneIsRefused(int seed)
    {
        var halves = new Reconstruction(Noise(seed, 0), Noise(seed, 1));

        RequireRefusal(EngineError.HalfMapMismatch, "nothing in common", halves, Mask);
        RequireRefusal(EngineError.MapWithoutSignal, "Every voxel", new Reconstruction(Change(First, _ => 3), Change(First, _ => 3)), Mask);

        static CryoMap Noise(int seed, ulong half)
        {
            var random = new DeterministicRandom(seed, half);
            return Change(First, _ => 1 + (float)random.NextNormal());
        }
    }

    // At every stage: the run ends there.
    [Theory]
    [InlineData("Measuring signal and noise")]
    [InlineData("Fitting signal and noise")]
    [InlineData("Restoring")]
    [InlineData("Working out noise and confidence")]
    public void CancellingStopsTheRun(string stage)
    {
        using var source = new CancellationTokenSource();
        var progress = new Watcher(value =>
        {
            if (value.Stage == stage)
            {
                source.Cancel();
            }
        });

        var options = new LocalWienerOptions { ByProducts = true, Limits = new() { Threads = 1 } };
        Assert.ThrowsAny<OperationCanceledException>(() => LocalWiener.Run(Halves(), Mask, options, progress, source.Token));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void ProgressRisesToOneAndInputIsUntouched(bool byProducts, bool positivity, bool global)
    {
        var options = new LocalWienerOptions { ByProducts = byProducts, Positivity = positivity, Global = global, Limits = new() { Threads = 1 } };
        float[] before = Voxels(First);
        var fractions = new List<double>();
        LocalWiener.Run(Halves(), null, options, new Watcher(value => fractions.Add(value.Fraction)), _stop);

        fractions.RemoveAll(double.IsNaN);
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1], 1e-12);
        Assert.Equal(before, Voxels(First));
    }

    private static Reconstruction Halves() => new(First, Second);

    private static CryoMap Change(CryoMap map, Func<float, float> value) => Change(map, (voxel, _) => value(voxel));

    private static CryoMap Change(CryoMap map, Func<float, int, float> value) => new(map.Grid, [.. map.AsSpan().ToArray().Select(value)], map.Name);

    private static CryoMap Crop(CryoMap map, GridSize size)
    {
        float[] voxels = new float[size.VoxelCount];
        ReadOnlySpan<float> source = map.AsSpan();
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                source.Slice((int)map.Grid.Size.Offset(0, y, z), size.X).CopyTo(voxels.AsSpan((int)size.Offset(0, y, z)));
            }
        }

        return new CryoMap(new MapGrid(size, map.VoxelSize, map.Origin), voxels, map.Name);
    }

    private static void AssertClose(CryoMap expected, CryoMap actual) => Assert.InRange(MapComparison.Compare(actual, expected).RelativeRmsDifference, 0, 1e-5);

    private float[] Voxels(CryoMap? map) => map is null ? [] : map.AsSpan(_stop).ToArray();

    private void RequireWarning(string part, CryoMap first, CryoMap second, CryoMap mask)
    {
        IReadOnlyList<string> warnings = LocalWiener.Run(new Reconstruction(first, second), mask, cancellationToken: _stop).Map.History[^1].Warnings;
        Assert.Contains(warnings, warning => warning.Contains(part, StringComparison.Ordinal));
    }

    private void RequireRefusal(EngineError error, string part, Reconstruction input, CryoMap mask, LocalWienerOptions? options = null)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => LocalWiener.Run(input, mask, options, cancellationToken: _stop));
        Assert.Equal(error, refusal.Error);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Watcher(Action<StageProgress> watch) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => watch(value);
    }
}
