using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Tests.Engine.Filters;
using Xunit;

namespace LocalDeblur.Tests.Engine.Sharpening;

public sealed class LocalDeblurSolverTests
{
    private static readonly MapGrid Grid = new(new GridSize(32, 28, 30), 1.3, new AxisTriple(12.5, -3, 40));

    [Theory]
    [InlineData(LocalDeblurFormulation.Reference)]
    [InlineData(LocalDeblurFormulation.Paper)]
    public void ResultDoesNotDependOnTheNumberOfThreads(LocalDeblurFormulation formulation)
    {
        float[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
            LocalDeblurSolver.Run(
                Map(), Resolution(),
                options: new LocalDeblurOptions { Formulation = formulation, MaximumIterations = 4, Limits = new() { Threads = threads } }).Map.AsSpan().ToArray())];

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void ReferenceFormulationIsItsFormula()
    {
        CryoMap map = Map();
        CryoMap result = LocalDeblurSolver.Run(map, Resolution(), options: new LocalDeblurOptions { MaximumIterations = 2 }).Map;

        // The same two iterations written out with the explicit bank and plain loops.
        ResolutionField field = ResolutionField.Prepare(Resolution());
        FilterBank bank = FilterBank.Create(map.Size, map.VoxelSize, field.Coarsest);
        using var filter = new LocalFilter(bank, field, explicitBank: true);
        float[] observed = map.AsSpan().ToArray();
        float[] v = (float[])observed.Clone();
        float[] h = new float[v.Length];
        float[] correction = new float[v.Length];
        double[] outside = [.. observed.Where((_, i) => field.Values[i] == 0).Select(value => (double)value)];
        double mean = outside.Average();
        double floor = -4 * Math.Sqrt(outside.Sum(value => (value - mean) * (value - mean)) / (outside.Length - 1));
        double step = 0;
        for (int iteration = 1; iteration <= 2; iteration++)
        {
            filter.Apply(v, h);
            if (iteration == 1)
            {
                step = Norm(observed) / Norm(h) / 12;
            }

            filter.Apply([.. observed.Zip(h, (a, b) => a - b)], correction);
            v = [.. v.Zip(correction, (a, b) => (float)Math.Max(a + (step * b), floor))];
        }

        Assert.Equal(step, (double)result.History[^1].Figures["StepSize"]!, 1e-5 * step);

        // Rank tolerance 1e-6 and float32 against the explicit bank.
        Assert.InRange(Norm([.. result.AsSpan().ToArray().Zip(v, (a, b) => a - b)]) / Norm(v), 0, 1e-5);
    }

    [Fact]
    public void PaperFormulationIsItsFormula()
    {
        CryoMap map = Map();
        const double Step = 3;
        CryoMap result = LocalDeblurSolver.Run(map, Resolution(), options: new LocalDeblurOptions
        {
            Formulation = LocalDeblurFormulation.Paper,
            StepSize = Step,
            MaximumIterations = 2,
        }).Map;
        Assert.Empty(result.History[^1].Warnings);

        ResolutionField field = ResolutionField.Prepare(Resolution());
        FilterBank bank = FilterBank.Create(map.Size, map.VoxelSize, field.Coarsest);
        using var filter = new LocalFilter(bank, field, explicitBank: true);
        float[] observed = map.AsSpan().ToArray();
        double noise = Variance([.. observed.Where((_, i) => field.Values[i] == 0)]);
        double snr = (Variance([.. observed.Where((_, i) => field.Values[i] > 0)]) - noise) / noise;
        float[] v = (float[])observed.Clone();
        float[] h = new float[v.Length];
        float[] correction = new float[v.Length];
        for (int iteration = 0; iteration < 2; iteration++)
        {
            filter.Apply(v, h);
            filter.ApplyAdjoint([.. observed.Zip(h, (a, b) => a - b)], correction);
            v = [.. v.Zip(correction, (a, b) => (float)(a + (Step * (b - (a / snr)))))];
        }

        Assert.InRange(Norm([.. result.AsSpan().ToArray().Zip(v, (a, b) => a - b)]) / Norm(v), 0, 1e-5);
    }

    [Fact]
    public void PaperStepThatWouldDivergeIsLoweredAndSaid()
    {
        LocalDeblurResult result = LocalDeblurSolver.Run(Map(noise: 0.6), Resolution(), options: new LocalDeblurOptions
        {
            Formulation = LocalDeblurFormulation.Paper,
            StepSize = 50,
        });

        Assert.Contains(result.Warnings, warning => warning.Contains("lowered", StringComparison.Ordinal));
        Assert.InRange(result.StepSize, 1e-3, 49);
        Assert.True(result.Converged);
        Assert.InRange(result.Map.StandardDeviation, 0, 10 * Map(noise: 0.6).StandardDeviation);
    }

    [Fact]
    public void MapKeepsItsPlaceAndGainsOneEntryOfHistory()
    {
        LocalDeblurResult result = LocalDeblurSolver.Run(Map(), Resolution());

        Assert.Equal(Grid, result.Map.Grid);
        HistoryEntry step = Assert.Single(result.Map.History);
        Assert.Equal(LocalDeblurSolver.StepName, step.Step);
        Assert.Equal(result.Decisions, step.Decisions);
        Assert.Equal(result.Cost, step.Cost);
        (string, object)[] figures =
        [
            ("StepSize", result.StepSize),
            ("Iterations", result.Iterations),
            ("Converged", result.Converged),
            ("Bands", result.Bands),
            ("Rank", result.Rank),
            ("Norms", result.Norms),
            ("Floor", result.Floor),
            ("OutsideStandardDeviation", result.OutsideStandardDeviation),
            ("InsideVoxels", result.InsideVoxels),
            ("FinestResolution", result.FinestResolution),
            ("CoarsestResolution", result.CoarsestResolution),
            ("Threads", result.Cost!.Threads),
            ("Seconds", result.Cost.Seconds),
            ("PeakBytes", result.Cost.PeakBytes),
        ];
        Assert.Equal(figures, step.Figures.Select(figure => (figure.Key, figure.Value!)));
        Assert.IsType<double[]>(step.Figures["Norms"]);
        Assert.True(result.Map.Minimum >= result.Floor - 1e-6);
    }

    [Fact]
    public void MaskActsBeforeTheBankIsMade()
    {
        float[] resolution = Resolution().AsSpan().ToArray();
        float[] mask = [.. resolution.Select(value => value > 0 ? 1f : 0f)];
        float[] spoilt = [.. resolution.Select((value, i) => mask[i] > 0 ? value : 20f + (i % 7))];
        CryoMap clean = LocalDeblurSolver.Run(Map(), Resolution()).Map;
        CryoMap masked = LocalDeblurSolver.Run(Map(), new CryoMap(Grid, spoilt, "spoilt"), new CryoMap(Grid, mask, "mask")).Map;

        Assert.Equal(clean.AsSpan().ToArray(), masked.AsSpan().ToArray());
    }

    [Fact]
    public void GivenBankGivesTheSameResultAsItsOwn()
    {
        LocalDeblurResult own = LocalDeblurSolver.Run(Map(), Resolution());
        FilterBank bank = FilterBank.Create(Grid.Size, Grid.VoxelSize, own.CoarsestResolution);
        CryoMap given = LocalDeblurSolver.Run(Map(), Resolution(), options: new LocalDeblurOptions { Bank = bank }).Map;

        Assert.Equal(own.Map.AsSpan().ToArray(), given.AsSpan().ToArray());
        FilterBank foreign = FilterBank.Create(new GridSize(16, 16, 16), 1.3, 8);
        Assert.Equal(EngineError.FilterBankMismatch, Refusal(new LocalDeblurOptions { Bank = foreign }));
    }

    [Fact]
    public void UnusableInputIsRefusedByName()
    {
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new LocalDeblurOptions { StepSize = -1 }));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new LocalDeblurOptions { MaximumIterations = 0 }));
        Assert.Equal(EngineError.ParameterOutOfRange, Refusal(new LocalDeblurOptions { K = double.NaN }));
        Assert.Equal(EngineError.InsufficientMemory, Refusal(new LocalDeblurOptions { Limits = new() { Memory = 1000 } }));
        Assert.Equal(EngineError.MapWithoutSignal, Refusal(map: new CryoMap(Grid, new float[Grid.Size.VoxelCount], "empty")));
        Assert.Equal(EngineError.MapSizeMismatch, Refusal(map: new CryoMap(new MapGrid(new GridSize(4, 4, 4), 1.3), new float[64], "small")));
        Assert.Equal(EngineError.VoxelSizeMismatch, Refusal(map: new CryoMap(new MapGrid(Grid.Size, 1.4, Grid.OriginField), new float[Grid.Size.VoxelCount], "other")));
        Assert.Equal(EngineError.MapOriginMismatch, Refusal(map: new CryoMap(new MapGrid(Grid.Size, 1.3), new float[Grid.Size.VoxelCount], "elsewhere")));
        float[] broken = Map().AsSpan().ToArray();
        broken[5] = float.NaN;
        Assert.Equal(EngineError.MapNotFinite, Refusal(map: new CryoMap(Grid, broken, "broken")));
    }

    [Fact]
    public void CancellationStopsTheRun()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new CancelAt(cancellation, "iteration 2");
        Assert.ThrowsAny<OperationCanceledException>(() => LocalDeblurSolver.Run(Map(), Resolution(), progress: progress, cancellationToken: cancellation.Token));
    }

    [Fact]
    public void ProgressNeverFallsAndStaysAFraction()
    {
        var progress = new Recorder();
        LocalDeblurSolver.Run(Map(), Resolution(), progress: progress);
        double[] fractions = [.. progress.Reports.Select(report => report.Fraction).Where(double.IsFinite)];

        Assert.NotEmpty(fractions);
        Assert.Equal(fractions.Order(), fractions);
        Assert.All(fractions, fraction => Assert.InRange(fraction, 0, 1));
    }

    private static EngineError Refusal(LocalDeblurOptions? options = null, CryoMap? map = null) =>
        Assert.Throws<EngineException>(() => LocalDeblurSolver.Run(map ?? Map(), Resolution(), options: options)).Error;

    private static CryoMap Resolution() => new(Grid, LocalFilterTests.Resolutions(Grid.Size), "resolution");

    /// <summary>Blobs in the ellipsoid of the resolution map, and noise everywhere.</summary>
    private static CryoMap Map(double noise = 0.05)
    {
        float[] voxels = LocalFilterTests.Noise(Grid.Size, 7);
        float[] resolution = LocalFilterTests.Resolutions(Grid.Size);
        for (int z = 0; z < Grid.Size.Z; z++)
        {
            for (int y = 0; y < Grid.Size.Y; y++)
            {
                for (int x = 0; x < Grid.Size.X; x++)
                {
                    int i = (int)Grid.Size.Offset(x, y, z);
                    double signal = resolution[i] > 0 ? Math.Pow(Math.Sin(0.9 * x) * Math.Sin(0.8 * y) * Math.Sin(0.85 * z), 2) : 0;
                    voxels[i] = (float)((2 * noise * voxels[i]) + signal);
                }
            }
        }

        return new CryoMap(Grid, voxels, "map");
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static double Variance(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private sealed class CancelAt(CancellationTokenSource cancellation, string stage) : IProgress<StageProgress>
    {
        public void Report(StageProgress value)
        {
            if (value.Stage.Contains(stage, StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }
        }
    }

    private sealed class Recorder : IProgress<StageProgress>
    {
        public List<StageProgress> Reports { get; } = [];

        public void Report(StageProgress value) => Reports.Add(value);
    }
}
