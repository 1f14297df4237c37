using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against relion_postprocess, RELION 3.1.3, run with --auto_bfac --autob_lowres 10, and against profiles made with NumPy.</summary>
public sealed class BFactorSharpeningParityTests
{
    /// <summary>B (Å²), slope (Å²) and intercept: the program prints five or six digits, and its amplitudes are float32 like ours.</summary>
    private const double LineTolerance = 1e-3;

    /// <summary>r², of which the program prints six decimals.</summary>
    private const double CorrelationTolerance = 1e-5;

    /// <summary>Maps are stored as float32; the correlation that was fed in has six decimals, which the smallest weights feel.</summary>
    private const double MapTolerance = 1e-5;

    /// <summary>The tables have five decimals; a shell whose correlation is almost 0 feels the last digit of it.</summary>
    private const double TableTolerance = 1e-4;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    // Columns: shell, resolution (Å), 1/d² (1/Å²), coefficients, ln⟨|F|⟩ of three maps, ln of the root mean square of the same.
    [Theory]
    [InlineData("orc80", "full", 0)]
    [InlineData("orc80", "relion_pp", 1)]
    [InlineData("orc80", "truth", 2)]
    [InlineData("orc80n6", "full", 0)]
    [InlineData("orc80n6", "relion_pp", 1)]
    [InlineData("orc80n6", "truth", 2)]
    public void ProfileOfTheFullTransformEqualsNumPy(string set, string map, int place)
    {
        double[][] table = Table($"{set}/guinier_profiles.csv");
        GuinierProfile profile = GuinierProfile.Measure(Map(set, map), cancellationToken: _stop);

        Assert.Equal(table.Length + 1, profile.Shells.Count);
        double largest = 0;
        foreach (double[] row in table)
        {
            int shell = (int)row[0];
            Assert.Equal(row[3], profile.Shells.CoefficientCount(shell));
            Assert.Equal(row[2], Math.Pow(profile.Shells.Frequency(shell), 2), 1e-12);
            largest = Math.Max(largest, Math.Abs(row[4 + place] - profile.LogAmplitudes[shell]));
            largest = Math.Max(largest, Math.Abs(row[7 + place] - profile.LogRmsAmplitudes[shell]));
        }

        Report(FormattableString.Invariant($"{set} {map}: largest difference {largest:E2}"));
        Assert.InRange(largest, 0, 1e-4);
    }

    [Theory]
    [InlineData("orc80", -80.93907, -20.23477, -9.44908, 0.980595, 2.0)]
    [InlineData("orc80n6", -78.84800, -19.71200, -8.51010, 0.977482, 4.0)]
    public void RunWithNothingRandomEqualsRelion(string set, double bFactor, double slope, double intercept, double correlation, double resolution)
    {
        BFactorSharpeningResult ours = Sharpen(set, new BFactorSharpeningOptions { FscOptions = new FourierShellCorrelationOptions { RandomiseFrom = 2 } });

        RequireFigures(set, ours, bFactor, slope, intercept, correlation, resolution);
        RequireParity(ours.Map, set, "relion_pp_det");
        RequireTable(ours, $"{set}/guinier_det.csv");
    }

    [Theory]
    [InlineData("orc80", -80.93188, -20.23297, -9.44947, 0.980537, 2.0)]
    [InlineData("orc80n6", -81.0208, -20.2552, -8.54868, 0.946485, 4.0)]
    public void RunWithItsCurveEqualsRelion(string set, double bFactor, double slope, double intercept, double correlation, double resolution)
    {
        var options = new BFactorSharpeningOptions { Fsc = Curve($"{set}/fsc.csv") };
        BFactorSharpeningResult ours = Sharpen(set, options);

        RequireFigures(set, ours, bFactor, slope, intercept, correlation, resolution);
        RequireParity(ours.Map, set, "relion_pp");
        RequireTable(ours, $"{set}/guinier.csv");
        RequireParity(Sharpen(set, options with { ApplyMask = true }).Map, set, "relion_pp_masked");

        // The mean of the half maps is the full map, stored as float32.
        CryoMap ofOne = BFactorSharpening.Run(Map(set, "full"), null, options, cancellationToken: _stop).Map;
        RequireParity(ofOne, set, "relion_pp");
    }

    [Fact]
    public void WithoutAMaskTheUnmaskedCurveServes()
    {
        CryoMap ours = BFactorSharpening.Run(new Reconstruction(Map("orc80n6", "half1"), Map("orc80n6", "half2")), cancellationToken: _stop).Map;
        Assert.Equal(-127.6146, (double)ours.History[^1].Figures["BFactor"]!, LineTolerance);
        Assert.Equal(11.4286, (double)ours.History[^1].Figures["Resolution"]!, 1e-4);
    }

    // Forty draws of the published program's kind gave −114 to −76 Å² on orc80n6, where phases are random from 27 Å on.
    [Theory]
    [InlineData("orc80", -82, -80)]
    [InlineData("orc80n6", -125, -70)]
    public void BFactorOverSeedsStaysInTheSpreadOfTheMethod(string set, double lowest, double highest)
    {
        IReadOnlyDictionary<string, object?>[] runs =
        [
            .. from seed in Enumerable.Range(1, 20)
               select Sharpen(set, new BFactorSharpeningOptions { FscOptions = new FourierShellCorrelationOptions { Seed = seed } }).Map.History[^1].Figures,
        ];
        double[] values = [.. runs.Select(run => (double)run["BFactor"]!).Order()];
        double[] resolutions = [.. runs.Select(run => (double)run["Resolution"]!).Order()];
        double[] correlations = [.. runs.Select(run => (double)run["FitCorrelation"]!).Order()];
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
        Report(FormattableString.Invariant($"{set}: B {values[0]:0.00} … median {(values[9] + values[10]) / 2:0.00} ")
            + FormattableString.Invariant($"… {values[^1]:0.00} Å², mean {mean:0.00}, SD {deviation:0.00}; ")
            + FormattableString.Invariant($"r² {correlations[0]:0.0000} … {correlations[^1]:0.0000}; resolution {resolutions[0]:0.00} … {resolutions[^1]:0.00} Å"));
        Report(FormattableString.Invariant($"{set}: {string.Join(' ', values.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))}"));
        Assert.All(values, value => Assert.InRange(value, lowest, highest));
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static CryoMap Map(string set, string name) => ReferenceData.OpenMap($"{set}/{name}.mrc.gz");

    private static double[][] Table(string path) =>
    [
        .. from line in File.ReadLines(ReferenceData.Require(path)).Skip(1)
           where line.Length > 0
           select line.Split(',').Select(field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN).ToArray(),
    ];

    private static FscResult Curve(string path)
    {
        using StreamReader reader = File.OpenText(ReferenceData.Require(path));
        return FscTable.Read(reader, path);
    }

    private static void RequireFigures(string set, BFactorSharpeningResult ours, double bFactor, double slope, double intercept, double correlation, double resolution)
    {
        IReadOnlyDictionary<string, object?> figures = ours.Map.History[^1].Figures;
        (string Name, double Expected, double Tolerance)[] expected =
        [
            ("BFactor", bFactor, LineTolerance),
            ("Slope", slope, LineTolerance),
            ("Intercept", intercept, LineTolerance),
            ("FitCorrelation", correlation, CorrelationTolerance),
            ("Resolution", resolution, 1e-6),
        ];
        foreach ((string name, double value, double tolerance) in expected)
        {
            Report(FormattableString.Invariant($"{set}: {name} {figures[name]:0.000000}, program {value}, difference {(double)figures[name]! - value:E1}"));
            Assert.Equal(value, (double)figures[name]!, tolerance);
        }
    }

    private static void RequireParity(CryoMap result, string set, string expected)
    {
        MapComparison comparison = ReferenceMap.Require(set, expected).Compare(result);
        Report(FormattableString.Invariant($"{set}/{expected}: relative RMS difference {comparison.RelativeRmsDifference:E2}, ")
            + FormattableString.Invariant($"largest difference {comparison.MaximumDifference:E2}"));
        Assert.InRange(comparison.RelativeRmsDifference, 0, MapTolerance);
    }

    // Columns: 1/d², ln⟨|F|⟩ as it came, weighted, sharpened, intercept.
    private static void RequireTable(BFactorSharpeningResult ours, string path)
    {
        double[][] table = Table(path);
        GuinierProfile[] profiles = [ours.Original, ours.Weighted, ours.Sharpened];
        Assert.Equal(ShellCounting.StoredCoefficients, ours.Original.Shells.Counting);
        for (int column = 0; column < profiles.Length; column++)
        {
            double largest = 0;
            for (int shell = 0; shell < table.Length; shell++)
            {
                // The program writes some number for a shell without amplitude.
                double value = profiles[column].LogAmplitudes[shell];
                double difference = Math.Abs(value - table[shell][column + 1]);
                largest = double.IsNaN(value) ? largest : Math.Max(largest, difference);
            }

            Report(FormattableString.Invariant($"{path}, column {column + 1}: {profiles[column].LogAmplitudes.Count(double.IsFinite)} ")
                + FormattableString.Invariant($"shells of {table.Length} with amplitude, largest difference {largest:E2}"));
            Assert.InRange(largest, 0, TableTolerance);
        }
    }

    private BFactorSharpeningResult Sharpen(string set, BFactorSharpeningOptions options) =>
        BFactorSharpening.Run(new Reconstruction(Map(set, "half1"), Map(set, "half2")), Map(set, "mask"), options, cancellationToken: _stop);
}
