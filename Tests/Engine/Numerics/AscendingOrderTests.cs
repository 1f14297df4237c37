using LocalDeblur.Numerics;
using Xunit;

namespace LocalDeblur.Tests.Engine.Numerics;

public sealed class AscendingOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ValuesOfEverySignAndSizeComeInOrder(int threads)
    {
        var random = new Random(5);
        float[] values =
        [
            0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, 1, 1,
            .. Enumerable.Range(0, 20_000).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-40, 38)))),
        ];
        float[] expected = [.. values.Order()];
        Assert.Equal(expected, AscendingOrder.Of(values, new RunLimits { Threads = threads }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void EveryValueIsFoundAmongTheOthers()
    {
        // Close together, far apart, many of the same, and at both ends.
        var random = new Random(6);
        float[] ascending = [.. Enumerable.Range(0, 20_000).Select(Draw).Order()];
        ascending.AsSpan(0, 5).Fill(float.NegativeInfinity);
        ascending.AsSpan(ascending.Length - 5).Fill(float.PositiveInfinity);
        var index = new AscendingIndex(ascending);
        Assert.All(ascending, value => Assert.Equal(value, ascending[index.Of(value)]));

        float Draw(int i) => i % 3 == 0 ? 1 + (random.Next(2000) * 1e-7f) : (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-40, 38)));
    }

    [Theory]
    [InlineData(-9, 1)]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.15865525393145707)]
    [InlineData(3.0001, 0.0013494549838)]
    [InlineData(6, 9.865876450376e-10)]
    [InlineData(40, 0)]
    public void TheTailOfTheNormalDistributionIsAsTabulated(double z, double above) =>
        Assert.InRange(NormalTail.Above(z), above * (1 - (1e-6 * z * z)), above * (1 + (1e-6 * z * z)));

    [Fact]
    public void CancelledSortStops() =>
        Assert.Throws<OperationCanceledException>(() => AscendingOrder.Of([2, 1], new RunLimits(), new CancellationToken(canceled: true)));
}
