using LocalDeblur.Numerics;
using Xunit;

namespace LocalDeblur.Tests.Engine.Numerics;

public sealed class ScatteredSampleTests
{
    // The box sizes of which equally distant voxels lie on few planes are among them: 512 and 1024 for the automatic threshold, 96 and 290 for masks.
    [Theory]
    [InlineData(96, 1 << 16)]
    [InlineData(290, 1 << 16)]
    [InlineData(128, 1 << 18)]
    [InlineData(256, 1 << 18)]
    [InlineData(400, 1 << 18)]
    [InlineData(511, 1 << 18)]
    [InlineData(512, 1 << 18)]
    [InlineData(513, 1 << 18)]
    [InlineData(1024, 1 << 18)]
    public void APartOfTheBoxHasItsShareOfTheSample(int edge, int least)
    {
        int radius = edge / 6;
        int inside = 0, count = 0, last = -1;
        foreach (int place in ScatteredSample.Places(edge * edge * edge, least))
        {
            Assert.InRange(place, last + 1, (edge * edge * edge) - 1);
            last = place;
            int x = (place % edge) - (edge / 2), y = (place / edge % edge) - (edge / 2), z = (place / edge / edge) - (edge / 2);
            inside += (x * x) + (y * y) + (z * z) <= radius * radius ? 1 : 0;
            count++;
        }

        Assert.InRange(count, least, 2 * least);
        double share = 4 * Math.PI / 3 * Math.Pow((double)radius / edge, 3);
        Assert.InRange(inside, 0.95 * share * count, 1.05 * share * count);
    }

    [Fact]
    public void ASmallVolumeIsTakenWhole() => Assert.Equal([3, 1, 2], ScatteredSample.Of([3, 1, 2], 2));

    [Fact]
    public void ValuesAreTakenFromWhereTheyAre()
    {
        float[] values = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        Assert.Equal(ScatteredSample.Places(1000, 100).Select(i => (float)i), ScatteredSample.Of(values, 100));
    }
}
