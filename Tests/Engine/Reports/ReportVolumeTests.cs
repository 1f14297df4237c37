using System.IO.Compression;
using LocalDeblur.Maps;
using LocalDeblur.Reports;
using Xunit;

namespace LocalDeblur.Tests.Engine.Reports;

public sealed class ReportVolumeTests
{
    [Theory]
    [InlineData(40, 1)]
    [InlineData(160, 1.25)]
    public void ATexelIsTheMeanOfWhatItCovers(int edge, double step)
    {
        // A ramp keeps its value at the middle of whatever is averaged.
        CryoMap ramp = Map(edge, (x, y, z) => x + (2 * y) - z);
        ReportVolume volume = ReportVolume.Of(ramp, ramp, Map(edge, (_, _, _) => 1), null, null, CancellationToken.None);

        Assert.Equal(step, volume.Step);
        Assert.Equal((0, 0, 0), volume.First);
        byte[] levels = Unpack(volume.Before.Voxels, volume.Size.X);
        double quantum = (volume.Before.High - volume.Before.Low) / 255;
        foreach ((int x, int y, int z) in ((int, int, int)[])[(5, 9, 3), (20, 30, 11), (17, 4, 30)])
        {
            double expected = Voxel(x) + (2 * Voxel(y)) - Voxel(z);
            double found = volume.Before.Low + (levels[volume.Size.Offset(x, y, z)] * quantum);

            // Half a level, and what a float32 sum loses.
            Assert.Equal(expected, found, (quantum / 2) + 0.01);
        }

        double Voxel(int texel) => ((texel + 0.5) * step) - 0.5;
    }

    [Fact]
    public void OnlyWhatIsAboutTheMaskIsTaken()
    {
        CryoMap mask = Map(60, (x, y, z) => x is >= 20 and < 30 && y is >= 12 and < 30 && z is >= 2 and < 30 ? 1 : 0);
        ReportVolume volume = ReportVolume.Of(mask, mask, mask, null, null, CancellationToken.None);

        Assert.Equal((17, 9, 0), volume.First);
        Assert.Equal(new GridSize(16, 24, 33), volume.Size);
        byte[] inside = Unpack(volume.Mask, volume.Size.X);
        Assert.Equal(10 * 18 * 28, inside.Sum(value => value));
        Assert.Equal(1, inside[volume.Size.Offset(3, 3, 2)]);
    }

    [Fact]
    public void ResolutionsBecomeLevelsAndNoneStaysNone()
    {
        CryoMap mask = Map(24, (x, _, _) => x is > 4 and < 20 ? 1 : 0);
        CryoMap resolution = Map(24, (x, _, _) => x is > 4 and < 20 ? 3 + (0.1f * x) : 0);
        ResolutionSpread spread = ResolutionSpread.Measure(resolution, 15 * 24 * 24)!;
        ReportVolume volume = ReportVolume.Of(mask, mask, mask, resolution, spread, CancellationToken.None);

        byte[] levels = Unpack(volume.Resolution!, volume.Size.X);
        Assert.Equal(0, levels[0]);
        Assert.Equal(1, spread.Share);
        Assert.InRange(spread.Median, 4.1, 4.3);
        double found = volume.FinestResolution + ((levels[12 - volume.First.X] - 1) / 254.0 * (volume.CoarsestResolution - volume.FinestResolution));
        Assert.Equal(4.2, found, (volume.CoarsestResolution - volume.FinestResolution) / 500);
    }

    [Fact]
    public void NoiseThatDoesNotPackIsBroughtDownUntilItFits()
    {
        var random = new Random(3);
        CryoMap noise = Map(128, (_, _, _) => (float)random.NextDouble());
        ReportVolume volume = ReportVolume.Of(noise, noise, Map(128, (_, _, _) => 1), null, null, CancellationToken.None, characters: 1_000_000);

        Assert.True(volume.Before.Voxels.Length + volume.After.Voxels.Length + volume.Mask.Length <= 1_000_000);
        Assert.InRange(volume.Size.X, 48, 80);
    }

    [Fact]
    public void WhatIsEnclosedIsCountedInTheWholeMap()
    {
        CryoMap ramp = Map(32, (x, _, _) => x);
        CryoMap mask = Map(32, (x, y, z) => x is > 10 and < 20 && y is > 10 and < 20 && z is > 10 and < 20 ? 1 : 0);
        ReportDensity density = ReportVolume.Of(ramp, ramp, mask, null, null, CancellationToken.None).After;

        for (int level = 0; level < ReportDensity.Levels; level += 51)
        {
            double threshold = density.Low + (level * (density.High - density.Low) / (ReportDensity.Levels - 1));

            // A voxel on the level itself may fall to either side by rounding.
            long expected = Enumerable.Range(0, 32).Count(x => x >= threshold - 1e-6) * 32L * 32;
            Assert.Equal(expected, density.Enclosed[level]);
        }
    }

    private static byte[] Unpack(string text, int row)
    {
        using var stream = new ZLibStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        byte[] values = bytes.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += i % row == 0 ? (byte)0 : values[i - 1];
        }

        return values;
    }

    private static CryoMap Map(int edge, Func<int, int, int, float> value)
    {
        float[] voxels = new float[edge * edge * edge];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = value(i % edge, i / edge % edge, i / (edge * edge));
        }

        return new CryoMap(new MapGrid(new GridSize(edge, edge, edge), 1), voxels, "map.mrc");
    }
}
