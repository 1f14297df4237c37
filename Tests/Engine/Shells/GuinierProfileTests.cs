using System.Globalization;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Plots;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Engine.Shells;

public sealed class GuinierProfileTests
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Fact]
    public void TheFitOfALevelLineSaysSo() =>
        Assert.Equal("B 0.00 Å² (10–3 Å, a level line)", GuinierFit.Through([1, 2, 3], [4, 4, 4], new ResolutionRange(10, 3)).ToString());

    [Fact]
    public void TheFitOfAPointAfterABlurIsTheBlursB()
    {
        // A point has the same amplitude everywhere; its blur by B is a line of slope −B/4, which a map wants undone by B = −blur.
        const double Blur = 60;
        CryoMap point = Point(new GridSize(48, 48, 48), 1.2, Blur);
        GuinierProfile profile = GuinierProfile.Measure(point, options: new GuinierProfileOptions { FitRange = new ResolutionRange(10, 3) }, cancellationToken: _stop);

        // A shell is one index wide; its mean amplitude is that of its middle only nearly.
        Assert.Equal(-Blur, profile.Fit!.BFactor, 0.5);
        Assert.Equal(profile.Fit.BFactor / 4, profile.Fit.Slope);
        Assert.Equal(Math.Log(1.0 / point.Size.VoxelCount), profile.Fit.Intercept, 0.02);
        Assert.InRange(profile.Fit.Correlation, 0.9999, 1);

        // 57.6 Å / 10 Å = 5.76 and 57.6 Å / 3 Å = 19.2: shells 6 to 19.
        Assert.Equal(14, profile.Fit.ShellCount);
        Assert.Contains("10–3 Å", profile.Fit.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ShellCounting.FullTransform)]
    [InlineData(ShellCounting.StoredCoefficients)]
    public void MeansCountEachCoefficientAsStated(ShellCounting counting)
    {
        var size = new GridSize(12, 10, 9);
        CryoMap map = Noise(size, 1.5);
        GuinierProfile profile = GuinierProfile.Measure(map, options: new GuinierProfileOptions { Counting = counting }, cancellationToken: _stop);
        using var transform = new RealFft3D(size, 1);
        using Spectrum spectrum = transform.AllocateSpectrum();
        transform.Forward(map.AsSpan(_stop).ToArray(), spectrum, _stop);
        double[] sums = new double[profile.Shells.Count];
        double[] squares = new double[sums.Length];
        double[] counts = new double[sums.Length];
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x <= size.X / 2; x++)
                {
                    double u = Math.Sqrt(Math.Pow(x / 12.0, 2) + Math.Pow((y <= 5 ? y : y - 10) / 10.0, 2) + Math.Pow((z <= 4 ? z : z - 9) / 9.0, 2));
                    int shell = (int)Math.Floor((u * 12) + 0.5 + 1e-9);
                    double weight = counting == ShellCounting.FullTransform && x > 0 && x < 6 ? 2 : 1;
                    if (shell < sums.Length)
                    {
                        double amplitude = spectrum.Get(x, y, z).Magnitude;
                        sums[shell] += weight * amplitude;
                        squares[shell] += weight * amplitude * amplitude;
                        counts[shell] += weight;
                    }
                }
            }
        }

        for (int shell = 0; shell < sums.Length; shell++)
        {
            Assert.Equal(counts[shell], profile.Shells.CoefficientCount(shell));
            Assert.Equal(sums[shell] / counts[shell], profile.MeanAmplitudes[shell], 1e-9);
            Assert.Equal(Math.Log(sums[shell] / counts[shell]), profile.LogAmplitudes[shell], 1e-6);
            Assert.Equal(0.5 * Math.Log(squares[shell] / counts[shell]), profile.LogRmsAmplitudes[shell], 1e-6);
        }
    }

    [Fact]
    public void AMaskMultipliesTheMapAndNothingIsSubtracted()
    {
        var size = new GridSize(16, 16, 16);
        CryoMap map = Noise(size, 1);
        float[] mask = [.. Enumerable.Range(0, 4096).Select(i => i % 16 < 8 ? 1f : 0.25f)];
        float[] product = [.. map.AsSpan(_stop).ToArray().Zip(mask, (value, factor) => value * factor)];
        GuinierProfile masked = GuinierProfile.Measure(map, new CryoMap(map.Grid, mask, "mask"), cancellationToken: _stop);
        GuinierProfile expected = GuinierProfile.Measure(new CryoMap(map.Grid, product, "product"), cancellationToken: _stop);
        Assert.Equal(expected.MeanAmplitudes, masked.MeanAmplitudes);
        Assert.Equal("mask", masked.Mask);
        Assert.Equal("noise", masked.Name);
        Assert.Null(expected.Mask);
    }

    [Fact]
    public void TheProfileDoesNotDependOnTheNumberOfThreads()
    {
        CryoMap map = Noise(new GridSize(40, 30, 36), 1);
        GuinierProfile one = GuinierProfile.Measure(map, options: new GuinierProfileOptions { Limits = new() { Threads = 1 } }, cancellationToken: _stop);
        GuinierProfile three = GuinierProfile.Measure(map, options: new GuinierProfileOptions { Limits = new() { Threads = 3 } }, cancellationToken: _stop);
        Assert.Equal(one.MeanAmplitudes, three.MeanAmplitudes);
        Assert.Equal(one.LogRmsAmplitudes, three.LogRmsAmplitudes);
    }

    [Fact]
    public void DistanceIgnoresAFactorAndComparesBoxes()
    {
        GuinierProfile small = GuinierProfile.Measure(Point(new GridSize(40, 40, 40), 1, 80), cancellationToken: _stop);
        GuinierProfile large = GuinierProfile.Measure(Point(new GridSize(64, 64, 64), 1, 80), cancellationToken: _stop);
        GuinierProfile sharper = GuinierProfile.Measure(Point(new GridSize(64, 64, 64), 1, 20), cancellationToken: _stop);

        // The same point in two boxes: the logarithms differ by a constant and by how shells average.
        Assert.InRange(small.ShapeDistance(large, 10, 2.5), 0, 0.03);
        Assert.True(small.ShapeDistance(sharper, 10, 2.5) > 0.5);
        Assert.Equal(0, small.ShapeDistance(small, 10, 2.5), 1e-12);
        Assert.True(double.IsNaN(small.ShapeDistance(large, 1.5, 1)));
    }

    [Fact]
    public void ThePlotHasTheModelDashedAndTheFitsDotted()
    {
        GuinierProfile map = GuinierProfile.Measure(Point(new GridSize(40, 40, 40), 1, 80), cancellationToken: _stop).Named("map");
        GuinierProfile model = GuinierProfile.Measure(Point(new GridSize(48, 48, 48), 1, 20), cancellationToken: _stop).Named("model");
        LinePlot plot = GuinierPlot.Create([map.WithFit(new ResolutionRange(8, 2)), map.Named("again")], "t", model);
        Assert.Equal(["model", "map", "map: B", "again"], plot.Series.Select(series => series.Name.Split(" -")[0]));
        Assert.Equal([PlotDash.Dashed, PlotDash.Solid, PlotDash.Dotted, PlotDash.Solid], plot.Series.Select(series => series.Dash));
        Assert.Equal(plot.Series[1].Color, plot.Series[2].Color);
        Assert.NotEqual(plot.Series[1].Color, plot.Series[3].Color);
        Assert.Equal(PlotResolutionScale.ReciprocalSquare, plot.X.Resolution);

        // Edge 40 Å: shells from 20 Å on are 2 to 20.
        Assert.Equal(19, plot.Series[1].X.Count);
        Assert.Equal(Math.Pow(2 / 40.0, 2), plot.Series[1].X[0]);

        LinePlot raw = GuinierPlot.Create([map, model], "t", align: false);
        Assert.Equal(map.LogAmplitudes[5], raw.Series[0].Y[3]);
        Assert.Equal("ln⟨|F|⟩", raw.Y.Label);
        using var table = new StringWriter(CultureInfo.InvariantCulture);
        PlotTable.Write(raw, table);
        Assert.StartsWith("\"Spatial frequency squared, 1/d² (1/Å²)\",map,model\n", table.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void NoTwoLinesOfThePlotLookTheSame()
    {
        GuinierProfile map = GuinierProfile.Measure(Point(new GridSize(24, 24, 24), 1, 80), cancellationToken: _stop);
        LinePlot plot = GuinierPlot.Create([.. Enumerable.Range(1, 12).Select(i => map.Named($"map {i}"))], "t");
        Assert.Equal(12, plot.Series.Select(series => (series.Color, series.Dash)).Distinct().Count());
    }

    [Fact]
    public void ThePlotLeavesOutWhatIsRounding()
    {
        // exp(−B/(4d²)) passes 1e-7 of its largest at d = 3.05 Å for B = 600 Å².
        GuinierProfile map = GuinierProfile.Measure(Point(new GridSize(40, 40, 40), 1, 600), cancellationToken: _stop);
        PlotSeries series = GuinierPlot.Create([map], "t").Series[0];
        Assert.All(series.X.Zip(series.Y), point => Assert.Equal(point.First < 1 / (3.05 * 3.05), double.IsFinite(point.Second)));
        Assert.True(double.IsFinite(map.LogAmplitudes[^1]));
    }

    [Theory]
    [InlineData(10, 3, 1, EngineError.ParameterOutOfRange, "Nyquist")]
    [InlineData(3, 10, 1, EngineError.ParameterOutOfRange, "first")]
    [InlineData(10, double.NaN, 1, EngineError.ParameterOutOfRange, "positive")]
    [InlineData(5.1, 5.05, 0.5, EngineError.FitRangeEmpty, "0 of the 16 shells")]
    public void ARangeThatCannotBeFittedIsRefused(double coarsest, double finest, double voxel, EngineError error, string says)
    {
        CryoMap map = Noise(new GridSize(32, 32, 32), voxel == 1 ? 2 : voxel * 2);
        EngineException refusal = Assert.Throws<EngineException>(() =>
            GuinierProfile.Measure(map, options: new GuinierProfileOptions { FitRange = new ResolutionRange(coarsest, finest) }, cancellationToken: _stop));
        Assert.Equal(error, refusal.Error);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedBeforeWork()
    {
        CryoMap map = Noise(new GridSize(32, 32, 32), 1);
        CryoMap other = Noise(new GridSize(16, 16, 16), 1);
        var empty = new CryoMap(map.Grid, new float[map.Size.VoxelCount], "empty");
        Assert.Equal(EngineError.MapSizeMismatch, Refused(map, other, new GuinierProfileOptions()));
        Assert.Equal(EngineError.MaskEmpty, Refused(map, empty, new GuinierProfileOptions()));
        Assert.Equal(EngineError.InsufficientMemory, Refused(map, null, new GuinierProfileOptions { Limits = new() { Memory = 100_000 } }));
        Assert.Throws<OperationCanceledException>(() => GuinierProfile.Measure(map, cancellationToken: new CancellationToken(true)));
    }

    /// <summary>A point in the corner, blurred by a B factor exactly, coefficient by coefficient.</summary>
    internal static CryoMap Point(GridSize size, double voxelSize, double blur)
    {
        float[] volume = new float[size.VoxelCount];
        volume[0] = 1;
        using var transform = new RealFft3D(size, 1);
        using Spectrum spectrum = transform.AllocateSpectrum();
        transform.Forward(volume, spectrum);
        using OctantFilter filter = OctantFilter.Create(size, u => (float)Math.Exp(-blur * u * u / (4 * voxelSize * voxelSize)), 1);
        transform.Inverse(spectrum, filter, spectrum, volume);
        return new CryoMap(new MapGrid(size, voxelSize, new AxisTriple(3, -4, 5)), volume, "point");
    }

    internal static CryoMap Noise(GridSize size, double voxelSize, int seed = 1)
    {
        var random = new DeterministicRandom(seed, 1);
        float[] volume = new float[size.VoxelCount];
        for (int i = 0; i < volume.Length; i++)
        {
            volume[i] = (float)(random.NextUniform() - 0.25);
        }

        return new CryoMap(new MapGrid(size, voxelSize), volume, "noise");
    }

    private EngineError Refused(CryoMap map, CryoMap? mask, GuinierProfileOptions options) =>
        Assert.Throws<EngineException>(() => GuinierProfile.Measure(map, mask, options, cancellationToken: _stop)).Error;
}
