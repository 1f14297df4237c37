using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.HalfMapWiener;
using Xunit;

namespace LocalDeblur.Tests.Engine.Resolution;

public sealed class GaussianFscTests
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 64, NoiseFraction = 0.5 });
    private static readonly Reconstruction Halves = new(Phantom.DrawHalfMap(1), Phantom.DrawHalfMap(2));
    private static readonly CryoMap Mask = Phantom.DrawMask();

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void ItFollowsTheKnownLocalResolution()
    {
        double[] known = Inside(Phantom.DrawLocalResolution());
        double ofWindows = RankCorrelation.Of(Inside(Run(new()).Map), known);
        double ofSpheres = RankCorrelation.Of(Inside(LocalFsc.Run(Halves, Mask, cancellationToken: _stop).Map), known);
        double ofWiener = RankCorrelation.Of(Inside(LocalWienerResolution.Run(Halves, Mask, cancellationToken: _stop).Map), known);
        TestContext.Current.TestOutputHelper?.WriteLine($"Spearman: Gaussian windows {ofWindows:0.000}, spheres {ofSpheres:0.000}, local Wiener {ofWiener:0.000}");
        Assert.InRange(ofWindows, 0.7, 1);
        Assert.InRange(ofWiener, 0.7, 1);
    }

    [Fact]
    public void ItIsZeroOutsideTheMaskAndTheSameForAnyThreadsAndWithAnOffset()
    {
        GaussianFscResult one = Run(new() { CoarsestResolution = 15, Limits = new() { Threads = 1 } });
        GaussianFscResult three = Run(new() { CoarsestResolution = 15, Limits = new() { Threads = 3 } });
        Assert.Equal(one.Map.AsSpan().ToArray(), three.Map.AsSpan().ToArray());
        Assert.InRange(one.Finest, (2 * Mask.VoxelSize) - 1e-4, one.Median);
        Assert.InRange(one.Coarsest, one.Median, 15);
        float[] everywhere = GaussianFsc.Run(Halves, null, new() { CoarsestResolution = 15 }, cancellationToken: _stop).Map.AsSpan().ToArray();
        for (int i = 0; i < everywhere.Length; i++)
        {
            Assert.Equal(Mask.AsSpan()[i] >= 0.5f ? everywhere[i] : 0, one.Map.AsSpan()[i]);
        }

        // A constant that one half has and the other has not is in the band that is not looked at.
        CryoMap first = Halves.Half1;
        float[] moved = Array.ConvertAll(first.AsSpan().ToArray(), value => value + (20 * (float)first.StandardDeviation));
        var halves = new Reconstruction(new CryoMap(first.Grid, moved, "moved"), Halves.Half2);
        float[] shifted = GaussianFsc.Run(halves, Mask, new() { CoarsestResolution = 15 }, cancellationToken: _stop).Map.AsSpan().ToArray();
        Assert.Equal(0, shifted.Zip(one.Map.AsSpan().ToArray(), (a, b) => Math.Abs(a - b)).Max(), 0.01);
    }

    [Fact]
    public void EqualHalvesReachTheFinestResolution()
    {
        GaussianFscResult result = GaussianFsc.Run(new Reconstruction(Halves.Half1, Halves.Half1), Mask, cancellationToken: _stop);
        Assert.Equal(2 * Mask.VoxelSize, result.Coarsest, 1e-4);
        Assert.Single(result.Warnings);
    }

    [Fact]
    public void WhatCannotBeUsedIsRefused()
    {
        Refused(EngineError.ParameterOutOfRange, new() { WindowWidth = 1 });
        Refused(EngineError.ParameterOutOfRange, new() { CoarsestResolution = 0 });
        Refused(EngineError.InsufficientMemory, new() { Limits = new() { Memory = 1 << 20 } });
        Assert.Equal(EngineError.MapCountUnsupported, Assert.Throws<EngineException>(() => GaussianFsc.Run(Halves.First, Mask)).Error);
        var empty = new CryoMap(Mask.Grid, new float[Mask.Size.VoxelCount], "empty");
        Assert.Equal(EngineError.MaskEmpty, Assert.Throws<EngineException>(() => GaussianFsc.Run(Halves, empty)).Error);
        Assert.ThrowsAny<OperationCanceledException>(() => GaussianFsc.Run(Halves, Mask, cancellationToken: new CancellationToken(canceled: true)));

        void Refused(EngineError error, GaussianFscOptions options) => Assert.Equal(error, Assert.Throws<EngineException>(() => Run(options)).Error);
    }

    [Fact]
    public void TheLocalWienerResolutionIsTheByProductOfTheRestoration()
    {
        LocalWienerResolutionResult alone = LocalWienerResolution.Run(Halves, Mask, new() { WindowWidth = 6, Limits = new() { Threads = 1 } }, cancellationToken: _stop);
        LocalWienerResult beside = LocalWiener.Run(Halves, Mask, new() { WindowWidth = 6, ByProducts = true }, cancellationToken: _stop);
        Assert.Equal(beside.LocalResolution!.AsSpan().ToArray(), alone.Map.AsSpan().ToArray());
        HistoryEntry step = alone.Map.History[^1];
        Assert.Equal(LocalWienerResolution.StepName, step.Step);
        Assert.Equal(alone.Median, step.Figures["MedianResolution"]);
        Assert.Equal(6.0, step.Parameters["WindowWidth"]);
        Assert.Contains(LocalWienerResolution.Run(Halves, cancellationToken: _stop).Map.History, entry => entry.Step == "Mask");
    }

    private GaussianFscResult Run(GaussianFscOptions options) => GaussianFsc.Run(Halves, Mask, options, cancellationToken: _stop);

    private static double[] Inside(CryoMap map)
    {
        float[] mask = Mask.AsSpan().ToArray();
        return [.. map.AsSpan().ToArray().Where((_, i) => mask[i] >= 0.5f).Select(value => (double)value)];
    }
}
