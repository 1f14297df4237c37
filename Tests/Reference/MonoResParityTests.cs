using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Monogenic;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against xmipp_resolution_monogenic_signal, I2PC/xmipp commit 3ce80f0b (2025-07-07), double precision, FFTW.</summary>
public sealed class MonoResParityTests
{
    /// <summary>A voxel whose amplitude lies within a rounding of the threshold may fall on the other side: ours is single precision.</summary>
    private const double LargestShareOfOthers = 1e-3;

    /// <summary>Å within which a voxel counts as equal; neighbouring resolutions of the scan lie 0.05 Å apart or more.</summary>
    private const double Tolerance = 1e-3;

    private const double SmallestDice = 0.9999;

    [Theory]
    [InlineData("monores_map", false, null, false)]
    [InlineData("monores_halves", true, MonoResNoise.Halves, false)]
    [InlineData("monores_halves_gaussian", true, MonoResNoise.OutsideMask, true)]
    public void LobesEqualThePublishedProgram(string name, bool halves, MonoResNoise? noise, bool gaussian)
    {
        var options = new MonoResOptions { CoarsestResolution = 12, NoiseFrom = noise, GaussianNoise = gaussian, WithFilledMap = true, WithRefinedMask = true };
        CryoMap mask = Open("lobes64/mask.mrc.gz");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        MonoResResult result = halves
            ? MonoRes.Run(new Reconstruction(Open("lobes64/half1.mrc.gz"), Open("lobes64/half2.mrc.gz")), mask, options, cancellationToken: cancellation)
            : MonoRes.Run(Open("lobes64/map.mrc.gz"), mask, options, cancellationToken: cancellation);

        double[] expected =
            ReferenceData.RequireJson("lobes64/values.json").GetProperty("monores").GetProperty(name).GetProperty("resolutions_evaluated_A").Deserialize<double[]>()!;
        RequireParity(result, $"lobes64/{name}", expected);
    }

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void ProteinScannedToTwoVoxelsEqualsThePublishedProgram(string set)
    {
        var options = new MonoResOptions { CoarsestResolution = 15, WithFilledMap = true, WithRefinedMask = true };
        MonoResResult result = MonoRes.Run(
            new Reconstruction(Open($"{set}/half1.mrc.gz"), Open($"{set}/half2.mrc.gz")),
            Open($"{set}/maskbin.mrc.gz"),
            options,
            cancellationToken: TestContext.Current.CancellationToken);

        double[] expected =
            ReferenceData.RequireJson($"{set}/values.json").GetProperty("xmipp").GetProperty("monores").GetProperty("resolutions_evaluated_A").Deserialize<double[]>()!;
        RequireParity(result, $"{set}/monores_halves", expected);
    }

    private static CryoMap Open(string path) => ReferenceData.OpenMap(path);

    private static void RequireParity(MonoResResult result, string prefix, double[] resolutions)
    {
        double[] evaluated = [.. result.EvaluatedResolutions];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{prefix}: {evaluated.Length} resolutions: {string.Join(' ', evaluated.Select(r => r.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)))}; "
                + $"{string.Join(' ', result.LocalResolution.History[^1].Decisions)}");
        Assert.Equal(resolutions.Length, evaluated.Length);
        Assert.All(resolutions.Zip(evaluated), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        RequireMap(result.LocalResolution, $"{prefix}.mrc.gz", evaluated);
        RequireMap(result.Filled!, $"{prefix}_chimera.mrc.gz", evaluated);
        RequireMask(result.RefinedMask!, $"{prefix}_mask.mrc.gz");
    }

    private static void RequireMap(CryoMap actual, string path, double[] steps)
    {
        ReadOnlySpan<float> expected = Open(path).AsSpan();
        ReadOnlySpan<float> values = actual.AsSpan();
        long others = 0, inside = 0;
        double largest = 0, largestOfEqual = 0;
        int farthest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(float.IsFinite(values[i]));
            if (expected[i] > 0 || values[i] > 0)
            {
                inside++;
            }

            double difference = Math.Abs(values[i] - expected[i]);
            largest = Math.Max(largest, difference);
            if (difference <= Tolerance)
            {
                largestOfEqual = Math.Max(largestOfEqual, difference);
                continue;
            }

            others++;
            farthest = Math.Max(farthest, Math.Abs(Step(values[i], steps) - Step(expected[i], steps)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{path}: {others} of {inside} voxels differ, by at most {largest:E2} Å or {farthest} steps; the others by at most {largestOfEqual:E2} Å");
        Assert.InRange((double)others / inside, 0, LargestShareOfOthers);
        Assert.InRange(farthest, 0, 2);
    }

    private static int Step(float value, double[] steps) => steps.TakeWhile(step => step > value + Tolerance).Count();

    private static void RequireMask(CryoMap actual, string path)
    {
        ReadOnlySpan<float> expected = Open(path).AsSpan();
        ReadOnlySpan<float> values = actual.AsSpan();
        long both = 0, total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > 0)
            {
                total++;
            }

            if (expected[i] > 0)
            {
                total++;
            }

            if (values[i] > 0 && expected[i] > 0)
            {
                both++;
            }
        }

        double dice = 2.0 * both / total;
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: Dice {dice:0.000000}");
        Assert.InRange(dice, SmallestDice, 1);
    }
}
