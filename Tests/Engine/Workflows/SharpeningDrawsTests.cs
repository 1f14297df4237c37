using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;
using LocalDeblur.Workflows.Truth;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class SharpeningDrawsTests : IDisposable
{
    private static readonly string[] Figures =
        ["EMRinger", "Q-score", "CC mask", "CC box", "CC peaks", "FSC 0.5 with the model (Å)", "Guinier distance", "FSC with the truth", "CC with the truth"];

    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;
    private readonly CryoPhantom _phantom = CryoPhantom.Draw(new PhantomOptions { Size = 48, VoxelSize = 1 }, null, TestContext.Current.CancellationToken);
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FigureIsMeanErrorAndGain()
    {
        var figure = SharpeningFigure.Of([(0.6, 0.5), (0.4, 0.45), (0.8, null), (null, 0.1)], higherIsBetter: true)!;
        Assert.Equal(0.6, figure.Mean, 1e-12);
        Assert.Equal(0.2 / Math.Sqrt(3), figure.StandardError!.Value, 1e-12);
        Assert.Equal(3, figure.Sets);
        Assert.Equal(0.025, figure.Gain!.Value, 1e-12);
        Assert.Equal(0.075, figure.GainError!.Value, 1e-12);
        Assert.Equal(1, figure.Better);
        Assert.Equal(1, SharpeningFigure.Of([(0.6, 0.5), (0.4, 0.45), (0.8, null)], higherIsBetter: false)!.Better);
        Assert.Equal("0.600 ± 0.115 (1/3)", figure.ToString());
        Assert.Null(SharpeningFigure.Of([(null, 0.5)], higherIsBetter: true));
        SharpeningFigure one = SharpeningFigure.Of([(0.6, null)], higherIsBetter: true)!;
        Assert.Equal((null, null, null), (one.StandardError, one.Gain, one.Better));
    }

    [Fact]
    public void EverySetIsComparedAsByItself()
    {
        var noisier = CryoPhantom.Draw(new PhantomOptions { Size = 48, VoxelSize = 1, NoiseFraction = 0.8 }, null, _stop);
        Reconstruction[] sets = [new(_phantom.HalfMap1, _phantom.HalfMap2), new(noisier.HalfMap1, noisier.HalfMap2)];
        SharpeningComparisonOptions options = Options("Raw", "BFactor") with { Model = _phantom.Model, OutputDirectory = _folder };
        var draws = SharpeningDraws.Run(sets, _phantom.Mask, options, null, _stop);
        Assert.Equal(["Raw", "BFactor"], draws.Rows.Select(row => row.Method));
        for (int i = 0; i < sets.Length; i++)
        {
            SharpeningComparison alone = SharpeningComparison.Run(sets[i], _phantom.Mask, options with { OutputDirectory = null }, null, _stop);
            Assert.Equal(alone.Rows.Select(row => row.TruthFsc), draws.Rows.Select(row => row.Rows[i].TruthFsc));
            Assert.Equal(alone.Rows.Select(row => row.QScore), draws.Rows.Select(row => row.Rows[i].QScore));
            Assert.True(File.Exists(Path.Combine(_folder, SharpeningDraws.FolderName(i), "bfactor.mrc")));
        }

        SharpeningDrawsRow sharpened = draws.Rows[1];
        Assert.Equal(sharpened.Rows.Average(row => row.TruthCorrelation!.Value), sharpened.TruthCorrelation!.Mean, 1e-12);
        Assert.Equal(
            sharpened.Rows.Zip(draws.Rows[0].Rows).Count(pair => pair.First.TruthCorrelation > pair.Second.TruthCorrelation), sharpened.TruthCorrelation.Better);
        Assert.Null(draws.Rows[0].QScore!.Gain);

        string[] lines = File.ReadAllLines(Path.Combine(_folder, SharpeningDraws.TableName));
        Assert.StartsWith("Method,Model used,Figure,Better when,Mean,Standard error,Gain", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal(Figures, lines.Where(line => line.StartsWith("BFactor,", StringComparison.Ordinal)).Select(line => line.Split(',')[2]));
        Assert.Throws<EngineException>(() => SharpeningDraws.Run(sets, _phantom.Mask, options, null, _stop));
    }

    [Fact]
    public void WhatStandsInTheWayOfTheLastSetIsFoundFirst()
    {
        var small = CryoPhantom.Draw(new PhantomOptions { Size = 40, VoxelSize = 1 }, null, _stop);
        bool hasBegun = false;
        var progress = new Told(() => hasBegun = true);
        EngineException refusal = Assert.Throws<EngineException>(() => SharpeningDraws.Run(
            [new(_phantom.HalfMap1, _phantom.HalfMap2), new(small.HalfMap1, small.HalfMap2)], _phantom.Mask, Options("Raw"), progress, _stop));
        Assert.Equal(EngineError.MapSizeMismatch, refusal.Error);
        Assert.False(hasBegun);
    }

    [Fact]
    public void TruthItselfScoresOneAndScaleDoesNotCount()
    {
        float[] thrice = [.. _phantom.Truth.CopyVoxels(_stop).Select(value => 3 * value)];
        var input = new Reconstruction(_phantom.Truth, _phantom.Truth.Derive(thrice, new HistoryEntry { Step = "Thrice" }));
        SharpeningComparisonRow row = Assert.Single(SharpeningComparison.Run(input, _phantom.Mask, Options("Raw") with { Resolution = 3 }, null, _stop).Rows);
        Assert.Equal(1, row.TruthFsc!.Value, 1e-5);
        Assert.Equal(1, row.TruthCorrelation!.Value, 1e-5);
    }

    // The mask hugs the truth: what lies far from the molecule changes nothing.
    [Fact]
    public void WhatIsFarFromTheTruthDoesNotCount()
    {
        using var score = new TruthScore(_phantom.Truth, 3, outline: null, new RunLimits { Threads = 1 }, _stop);
        float[] voxels = _phantom.HalfMap1.CopyVoxels(_stop);
        (double before, _) = score.Measure(_phantom.HalfMap1, _stop);
        voxels[0] += 1000;
        Assert.Equal(before, score.Measure(_phantom.HalfMap1.Derive(voxels, new HistoryEntry { Step = "Corner" }), _stop).ShellCorrelation);
        Assert.InRange(before, 0.1, 0.99);
    }

    [Fact]
    public void TruthWithoutDensityIsRefused()
    {
        var nothing = new CryoMap(_phantom.Truth.Grid, new float[_phantom.Truth.Size.VoxelCount], "nothing");
        EngineException refusal = Assert.Throws<EngineException>(() => SharpeningComparison.Run(
            new Reconstruction(_phantom.HalfMap1, _phantom.HalfMap2), _phantom.Mask, Options("Raw") with { Truth = nothing }, null, _stop));
        Assert.Equal(EngineError.MapWithoutSignal, refusal.Error);
    }

    private SharpeningComparisonOptions Options(params string[] methods) => new()
    {
        Methods = [.. methods.Select(SharpeningMethods.Named)],
        Truth = _phantom.Truth,
        Limits = new() { Threads = 1 },
    };

    private sealed class Told(Action tell) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => tell();
    }
}
