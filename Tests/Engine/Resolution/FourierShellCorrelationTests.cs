using System.Globalization;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Engine.Resolution;

public sealed class FourierShellCorrelationTests
{
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private readonly HelixPhantom _phantom = new(new PhantomOptions { Size = 40, NoiseFraction = 1 });

    [Fact]
    public void CurvesDoNotDependOnThreadsAndFollowTheSeed()
    {
        (CryoMap half1, CryoMap half2) = Halves();
        CryoMap mask = _phantom.DrawMask(_stop);

        FscResult one = FourierShellCorrelation.Run(
            new Reconstruction(half1, half2), mask, new FourierShellCorrelationOptions { Limits = new() { Threads = 1 } }, cancellationToken: _stop);
        FscResult three = FourierShellCorrelation.Run(
            new Reconstruction(half1, half2), mask, new FourierShellCorrelationOptions { Limits = new() { Threads = 3 } }, cancellationToken: _stop);
        FscResult other = FourierShellCorrelation.Run(new Reconstruction(half1, half2), mask, new FourierShellCorrelationOptions { Seed = 2 }, cancellationToken: _stop);

        Assert.Equal(one.Shells, three.Shells);
        Assert.Equal(one.Shells.Select(shell => shell.Masked), other.Shells.Select(shell => shell.Masked));
        Assert.NotEqual(one.Shells[^1].Randomised, other.Shells[^1].Randomised);
        Assert.Equal(Enum.GetValues<FscCurveKind>(), one.Curves);
        int start = one.RandomisedFrom!.Value;
        Assert.True(one.Shells[start].Unmasked < 0.8);
        Assert.All(one.Shells.Take(start).Skip(1), shell => Assert.True(shell.Unmasked >= 0.8));
        Assert.All(one.Shells.Take(start + 2), shell => Assert.Equal(shell.Masked, shell.Corrected));
        Assert.All(one.Shells.Skip(start + 2), shell => Assert.Equal((shell.Masked - shell.Randomised) / (1 - shell.Randomised), shell.Corrected));
    }

    [Fact]
    public void OneMapTwiceIsWarnedOf()
    {
        (CryoMap half1, CryoMap half2) = Halves();
        CryoMap again = new(half1.Grid, half1.AsSpan(_stop).ToArray(), "again");
        CryoMap mask = _phantom.DrawMask(_stop);

        Assert.Contains(
            FourierShellCorrelation.Run(new Reconstruction(half1, again), cancellationToken: _stop).Warnings,
            text => text.Contains("same in every voxel", StringComparison.Ordinal));
        Assert.Contains(
            FourierShellCorrelation.Run(new Reconstruction(half1, again), mask, cancellationToken: _stop).Warnings,
            text => text.Contains("same in every voxel", StringComparison.Ordinal));
        Assert.Empty(FourierShellCorrelation.Run(new Reconstruction(half1, half2), cancellationToken: _stop).Warnings);
    }

    [Fact]
    public void RandomPhasesKeepThePowerOfEveryShellAndBreakTheCorrelation()
    {
        foreach (GridSize size in (GridSize[])[new(24, 24, 24), new(21, 21, 21), new(16, 22, 30)])
        {
            float[] volume = Noise(size, 1);
            using var transform = new RealFft3D(size, 1);
            using Spectrum before = transform.AllocateSpectrum();
            using Spectrum after = transform.AllocateSpectrum();
            using Spectrum back = transform.AllocateSpectrum();
            transform.Forward(volume, before, _stop);
            transform.Forward(volume, after, _stop);
            PhaseRandomisation.Apply(after, 5, 3, 1, new RunLimits { Threads = 2 }, _stop);
            float[] random = new float[volume.Length];
            transform.Forward(volume, back, _stop);
            PhaseRandomisation.Apply(back, 5, 3, 1, new RunLimits { Threads = 1 }, _stop);
            transform.Inverse(back, random, _stop);
            transform.Forward(random, back, _stop);

            for (int kz = 0; kz < size.Z; kz++)
            {
                for (int ky = 0; ky < size.Y; ky++)
                {
                    for (int kx = 0; kx <= size.X / 2; kx++)
                    {
                        // What a real volume cannot hold would be lost on the way there and back.
                        Assert.Equal(before.Get(kx, ky, kz).Magnitude, back.Get(kx, ky, kz).Magnitude, 1e-6);
                        Assert.True((after.Get(kx, ky, kz) - back.Get(kx, ky, kz)).Magnitude < 1e-6);
                    }
                }
            }

            var grid = new MapGrid(size, 1);
            FscResult fsc = FourierShellCorrelation.Run(new Reconstruction(new CryoMap(grid, volume, "a"), new CryoMap(grid, random, "b")), cancellationToken: _stop);
            Assert.All(fsc.Shells.Take(4), shell => Assert.Equal(1, shell.Unmasked, 1e-5));
            Assert.All(fsc.Shells.Skip(7), shell => Assert.InRange(Math.Abs(shell.Unmasked), 0, 0.4));
        }
    }

    [Fact]
    public void FullTransformDoesNotDependOnWhichAxisIsCalledX()
    {
        var size = new GridSize(18, 20, 23);
        float[] first = Noise(size, 1);
        float[] second = [.. first.Zip(Noise(size, 2), (x, y) => x + y)];
        var options = new FourierShellCorrelationOptions { Counting = ShellCounting.FullTransform };

        FscResult xyz = FourierShellCorrelation.Run(new Reconstruction(Map(size, first), Map(size, second)), null, options, cancellationToken: _stop);
        FscResult zxy = FourierShellCorrelation.Run(new Reconstruction(Rotated(size, first), Rotated(size, second)), null, options, cancellationToken: _stop);
        FscResult stored = FourierShellCorrelation.Run(new Reconstruction(Map(size, first), Map(size, second)), cancellationToken: _stop);

        Assert.All(xyz.Shells.Zip(zxy.Shells), pair => Assert.Equal(pair.First.Unmasked, pair.Second.Unmasked, 1e-5));
        Assert.Equal(xyz.Shells.Select(shell => shell.Count), zxy.Shells.Select(shell => shell.Count));
        Assert.Contains(xyz.Shells.Zip(stored.Shells), pair => Math.Abs(pair.First.Unmasked - pair.Second.Unmasked) > 1e-4);
        Assert.Equal(12, xyz.Shells.Count);
        Assert.Equal(23.0 / 11, xyz.Shells[11].Resolution, 1e-12);
    }

    [Fact]
    public void ResolutionIsInterpolatedAndTheShellIsTheLastBeforeTheCrossing()
    {
        FscResult result = Curve(1, 0.9, 0.6, 0.2, 0.1, 0.3);
        FscResolution unmasked = result.For(FscCurveKind.Unmasked)!;

        // Between shells 3 (0.2) and 4 (0.1) of a box of 100 Å; 0.5 between 2 (0.6) and 3.
        Assert.Equal(100 / 3.57, unmasked.Resolution, 1e-9);
        Assert.Equal(100 / 2.25, unmasked.Resolution05, 1e-9);
        Assert.Equal(100.0 / 3, unmasked.ResolutionShell, 1e-9);
        Assert.False(unmasked.ReachesNyquist);

        FscResolution toTheEnd = Curve(1, 0.9, 0.8, 0.7).Final;
        Assert.True(toTheEnd.ReachesNyquist);
        Assert.Equal(100.0 / 3, toTheEnd.Resolution, 1e-9);
        Assert.Equal(100.0 / 3, toTheEnd.ResolutionShell, 1e-9);

        FscResolution withoutPower = Curve(1, 0.9, 0.8, double.NaN).Final;
        Assert.Equal(50, withoutPower.ResolutionShell, 1e-9);
        Assert.Equal(double.PositiveInfinity, Curve(1, 0.1, 0.1).Final.ResolutionShell);
    }

    [Fact]
    public void UnmaskedCurveStatesTheResolutionWhereItReachesFurther()
    {
        var result = new FscResult([Shell(0, 1, 1), Shell(1, 0.9, 0.9), Shell(2, 0.5, 0.1), Shell(3, 0.1, 0.1)]);

        Assert.Equal(FscCurveKind.Unmasked, result.Final.Curve);
        Assert.Equal(50, result.ResolutionShell, 1e-9);

        static FscShell Shell(int index, double unmasked, double corrected) => new(index, 100.0 / index, index / 100.0, 1, unmasked, corrected, double.NaN, corrected);
    }

    [Fact]
    public void TableReadsBackExactlyUnderAnyCulture()
    {
        (CryoMap half1, CryoMap half2) = Halves();
        FscResult masked = FourierShellCorrelation.Run(new Reconstruction(half1, half2), _phantom.DrawMask(_stop), cancellationToken: _stop);
        FscResult unmasked = FourierShellCorrelation.Run(new Reconstruction(half1, half2), cancellationToken: _stop);
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            foreach (FscResult result in (FscResult[])[masked, unmasked])
            {
                using var writer = new StringWriter();
                FscTable.Write(result, writer);
                using var reader = new StringReader(writer.ToString());
                FscResult read = FscTable.Read(reader, "table");

                Assert.Equal(result.Shells, read.Shells);
                Assert.Equal(result.Resolutions, read.Resolutions);
                Assert.StartsWith(
                    "shell,inv_resolution_per_A,resolution_A,fsc_corrected,fsc_mask_fraction,fsc_unmasked,fsc_masked,fsc_phase_randomised_masked",
                    writer.ToString(),
                    StringComparison.Ordinal);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("a,b\n1,2\n", "line 1")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n1,x,1\n", "line 3")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n2,10,1\n", "line 3")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n1,10\n", "line 3")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n1,10,1\n2,20,1\n", "line 4")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n", "line 2")]
    [InlineData("shell,resolution_A,fsc_unmasked\n0,999,1\n1,10,2\n", "line 3: 2 in column 'fsc_unmasked'")]
    [InlineData("shell,resolution_A,fsc_masked\n0,999,1\n1,10,-1.5\n", "line 3: -1.5 in column 'fsc_masked'")]
    [InlineData("shell,resolution_A,fsc_corrected\n0,999,1\n1,10,Infinity\n", "column 'fsc_corrected'")]
    [InlineData("shell,resolution_A,fsc_\u001b[2J\n0,999,1\n", "fsc_\\u001b[2J")]
    public void BrokenTableIsRefusedWithItsLine(string text, string line)
    {
        using var reader = new StringReader(text);
        EngineException refusal = Assert.Throws<EngineException>(() => FscTable.Read(reader, "broken.csv"));

        Assert.Equal(EngineError.FscTableInvalid, refusal.Error);
        Assert.Contains(line, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("broken.csv", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PlotShowsTheCurvesThatExist()
    {
        (CryoMap half1, CryoMap half2) = Halves();
        LinePlot masked = FscPlot.Create(FourierShellCorrelation.Run(new Reconstruction(half1, half2), _phantom.DrawMask(_stop), cancellationToken: _stop), "FSC");
        LinePlot unmasked = FscPlot.Create(FourierShellCorrelation.Run(new Reconstruction(half1, half2), cancellationToken: _stop), "FSC");

        Assert.Equal(5, masked.Series.Count);
        Assert.Equal("Unmasked", Assert.Single(unmasked.Series).Name);
        Assert.Equal([0.143, 0.5], masked.ReferenceLines.Select(line => line.Value));
        using var svg = new StringWriter();
        SvgPlot.Write(masked, svg);
        Assert.Contains("Corrected", svg.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeMeasuredIsRefused()
    {
        (CryoMap half1, CryoMap half2) = Halves();
        var empty = new CryoMap(half1.Grid, new float[half1.Size.VoxelCount], "empty");
        var small = new CryoMap(new MapGrid(new GridSize(8, 8, 8), half1.VoxelSize), new float[512], "small");

        Refused(EngineError.MapSizeMismatch, half1, small);
        Refused(EngineError.MaskEmpty, half1, half2, empty);
        Refused(EngineError.ParameterOutOfRange, half1, half2, options: new() { RandomiseFrom = 0 });
        Refused(EngineError.InsufficientMemory, half1, half2, options: new() { Limits = new() { Memory = 1000 } });
        Assert.Throws<OperationCanceledException>(() => FourierShellCorrelation.Run(new Reconstruction(half1, half2), cancellationToken: new CancellationToken(canceled: true)));

        static void Refused(EngineError error, CryoMap first, CryoMap second, CryoMap? mask = null, FourierShellCorrelationOptions? options = null) =>
            Assert.Equal(error, Assert.Throws<EngineException>(() => FourierShellCorrelation.Run(new Reconstruction(first, second), mask, options)).Error);
    }

    private static FscResult Curve(params double[] values) =>
        new(values.Select((value, i) => new FscShell(i, 100.0 / i, i / 100.0, 1, value)));

    private static float[] Noise(GridSize size, ulong stream)
    {
        var random = new DeterministicRandom(11, stream);
        float[] volume = new float[size.VoxelCount];
        for (int i = 0; i < volume.Length; i++)
        {
            volume[i] = (float)random.NextNormal();
        }

        return volume;
    }

    private static CryoMap Map(GridSize size, float[] voxels) => new(new MapGrid(size, 1), voxels, "map");

    private static CryoMap Rotated(GridSize size, float[] voxels)
    {
        var turned = new GridSize(size.Z, size.X, size.Y);
        float[] result = new float[voxels.Length];
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x < size.X; x++)
                {
                    result[turned.Offset(z, x, y)] = voxels[size.Offset(x, y, z)];
                }
            }
        }

        return Map(turned, result);
    }

    private (CryoMap First, CryoMap Second) Halves() => (_phantom.DrawHalfMap(1, null, _stop), _phantom.DrawHalfMap(2, null, _stop));
}
