using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Validation;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class SharpeningComparisonTests
{
    [Fact]
    public void LocScaleReachesTheEdgeOfTheBox()
    {
        // The mask is 1 everywhere, and the window wider than half the box.
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        float[] ones = new float[map.Size.VoxelCount];
        Array.Fill(ones, 1);
        var options = new SharpeningComparisonOptions
        {
            Model = model,
            Resolution = 3,
            Methods = [SharpeningMethods.Named("Raw"), SharpeningMethods.Named("LocScale")],
            Limits = new() { Threads = 1 },
        };
        SharpeningComparison comparison = SharpeningComparison.Run(map, new CryoMap(map.Grid, ones, "ones"), options, cancellationToken: TestContext.Current.CancellationToken);

        // A map that is its reference comes back, but for float32 rounding.
        SharpeningComparisonRow raw = comparison.Rows[0];
        SharpeningComparisonRow scaled = comparison.Rows[1];
        Assert.Null(scaled.Error);
        Assert.Equal(model.Atoms.Count, scaled.QScoreAtoms);
        Assert.Equal(raw.CCBox!.Value, scaled.CCBox!.Value, 1e-3);
        Assert.Equal(raw.QScore!.Value, scaled.QScore!.Value, 1e-3);
        Assert.Equal(0, scaled.GuinierDistance!.Value, 1e-2);
    }

    [Fact]
    public void FigureOfAMapIsThatOfTheScoreByItself()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethods.Named("Raw")] };
        SharpeningComparisonRow row = Assert.Single(SharpeningComparison.Run(map, options: options, cancellationToken: TestContext.Current.CancellationToken).Rows);

        Assert.Equal(EMRinger.Measure(model, map, cancellationToken: TestContext.Current.CancellationToken).Score, row.EMRinger);
        Assert.Equal(QScore.Measure(model, map, cancellationToken: TestContext.Current.CancellationToken).Mean, row.QScore);
        Assert.False(row.UsesModel);
        Assert.Equal(0, row.GuinierDistance!.Value, 1e-6);
    }

    [Fact]
    public void MethodThatFailsIsARowAndTheOthersGoOn()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        float[] half = new float[map.Size.VoxelCount];
        Array.Fill(half, 0.6f, 0, half.Length / 2);
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethods.Named("LocScale"), SharpeningMethods.Named("Raw")] };
        SharpeningComparison comparison = SharpeningComparison.Run(map, new CryoMap(map.Grid, half, "half"), options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(EngineError.MaskEmpty, comparison.Rows[0].ErrorId);
        Assert.Null(comparison.Rows[0].QScore);
        Assert.Null(comparison.Rows[1].Error);
        Assert.NotNull(comparison.Rows[1].QScore);
    }

    // What the comparison keeps for others, the model's density here, counts to what a method may take.
    [Fact]
    public void MemoryLimitCountsWhatIsKept()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethods.Named("AutoSharpen")], Limits = new() { Threads = 1 } };
        long needed = Run(null).PeakBytes!.Value;
        long volume = sizeof(float) * map.Size.VoxelCount;

        Assert.Equal(EngineError.InsufficientMemory, Run(needed + volume - 1).ErrorId);
        Assert.Null(Run(needed + volume).Error);

        SharpeningComparisonRow Run(long? limit) =>
            Assert.Single(
                SharpeningComparison.Run(map, map, options with { Limits = new() { Threads = 1, Memory = limit } }, cancellationToken: TestContext.Current.CancellationToken).Rows);
    }

    [Fact]
    public void CancelledRunIsNoRow()
    {
        (AtomicModel model, CryoMap map) = LeucineCube.Draw();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => SharpeningComparison.Run(map, options: new SharpeningComparisonOptions { Model = model, Resolution = 3 }, cancellationToken: cancellation.Token));
    }
}
