using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class LocalDeblurRunTests
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 64 });
    private static readonly CryoMap First = Phantom.DrawHalfMap(1);
    private static readonly CryoMap Second = Phantom.DrawHalfMap(2);

    [Fact]
    public void HalfMapsAloneAreAWholeRunWithEveryStepInItsHistory()
    {
        CryoMap result = LocalDeblurRun.Run(new Reconstruction(First, Second)).Map;

        Assert.Equal(["Phantom", "Average", MaskBuilder.StepName, MonoRes.StepName, LocalDeblurSolver.StepName], result.History.Select(entry => entry.Step));
        Assert.Equal(First.Grid, result.Grid);

        // The same steps by hand.
        CryoMap mask = MaskBuilder.Run(new Reconstruction(First, Second), new MaskOptions { SoftEdgeVoxels = 0 }).Map;
        MonoResResult resolution = MonoRes.Run(new Reconstruction(First, Second), mask);
        CryoMap expected = LocalDeblurSolver.Run(new Reconstruction(First, Second).Mean(), resolution.LocalResolution).Map;
        Assert.Equal(expected.AsSpan().ToArray(), result.AsSpan().ToArray());
    }

    [Fact]
    public void TheScanBeginsWhereTheMapsResolutionNeedsIt()
    {
        var coarse = new HelixPhantom(new PhantomOptions { Size = 48, VoxelSize = 3, FinestResolution = 24, CoarsestResolution = 30 });
        var halves = new Reconstruction(coarse.DrawHalfMap(1), coarse.DrawHalfMap(2));
        LocalDeblurResult result = LocalDeblurRun.Run(halves);
        EngineException refusal = Assert.Throws<EngineException>(() => LocalDeblurRun.Run(halves, options: new LocalDeblurRunOptions { CoarsestResolution = 10 }));

        HistoryEntry scan = result.Map.History.Single(entry => entry.Step == MonoRes.StepName);
        Assert.Contains(scan.Decisions, decision => decision.Contains("begins anew", StringComparison.Ordinal));
        Assert.Empty(scan.Warnings);
        Assert.True(result.CoarsestResolution > 18, $"{result.CoarsestResolution}");
        Assert.Equal(EngineError.ResolutionRangeInvalid, refusal.Error);
        Assert.Contains("at least 10 % to sharpen by", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(refusal.Advice, way => way.Parameter == EngineParameter.CoarsestResolution);
    }

    [Fact]
    public void OneMapTakesItsNoiseFromOutsideTheMask()
    {
        CryoMap result = LocalDeblurRun.Run(First).Map;

        HistoryEntry resolution = result.History.Single(entry => entry.Step == MonoRes.StepName);
        Assert.Equal(MonoResNoise.OutsideMask.ToString(), resolution.Parameters["NoiseFrom"]!.ToString());
        Assert.Equal(LocalDeblurSolver.StepName, result.History[^1].Step);
    }

    [Fact]
    public void GivenMaskIsUsedAndASoftOneCountsFromOneHalf()
    {
        CryoMap mask = Phantom.DrawMask();
        float[] soft = [.. mask.AsSpan().ToArray().Select(value => value > 0 ? 0.7f : 0.3f)];
        CryoMap expected = LocalDeblurRun.Run(new Reconstruction(First, Second), mask).Map;
        CryoMap actual = LocalDeblurRun.Run(new Reconstruction(First, Second), new CryoMap(mask.Grid, soft, "soft")).Map;

        Assert.DoesNotContain(expected.History, entry => entry.Step == MaskBuilder.StepName);
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
    }

    [Fact]
    public void RoundsSharpenTheirOwnResult()
    {
        CryoMap mask = Phantom.DrawMask();
        CryoMap twice = LocalDeblurRun.Run(new Reconstruction(First, Second), mask, new LocalDeblurRunOptions { Rounds = 2 }).Map;

        CryoMap once = LocalDeblurRun.Run(new Reconstruction(First, Second), mask).Map;
        MonoResResult resolution = MonoRes.Run(once, mask, new MonoResOptions { NoiseFrom = MonoResNoise.OutsideMask });
        CryoMap expected = LocalDeblurSolver.Run(once, resolution.LocalResolution).Map;
        Assert.Equal(expected.AsSpan().ToArray(), twice.AsSpan().ToArray());
        Assert.Equal(2, twice.History.Count(entry => entry.Step == LocalDeblurSolver.StepName));
    }

    [Fact]
    public void AutomaticRoundsEndAndSayWhy()
    {
        CryoMap result = LocalDeblurRun.Run(new Reconstruction(First, Second), Phantom.DrawMask(), new LocalDeblurRunOptions { Rounds = null }).Map;

        Assert.InRange(result.History.Count(entry => entry.Step == LocalDeblurSolver.StepName), 1, LocalDeblurRunOptions.MaximumRounds - 1);
        Assert.Contains("rounds end", result.History[^1].Decisions[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void GivenLocalResolutionSharpensTheMeanOnce()
    {
        CryoMap resolution = Phantom.DrawLocalResolution();
        CryoMap mask = Phantom.DrawMask();
        CryoMap mean = new Reconstruction(First, Second).Mean();
        CryoMap expected = LocalDeblurSolver.Run(mean, resolution, mask).Map;
        CryoMap actual = LocalDeblurRun.Run(new Reconstruction(First, Second), mask, new LocalDeblurRunOptions { LocalResolution = resolution }).Map;
        Assert.Equal(expected.AsSpan().ToArray(), actual.AsSpan().ToArray());
        Assert.Equal([Reconstruction.AverageStep, LocalDeblurSolver.StepName], actual.History.Select(step => step.Step).TakeLast(2));

        var sharpening = new LocalDeblurOptions { Bank = FilterBank.Create(mean.Size, mean.VoxelSize, 6) };
        CryoMap cut = LocalDeblurSolver.Run(mean, resolution, mask, sharpening).Map;
        CryoMap alike = LocalDeblurRun.Run(
            new Reconstruction(First, Second), mask, new LocalDeblurRunOptions { LocalResolution = resolution, CoarsestResolution = 6 }).Map;
        Assert.Equal(cut.AsSpan().ToArray(), alike.AsSpan().ToArray());
        Assert.NotEqual(cut.AsSpan().ToArray(), actual.AsSpan().ToArray());
    }

    [Fact]
    public void WhatContradictsItselfIsRefused()
    {
        CryoMap resolution = Phantom.DrawLocalResolution();
        FilterBank bank = FilterBank.Create(First.Size, First.VoxelSize, 6);
        LocalDeblurRunOptions[] contradictions =
        [
            new() { LocalResolution = resolution, Rounds = 2 },
            new() { LocalResolution = resolution, Rounds = null },
            new() { LocalResolution = resolution, CoarsestResolution = 6, Sharpening = new LocalDeblurOptions { Bank = bank } },
            new() { Sharpening = new LocalDeblurOptions { Bank = bank } },
        ];
        Assert.All(contradictions, options => Assert.Equal(EngineError.ParameterOutOfRange, Refusal(() => LocalDeblurRun.Run(First, options: options))));
    }

    [Fact]
    public void UnusableInputIsRefusedByName()
    {
        var elsewhere = new CryoMap(new MapGrid(First.Size, First.VoxelSize, new AxisTriple(5, 0, 0)), Second.AsSpan().ToArray(), "elsewhere");
        Assert.Equal(EngineError.MapOriginMismatch, Refusal(() => LocalDeblurRun.Run(new Reconstruction(First, elsewhere))));
        Assert.Equal(
            EngineError.ParameterOutOfRange,
            Refusal(() => LocalDeblurRun.Run(new Reconstruction(First, Second), options: new LocalDeblurRunOptions { Rounds = 0 })));
        Assert.Equal(
            EngineError.MaskEmpty,
            Refusal(() => LocalDeblurRun.Run(new Reconstruction(First, Second), new CryoMap(First.Grid, new float[First.Size.VoxelCount], "empty"))));
    }

    [Fact]
    public void HalvesThatAreNoneAreRefusedBeforeAMaskIsMade()
    {
        var flipped = new CryoMap(First.Grid, [.. First.AsSpan().ToArray().Reverse()], "flipped");
        foreach ((CryoMap second, EngineError error) in ((CryoMap, EngineError)[])[(First, EngineError.MapWithoutSignal), (flipped, EngineError.HalfMapMismatch)])
        {
            var stages = new Stages();
            Assert.Equal(error, Refusal(() => LocalDeblurRun.Run(new Reconstruction(First, second), progress: stages)));
            Assert.Empty(stages.Told);
        }
    }

    private static EngineError Refusal(Action run) => Assert.Throws<EngineException>(run).Error;

    private sealed class Stages : IProgress<StageProgress>
    {
        public List<StageProgress> Told { get; } = [];

        public void Report(StageProgress value) => Told.Add(value);
    }
}
