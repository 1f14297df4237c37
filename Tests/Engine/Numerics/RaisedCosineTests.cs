using LocalDeblur.Numerics;
using Xunit;

namespace LocalDeblur.Tests.Engine.Numerics;

public sealed class RaisedCosineTests
{
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 0.75)]
    [InlineData(1.5, 0.5)]
    [InlineData(2, 0.25)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    public void FallsFromOneToZeroOverTheWidth(double distance, double value)
    {
        Assert.Equal(value, RaisedCosine.Fall(distance, 3), 1e-15);
        Assert.Equal(1 - value, RaisedCosine.Rise(distance, 3), 1e-15);
    }

    [Fact]
    public void AnEdgeOfNoWidthIsAStep()
    {
        Assert.Equal(1, RaisedCosine.Fall(0, 0));
        Assert.Equal(0, RaisedCosine.Fall(1e-300, 0));
    }
}
