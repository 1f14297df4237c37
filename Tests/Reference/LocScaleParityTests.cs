using LocalDeblur.Maps;
using LocalDeblur.Sharpening.LocScaling;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against the scaling core of LocScale 2.3.1.post4 (commit 77e14415), double precision, window 26, truth as the reference.</summary>
public sealed class LocScaleParityTests
{
    /// <summary>The output is stored as float32; ours sums in float32 besides.</summary>
    private const double ParityTolerance = 1e-5;

    /// <summary>What the program's averages over an eighth of a shell differ from those over whole shells.</summary>
    private const double FullShellCorrelation = 0.998;

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void OctantAverageEqualsThePublishedProgram(string set)
    {
        CryoMap published = ReferenceData.OpenMap($"{set}/locscale_core.mrc.gz");
        CryoMap result = Scale(set, LocScaleAveraging.Octant);

        float[] values = result.AsSpan().ToArray();
        Assert.Equal(published.AsSpan().ToArray().Select(value => value == 0), values.Select(value => value == 0));
        Assert.Equal(ReferenceData.RequireJson($"{set}/values.json").GetProperty("locscale").GetProperty("voxels_scaled").GetInt64(), result.History[^1].Figures["ScaledVoxels"]);
        MapComparison comparison = MapComparison.Compare(result, published);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{set}: relative RMS difference {comparison.RelativeRmsDifference:E3}, largest difference {comparison.MaximumDifference:E3}");
        Assert.InRange(comparison.RelativeRmsDifference, 0, ParityTolerance);
    }

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void FullShellsCorrelateWithThePublishedProgram(string set)
    {
        CryoMap published = ReferenceData.OpenMap($"{set}/locscale_core.mrc.gz");
        float[] scaled = [.. published.AsSpan().ToArray().Select(value => value == 0 ? 0f : 1f)];
        MapComparison comparison = MapComparison.Compare(Scale(set, LocScaleAveraging.FullShells), published, new CryoMap(published.Grid, scaled, "scaled"));

        TestContext.Current.TestOutputHelper?.WriteLine($"{set}: correlation {comparison.Correlation:F6}");
        Assert.InRange(comparison.Correlation, FullShellCorrelation, 1);
    }

    private static CryoMap Scale(string set, LocScaleAveraging averaging)
    {
        // The default window, 25 Å rounded up to an even number of voxels of 1 Å, is the reference's 26.
        CryoMap result = LocScale.Run(
            ReferenceData.OpenMap($"{set}/full.mrc.gz"),
            ReferenceData.OpenMap($"{set}/truth.mrc.gz"),
            ReferenceData.OpenMap($"{set}/maskbin.mrc.gz"),
            new LocScaleOptions { Averaging = averaging },
            cancellationToken: TestContext.Current.CancellationToken).Map;
        Assert.Equal(26, result.History[^1].Figures["WindowVoxels"]);
        return result;
    }
}
