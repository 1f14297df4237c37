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

    [Theory]
    [InlineData("orc80", "restored")]
    [InlineData("orc80", "restored_b40")]
    [InlineData("orc80", "restored_alpha1")]
    [InlineData("orc80", "positivity")]
    [InlineData("orc80n6", "restored")]
    [InlineData("orc80n6", "restored_b40")]
    [InlineData("orc80n6", "restored_alpha1")]
    [InlineData("orc80n6", "positivity")]
    public void RestoredMapsEqualTheReference(string set, string output)
    {
        CryoMap reference = ReferenceData.OpenMap($"local-wiener/{set}/{output}.mrc.gz");
        LocalWienerOptions options = output switch
        {
            "restored" => new(),
            "restored_b40" => new() { TargetBFactor = 40 },
            "restored_alpha1" => new() { WeightExponent = 1 },
            _ => new() { Positivity = true, PositivityMask = ReferenceData.OpenMap($"{set}/mask.mrc.gz") },
        };
        AssertEqual(reference, Restore(set, options).Map, ParityTolerance);
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
        LocalWienerByProducts found = Restore(set, new LocalWienerOptions { ByProducts = true }).ByProducts!;

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
        AssertEqual(ReferenceData.OpenMap($"local-wiener/{set}/noise_sd.mrc.gz"), found.NoiseDeviation, ParityTolerance);
        AssertEqual(ReferenceData.OpenMap($"local-wiener/{set}/confidence.mrc.gz"), found.Confidence, ParityTolerance);

        JsonElement statement = ReferenceData.RequireJson($"local-wiener/{set}/values.json").GetProperty("statement");
        foreach ((string state, double all, double detail) in new[]
        {
            ("map as it is", found.NoiseShareBefore, found.DetailNoiseShareBefore), ("restored", found.NoiseShareAfter, found.DetailNoiseShareAfter),
        })
        {
            Assert.Equal(statement.GetProperty(state).GetProperty("noise share of the variance in the mask").GetDouble(), all, 1e-5);
            Assert.Equal(statement.GetProperty(state).GetProperty("of the detail finer than 5 A").GetDouble(), detail, 1e-5);
        }
    }

    private static void AssertEqual(CryoMap reference, CryoMap ours, double tolerance)
    {
        MapComparison comparison = MapComparison.Compare(ours, reference);
        TestContext.Current.TestOutputHelper?.WriteLine($"relative RMS difference {comparison.RelativeRmsDifference:E3}");
        Assert.InRange(comparison.RelativeRmsDifference, 0, tolerance);
    }

    private static LocalWienerResult Restore(string set, LocalWienerOptions options) => LocalWiener.Run(
        new Reconstruction(ReferenceData.OpenMap($"{set}/half1.mrc.gz"), ReferenceData.OpenMap($"{set}/half2.mrc.gz")),
        ReferenceData.OpenMap($"{set}/maskbin.mrc.gz"),
        options,
        cancellationToken: Cancel);
}
