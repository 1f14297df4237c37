using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against the same method in numpy, in double precision.</summary>
public sealed class LocalWienerParityTests
{
    /// <summary>Volumes and transforms in float32 come to 4e-7; a wrong constant anywhere to 1e-3 and more.</summary>
    private const double ParityTolerance = 2e-5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void RestoredMapEqualsTheReference() => AssertEqual(
        ReferenceMap.Require("local-wiener/orc80n6", "restored").Compare(Restore("orc80n6", new LocalWienerOptions()).Map));

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void EverySettingEqualsTheReference(string set)
    {
        foreach ((string output, LocalWienerOptions options) in new (string, LocalWienerOptions)[]
        {
            ("restored", new()),
            ("restored_b40", new() { TargetBFactor = 40 }),
            ("restored_alpha1", new() { WeightExponent = 1 }),
            ("positivity", new() { Positivity = true, PositivityMask = ReferenceData.OpenMap($"{set}/mask.mrc.gz") }),
        })
        {
            AssertEqual(set, output, Restore(set, options).Map);
        }
    }

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void BandsAndFallOffEqualTheReference(string set)
    {
        JsonElement values = ReferenceData.RequireJson($"local-wiener/{set}/values.json");
        LocalWienerResult result = Restore(set, new LocalWienerOptions());
        Assert.Equal(values.GetProperty("fit").GetProperty("B_g").GetDouble(), result.FallOff, 1e-3);
        Assert.Equal(values.GetProperty("fit").GetProperty("k_u").GetInt32(), result.UsedBands);
        foreach ((string name, IReadOnlyList<double> ours) in new[] { ("T_k", result.Totals), ("N_k", result.Noises) })
        {
            double[] theirs = [.. values.GetProperty("bands").GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
            Assert.Equal(theirs.Length, ours.Count);
            Assert.All(theirs.Zip(ours), pair => Assert.InRange(pair.Second / pair.First, 1 - 1e-5, 1 + 1e-5));
        }
    }

    [Theory]
    [InlineData("orc80")]
    [InlineData("orc80n6")]
    public void ByProductsEqualTheReference(string set)
    {
        CryoMap resolution = ReferenceData.OpenMap($"local-wiener/{set}/resolution.mrc.gz");
        CryoMap mask = ReferenceData.OpenMap($"{set}/maskbin.mrc.gz");
        LocalWienerResult result = Restore(set, new LocalWienerOptions { ByProducts = true });
        LocalWienerByProducts found = result.ByProducts!;
        LocalWienerNoiseShares noise = result.NoiseShares!;

        // Ours is 0 outside the mask, where the reference has what the prior says.
        ReadOnlySpan<float> theirs = resolution.AsSpan(Cancel);
        ReadOnlySpan<float> ours = found.LocalResolution.AsSpan(Cancel);
        ReadOnlySpan<float> inside = mask.AsSpan(Cancel);
        double largest = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            largest = Math.Max(largest, inside[i] >= 0.5f ? Math.Abs(ours[i] - theirs[i]) : ours[i]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{set}: resolution within {largest:E3} Å");
        Assert.InRange(largest, 0, 1e-3);
        AssertEqual(set, "noise_sd", found.NoiseDeviation);
        AssertEqual(set, "confidence", found.Confidence);

        JsonElement statement = ReferenceData.RequireJson($"local-wiener/{set}/values.json").GetProperty("statement");
        foreach ((string state, double all, double? detail) in new[]
        {
            ("map as it is", noise.Before, noise.DetailBefore), ("restored", noise.After, noise.DetailAfter),
        })
        {
            Assert.Equal(statement.GetProperty(state).GetProperty("noise share of the variance in the mask").GetDouble(), all, 1e-5);
            Assert.Equal(statement.GetProperty(state).GetProperty("of the detail finer than 5 A").GetDouble(), detail!.Value, 1e-5);
        }
    }

    private static void AssertEqual(string set, string output, CryoMap ours) =>
        AssertEqual(MapComparison.Compare(ours, ReferenceData.OpenMap($"local-wiener/{set}/{output}.mrc.gz")));

    private static void AssertEqual(MapComparison comparison)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{comparison.Reference}: relative RMS difference {comparison.RelativeRmsDifference:E3}");
        Assert.InRange(comparison.RelativeRmsDifference, 0, ParityTolerance);
    }

    private static LocalWienerResult Restore(string set, LocalWienerOptions options) => LocalWiener.Run(
        new Reconstruction(ReferenceData.OpenMap($"{set}/half1.mrc.gz"), ReferenceData.OpenMap($"{set}/half2.mrc.gz")),
        ReferenceData.OpenMap($"{set}/maskbin.mrc.gz"),
        options,
        cancellationToken: Cancel);
}
