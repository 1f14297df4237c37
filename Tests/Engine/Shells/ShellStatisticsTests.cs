using System.Globalization;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Plots;
using LocalDeblur.Shells;
using LocalDeblur.Workflows.Truth;
using Xunit;

namespace LocalDeblur.Tests.Engine.Shells;

public sealed class ShellStatisticsTests
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(12, 12, 12)]
    [InlineData(13, 13, 13)]
    [InlineData(16, 12, 9)]
    public void ShellsCountTheFullTransform(int nx, int ny, int nz)
    {
        var shells = new RadialShells(new GridSize(nx, ny, nz), 1.5);
        int longest = Math.Max(nx, Math.Max(ny, nz));
        long[] expected = new long[(longest / 2) + 1];
        int Folded(int k, int n) => k <= n / 2 ? k : k - n;
        for (int z = 0; z < nz; z++)
        {
            for (int y = 0; y < ny; y++)
            {
                for (int x = 0; x < nx; x++)
                {
                    // s·L, with s in 1/Å from the cell of each axis.
                    double s = Math.Sqrt(Math.Pow(Folded(x, nx) / (nx * 1.5), 2) + Math.Pow(Folded(y, ny) / (ny * 1.5), 2) + Math.Pow(Folded(z, nz) / (nz * 1.5), 2));
                    int shell = (int)Math.Floor((s * longest * 1.5) + 0.5 + 1e-9);
                    if (shell < expected.Length)
                    {
                        expected[shell]++;
                    }
                }
            }
        }

        Assert.Equal(expected, Enumerable.Range(0, shells.Count).Select(shells.CoefficientCount));
        Assert.Equal(longest * 1.5 / 2, shells.Resolution(2));
        Assert.Equal(2 / (longest * 1.5), shells.Frequency(2), 1e-15);
    }

    [Fact]
    public void EqualMapsCorrelateWithOneAndOppositeMapsWithMinusOne()
    {
        float[] volume = new HelixPhantom(new PhantomOptions { Size = 32, NoiseFraction = 1 }).DrawHalfMap(1, null, _stop).AsSpan(_stop).ToArray();
        float[] opposite = Array.ConvertAll(volume, value => -3 * value);
        var size = new GridSize(32, 32, 32);
        var shells = new RadialShells(size, 1.06);
        using var transform = new RealFft3D(size, 2);
        using Spectrum a = transform.AllocateSpectrum();
        using Spectrum b = transform.AllocateSpectrum();
        transform.Forward(volume, a, _stop);
        transform.Forward(opposite, b, _stop);

        // Float32 transforms, double sums.
        Assert.All(ShellCorrelation.Measure(a, a, shells, new RunLimits { Threads = 2 }, _stop).Values, value => Assert.Equal(1, value, 1e-6));
        Assert.All(ShellCorrelation.Measure(a, b, shells, new RunLimits { Threads = 2 }, _stop).Values, value => Assert.Equal(-1, value, 1e-6));
        Assert.Equal(
            ShellCorrelation.Measure(a, b, shells, new RunLimits { Threads = 1 }, _stop).Values,
            ShellCorrelation.Measure(a, b, shells, new RunLimits { Threads = 3 }, _stop).Values);
        Assert.Null(ShellCorrelation.Measure(a, a, shells, new RunLimits { Threads = 2 }, _stop).FirstShellBelow(0.5));
        Assert.Equal(1, ShellCorrelation.Measure(a, b, shells, new RunLimits { Threads = 2 }, _stop).FirstShellBelow(0.5));
    }

    [Fact]
    public void AShellWithoutPowerHasNoCorrelation()
    {
        var size = new GridSize(8, 8, 8);
        float[] flat = new float[512];
        Array.Fill(flat, 1);
        using var transform = new RealFft3D(size, 1);
        using Spectrum a = transform.AllocateSpectrum();
        transform.Forward(flat, a, _stop);
        ShellCorrelation correlation = ShellCorrelation.Measure(a, a, new RadialShells(size, 1), new RunLimits { Threads = 1 }, _stop);
        Assert.Equal(1, correlation.Values[0], 1e-6);
        Assert.All(correlation.Values.Skip(1), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void TheProfileOfAGaussianIsItsStraightLine()
    {
        // exp(−r²/2σ²) in a box it does not fill: ln|F| = ln((2πσ²)^1.5/N) − 2π²σ²s².
        const int N = 48;
        const double Sigma = 2;
        var size = new GridSize(N, N, N);
        float[] volume = new float[size.VoxelCount];
        for (int i = 0; i < volume.Length; i++)
        {
            double x = (i % N) - 24;
            double y = (i / N % N) - 24;
            double z = (i / N / N) - 24;
            volume[i] = (float)Math.Exp(-((x * x) + (y * y) + (z * z)) / (2 * Sigma * Sigma));
        }

        using var transform = new RealFft3D(size, 2);
        using Spectrum spectrum = transform.AllocateSpectrum();
        transform.Forward(volume, spectrum, _stop);
        var shells = new RadialShells(size, 1);
        GuinierProfile profile = GuinierProfile.Measure(spectrum, shells, new RunLimits { Threads = 2 }, _stop);
        for (int shell = 1; shell < 12; shell++)
        {
            double frequency = shells.Frequency(shell);
            double line = Math.Log(Math.Pow(2 * Math.PI * Sigma * Sigma, 1.5) / volume.Length) - (2 * Math.PI * Math.PI * Sigma * Sigma * frequency * frequency);

            // A shell is one index wide, so its mean is not quite the value at its radius.
            Assert.Equal(line, profile.LogAmplitudes[shell], 0.08);
        }

        Assert.Equal(0, profile.ShapeDistance(profile, 20, 4), 1e-12);
    }

    [Fact]
    public void AConstantFactorIsNoDistanceAndABlurIsOne()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        CryoMap truth = phantom.DrawTruth(null, _stop);
        var scaled = new CryoMap(truth.Grid, Array.ConvertAll(truth.AsSpan(_stop).ToArray(), value => 7 * value), "scaled");
        TruthComparison comparison = TruthComparison.Measure(
            truth, [("blurred", phantom.DrawSignal(null, _stop)), ("truth", truth), ("scaled", scaled)], phantom.DrawMask(_stop), phantom.DrawLocalResolution(_stop),
            cancellationToken: _stop);
        Assert.Equal(1, comparison.Mask.Correlations[2], 1e-6);
        Assert.All(comparison.Figures, figure => Assert.True(figure.Improved(2) || figure.Values[0] == figure.Values[2], figure.Name));
        Assert.Equal(0, comparison.InMask.Profiles[2].ShapeDistance(comparison.InMask.ProfileTruth, 10, 3), 1e-5);
        Assert.True(comparison.InMask.Profiles[0].ShapeDistance(comparison.InMask.ProfileTruth, 10, 3) > 0.05);
        Assert.All(comparison.Zones, zone => Assert.True(zone.Correlations[0] < zone.Correlations[2] + 1e-9 && zone.ProfileDistances[2] < 1e-4));
        Assert.Equal(comparison.Mask.VoxelCount, comparison.Zones.Sum(zone => zone.VoxelCount));
        Assert.Equal(3, comparison.Zones[0].Finest);
        Assert.True(comparison.Zones[^1].Coarsest <= 8);
    }

    [Fact]
    public void TablesAndPlotsOfAComparisonAgree()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        CryoMap truth = phantom.DrawTruth(null, _stop);
        TruthComparison comparison = TruthComparison.Measure(
            truth, [("before", phantom.DrawHalfMap(1, null, _stop)), ("after", phantom.DrawSignal(null, _stop))], phantom.DrawMask(_stop), cancellationToken: _stop);
        using var table = new StringWriter(CultureInfo.InvariantCulture);
        comparison.WriteTable(table);
        string[] lines = table.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(comparison.Box.Shells.Count, lines.Length);
        Assert.StartsWith("Shell,Resolution (Å),1/d (1/Å),1/d² (1/Å²),FSC before,FSC after,ln mean |F| truth,ln mean |F| before,", lines[0], StringComparison.Ordinal);
        string[] fields = lines[10].Split(',');
        Assert.Equal(comparison.Box.Correlations[0].Values[10], double.Parse(fields[4], CultureInfo.InvariantCulture));
        Assert.Equal(comparison.InMask.Profiles[1].LogAmplitudes[10], double.Parse(fields[13], CultureInfo.InvariantCulture));
        LinePlot correlations = TruthPlots.Correlations(comparison.Box, comparison.Names, "t");
        Assert.Equal(comparison.Box.Correlations[0].Values[10], correlations.Series[0].Y[9]);
        LinePlot profiles = TruthPlots.Profiles(comparison.Box, comparison.Names, "t");
        Assert.Equal(3, profiles.Series.Count);

        // Shells from 20 Å on: 48 · 1.06 Å / 20 Å = 2.5, so the first is number 3.
        Assert.Equal(comparison.Box.ProfileTruth.LogAmplitudes[10], profiles.Series[0].Y[7], 1e-12);
        Assert.Equal(Math.Pow(comparison.Box.Shells.Frequency(10), 2), profiles.Series[0].X[7]);
        Assert.Empty(comparison.Zones);
    }

    [Fact]
    public void AnEmptyMaskIsRefused()
    {
        CryoMap truth = new HelixPhantom(new PhantomOptions { Size = 32 }).DrawTruth(null, _stop);
        var empty = new CryoMap(truth.Grid, new float[truth.Size.VoxelCount], "empty");
        EngineException refusal = Assert.Throws<EngineException>(() => TruthComparison.Measure(truth, [("truth", truth)], empty, cancellationToken: _stop));
        Assert.Equal(EngineError.MaskEmpty, refusal.Error);
    }
}
