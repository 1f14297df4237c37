using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class ReconstructionTests
{
    private static readonly MapGrid Grid = new(new GridSize(3, 2, 2), 1.5);

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void OneMapIsItsOwnMean()
    {
        CryoMap map = Map("map.mrc", 1);
        Reconstruction input = map;
        Assert.False(input.HasHalves);
        Assert.Same(map, input.Mean(_stop));
        Assert.Same(map, Assert.Single(input.Maps));
        Assert.Equal("map.mrc", input.Name);
        Assert.Null(input.SecondSource);
        Assert.All(input.HalfMapParameters, parameter => Assert.Null(parameter.Value));
        Assert.Empty(input.Warnings(_stop));
        Assert.Throws<InvalidOperationException>(() => input.Half1);
        Assert.Throws<InvalidOperationException>(() => input.Half2);
    }

    [Fact]
    public void HalfMapsHaveAMeanThatSaysWhatItIsOf()
    {
        var input = new Reconstruction(Map("half1.mrc", 1), Map("half2.mrc", 4));
        Assert.True(input.HasHalves);
        Assert.Equal("half1.mrc and half2.mrc", input.Name);
        CryoMap mean = input.Mean(_stop);
        Assert.Equal(Map("mean", 2.5f).AsSpan(_stop), mean.AsSpan(_stop));
        Assert.Same(mean, input.Mean(_stop));
        Assert.Equal(Reconstruction.AverageStep, mean.History[^1].Step);
        Assert.Equal([("HalfMap1", "half1.mrc"), ("HalfMap2", "half2.mrc")], mean.History[^1].Parameters.Select(pair => (pair.Key, pair.Value)));
        GC.KeepAlive(mean);
    }

    [Fact]
    public void HalfMapsOnDifferentGridsAreRefused()
    {
        var elsewhere = new CryoMap(new MapGrid(new GridSize(2, 3, 2), 1.5), new float[12], "half2.mrc");
        Assert.Equal(EngineError.MapSizeMismatch, Assert.Throws<EngineException>(() => new Reconstruction(Map("half1.mrc", 1), elsewhere)).Error);
    }

    [Fact]
    public void HalvesThatAreTheSameInEveryVoxelAreWarnedOf()
    {
        Assert.Contains("same in every voxel", Assert.Single(new Reconstruction(Map("a", 1), Map("b", 1)).Warnings(_stop)), StringComparison.Ordinal);
        Assert.Contains(new Reconstruction(Map("a", 1), Map("b", 1.25f)).Warnings(_stop), warning => warning.Contains("but for a factor", StringComparison.Ordinal));
    }

    [Fact]
    public void OneMapIsRefusedWhereHalvesAreCompared()
    {
        Reconstruction one = Map("map.mrc", 1);
        EngineException refusal = Assert.Throws<EngineException>(() => one.RequireHalves("LocalFsc"));
        Assert.Equal((EngineError.MapCountUnsupported, "map.mrc"), (refusal.Error, refusal.Target));
        new Reconstruction(Map("a", 1), Map("b", 2)).RequireHalves("LocalFsc");
    }

    [Fact]
    public void EitherHalfWithNaNIsRefused()
    {
        Reconstruction[] inputs = [new(Map("a", float.NaN), Map("b", 1)), new(Map("a", 1), Map("b", float.NaN)), Map("a", float.NaN)];
        Assert.All(inputs, input => Assert.Equal(EngineError.MapNotFinite, Assert.Throws<EngineException>(() => input.RequireFinite(_stop)).Error));
    }

    [Theory]
    [InlineData("half1.mrc", true)]
    [InlineData("run_half2_class001_unfil.mrc", true)]
    [InlineData("J12_map_half_A.mrc", true)]
    [InlineData("emd_1234_half_map_1.map.gz", true)]
    [InlineData("map.mrc", false)]
    [InlineData("behalf1.mrc", false)]
    [InlineData("half1_and_half2.mrc", false)]
    [InlineData("half12.mrc", false)]
    public void OneMapThatIsNamedAsAHalfIsWarnedOf(string name, bool isHalf)
    {
        Assert.Equal(isHalf, ((Reconstruction)Map(name, 1)).WarningOfLoneHalf is not null);
        Assert.Null(new Reconstruction(Map(name, 1), Map("other", 2)).WarningOfLoneHalf);
        Assert.Null(((Reconstruction)new Reconstruction(Map(name, 1), Map("other", 2)).Mean(_stop)).WarningOfLoneHalf);
    }

    // Not constant, which no half map is.
    private static CryoMap Map(string name, float value) =>
        new(Grid, [.. Enumerable.Range(0, (int)Grid.Size.VoxelCount).Select(i => value * (1 + (0.125f * i)))], name);
}
