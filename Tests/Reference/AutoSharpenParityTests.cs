using System.Globalization;
using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Sharpening.AutoSharpening;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against phenix.auto_sharpen, cctbx 2022.9, defaults; the full map, and the full map with half maps.</summary>
public sealed class AutoSharpenParityTests
{
    /// <summary>Å²: ours takes X-ray scattering factors from the electron factors, the program from a table of their own.</summary>
    private const double BTolerance = 0.15;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    // Area, W and the B factor of the box: the program's log.
    [Theory]
    [InlineData("orc80", 3.0, 19, 19, 19, 45, 46, 43, 40.0, 2.216, 115.16, 126.2)]
    [InlineData("orc80n6", 4.0, 6, 21, 20, 70, 43, 42, 80.0, 1.547, 116.56, 18.0)]
    public void TheProgramsBoxGivesTheProgramsMap(
        string set, double resolution, int x, int y, int z, int nx, int ny, int nz, double best, double area, double measured, double weight)
    {
        CryoMap full = Open($"{set}/full.mrc.gz");
        ReferenceMap theirs = ReferenceMap.Require(set, "auto_sharpen_default");
        JsonElement values = ReferenceData.RequireJson($"{set}/values.json").GetProperty("auto_sharpen").GetProperty("default");

        AutoSharpenResult ours = AutoSharpen.Run(
            full, new AutoSharpenOptions { Resolution = resolution, Box = new VoxelBox(x, y, z, new GridSize(nx, ny, nz)) },
            cancellationToken: _stop);

        MapComparison comparison = theirs.Compare(ours.Map);
        Report($"{set}: map B {ours.MapBIso:0.00}, B {ours.SharpeningB:0.00}, b_iso {ours.BIso}");
        Report($"area {ours.Search!.AdjustedSurfaceArea:0.000}, W {ours.Search!.RegionWeight:0.0}");
        Report($"solvent {ours.Search!.SolventFraction:0.000}, final B {ours.Search!.FinalBIso:0.00}, kurtosis {ours.Kurtosis:0.000}");
        Report($"largest difference {comparison.MaximumDifference:E2}, 1 − correlation {1 - comparison.Correlation:E2}");
        Assert.Equal(best, ours.BIso);
        Assert.InRange(ours.Search!.AdjustedSurfaceArea, 0.998 * area, 1.002 * area);
        Assert.InRange(ours.Search!.RegionWeight, 0.99 * weight, 1.01 * weight);
        Assert.InRange(ours.MapBIso, measured - BTolerance, measured + BTolerance);
        Assert.InRange(ours.SharpeningB, values.GetProperty("b_sharpen_A2").GetDouble() - BTolerance, values.GetProperty("b_sharpen_A2").GetDouble() + BTolerance);
        Assert.InRange(ours.Search!.FinalBIso, values.GetProperty("final_b_iso_A2").GetDouble() - BTolerance, values.GetProperty("final_b_iso_A2").GetDouble() + BTolerance);
        Assert.InRange(ours.Kurtosis / values.GetProperty("kurtosis").GetDouble(), 0.99, 1.01);
        Assert.InRange(comparison.Correlation, 0.999999, 1);
    }

    // The program's choice in its own box is 40 and 80.
    [Theory]
    [InlineData("orc80", 3.0, 40.0)]
    [InlineData("orc80n6", 4.0, 80.0)]
    public void OurOwnBoxChoosesWithinOneStepOfTheProgram(string set, double resolution, double best)
    {
        ReferenceMap theirs = ReferenceMap.Require(set, "auto_sharpen_default");

        AutoSharpenResult ours = AutoSharpen.Run(Open($"{set}/full.mrc.gz"), new AutoSharpenOptions { Resolution = resolution }, cancellationToken: _stop);
        double correlation = theirs.Compare(ours.Map).Correlation;

        foreach (string line in ours.Decisions.Concat(ours.Warnings))
        {
            Report($"{set}: {line}");
        }

        Report($"{set}: area {ours.Search!.AdjustedSurfaceArea:0.000}, W {ours.Search!.RegionWeight:0.0}, correlation {correlation:0.000000}");
        Assert.InRange(ours.BIso, best - 20, best + 20);
        Assert.InRange(correlation, 0.999, 1);
    }

    [Theory]
    [InlineData("orc80", 3.0)]
    [InlineData("orc80n6", 4.0)]
    public void HalfMapsGiveTheProgramsMap(string set, double resolution)
    {
        CryoMap first = Open($"{set}/half1.mrc.gz");
        CryoMap second = Open($"{set}/half2.mrc.gz");
        ReferenceMap theirs = ReferenceMap.Require(set, "auto_sharpen_halfmap");
        JsonElement values = ReferenceData.RequireJson($"{set}/values.json").GetProperty("auto_sharpen").GetProperty("halfmap");

        AutoSharpenResult asTheirs = AutoSharpen.Run(
            new Reconstruction(first, second), new AutoSharpenOptions { Resolution = resolution, ExtrapolateWeight = true },
            cancellationToken: _stop);
        AutoSharpenResult ours = AutoSharpen.Run(new Reconstruction(first, second), new AutoSharpenOptions { Resolution = resolution }, cancellationToken: _stop);
        double correlation = theirs.Compare(asTheirs.Map).Correlation;

        double[] weights = [.. asTheirs.Shells!.Weights];
        double[] expected = [.. values.GetProperty("scale_vs_resolution").EnumerateArray().Select(shell => shell.GetProperty("scale").GetDouble())];
        Report($"{set}: largest difference of a weight {weights.Zip(expected, (a, b) => Math.Abs(a - b)).Max():E1}");
        Report($"1 − correlation {1 - correlation:E2}, without the program's extrapolation correlation {theirs.Compare(ours.Map).Correlation:0.0000}");
        Assert.Equal(expected.Length, weights.Length);
        Assert.All(weights.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.002));
        Assert.InRange(correlation, 0.99999, 1);
    }

    // The program takes X-ray scattering factors; its figures here are from a run with its table of electrons, which are ours. What is left comes from its mask,
    // which misses 0.5 % of the voxels within the radius, and, on orc80, from its taking the shells of the whole map where the weights are of those of the box.
    [Theory]
    [InlineData("orc80", 3.0, false)]
    [InlineData("orc80", 3.0, true)]
    [InlineData("orc80n6", 4.0, false)]
    [InlineData("orc80n6", 4.0, true)]
    public void AModelGivesTheProgramsWeightsAndMap(string set, double resolution, bool isOfHalfMaps)
    {
        AtomicModel model = ModelReader.Open(ReferenceData.Require($"{set}/model.pdb"), cancellationToken: _stop);
        Reconstruction input = isOfHalfMaps ? new Reconstruction(Open($"{set}/half1.mrc.gz"), Open($"{set}/half2.mrc.gz")) : Open($"{set}/full.mrc.gz");
        JsonElement theirs = ModelRuns().GetProperty(set).GetProperty(isOfHalfMaps ? "halfMaps" : "map");
        var options = new AutoSharpenOptions { Resolution = resolution, ExtrapolateWeight = true };

        AutoSharpenResult ours = AutoSharpen.Run(input, options, model, cancellationToken: _stop);
        AutoSharpenResult byDefault = AutoSharpen.Run(input, options with { ExtrapolateWeight = false }, model, cancellationToken: _stop);

        double[] weights = [.. ours.Shells!.Weights];
        double[] expected = theirs.GetProperty("weights").Deserialize<double[]>()!;
        JsonElement[] voxels = [.. theirs.GetProperty("voxels").EnumerateArray()];
        double[] values = [.. voxels.Select(voxel => voxel[3].GetDouble())];
        double[] found = [.. voxels.Select(voxel => (double)ours.Map.AsSpan(_stop)[(int)ours.Map.Size.Offset(voxel[0].GetInt32(), voxel[1].GetInt32(), voxel[2].GetInt32())])];
        double correlation = MathNet.Numerics.Statistics.Correlation.Pearson(values, found);
        Report($"{set}, {(isOfHalfMaps ? "halves" : "map")}: largest difference of a weight {weights.Zip(expected, (a, b) => Math.Abs(a - b)).Max():E1}");
        Report($"relative {weights.Zip(expected, (a, b) => Math.Abs((a / b) - 1)).Max():E1}");
        Report($"1 − correlation {1 - correlation:E2}, slope {values.Zip(found, (a, b) => a * b).Sum() / values.Sum(value => value * value):0.00000}");
        Report($"without extrapolation {MapComparison.Compare(ours.Map, byDefault.Map).Correlation:0.0000}");
        Assert.Equal(expected.Length, weights.Length);
        Assert.All(weights.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 0.008));
        Assert.InRange(correlation, 0.9997, 1);
    }

    private static JsonElement ModelRuns()
    {
        using Stream file = typeof(AutoSharpenParityTests).Assembly.GetManifestResourceStream("autosharpen-model.json")!;
        using JsonDocument document = JsonDocument.Parse(file);
        return document.RootElement.Clone();
    }

    private static CryoMap Open(string path) => ReferenceData.OpenMap(path);

    private static void Report(FormattableString line) => TestContext.Current.TestOutputHelper?.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
