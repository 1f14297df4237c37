using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;
using LocalDeblur.Tests.Engine.Shells;
using Xunit;

namespace LocalDeblur.Tests.Engine.Sharpening;

public sealed class BFactorSharpeningTests
{
    /// <summary>Float32 transforms there and back.</summary>
    private const double Rounding = 1e-5;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16, 16, 16)]
    [InlineData(15, 15, 15)]
    [InlineData(20, 16, 12)]
    [InlineData(12, 18, 24)]
    public void EachCoefficientIsMultipliedAsStated(int nx, int ny, int nz)
    {
        const double VoxelSize = 1.5;
        const double B = -70;
        const double Cutoff = 5;
        var size = new GridSize(nx, ny, nz);
        CryoMap map = GuinierProfileTests.Noise(size, VoxelSize);
        double[] curve = [.. Enumerable.Range(0, (size.Longest / 2) + 1).Select(i => i == size.Longest / 2 ? -0.2 : 1 - (0.12 * i))];
        var mtf = new DetectorMtf([0, 0.25, 0.5], [1, 0.7, 0.2], "mtf");
        CryoMap result = BFactorSharpening.Run(
            map,
            options: new BFactorSharpeningOptions
            {
                BFactor = B,
                Fsc = Curve(curve, size.Longest * VoxelSize),
                LowPassResolution = Cutoff,
                LowPassEdgeShells = 4,
                Mtf = mtf,
                MtfPixelSize = 1.2,
            },
            cancellationToken: _stop).Map;

        using var transform = new RealFft3D(size, 1);
        using Spectrum before = transform.AllocateSpectrum();
        using Spectrum after = transform.AllocateSpectrum();
        transform.Forward(map.AsSpan(_stop).ToArray(), before, _stop);
        transform.Forward(result.AsSpan(_stop).ToArray(), after, _stop);
        double largest = Enumerable.Range(1, nx / 2).Max(x => after.Get(x, 0, 0).Magnitude);
        double center = Math.Floor((size.Longest * VoxelSize / Cutoff) + 0.5);
        for (int z = 0; z < nz; z++)
        {
            for (int y = 0; y < ny; y++)
            {
                for (int x = 0; x <= nx / 2; x++)
                {
                    double u = Math.Sqrt(Math.Pow((double)x / nx, 2) + Math.Pow((double)Math.Min(y, ny - y) / ny, 2) + Math.Pow((double)Math.Min(z, nz - z) / nz, 2));
                    double radius = u * size.Longest;
                    int shell = (int)Math.Floor(radius + 0.5 + 1e-9);
                    double f = shell < curve.Length ? curve[shell] : 0;

                    // Up to two shells before the middle of the edge everything passes, two after it nothing does.
                    double edge = radius <= center - 2 ? 1 : radius >= center + 2 ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * (radius - center + 2) / 4));
                    double expected = u > 0.5 + 1e-9 || !(f > 0) ? 0 : shell == 0 ? 1 : Math.Sqrt(2 * f / (1 + f)) * Math.Exp(-B * u * u / (VoxelSize * VoxelSize) / 4) * edge;
                    expected /= mtf.At(u * 1.2 / VoxelSize);
                    System.Numerics.Complex difference = after.Get(x, y, z) - (expected * before.Get(x, y, z));
                    Assert.InRange(difference.Magnitude, 0, Rounding * largest);
                }
            }
        }
    }

    [Fact]
    public void TheAutomaticBUndoesTheBlurOfAPoint()
    {
        CryoMap point = GuinierProfileTests.Point(new GridSize(48, 48, 48), 1.2, 90);
        BFactorSharpeningResult result = BFactorSharpening.Run(point, options: new BFactorSharpeningOptions { Resolution = 3 }, cancellationToken: _stop);
        IReadOnlyDictionary<string, object?> figures = result.Map.History[^1].Figures;

        // A shell is one index wide; its mean amplitude is that of its middle only nearly.
        Assert.Equal(-90, (double)figures["BFactor"]!, 1.0);
        Assert.Equal((double)figures["BFactor"]! / 4, figures["Slope"]);
        Assert.Equal(3.0, figures["Resolution"]);

        // After it the amplitudes are level up to the edge of the filter at 3 Å, which is shell 19.
        double level = result.Sharpened.LogAmplitudes[8];
        Assert.All(Enumerable.Range(4, 14), shell => Assert.Equal(level, result.Sharpened.LogAmplitudes[shell], 0.02));
        Assert.Equal(point.Origin, result.Map.Origin);
        Assert.Equal(point.Grid, result.Map.Grid);
        Assert.Equal(BFactorSharpening.StepName, result.Map.History[^1].Step);
        Assert.Empty(result.Map.History[^1].Warnings);
        Assert.Null(result.Fsc);
    }

    [Fact]
    public void HalfMapsAreAveragedUnmaskedAndWeighted()
    {
        (CryoMap first, CryoMap second, CryoMap mask) = Halves();
        BFactorSharpeningResult result = BFactorSharpening.Run(new Reconstruction(first, second), mask, cancellationToken: _stop);
        FscResult fsc = FourierShellCorrelation.Run(new Reconstruction(first, second), mask, cancellationToken: _stop);
        Assert.Equal(fsc.ResolutionShell, result.Resolution);
        float[] mean = [.. first.AsSpan(_stop).ToArray().Zip(second.AsSpan(_stop).ToArray(), (a, b) => 0.5f * (a + b))];
        CryoMap ofMean = BFactorSharpening.Run(new CryoMap(first.Grid, mean, "mean"), null, new BFactorSharpeningOptions { Fsc = fsc }, cancellationToken: _stop).Map;
        Assert.Equal(0, MapComparison.Compare(result.Map, ofMean).RelativeRmsDifference, 1e-7);
        for (int shell = 1; shell < fsc.Shells.Count && fsc.Shells[shell][fsc.Final.Curve] >= 1e-4; shell++)
        {
            double f = fsc.Shells[shell][fsc.Final.Curve];
            Assert.Equal(result.Original.LogAmplitudes[shell] + (0.5 * Math.Log(2 * f / (1 + f))), result.Weighted.LogAmplitudes[shell], 1e-6);
        }

        float[] masked = [.. result.Map.AsSpan(_stop).ToArray().Zip(mask.AsSpan(_stop).ToArray(), (a, b) => a * b)];
        CryoMap applied = BFactorSharpening.Run(new Reconstruction(first, second), mask, new BFactorSharpeningOptions { ApplyMask = true }, cancellationToken: _stop).Map;
        Assert.Equal(masked, applied.AsSpan(_stop).ToArray());
    }

    [Fact]
    public void TheResultDoesNotDependOnTheNumberOfThreads()
    {
        (CryoMap first, CryoMap second, CryoMap mask) = Halves();
        CryoMap one = BFactorSharpening.Run(new Reconstruction(first, second), mask, new BFactorSharpeningOptions { Limits = new() { Threads = 1 } }, cancellationToken: _stop).Map;
        CryoMap three = BFactorSharpening.Run(
            new Reconstruction(first, second), mask, new BFactorSharpeningOptions { Limits = new() { Threads = 3 } }, cancellationToken: _stop).Map;
        Assert.Equal(one.AsSpan(_stop).ToArray(), three.AsSpan(_stop).ToArray());
        Assert.Equal(one.History[^1].Figures["BFactor"], three.History[^1].Figures["BFactor"]);
    }

    [Fact]
    public void ProgressRisesToTheEndAndInputIsUntouched()
    {
        (CryoMap first, CryoMap second, CryoMap mask) = Halves();
        float[] before = first.AsSpan(_stop).ToArray();
        var progress = new Recorder();
        BFactorSharpening.Run(new Reconstruction(first, second), mask, progress: progress, cancellationToken: _stop);
        Assert.Equal(1, progress.Reports[^1].Fraction, 1e-12);
        Assert.Equal(progress.Reports.Select(report => report.Fraction).Order(), progress.Reports.Select(report => report.Fraction));
        Assert.Equal(before, first.AsSpan(_stop).ToArray());
        Assert.Throws<OperationCanceledException>(() => BFactorSharpening.Run(new Reconstruction(first, second), mask, cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public void WhatMayBeAMistakeIsAWarning()
    {
        CryoMap point = GuinierProfileTests.Point(new GridSize(32, 32, 32), 1.2, 60);
        Assert.Contains(Warnings(point, new BFactorSharpeningOptions()), warning => warning.Contains("noise up to Nyquist", StringComparison.Ordinal));
        Assert.Contains(Warnings(point, new BFactorSharpeningOptions { BFactor = 80, Resolution = 3 }), warning => warning.Contains("minus sign", StringComparison.Ordinal));
        Assert.Empty(Warnings(point, new BFactorSharpeningOptions { BFactor = -80, LowPassResolution = 3 }));

        // 38.4 Å of box: no shell between 5.0 and 4.9 Å.
        CryoMap given = BFactorSharpening.Run(
            point, null, new BFactorSharpeningOptions { BFactor = -50, Resolution = 3, FitRange = new ResolutionRange(5.0, 4.9) },
            cancellationToken: _stop).Map;
        Assert.Contains(given.History[^1].Warnings, warning => warning.Contains("no Guinier fit", StringComparison.Ordinal));
        Assert.Equal(double.NaN, given.History[^1].Figures["Slope"]);
        Assert.Equal(-50.0, given.History[^1].Figures["BFactor"]);
    }

    [Fact]
    public void WhatCannotBeDoneIsRefused()
    {
        CryoMap map = GuinierProfileTests.Noise(new GridSize(32, 32, 32), 1.2);
        void Refuses(EngineError error, string says, BFactorSharpeningOptions options)
        {
            EngineException refusal = Assert.Throws<EngineException>(() => BFactorSharpening.Run(map, null, options, cancellationToken: _stop));
            Assert.Equal(error, refusal.Error);
            Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        }

        Refuses(EngineError.ParameterOutOfRange, "1000", new BFactorSharpeningOptions { BFactor = -1001 });
        Refuses(EngineError.ParameterOutOfRange, "NaN", new BFactorSharpeningOptions { BFactor = double.NaN });
        Refuses(EngineError.ParameterOutOfRange, "Nyquist", new BFactorSharpeningOptions { Resolution = 2.3 });
        Refuses(EngineError.ParameterOutOfRange, "box", new BFactorSharpeningOptions { LowPassResolution = 40 });
        Refuses(EngineError.ParameterOutOfRange, "beyond Nyquist", new BFactorSharpeningOptions { FitRange = new ResolutionRange(10, 2) });
        Refuses(EngineError.ParameterOutOfRange, "edge", new BFactorSharpeningOptions { LowPassEdgeShells = -1 });
        Refuses(EngineError.ParameterOutOfRange, "mask", new BFactorSharpeningOptions { ApplyMask = true });
        Refuses(EngineError.ParameterOutOfRange, "pixel", new BFactorSharpeningOptions { MtfPixelSize = 0 });
        Refuses(EngineError.FitRangeEmpty, "wider range", new BFactorSharpeningOptions { FitRange = new ResolutionRange(5.0, 4.9) });
        Refuses(EngineError.FitRangeEmpty, "begins at 10", new BFactorSharpeningOptions { Resolution = 12 });
        Refuses(EngineError.FscMismatch, "17 of 38.4", new BFactorSharpeningOptions { Fsc = Curve(new double[17], 40) });
        Refuses(EngineError.MapWithoutSignal, "first shell", new BFactorSharpeningOptions { Fsc = Curve(new double[17], 38.4) });
        Refuses(EngineError.MtfTableInvalid, "it ends at 0.1/pixel", new BFactorSharpeningOptions { Mtf = new DetectorMtf([0, 0.1], [1, 0.9], "short") });
        Refuses(EngineError.InsufficientMemory, "bytes", new BFactorSharpeningOptions { Limits = new() { Memory = 100_000 } });

        // Factors beyond what float32 numbers can carry.
        CryoMap point = GuinierProfileTests.Point(new GridSize(32, 32, 32), 0.5, 1000);
        EngineException absurd = Assert.Throws<EngineException>(
            () => BFactorSharpening.Run(point, null, new BFactorSharpeningOptions { BFactor = -1000 }, cancellationToken: _stop));
        Assert.Contains("1e26", absurd.Message, StringComparison.Ordinal);
        EngineException other = Assert.Throws<EngineException>(
            () => BFactorSharpening.Run(new Reconstruction(map, GuinierProfileTests.Noise(new GridSize(16, 16, 16), 1.2)), cancellationToken: _stop));
        Assert.Equal(EngineError.MapSizeMismatch, other.Error);
        Assert.All(new (float Value, double? BFactor)[] { (0, null), (0, -50), (3, -50) }, odd =>
        {
            CryoMap flat = new(map.Grid, [.. Enumerable.Repeat(odd.Value, (int)map.Size.VoxelCount)], "flat");
            EngineException none = Assert.Throws<EngineException>(
                () => BFactorSharpening.Run(flat, null, new BFactorSharpeningOptions { BFactor = odd.BFactor }, cancellationToken: _stop));
            Assert.Equal(EngineError.MapWithoutSignal, none.Error);
        });
    }

    [Theory]
    [InlineData("# version 30001\n\ndata_\n\nloop_\n_rlnResolutionInversePixel #1\n_rlnMtfValue #2\n 0.0 1.0\n 0.25 0.6\n 0.5 0.2\n\n")]
    [InlineData("data_mtf\nloop_\n_rlnMtfValue\n_rlnResolutionInversePixel\n1.0\t0.0\n0.6\t0.25\n0.2\t0.5\n\ndata_more\nloop_\n_x\n3\n")]
    [InlineData("frequency,mtf\n0,1\n0.25,0.6\r\n0.5,0.2\n")]
    [InlineData("0;1\n0.25;0.6\n0.5;0.2")]
    public void AnMtfReadsFromStarAndFromColumns(string text)
    {
        DetectorMtf mtf = DetectorMtf.Read(new StringReader(text), "mtf.star");
        Assert.Equal([0, 0.25, 0.5], mtf.Frequencies);
        Assert.Equal([1, 0.6, 0.2], mtf.Values);
        Assert.Equal(0.8, mtf.At(0.125), 1e-12);
        Assert.Equal(0.6, mtf.At(0.25), 1e-12);
        Assert.Equal(0.2, mtf.At(0.7));
    }

    [Theory]
    [InlineData("", "0 frequencies")]
    [InlineData("0,1\n", "1 frequencies")]
    [InlineData("0,1\n0.5,0\n", "line 2, column 2")]
    [InlineData("0,1\n0.5,1e-300\n", "0.001 to 1.5")]
    [InlineData("0,1\n0.5,Infinity\n", "line 2, column 2")]
    [InlineData("loop_\n_rlnMtfValue\n_rlnResolutionInversePixel\n1 -0.1\n", "line 4, column 2")]
    [InlineData("0.5,1\n0.25,0.6\n", "ascending")]
    [InlineData("0,1\n20,0.9\n50,0.5\n", "line 2, column 1: the frequency is 20")]
    [InlineData("0,0.5\n0.5,1\n", "it rises from 0.5 at 0/pixel to 1 at 0.5/pixel")]
    [InlineData("0,1\n0.25\n", "line 2")]
    [InlineData("0,1\nx,0.4\n", "line 2")]
    [InlineData("loop_\n_rlnResolution\n_rlnMtfValue\n0 1\n", "_rlnResolutionInversePixel")]
    public void AnMtfThatIsNoneIsRefused(string text, string says)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => DetectorMtf.Read(new StringReader(text), "mtf.csv"));
        Assert.Equal(EngineError.MtfTableInvalid, refusal.Error);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADivisionByTheMtfComesBeforeTheFit()
    {
        CryoMap point = GuinierProfileTests.Point(new GridSize(48, 48, 48), 1.2, 90);
        var mtf = new DetectorMtf(Enumerable.Range(0, 101).Select(i => i / 200.0), Enumerable.Range(0, 101).Select(i => Math.Exp(-40 * Math.Pow(i / 200.0 / 1.2, 2) / 4)), "mtf");
        var options = new BFactorSharpeningOptions { Resolution = 3 };
        double without = BFactorSharpening.Run(point, null, options, cancellationToken: _stop).BFactor;
        double with = BFactorSharpening.Run(point, null, options with { Mtf = mtf }, cancellationToken: _stop).BFactor;

        // An MTF of B = 40 leaves 50 of 90.
        Assert.Equal(without + 40, with, 0.5);
    }

    private static FscResult Curve(double[] values, double edge) =>
        new(values.Select((value, i) => new FscShell(i, edge / i, i / edge, 0, value)));

    private (CryoMap First, CryoMap Second, CryoMap Mask) Halves()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48, NoiseFraction = 0.3 });
        return (phantom.DrawHalfMap(1, null, _stop), phantom.DrawHalfMap(2, null, _stop), phantom.DrawMask(_stop));
    }

    private IReadOnlyList<string> Warnings(CryoMap map, BFactorSharpeningOptions options) =>
        BFactorSharpening.Run(map, null, options, cancellationToken: _stop).Map.History[^1].Warnings;

    private sealed class Recorder : IProgress<StageProgress>
    {
        public List<StageProgress> Reports { get; } = [];

        public void Report(StageProgress value) => Reports.Add(value);
    }
}
