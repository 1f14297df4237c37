using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MaskRuleTests
{
    private static readonly MapGrid Grid = new(new GridSize(8, 8, 8), 1);

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void OneHalfIsInside()
    {
        Assert.True(MaskRule.Selects(0.5f));
        Assert.False(MaskRule.Selects(MathF.BitDecrement(0.5f)));
        Assert.False(MaskRule.Selects(float.NaN));
    }

    [Fact]
    public void AComparisonOfMapsTakesVoxelsOfOneHalf() =>
        Assert.Equal(128, MapComparison.Compare(Noise(1), Noise(2), Mask(128, 0.5f), _stop).VoxelCount);

    [Fact]
    public void TheShareOfTheBoxForTheMaskFractionLeavesThemOutAsInRelion()
    {
        FscResult curves = FourierShellCorrelation.Run(new Reconstruction(Noise(1), Noise(2)), Mask(128, 0.5f, full: 64), cancellationToken: _stop);
        Assert.Contains(curves.Decisions, decision => decision.Contains("above 0.5 in 12.5 %", StringComparison.Ordinal));
    }

    [Fact]
    public void ARefusalTellsTheRuleAndTheLargestValue()
    {
        EngineException refusal = MaskRule.Empty(Mask(3, 0.25f));
        Assert.Equal(EngineError.MaskEmpty, refusal.Error);
        Assert.StartsWith("The mask 'mask' has no voxel of 0.5 or more; its largest value is 0.25.", refusal.Message, StringComparison.Ordinal);
    }

    private static CryoMap Noise(int seed)
    {
        var random = new Random(seed);
        return new CryoMap(Grid, [.. Enumerable.Range(0, 512).Select(_ => random.NextSingle())], $"noise {seed}");
    }

    // 1 in the first voxels, then a value up to a number of voxels, then 0.
    private static CryoMap Mask(int end, float value, int full = 0) =>
        new(Grid, [.. Enumerable.Range(0, 512).Select(i => i < full ? 1 : i < end ? value : 0)], "mask");
}
