using System.Globalization;
using System.Text.Json;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Validation;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against cctbx: EMRinger and five_cc of 2022.9, Q-score by the rule of cctbx_project commit 8a8adcb6 (2026-08).</summary>
public sealed class ModelScoreParityTests
{
    /// <summary>The program rounds to four decimals.</summary>
    private const double LargestDifferenceOfQ = 1e-4;

    private const double LargestDifferenceOfMeans = 1e-3;

    /// <summary>Both interpolate the same voxels in double precision; a table of nine digits holds the 72 densities.</summary>
    private const double LargestDifferenceOfPeaks = 1e-9;

    private const double LargestDifferenceOfDensities = 1e-7;

    /// <summary>
    /// Where an atom's density falls to 1/1000 of the atoms' mean peak, the program ends it, and with it 0.6 to 2 % of the low frequencies: as if by a B factor of up to 1.3 Å².
    /// Ours goes on.
    /// </summary>
    private const double LargestDifferenceOfCorrelations = 0.002;

    /// <summary>Of 1e.pdb, whose atoms all have a B factor of 0, where that weighs most.</summary>
    private const double LargestDifferenceAtZeroB = 0.0035;

    /// <summary>Six digits of the table, and floats of the density.</summary>
    private const double LargestDifferenceToDirectSum = 1e-5;

    /// <summary>Voxels that are equal to the last digits may be among the highest or not.</summary>
    private const double LargestDifferenceOfHighestVoxels = 1e-4;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    public static TheoryData<string> Pairs =>
    [
        "transmem.mrc+transmem.pdb.renum.pdb", "transmem.mrc+1a.pdb", "transmem.mrc+1c.pdb", "transmem.mrc+1e.pdb", "6272.mrc+6272.pdb",
        "emd20026_prot.mrc+3ajo_fitted_refined.pdb", "emd_3186.map+5fj6.pdb",
    ];

    [Theory]
    [InlineData("orc80", "full")]
    [InlineData("orc80", "truth")]
    [InlineData("orc80n6", "full")]
    [InlineData("orc80n6", "truth")]
    public void QScoreOfEachAtomEqualsTheProgram(string set, string map)
    {
        QScoreResult result = QScore.Measure(Model($"{set}/model.pdb"), Map($"{set}/{map}.mrc.gz"), cancellationToken: _stop);
        string[][] rows = Rows($"{set}/qscore_{map}.csv");

        Assert.Equal(rows.Select(row => (row[1], row[2], row[4])), result.Atoms.Select(atom => (atom.Chain, Text(atom.ResidueNumber), atom.Name)));
        Assert.All(rows.Zip(result.Atoms), pair => Assert.Equal(Number(pair.First[5]), pair.Second.Q, LargestDifferenceOfQ));
    }

    [Fact]
    public void EMRingerOfItsOwnExampleEqualsTheProgram()
    {
        EMRingerResult result = EMRinger.Measure(Model("emringer/test_model.pdb"), Map("emringer/test_map.ccp4.gz"), cancellationToken: _stop);
        JsonElement expected = ReferenceData.RequireJson("emringer/values.json");

        Assert.Equal(4.1137667560372115, result.Score, 1e-6);
        Assert.Equal(expected.GetProperty("optimal_threshold").GetDouble(), result.Threshold, 1e-9);
        Assert.Equal(expected.GetProperty("rotamer_ratio").GetDouble(), result.RotamerRatio, 1e-9);
        Assert.Equal(expected.GetProperty("residues_in_score").GetInt32(), result.ScoredResidues);
        double[] thresholds = expected.GetProperty("thresholds").Deserialize<double[]>()!;
        double[] zScores = expected.GetProperty("zscores_by_threshold").Deserialize<double[]>()!;
        Assert.Equal(thresholds.Length, result.Thresholds.Count);
        Assert.All(result.Thresholds, (threshold, k) => Assert.Equal(thresholds[k], threshold.Density, 1e-9));
        Assert.All(result.Thresholds, (threshold, k) => Assert.Equal(zScores[k], threshold.ZScore, 1e-9));
        RequireResidues("emringer/residues.csv", result);
    }

    [Theory]
    [InlineData("orc80", "full")]
    [InlineData("orc80", "truth")]
    [InlineData("orc80n6", "full")]
    [InlineData("orc80n6", "truth")]
    public void EMRingerOfEachResidueEqualsTheProgram(string set, string map) =>
        RequireResidues($"{set}/emringer_{map}.csv", EMRinger.Measure(Model($"{set}/model.pdb"), Map($"{set}/{map}.mrc.gz"), cancellationToken: _stop));

    [Theory]
    [InlineData("orc80", 3)]
    [InlineData("orc80n6", 4)]
    public void ScoresOfMapsBeforeSharpeningEqualTheProgram(string set, double resolution) =>
        RequireScores(set, resolution, "full", "truth", "half1", "half2");

    [Theory]
    [InlineData("orc80", 3)]
    [InlineData("orc80n6", 4)]
    public void ScoresOfMaskedSharpeningsEqualTheProgram(string set, double resolution) =>
        RequireScores(set, resolution, "relion_pp_masked", "locscale_core");

    [Theory]
    [InlineData("orc80", 3)]
    [InlineData("orc80n6", 4)]
    public void ScoresOfSharpeningsOfTheWholeBoxEqualTheProgram(string set, double resolution) =>
        RequireScores(set, resolution, "relion_pp", "relion_locres_filtered", "auto_sharpen_default", "auto_sharpen_halfmap", "localdeblur");

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ScoresOfMeasuredMapsEqualTheProgram(string pair)
    {
        JsonElement expected = ReferenceData.RequireJson("real/values.json").GetProperty("pairs").GetProperty(pair);
        double Value(string name) => expected.GetProperty(name).GetDouble();
        AtomicModel model = Model($"real/{expected.GetProperty("model").GetString()}");
        CryoMap map = Map($"real/{expected.GetProperty("map").GetString()}.gz");
        EMRingerResult ringer = EMRinger.Measure(model, map, cancellationToken: _stop);
        QScoreResult q = QScore.Measure(model, map, cancellationToken: _stop);

        // The correlations of 1e.pdb agree for its heavy atoms; with its hydrogens CC_box and CC_peaks would be higher by 0.011.
        bool isSharp = pair.EndsWith("1e.pdb", StringComparison.Ordinal);
        double tolerance = isSharp ? LargestDifferenceAtZeroB : LargestDifferenceOfCorrelations;
        MapModelFitResult fit = MapModelFit.Measure(isSharp ? model.Where(atom => !atom.IsHydrogen) : model, map, Value("resolution_used_A"), cancellationToken: _stop);
        Report(pair, ringer.Score - Value("emringer_score"), q.Mean - Value("q_mean"), fit.CCMask - Value("cc_mask"), fit.CCBox - Value("cc_box"), fit.CCPeaks - Value("cc_peaks"));

        Assert.Equal(Value("emringer_score"), ringer.Score, LargestDifferenceOfMeans);
        Assert.Equal(Value("emringer_residues"), ringer.ScoredResidues);
        Assert.Equal(Value("q_mean"), q.Mean, LargestDifferenceOfMeans);
        Assert.Equal(Value("q_median"), q.Median, LargestDifferenceOfMeans);
        Assert.Equal(Value("q_atoms"), q.ScoredAtoms);
        Assert.Equal(Value("cc_mask"), fit.CCMask, tolerance);
        Assert.Equal(Value("cc_box"), fit.CCBox, tolerance);
        Assert.Equal(Value("cc_peaks"), fit.CCPeaks, tolerance);
        RequireDirectSum(pair, fit);
    }

    private static void RequireDirectSum(string map, MapModelFitResult fit)
    {
        DirectSumCorrelations.Figures expected = DirectSumCorrelations.Of(map);
        Assert.Equal(expected.MaskVoxels, fit.MaskVoxels);
        Assert.Equal(expected.CCMask, fit.CCMask, LargestDifferenceToDirectSum);
        Assert.Equal(expected.CCBox, fit.CCBox, LargestDifferenceToDirectSum);
        Assert.Equal(expected.CCVolume, fit.CCVolume, LargestDifferenceOfHighestVoxels);
        Assert.Equal(expected.CCPeaks, fit.CCPeaks, LargestDifferenceOfHighestVoxels);
    }

    private static void RequireResidues(string table, EMRingerResult result)
    {
        string[][] rows = Rows(table);
        Assert.Equal(
            rows.Select(row => (row[0], row[1], row[2], row[3] == "1")),
            result.Residues.Select(residue => (residue.Chain, Text(residue.Number), residue.Name, residue.IsScored)));
        foreach ((string[] row, EMRingerResidue residue) in rows.Zip(result.Residues))
        {
            Assert.Equal(Number(row[4]), residue.Chi1, 1e-6);
            Assert.Equal(Number(row[8]), residue.PeakDensity, LargestDifferenceOfPeaks);
            Assert.Equal(Number(row[9]), residue.MeanDensity, LargestDifferenceOfPeaks);
            Assert.All(residue.Densities, (density, k) => Assert.Equal(Number(row[10 + k]), density, LargestDifferenceOfDensities));

            // Where two of the 72 are equal to the last digits, either may come out first.
            int peak = int.Parse(row[5], CultureInfo.InvariantCulture);
            if (peak != residue.PeakIndex)
            {
                Assert.Equal(residue.Densities[peak], residue.PeakDensity, LargestDifferenceOfDensities);
            }
            else
            {
                Assert.Equal((row[6], Number(row[7]) % 360), (Text(residue.PeakAngle), residue.SampledPeakAngle % 360));
            }
        }
    }

    private static void Report(string what, double ringer, double q, double mask, double box, double peaks) => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: EMRinger {ringer:E1}, Q {q:E1}, CC_mask {mask:F5}, CC_box {box:F5}, CC_peaks {peaks:F5}"));

    private static AtomicModel Model(string relative) => ModelReader.Open(ReferenceData.Require(relative));

    private static CryoMap Map(string relative) => ReferenceData.OpenMap(relative);

    private static string[][] Rows(string relative) => [.. File.ReadAllLines(ReferenceData.Require(relative)).Skip(1).Select(line => line.Split(','))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private void RequireScores(string set, double resolution, params string[] maps)
    {
        AtomicModel model = Model($"{set}/model.pdb");
        Dictionary<string, string[]> rows = Rows($"{set}/metrics.csv").ToDictionary(row => row[0]);
        foreach (string name in maps)
        {
            string[] row = rows[name];
            CryoMap map = Map($"{set}/{name}.mrc.gz");
            EMRingerResult ringer = EMRinger.Measure(model, map, cancellationToken: _stop);
            QScoreResult q = QScore.Measure(model, map, cancellationToken: _stop);
            MapModelFitResult fit = MapModelFit.Measure(model, map, resolution, cancellationToken: _stop);
            Report($"{set}/{name}", ringer.Score - Number(row[1]), q.Mean - Number(row[6]), fit.CCMask - Number(row[8]), fit.CCBox - Number(row[9]), fit.CCPeaks - Number(row[10]));

            Assert.Equal(Number(row[1]), ringer.Score, LargestDifferenceOfMeans);
            Assert.Equal(Number(row[3]), ringer.RotamerRatio, LargestDifferenceOfMeans);
            Assert.Equal(Number(row[4]), ringer.ZScore, LargestDifferenceOfMeans);
            Assert.Equal(Number(row[6]), q.Mean, LargestDifferenceOfMeans);
            Assert.Equal(Number(row[7]), q.Median, LargestDifferenceOfMeans);
            Assert.Equal(Number(row[8]), fit.CCMask, LargestDifferenceOfCorrelations);
            Assert.Equal(Number(row[9]), fit.CCBox, LargestDifferenceOfCorrelations);
            Assert.Equal(Number(row[10]), fit.CCPeaks, LargestDifferenceOfCorrelations);
            RequireDirectSum($"{set}/{name}", fit);
        }
    }
}
