using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models;
using LocalDeblur.Numerics;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Engine.Workflows;

public sealed class CrossValidationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;
    private readonly AtomicModel _model;
    private readonly CryoMap _density;
    private readonly CryoMap _mask;
    private readonly SharpeningComparisonOptions _options;

    public CrossValidationTests()
    {
        (_model, _density) = LeucineCube.Draw();
        _mask = new CryoMap(_density.Grid, [.. _density.AsSpan().ToArray().Select(value => value > 0.05 * _density.Maximum ? 1f : 0f)], "mask");
        _options = new SharpeningComparisonOptions { Model = _model, Resolution = 3, CrossValidate = true, Limits = new() { Threads = 1 } };
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void HalfIsScoredAsOneMapByItself()
    {
        CryoMap[] halves = [Half(1), Half(2)];
        SharpeningComparison comparison = Run(halves[0], halves[1], _options);
        Assert.Equal(SharpeningMethods.Names, comparison.Rows.Select(row => row.Method));
        for (int i = 0; i < halves.Length; i++)
        {
            SharpeningComparison alone = Run(halves[i], null, _options with { CrossValidate = false });
            foreach (SharpeningComparisonRow expected in alone.Rows)
            {
                SharpeningComparisonRow row = comparison.Rows.Single(row => row.Method == expected.Method);
                SharpeningComparisonRow half = (i == 0 ? row.Half1 : row.Half2)!;
                Assert.Null(half.Error);
                Assert.Equal(i + 1, half.Half);
                Assert.Equal(Figures(expected), Figures(half));
            }
        }
    }

    [Fact]
    public void OneHalfDoesNotShapeTheOther()
    {
        CryoMap first = Half(1);
        SharpeningComparison comparison = Run(first, Half(2), _options);
        SharpeningComparison other = Run(first, Half(3), _options);
        foreach ((SharpeningComparisonRow row, SharpeningComparisonRow expected) in comparison.Rows.Zip(other.Rows))
        {
            if (SharpeningMethods.Named(row.Method).NeedsHalves)
            {
                continue;
            }

            Assert.Equal(Figures(expected.Half1!), Figures(row.Half1!));
            Assert.NotEqual(Figures(expected.Half2!), Figures(row.Half2!));
            Assert.NotEqual(expected.HalfCorrelation, row.HalfCorrelation);
        }
    }

    [Fact]
    public void LocalResolutionThatIsGivenIsShared()
    {
        float[] fine = new float[_density.Size.VoxelCount];
        float[] coarse = new float[_density.Size.VoxelCount];
        ReadOnlySpan<float> mask = _mask.AsSpan();
        for (int i = 0; i < fine.Length; i++)
        {
            fine[i] = mask[i] * (i % 2 == 0 ? 3 : 3.5f);
            coarse[i] = mask[i] * (i % 2 == 0 ? 5 : 6);
        }

        SharpeningComparisonOptions options = _options with { Methods = [SharpeningMethods.Named("LocalDeblur")] };
        SharpeningComparisonRow[] rows =
        [
            .. new[] { fine, coarse }.Select(values => Run(Half(1), Half(2), options with { LocalResolution = new CryoMap(_density.Grid, values, "resolution") }).Rows[0]),
        ];
        Assert.All(rows, row => Assert.Null(row.Half1!.Error));
        Assert.NotEqual(Figures(rows[0].Half1!), Figures(rows[1].Half1!));
        Assert.NotEqual(Figures(rows[0].Half2!), Figures(rows[1].Half2!));
    }

    [Fact]
    public void CorrelationIsThatOfTheMapsThatAreKept()
    {
        CryoMap softer = new(_mask.Grid, [.. _mask.AsSpan().ToArray().Select((value, i) => i % 3 == 0 ? 0.4f * value : i % 3 == 1 ? 0.5f * value : value)], "softer");
        SharpeningComparison comparison = SharpeningComparison.Run(
            new Reconstruction(Half(1), Half(2)), softer, _options with { OutputDirectory = _folder }, cancellationToken: TestContext.Current.CancellationToken);
        foreach (SharpeningComparisonRow row in comparison.Rows)
        {
            if (SharpeningMethods.Named(row.Method).NeedsHalves)
            {
                Assert.Equal(EngineError.MapCountUnsupported, row.Half1!.ErrorId);
                continue;
            }

            Assert.Null(row.Error);

            Assert.Equal(Path.Combine(_folder, SharpeningComparison.FileName(SharpeningMethods.Named(row.Method), 1)), row.Half1!.Path);
            Assert.Equal(Path.Combine(_folder, SharpeningComparison.FileName(SharpeningMethods.Named(row.Method), 2)), row.Half2!.Path);
            Assert.Equal(Correlation(MrcReader.Open(row.Half1.Path!), MrcReader.Open(row.Half2.Path!), softer), row.HalfCorrelation!.Value, 1e-12);
        }
    }

    [Fact]
    public void NoiseAloneDoesNotCorrelate()
    {
        // Mask and model are the same for both halves; they must not make halves agree that have nothing in common.
        SharpeningComparisonOptions options = _options with { Methods = [SharpeningMethods.Named("LocScale")] };
        double[] correlations = [.. Enumerable.Range(0, 12).Select(
            pair => Run(Unlike(2 * pair), Unlike((2 * pair) + 1), options).Rows[0].HalfCorrelation!.Value)];

        // Four standard errors of the mean. The mask is small, so a single pair may well correlate by chance.
        double mean = correlations.Average();
        double deviation = Math.Sqrt(correlations.Sum(value => (value - mean) * (value - mean)) / (correlations.Length - 1));
        Assert.InRange(mean, -4 * deviation / Math.Sqrt(correlations.Length), 4 * deviation / Math.Sqrt(correlations.Length));
        Assert.InRange(deviation, 0.01, 0.2);
        Assert.InRange(Run(Half(1), Half(2), options).Rows[0].HalfCorrelation!.Value, 0.9, 1);
    }

    [Fact]
    public void HalfThatFailsIsItsRowAndTheOthersGoOn()
    {
        var failing = new Fake("Failing", () => throw new EngineException(EngineError.MapWithoutSignal, "No signal."));
        var flat = new Fake("Flat", () => new CryoMap(_density.Grid, new float[_density.Size.VoxelCount], "flat"));
        SharpeningComparison comparison = Run(Half(1), Half(2), _options with { Methods = [failing, flat], OutputDirectory = _folder });

        SharpeningComparisonRow failed = comparison.Rows[0];
        Assert.Null(failed.Half1!.Error);
        Assert.Equal(EngineError.MapWithoutSignal, failed.Half2!.ErrorId);
        Assert.Equal("Failing, half 2", failed.Half2.Label);
        Assert.Null(failed.HalfCorrelation);
        Assert.NotNull(comparison.Rows[1].Half1!.QScore);

        // Two of one kind, where one does not vary: no correlation, and none of the method before.
        Assert.Null(comparison.Rows[1].HalfCorrelation);
        Assert.False(File.Exists(Path.Combine(_folder, "failing-half2.mrc")));
    }

    [Fact]
    public void TableHasARowAMethodAndHalf()
    {
        ISharpeningMethod[] methods = [SharpeningMethods.Named("Raw"), SharpeningMethods.Named("BFactor")];
        SharpeningComparison comparison = Run(Half(1), Half(2), _options with { Methods = methods, OutputDirectory = _folder });
        string[][] table = Table(SharpeningComparison.CrossValidationName);
        string[] header = table[0];
        Assert.Equal(["Method", "Half", "Map", "Model used", "EMRinger"], header[..5]);
        Assert.All(table, line => Assert.Equal(header.Length, line.Length));
        Assert.Equal([("Raw", "1", "half1"), ("Raw", "2", "half2"), ("BFactor", "1", "half1"), ("BFactor", "2", "half2")], table[1..].Select(line => (line[0], line[1], line[2])));
        Assert.Equal(
            comparison.Rows.SelectMany(row => row.WithHalves().Skip(1)).Select(row => row.QScore),
            table[1..].Select(line => (double?)double.Parse(line[Array.IndexOf(header, "Q-score")], System.Globalization.CultureInfo.InvariantCulture)));

        table = Table(SharpeningComparison.TableName);
        Assert.Equal(
            comparison.Rows.Select(row => row.HalfCorrelation),
            table[1..].Select(line => (double?)double.Parse(line[Array.IndexOf(table[0], "Half correlation")], System.Globalization.CultureInfo.InvariantCulture)));

        // No warning of these has a comma.
        string[][] Table(string name) => [.. File.ReadAllLines(Path.Combine(_folder, name)).Select(line => line.Split(','))];
    }

    [Fact]
    public void WithoutItThereIsNothingOfTheHalves()
    {
        SharpeningComparison comparison = Run(Half(1), Half(2), _options with { CrossValidate = false, Methods = [SharpeningMethods.Named("Raw")], OutputDirectory = _folder });
        SharpeningComparisonRow row = Assert.Single(comparison.Rows);
        Assert.Null(row.Half1);
        Assert.Null(row.Half2);
        Assert.Null(row.HalfCorrelation);
        Assert.Equal("Raw", row.Label);
        Assert.Equal([row], row.WithHalves());
        Assert.Empty(Directory.GetFiles(_folder, "*half*").Concat(Directory.GetFiles(_folder, SharpeningComparison.CrossValidationName)));
        using var text = new StringWriter();
        comparison.WriteCrossValidation(text);
        Assert.StartsWith("Method,Half,", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, text.ToString().Count(character => character == '\n'));
    }

    [Fact]
    public void HalvesAndAModelAreNeeded()
    {
        Assert.Contains("leave cross-validation out", Refusal(() => Run(Half(1), null, _options)).Message, StringComparison.Ordinal);
        Assert.Contains("Give a model", Refusal(() => Run(Half(1), Half(2), _options with { Model = null })).Message, StringComparison.Ordinal);

        static EngineException Refusal(Action run)
        {
            EngineException refusal = Assert.Throws<EngineException>(run);
            Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
            return refusal;
        }
    }

    [Theory]
    [InlineData("bfactor-half2.mrc")]
    [InlineData(SharpeningComparison.CrossValidationName)]
    public void FileInTheWayIsRefusedBeforeAnythingRuns(string name)
    {
        File.WriteAllText(Path.Combine(_folder, name), "mine");
        SharpeningComparisonOptions options = _options with { Methods = [SharpeningMethods.Named("Raw"), SharpeningMethods.Named("BFactor")], OutputDirectory = _folder };
        Assert.Equal(EngineError.MapFileExists, Assert.Throws<EngineException>(() => Run(Half(1), Half(2), options)).Error);
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public void ProgressGoesThroughTheHalvesAndNeverBack()
    {
        var told = new Told();
        SharpeningComparisonOptions options = _options with { Methods = [SharpeningMethods.Named("BFactor"), SharpeningMethods.Named("Raw")] };
        SharpeningComparison.Run(
            new Reconstruction(Half(1), Half(2)), _mask, options, told, TestContext.Current.CancellationToken);
        Assert.Equal(told.Fractions.Order(), told.Fractions);
        Assert.Equal(
            ["BFactor", "BFactor, half 1", "BFactor, half 2", "Raw", "Raw, half 1", "Raw, half 2"],
            told.Stages.Where(stage => stage.Contains(':', StringComparison.Ordinal)).Select(stage => stage.Split(':')[0]).Distinct());
    }

    [Fact]
    public void CancelledInAHalfIsNoRow()
    {
        using var cancellation = new CancellationTokenSource();
        var told = new Told(stage =>
        {
            if (stage.StartsWith("BFactor, half 2", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SharpeningComparison.Run(
            new Reconstruction(Half(1), Half(2)), _mask, _options with { Methods = [SharpeningMethods.Named("BFactor")] }, told, cancellation.Token));
    }

    // What must not depend on anything but the half, the mask and the resolution.
    private static SharpeningComparisonRow Figures(SharpeningComparisonRow row) =>
        row with { Half = null, Half1 = null, Half2 = null, HalfCorrelation = null, Seconds = 0, Profile = null, Path = null, Warnings = [] };

    private static double Correlation(CryoMap a, CryoMap b, CryoMap mask)
    {
        (double A, double B)[] pairs =
        [
            .. mask.AsSpan().ToArray().Zip(a.AsSpan().ToArray(), b.AsSpan().ToArray())
                .Where(voxel => voxel.First >= 0.5f)
                .Select(voxel => ((double)voxel.Second, (double)voxel.Third)),
        ];
        double meanA = pairs.Average(pair => pair.A);
        double meanB = pairs.Average(pair => pair.B);
        return pairs.Sum(pair => (pair.A - meanA) * (pair.B - meanB))
            / Math.Sqrt(pairs.Sum(pair => (pair.A - meanA) * (pair.A - meanA)) * pairs.Sum(pair => (pair.B - meanB) * (pair.B - meanB)));
    }

    private SharpeningComparison Run(CryoMap first, CryoMap? second, SharpeningComparisonOptions options) =>
        SharpeningComparison.Run(second is null ? first : new Reconstruction(first, second), _mask, options, cancellationToken: TestContext.Current.CancellationToken);

    // The density with noise of its own, a third as strong.
    private CryoMap Half(int seed, float signal = 1)
    {
        var random = new DeterministicRandom(seed, 0);
        double noise = 0.3 * _density.StandardDeviation;
        return new CryoMap(_density.Grid, [.. _density.AsSpan().ToArray().Select(value => (float)((signal * value) + (noise * random.NextNormal())))], $"half{seed}");
    }

    // Noise of its own in the molecule; only a corner far from it, which no window reaches, is common to all.
    private CryoMap Unlike(int seed)
    {
        CryoMap noise = Half(seed, signal: 0);
        float[] voxels = noise.AsSpan().ToArray();
        float corner = (float)(12 * noise.StandardDeviation);
        for (int i = 0; i < 4 * 4 * 4; i++)
        {
            voxels[noise.Size.Offset(i % 4, i / 4 % 4, i / 16)] += corner;
        }

        return new CryoMap(noise.Grid, voxels, noise.Name);
    }

    // Does what it is told to the second half, and nothing to anything else.
    private sealed record Fake(string Name, Func<CryoMap> ToSecond) : ISharpeningMethod
    {
        public string FileName => Name.ToLowerInvariant();

        public string Summary => Name;

        public CryoMap Run(SharpeningJob job, IProgress<StageProgress>? progress, CancellationToken cancellationToken) =>
            job.Input.Name == "half2" ? ToSecond() : job.Start;
    }

    private sealed class Told(Action<string>? heard = null) : IProgress<StageProgress>
    {
        public List<double> Fractions { get; } = [];

        public List<string> Stages { get; } = [];

        public void Report(StageProgress value)
        {
            lock (Stages)
            {
                Fractions.Add(value.Fraction);
                Stages.Add(value.Stage);
            }

            heard?.Invoke(value.Stage);
        }
    }
}
