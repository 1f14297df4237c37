using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Engine.Resolution;

public sealed class LocalFscTests
{
    /// <summary>Float32 transforms of both kinds; curves of noise, whose shells hold few coefficients, condition them least well.</summary>
    private const double SameCurve = 2e-5;

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(32, 32, 32, 6, 3, ShellCounting.StoredCoefficients)]
    [InlineData(32, 32, 32, 6, 3, ShellCounting.FullTransform)]
    [InlineData(27, 27, 27, 5, 3, ShellCounting.StoredCoefficients)]
    [InlineData(27, 27, 27, 5, 3, ShellCounting.FullTransform)]
    [InlineData(30, 24, 41, 4, 2, ShellCounting.FullTransform)]
    [InlineData(24, 41, 30, 4, 2, ShellCounting.StoredCoefficients)]
    [InlineData(20, 20, 67, 3, 2, ShellCounting.FullTransform)]
    [InlineData(16, 16, 16, 8, 4, ShellCounting.FullTransform)]
    public void CurveOfAWindowEqualsThatOfTheWholeBox(int nx, int ny, int nz, int spacing, int radius, ShellCounting counting)
    {
        var size = new GridSize(nx, ny, nz);
        float[] first = Noise(size, 1);
        float[] second = Mix(first, Noise(size, 2));
        var grid = new SphereGrid(size, spacing, radius);
        using var pool = new WorkerPool(2);
        using var windows = new WindowShells(size, Math.Min((2 * grid.Reach) - 1, size.Longest), counting, pool);
        using WindowShells.Workspace workspace = windows.CreateWorkspace();
        workspace.Use(grid);
        using var transform = new RealFft3D(size, 1);
        using Spectrum a = transform.AllocateSpectrum();
        using Spectrum b = transform.AllocateSpectrum();
        var shells = new RadialShells(size, 1, counting);
        Assert.Equal(shells.Count, windows.Count);

        // The first and last centres lie nearest to the edges, where windows are cut.
        foreach ((int X, int Y, int Z) centre in (List<(int, int, int)>)[grid.Centres[0], grid.Centres[grid.Centres.Count / 2], grid.Centres[^1]])
        {
            float[] mask = Mask(grid, centre);
            transform.Forward(new MaskedRows(first, mask, size), a, _stop);
            transform.Forward(new MaskedRows(second, mask, size), b, _stop);
            double[] expected = [.. ShellCorrelation.Measure(a, b, shells, new RunLimits { Threads = 1 }, _stop).Values];
            foreach (int limit in (int[])[shells.Count - 1, shells.Count / 2, 1])
            {
                double[] curve = new double[shells.Count];
                windows.Measure(first, second, default, grid, centre, limit, workspace, curve);
                for (int shell = 0; shell <= limit; shell++)
                {
                    Assert.True(
                        Math.Abs(expected[shell] - curve[shell]) <= SameCurve,
                        FormattableString.Invariant($"centre {centre}, limit {limit}, shell {shell}: {curve[shell]} instead of {expected[shell]}"));
                }
            }
        }
    }

    [Fact]
    public void ResultDoesNotDependOnThreadsNorInsideOnTheMask()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48, NoiseFraction = 0.5 });
        CryoMap half1 = phantom.DrawHalfMap(1, null, _stop);
        CryoMap half2 = phantom.DrawHalfMap(2, null, _stop);
        CryoMap mask = phantom.DrawMask(_stop);
        var options = new LocalFscOptions { SamplingDistance = 8, RandomiseBeyond = 15, CoarsestResolution = 20, Limits = new() { Threads = 1 } };

        CryoMap one = LocalFsc.Run(new Reconstruction(half1, half2), null, options, cancellationToken: _stop).Map;
        CryoMap three = LocalFsc.Run(new Reconstruction(half1, half2), null, options with { Limits = new() { Threads = 3 } }, cancellationToken: _stop).Map;
        CryoMap masked = LocalFsc.Run(new Reconstruction(half1, half2), mask, options, cancellationToken: _stop).Map;

        Assert.True(one.AsSpan(_stop).SequenceEqual(three.AsSpan(_stop)));
        for (int i = 0; i < mask.AsSpan(_stop).Length; i++)
        {
            Assert.Equal(mask.AsSpan(_stop)[i] >= 0.5f ? one.AsSpan(_stop)[i] : 0, masked.AsSpan(_stop)[i]);
        }

        Assert.InRange((int)masked.History[^1].Figures["Spheres"]!, 1, (int)one.History[^1].Figures["Spheres"]!);
        Assert.InRange(one.Maximum, 2 * one.VoxelSize, 20.0001);
    }

    [Fact]
    public void EqualHalvesReachNyquistEverywhere()
    {
        CryoMap map = new HelixPhantom(new PhantomOptions { Size = 32, NoiseFraction = 1 }).DrawHalfMap(1, null, _stop);

        CryoMap result = LocalFsc.Run(new Reconstruction(map, map), null, new LocalFscOptions { SamplingDistance = 8 }, cancellationToken: _stop).Map;

        Assert.All(result.AsSpan(_stop).ToArray(), value => Assert.True(value == 0 || Math.Abs(value - (2 * map.VoxelSize)) < 1e-5));
    }

    [Fact]
    public void WhatCannotBeMeasuredIsRefused()
    {
        CryoMap map = new HelixPhantom(new PhantomOptions { Size = 32 }).DrawHalfMap(1, null, _stop);
        var empty = new CryoMap(map.Grid, new float[map.Size.VoxelCount], "empty");

        Refused(EngineError.ParameterOutOfRange, new LocalFscOptions { SamplingDistance = 100 });
        Refused(EngineError.ParameterOutOfRange, new LocalFscOptions { SamplingDistance = 0.5 });
        Refused(EngineError.ParameterOutOfRange, new LocalFscOptions { SamplingDistance = 8, RandomiseBeyond = -1 });
        Refused(EngineError.InsufficientMemory, new LocalFscOptions { SamplingDistance = 8, Limits = new() { Memory = 1000 } });
        Refused(EngineError.MaskEmpty, new LocalFscOptions { SamplingDistance = 8 }, empty);
        float[] corner = new float[map.Size.VoxelCount];
        corner[0] = 1;
        Refused(EngineError.MaskEmpty, new LocalFscOptions { SamplingDistance = 4 }, new CryoMap(map.Grid, corner, "corner"));
        Assert.Throws<OperationCanceledException>(
            () => LocalFsc.Run(new Reconstruction(map, map), null, new LocalFscOptions { SamplingDistance = 8 }, null, new CancellationToken(canceled: true)));

        Assert.Equal(
            EngineError.MapWithoutSignal,
            Assert.Throws<EngineException>(() => LocalFsc.Run(new Reconstruction(empty, map), null, new LocalFscOptions { SamplingDistance = 8 }, cancellationToken: _stop)).Error);

        void Refused(EngineError error, LocalFscOptions options, CryoMap? mask = null) =>
            Assert.Equal(error, Assert.Throws<EngineException>(() => LocalFsc.Run(new Reconstruction(map, map), mask, options)).Error);
    }

    private static float[] Noise(GridSize size, ulong stream)
    {
        var random = new DeterministicRandom(7, stream);
        float[] volume = new float[size.VoxelCount];
        for (int i = 0; i < volume.Length; i++)
        {
            volume[i] = (float)random.NextNormal();
        }

        return volume;
    }

    private static float[] Mix(float[] a, float[] b) => [.. a.Zip(b, (x, y) => x + (0.7f * y))];

    private static float[] Mask(SphereGrid grid, (int X, int Y, int Z) centre)
    {
        float[] mask = new float[grid.Size.VoxelCount];
        for (int z = 0; z < grid.Size.Z; z++)
        {
            for (int y = 0; y < grid.Size.Y; y++)
            {
                for (int x = 0; x < grid.Size.X; x++)
                {
                    int square = ((x - centre.X) * (x - centre.X)) + ((y - centre.Y) * (y - centre.Y)) + ((z - centre.Z) * (z - centre.Z));
                    mask[grid.Size.Offset(x, y, z)] = square < grid.Weights.Length ? (float)grid.Weights[square] : 0;
                }
            }
        }

        return mask;
    }
}
