using LocalDeblur.Models;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Engine;

public sealed class SharpeningComparisonTests
{
    [Fact]
    public void LocScaleReachesTheEdgeOfTheBox()
    {
        // The mask is 1 everywhere, and the window wider than half the box.
        (AtomicModel model, CryoMap map) = Leucines();
        float[] ones = new float[map.Size.VoxelCount];
        Array.Fill(ones, 1);
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethod.Raw, SharpeningMethod.LocScale], Threads = 1 };
        SharpeningComparison comparison = SharpeningComparison.Run(map, null, new CryoMap(map.Grid, ones, "ones"), options, cancellationToken: TestContext.Current.CancellationToken);

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
        (AtomicModel model, CryoMap map) = Leucines();
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethod.Raw] };
        SharpeningComparisonRow row = Assert.Single(SharpeningComparison.Run(map, options: options, cancellationToken: TestContext.Current.CancellationToken).Rows);

        Assert.Equal(EMRinger.Measure(model, map, cancellationToken: TestContext.Current.CancellationToken).Score, row.EMRinger);
        Assert.Equal(QScore.Measure(model, map, cancellationToken: TestContext.Current.CancellationToken).Mean, row.QScore);
        Assert.False(row.UsesModel);
        Assert.Equal(0, row.GuinierDistance!.Value, 1e-6);
    }

    [Fact]
    public void MethodThatFailsIsARowAndTheOthersGoOn()
    {
        (AtomicModel model, CryoMap map) = Leucines();
        float[] half = new float[map.Size.VoxelCount];
        Array.Fill(half, 0.6f, 0, half.Length / 2);
        var options = new SharpeningComparisonOptions { Model = model, Resolution = 3, Methods = [SharpeningMethod.LocScale, SharpeningMethod.Raw] };
        SharpeningComparison comparison = SharpeningComparison.Run(map, null, new CryoMap(map.Grid, half, "half"), options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(EngineError.MaskEmpty, comparison.Rows[0].ErrorId);
        Assert.Null(comparison.Rows[0].QScore);
        Assert.Null(comparison.Rows[1].Error);
        Assert.NotNull(comparison.Rows[1].QScore);
    }

    [Fact]
    public void CancelledRunIsNoRow()
    {
        (AtomicModel model, CryoMap map) = Leucines();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SharpeningComparison.Run(map, options: new SharpeningComparisonOptions { Model = model, Resolution = 3 }, cancellationToken: cancellation.Token));
    }

    // Eight leucines in a cube, and their density.
    private static (AtomicModel Model, CryoMap Map) Leucines()
    {
        (string Name, double X, double Y, double Z)[] leucine =
        [
            ("N", 0, 0, 0), ("CA", 1.458, 0, 0), ("C", 2.009, 1.42, 0), ("O", 1.251, 2.39, 0), ("CB", 1.988, -0.773, -1.199),
            ("CG", 1.677, -2.271, -1.222), ("CD1", 2.153, -2.893, -2.524), ("CD2", 0.179, -2.502, -1.345),
        ];
        int serial = 0;
        AtomicModel model = ModelFile.Pdb([.. Enumerable.Range(0, 8).SelectMany(i => leucine.Select(atom => FormattableString.Invariant(
            $"ATOM  {++serial,5}  {atom.Name,-3} LEU A{i + 1,4}    {11 + (8 * (i & 1)) + atom.X,8:0.000}{11 + (4 * (i & 2)) + atom.Y,8:0.000}{11 + (2 * (i & 4)) + atom.Z,8:0.000}  1.00 40.00           {atom.Name[0]}")))]);
        CryoMap map = ModelDensity.DrawReference(model, new MapGrid(new GridSize(40, 36, 38), 1), cancellationToken: TestContext.Current.CancellationToken);
        return (model, map);
    }
}
