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
    public void CancelledSortStops() =>
        Assert.Throws<OperationCanceledException>(() => AscendingOrder.Of([2, 1], new RunLimits(), new CancellationToken(canceled: true)));
}
