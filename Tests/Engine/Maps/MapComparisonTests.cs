using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MapComparisonTests
{
    // Sums of a few hundred doubles against LINQ's in another order.
    private const double Rounding = 1e-13;

    private static readonly GridSize Size = new(7, 6, 5);

    [Fact]
    public void EqualMapsDoNotDiffer()
    {
        CryoMap map = Map("a", 1);

        MapComparison comparison = Compare(map, map);

        Assert.Equal(0, comparison.RelativeRmsDifference);
        Assert.Equal(0, comparison.MaximumDifference);
        Assert.Equal(1, comparison.Correlation, Rounding);
        Assert.Equal(Size.VoxelCount, comparison.VoxelCount);
    }

    // A map keeps its name from step to step; what was compared with what has to be seen all the same.
    [Fact]
    public void MapsOfOneNameAreToldApartByTheirSteps()
    {
        CryoMap map = Map("a", 1);
        CryoMap sharpened = map.Derive(MrcFile.Voxels(map), new HistoryEntry { Step = "LocalDeblur" });

        MapComparison comparison = Compare(sharpened, map, sharpened);

        Assert.Equal(("a: LocalDeblur", "a", "a: LocalDeblur"), (comparison.Map, comparison.Reference, comparison.Mask));
    }

    [Fact]
    public void FiguresFollowTheirFormulas()
    {
        CryoMap a = Map("a", 1);
        CryoMap b = Map("b", 2);
        double[] x = [.. MrcFile.Voxels(a).Select(value => (double)value)];
        double[] y = [.. MrcFile.Voxels(b).Select(value => (double)value)];

        MapComparison comparison = Compare(a, b);

        double squares = x.Zip(y, (p, q) => (p - q) * (p - q)).Sum();
        double meanX = x.Average();
        double meanY = y.Average();
        double correlation = x.Zip(y, (p, q) => (p - meanX) * (q - meanY)).Sum()
            / Math.Sqrt(x.Sum(p => (p - meanX) * (p - meanX)) * y.Sum(q => (q - meanY) * (q - meanY)));
        Assert.Equal(Math.Sqrt(squares / x.Length), comparison.RmsDifference, Rounding);
        Assert.Equal(Math.Sqrt(squares / y.Sum(q => q * q)), comparison.RelativeRmsDifference, Rounding);
        Assert.Equal(correlation, comparison.Correlation, Rounding);
        double largest = x.Zip(y, (p, q) => Math.Abs(p - q)).Max();
        Assert.Equal(largest, comparison.MaximumDifference);
        Assert.Equal(largest, Math.Abs((double)a.GetVoxel(comparison.X, comparison.Y, comparison.Z) - b.GetVoxel(comparison.X, comparison.Y, comparison.Z)));
        Assert.Equal(("a", "b", null), (comparison.Map, comparison.Reference, comparison.Mask));
    }

    [Fact]
    public void OnlyVoxelsOfHalfAndMoreInTheMaskAreCompared()
    {
        CryoMap a = Map("a", 1);
        float[] shifted = MrcFile.Voxels(a);
        shifted[Size.Offset(3, 4, 2)] += 5;
        shifted[0] += 100;
        float[] mask = new float[shifted.Length];
        mask[0] = 0.49f;
        mask[Size.Offset(3, 4, 2)] = 0.5f;
        mask[Size.Offset(4, 4, 2)] = 1;

        MapComparison comparison = Compare(new CryoMap(Grid(), shifted, "b"), a, new CryoMap(Grid(), mask, "mask"));

        Assert.Equal(2, comparison.VoxelCount);
        Assert.Equal((3, 4, 2), (comparison.X, comparison.Y, comparison.Z));
        Assert.Equal(5, comparison.MaximumDifference, 1e-6);
        Assert.Equal("mask", comparison.Mask);
    }

    [Fact]
    public void ConstantMapHasNoCorrelation() =>
        Assert.True(double.IsNaN(Compare(new CryoMap(Grid(), new float[Size.VoxelCount], "zero"), Map("b", 2)).Correlation));

    [Fact]
    public void EmptyMaskIsRefused()
    {
        var mask = new CryoMap(Grid(), new float[Size.VoxelCount], "nothing.mrc");

        MrcFile.Refused(EngineError.MaskEmpty, () => Compare(Map("a", 1), Map("b", 2), mask), "nothing.mrc");
    }

    [Fact]
    public void OtherGridIsRefused()
    {
        var small = new CryoMap(new MapGrid(new GridSize(2, 1, 1), 1), [1, 2], "small");

        MrcFile.Refused(EngineError.MapSizeMismatch, () => Compare(Map("a", 1), small), "small");
        MrcFile.Refused(EngineError.MapSizeMismatch, () => Compare(Map("a", 1), Map("b", 2), small), "small");
    }

    [Fact]
    public void NonFiniteVoxelsAreRefused()
    {
        float[] voxels = new float[Size.VoxelCount];
        voxels[3] = float.NaN;

        MrcFile.Refused(EngineError.MapNotFinite, () => Compare(Map("a", 1), new CryoMap(Grid(), voxels, "broken")), "broken");
    }

    private static MapComparison Compare(CryoMap map, CryoMap reference, CryoMap? mask = null) =>
        MapComparison.Compare(map, reference, mask, Xunit.TestContext.Current.CancellationToken);

    private static MapGrid Grid() => new(Size, 1.2);

    private static CryoMap Map(string name, int seed)
    {
        var random = new Random(seed);
        return new CryoMap(Grid(), [.. Enumerable.Range(0, (int)Size.VoxelCount).Select(_ => 1000 + random.NextSingle())], name);
    }
}
