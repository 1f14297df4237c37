using System.Numerics;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.LocScaling;
using Xunit;

namespace LocalDeblur.Tests.Engine.Sharpening;

public sealed class LocScaleTests
{
    /// <summary>float32 sums against double ones; amplitudes are scaled by less than ten.</summary>
    private const double SinglePrecision = 3e-6;

    private static readonly MapGrid Grid = new(new GridSize(19, 17, 18), 1.3, new AxisTriple(12.5, -3, 40));

    // Limits that are asked for are no decision of the run's, whatever the tests themselves may use.
    private static readonly RunLimits Asked = new() { Threads = 2, Memory = 1L << 30 };

    [Theory]
    [InlineData(4, LocScaleAveraging.FullShells)]
    [InlineData(4, LocScaleAveraging.Octant)]
    [InlineData(5, LocScaleAveraging.FullShells)]
    [InlineData(7, LocScaleAveraging.Octant)]
    [InlineData(8, LocScaleAveraging.FullShells)]
    [InlineData(8, LocScaleAveraging.Octant)]
    [InlineData(9, LocScaleAveraging.FullShells)]
    [InlineData(10, LocScaleAveraging.Octant)]
    [InlineData(11, LocScaleAveraging.FullShells)]
    public void ResultIsItsFormula(int window, LocScaleAveraging averaging)
    {
        CryoMap map = Map(1), reference = Map(2, scale: 7), mask = Scattered();
        CryoMap result = LocScale.Run(map, reference, mask, new LocScaleOptions { WindowVoxels = window, Averaging = averaging }).Map;

        (map, reference) = (WithoutBackground(map, mask), WithoutBackground(reference, mask));
        double difference = 0, norm = 0;
        long scaled = 0, leaving = 0;
        int half = window / 2;
        for (int z = 0; z < Grid.Size.Z; z++)
        {
            for (int y = 0; y < Grid.Size.Y; y++)
            {
                for (int x = 0; x < Grid.Size.X; x++)
                {
                    bool isScaled = mask.GetVoxel(x, y, z) > 0.99f;
                    bool isInner = x >= half && y >= half && z >= half && x < Grid.Size.X - half && y < Grid.Size.Y - half && z < Grid.Size.Z - half;
                    if (isScaled && !isInner)
                    {
                        leaving++;
                    }

                    double expected = isScaled ? Naive(map, reference, x, y, z, window, averaging) : 0;
                    double value = result.GetVoxel(x, y, z);
                    if (isScaled)
                    {
                        scaled++;
                    }
                    else
                    {
                        Assert.Equal(0, value);
                    }

                    difference += (value - expected) * (value - expected);
                    norm += expected * expected;
                }
            }
        }

        Assert.InRange(Math.Sqrt(difference / norm), 0, SinglePrecision);
        Assert.Equal(scaled, result.History[^1].Figures["ScaledVoxels"]);
        Assert.Equal(leaving, result.History[^1].Figures["EdgeVoxels"]);
    }

    [Theory]
    [InlineData(8, LocScaleAveraging.FullShells)]
    [InlineData(13, LocScaleAveraging.Octant)]
    public void MapScaledToItselfIsUnchangedInside(int window, LocScaleAveraging averaging)
    {
        CryoMap map = Map(1);
        CryoMap result = LocScale.Run(map, map, Everywhere(), new LocScaleOptions { WindowVoxels = window, Averaging = averaging }).Map;

        int half = window / 2;
        for (int z = half; z < Grid.Size.Z - half; z++)
        {
            for (int y = half; y < Grid.Size.Y - half; y++)
            {
                for (int x = half; x < Grid.Size.X - half; x++)
                {
                    Assert.Equal(map.GetVoxel(x, y, z), result.GetVoxel(x, y, z), 1e-6f);
                }
            }
        }
    }

    [Fact]
    public void ScaleOfTheMapDoesNotMatterAndThatOfTheReferenceIsTakenOver()
    {
        var options = new LocScaleOptions { WindowVoxels = 8 };
        float[] result = LocScale.Run(Map(1), Map(2), Everywhere(), options).Map.AsSpan().ToArray();
        float[] fromOther = LocScale.Run(Map(1, scale: 1.0f / 1024), Map(2, scale: 512), Everywhere(), options).Map.AsSpan().ToArray();

        // Powers of two change no rounding.
        Assert.Equal(result.Select(value => 512 * value), fromOther);
    }

    [Fact]
    public void NegatedMapGivesTheNegatedResult()
    {
        var options = new LocScaleOptions { WindowVoxels = 8 };
        float[] result = LocScale.Run(Map(1), Map(2), Everywhere(), options).Map.AsSpan().ToArray();
        float[] negated = LocScale.Run(Map(1, scale: -1), Map(2), Everywhere(), options).Map.AsSpan().ToArray();

        Assert.Equal(result.Select(value => -value), negated);
    }

    [Theory]
    [InlineData(LocScaleAveraging.FullShells)]
    [InlineData(LocScaleAveraging.Octant)]
    public void ResultDoesNotDependOnTheNumberOfThreads(LocScaleAveraging averaging)
    {
        float[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
            LocScale.Run(
                Map(1), Map(2), Scattered(),
                new LocScaleOptions { WindowVoxels = 6, Averaging = averaging, Limits = new() { Threads = threads } }).Map.AsSpan().ToArray())];

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void LongStacksStayExact()
    {
        // 150 planes: stacks of up to 47 steps, with gaps that are slid over and gaps that are not.
        var grid = new MapGrid(new GridSize(12, 11, 150), 1);
        CryoMap map = Random(grid, 3, 1), reference = Random(grid, 4, 1);
        float[] inside = new float[grid.Size.VoxelCount];
        for (int z = 0; z < 150; z++)
        {
            inside[grid.Size.Offset(5, 5, z)] = (z % 40 is < 20 or > 21) && z is < 90 or > 110 ? 1 : 0;
        }

        var mask = new CryoMap(grid, inside, "mask");
        CryoMap result = LocScale.Run(map, reference, mask, new LocScaleOptions { WindowVoxels = 10 }).Map;

        (map, reference) = (WithoutBackground(map, mask), WithoutBackground(reference, mask));
        for (int z = 5; z < 145; z++)
        {
            double expected = inside[grid.Size.Offset(5, 5, z)] > 0 ? Naive(map, reference, 5, 5, z, 10, LocScaleAveraging.FullShells) : 0;
            Assert.Equal(expected, result.GetVoxel(5, 5, z), 3e-6);
        }
    }

    [Fact]
    public void LargeOffsetAndLargeRatiosCostLittlePrecision()
    {
        // An offset of 30 standard deviations, and a smooth map whose last shells are raised a few hundred times.
        var grid = new MapGrid(new GridSize(16, 16, 70), 1);
        float[] voxels = new float[grid.Size.VoxelCount];
        var noise = new Random(7);
        for (int i = 0; i < voxels.Length; i++)
        {
            (int x, int y, int z) = (i % 16, i / 16 % 16, i / 256);
            voxels[i] = (float)(20 + Math.Sin(0.31 * x) + (Math.Cos(0.23 * y) * Math.Sin(0.17 * z)) + (0.003 * noise.NextDouble()));
        }

        var map = new CryoMap(grid, voxels, "smooth");
        CryoMap reference = Random(grid, 8, 10);
        float[] mask = new float[voxels.Length];
        for (int z = 0; z < 70; z++)
        {
            mask[grid.Size.Offset(8, 8, z)] = 1;
        }

        var where = new CryoMap(grid, mask, "mask");
        CryoMap result = LocScale.Run(map, reference, where, new LocScaleOptions { WindowVoxels = 12 }).Map;

        (map, reference) = (WithoutBackground(map, where), WithoutBackground(reference, where));
        double difference = 0, norm = 0;
        for (int z = 6; z < 64; z += 3)
        {
            double expected = Naive(map, reference, 8, 8, z, 12, LocScaleAveraging.FullShells);
            difference += Math.Pow(result.GetVoxel(8, 8, z) - expected, 2);
            norm += expected * expected;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"relative RMS difference {Math.Sqrt(difference / norm):E2}");
        // Float32 rounding of the offset, raised with the last shells; ordinary maps keep 1e-7.
        Assert.InRange(Math.Sqrt(difference / norm), 0, 3e-4);
    }

    [Fact]
    public void WindowOfZerosGivesZero()
    {
        var grid = new MapGrid(new GridSize(10, 10, 60), 1);
        float[] voxels = Random(grid, 5, 1).AsSpan().ToArray();
        Array.Clear(voxels, 100 * 20, 100 * 40);
        CryoMap result = LocScale.Run(
            new CryoMap(grid, voxels, "half"), Random(grid, 6, 1), new CryoMap(grid, [.. Enumerable.Repeat(1f, voxels.Length)], "mask"),
            new LocScaleOptions { WindowVoxels = 6 }).Map;

        Assert.NotEqual(0, result.GetVoxel(5, 5, 15));
        // Voxels 23 … see planes 20 and on only.
        for (int z = 23; z < 60; z++)
        {
            Assert.Equal(0, result.GetVoxel(5, 5, z));
        }
    }

    [Theory]
    [InlineData(1, 26)]
    [InlineData(1.3, 20)]
    [InlineData(2.5, 10)]
    [InlineData(1.041666, 24)]
    [InlineData(1.00000001, 26)]
    public void DefaultWindowIs25AngstromRoundedUpToAnEvenNumber(double voxelSize, int expected)
    {
        var grid = new MapGrid(new GridSize(30, 30, 30), voxelSize);
        float[] mask = new float[27000];
        mask[grid.Size.Offset(15, 15, 15)] = 1;
        HistoryEntry step = LocScale.Run(Random(grid, 1, 1), Random(grid, 2, 1), new CryoMap(grid, mask, "mask"), new LocScaleOptions { Limits = Asked }).Map.History[^1];

        Assert.Equal(expected, step.Figures["WindowVoxels"]);
        Assert.Contains("25 Å", step.Decisions[0] + step.Decisions[^1], StringComparison.Ordinal);
        Assert.Empty(step.Warnings);
    }

    [Fact]
    public void MapKeepsItsPlaceAndGainsOneEntryOfHistory()
    {
        CryoMap result = LocScale.Run(Map(1), Map(2), Everywhere(), new LocScaleOptions { WindowVoxels = 6, Limits = Asked }).Map;

        Assert.Equal(Grid, result.Grid);
        HistoryEntry step = Assert.Single(result.History);
        Assert.Equal(LocScale.StepName, step.Step);
        Assert.Equal(Grid.Size.VoxelCount, step.Figures["ScaledVoxels"]);
        Assert.Equal(Grid.Size.VoxelCount - (13L * 11 * 12), step.Figures["EdgeVoxels"]);
        Assert.Contains("edge of the box", Assert.Single(step.Decisions), StringComparison.Ordinal);
    }

    [Fact]
    public void AReferenceThatIsNotInTheMapIsWarnedOf()
    {
        var options = new LocScaleOptions { WindowVoxels = 6 };
        HistoryEntry unrelated = LocScale.Run(Map(1), Map(2), Everywhere(), options).Map.History[^1];
        HistoryEntry itself = LocScale.Run(Map(1), Map(1, scale: 5), Everywhere(), options).Map.History[^1];

        Assert.Contains("hardly correlate", Assert.Single(unrelated.Warnings), StringComparison.Ordinal);
        Assert.Empty(itself.Warnings);
        Assert.Equal(1, (double)itself.Figures["ReferenceCorrelation"]!, 1e-12);
    }

    [Fact]
    public void WithoutAMaskOneIsMadeFromTheMap()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = 48 });
        CryoMap map = phantom.DrawHalfMap(1), truth = phantom.DrawTruth();
        var options = new LocScaleOptions { WindowVoxels = 8 };
        CryoMap scaled = LocScale.Run(map, truth, null, options).Map;

        Assert.Equal(["Mask", LocScale.StepName], scaled.History.TakeLast(2).Select(step => step.Step));
        Assert.Equal(LocScale.Run(map, truth, MaskBuilder.Run(map).Map, options).Map.AsSpan().ToArray(), scaled.AsSpan().ToArray());
    }

    [Fact]
    public void ProgressRisesToOne()
    {
        var reports = new Reports(null);
        LocScale.Run(Map(1), Map(2), Everywhere(), new LocScaleOptions { WindowVoxels = 6, Limits = new() { Threads = 1 } }, reports);

        double[] fractions = [.. reports.Seen.Select(report => report.Fraction).Where(double.IsFinite)];
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
    }

    [Fact]
    public void CancellationStopsTheRun()
    {
        using var source = new CancellationTokenSource();
        var grid = new MapGrid(new GridSize(64, 64, 64), 1);
        var mask = new CryoMap(grid, [.. Enumerable.Repeat(1f, (int)grid.Size.VoxelCount)], "mask");
        var reports = new Reports(source);
        Assert.ThrowsAny<OperationCanceledException>(
            () => LocScale.Run(Random(grid, 1, 1), Random(grid, 2, 1), mask, new LocScaleOptions { WindowVoxels = 12, Limits = new() { Threads = 2 } }, reports, source.Token));

        Assert.InRange(reports.Seen.Count(report => double.IsFinite(report.Fraction)), 1, 2);
        Assert.Throws<OperationCanceledException>(() => LocScale.Run(Map(1), Map(2), Everywhere(), new LocScaleOptions { WindowVoxels = 6 }, cancellationToken: source.Token));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(129)]
    [InlineData(18)]
    public void WindowThatDoesNotFitIsRefused(int window) =>
        AssertRefused(EngineError.ParameterOutOfRange, Map(1), Map(2), Everywhere(), new LocScaleOptions { WindowVoxels = window });

    [Fact]
    public void UnusableInputIsRefused()
    {
        var options = new LocScaleOptions { WindowVoxels = 6 };
        AssertRefused(EngineError.MaskEmpty, Map(1), Map(2), new CryoMap(Grid, [.. Enumerable.Repeat(0.99f, Everywhere().AsSpan().Length)], "mask"), options);
        var otherSize = new MapGrid(new GridSize(19, 17, 17), 1.3, Grid.OriginField);
        AssertRefused(EngineError.MapSizeMismatch, Map(1), Random(otherSize, 2, 1), Everywhere(), options);
        AssertRefused(EngineError.VoxelSizeMismatch, Map(1), Random(new MapGrid(Grid.Size, 1.4, Grid.OriginField), 2, 1), Everywhere(), options);
        AssertRefused(EngineError.MapOriginMismatch, Map(1), Map(2), new CryoMap(new MapGrid(Grid.Size, 1.3), Everywhere().AsSpan().ToArray(), "mask"), options);
        float[] broken = Map(1).AsSpan().ToArray();
        broken[100] = float.NaN;
        AssertRefused(EngineError.MapNotFinite, new CryoMap(Grid, broken, "map"), Map(2), Everywhere(), options);
        AssertRefused(EngineError.MapNotFinite, Map(1), new CryoMap(Grid, broken, "reference"), Everywhere(), options);
        AssertRefused(EngineError.MapNotFinite, Map(1), Map(2), new CryoMap(Grid, broken, "mask"), options);
        AssertRefused(EngineError.MapWithoutSignal, Map(1), Everywhere(), Everywhere(), options);
        AssertRefused(EngineError.InsufficientMemory, Map(1), Map(2), Everywhere(), options with { Limits = new() { Memory = 100_000 } });
    }

    // The definition, coefficient by coefficient in double precision.
    private static double Naive(CryoMap map, CryoMap reference, int x, int y, int z, int window, LocScaleAveraging averaging)
    {
        Complex[] f = Transform(map, x, y, z, window), g = Transform(reference, x, y, z, window);
        int half = window / 2;
        var sumF = new double[half + 1];
        var sumG = new double[half + 1];
        double Radius(int i)
        {
            int kx = Wrapped(i % window, window), ky = Wrapped(i / window % window, window), kz = Wrapped(i / window / window, window);
            return Math.Sqrt((kx * kx) + (ky * ky) + (kz * kz));
        }

        for (int i = 0; i < f.Length; i++)
        {
            int shell = (int)Radius(i);
            bool isOctant = i % window <= half && i / window % window <= half && i / window / window <= half;
            if (shell > half || (averaging == LocScaleAveraging.Octant && !isOctant))
            {
                continue;
            }

            sumF[shell] += f[i].Magnitude;
            sumG[shell] += g[i].Magnitude;
        }

        double value = 0;
        for (int i = 0; i < f.Length; i++)
        {
            double radius = Math.Min(Radius(i), half);
            int shell = Math.Min((int)radius, half - 1);
            double ratio = ((1 - (radius - shell)) * Ratio(shell)) + ((radius - shell) * Ratio(shell + 1));
            int phase = half * ((i % window) + (i / window % window) + (i / window / window)) % window;
            value += (f[i] * ratio * Complex.FromPolarCoordinates(1, 2 * Math.PI * phase / window)).Real;
        }

        return value / f.Length;

        double Ratio(int shell) => double.IsFinite(sumG[shell] / sumF[shell]) ? sumG[shell] / sumF[shell] : 0;
    }

    // Of the window that starts w/2 voxels before its voxel; index kx + w·(ky + w·kz).
    private static Complex[] Transform(CryoMap map, int x, int y, int z, int window)
    {
        int half = window / 2;
        var values = new Complex[window * window * window];
        for (int i = 0; i < values.Length; i++)
        {
            (int ix, int iy, int iz) = (x - half + (i % window), y - half + (i / window % window), z - half + (i / window / window));
            bool isInBox = ix >= 0 && iy >= 0 && iz >= 0 && ix < map.Size.X && iy < map.Size.Y && iz < map.Size.Z;
            values[i] = isInBox ? map.GetVoxel(ix, iy, iz) : 0;
        }

        for (int stride = 1; stride < values.Length; stride *= window)
        {
            var next = new Complex[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int k = i / stride % window;
                int first = i - (k * stride);
                for (int j = 0; j < window; j++)
                {
                    next[i] += values[first + (j * stride)] * Complex.FromPolarCoordinates(1, -2 * Math.PI * (j * k % window) / window);
                }
            }

            values = next;
        }

        return values;
    }

    private static int Wrapped(int index, int window) => index <= window / 2 ? index : index - window;

    private static EngineException AssertRefused(EngineError error, CryoMap map, CryoMap reference, CryoMap mask, LocScaleOptions options)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => LocScale.Run(map, reference, mask, options));
        Assert.Equal(error, refusal.Error);
        return refusal;
    }

    private static CryoMap Map(int seed, float scale = 1) => Random(Grid, seed, scale);

    private static CryoMap Random(MapGrid grid, int seed, float scale)
    {
        var random = new Random(seed);
        float[] voxels = new float[grid.Size.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = scale * ((float)random.NextDouble() - 0.4f);
        }

        return new CryoMap(grid, voxels, $"random {seed}");
    }

    private static CryoMap Everywhere()
    {
        float[] voxels = new float[Grid.Size.VoxelCount];
        Array.Fill(voxels, 1);
        return new CryoMap(Grid, voxels, "mask");
    }

    // About a third of the voxels, in no order, with values on both sides of the threshold.
    private static CryoMap WithoutBackground(CryoMap map, CryoMap mask) =>
        Background.TakeOff(map, Background.Measure(map, mask.AsSpan(), hasFloor: false, CancellationToken.None), CancellationToken.None);

    private static CryoMap Scattered()
    {
        var random = new Random(9);
        float[] voxels = new float[Grid.Size.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = random.Next(4) switch { 0 => 1, 1 => 0.99f, 2 => 0, _ => 0.991f * random.Next(2) };
        }

        return new CryoMap(Grid, voxels, "mask");
    }

    private sealed class Reports(CancellationTokenSource? source) : IProgress<StageProgress>
    {
        public List<StageProgress> Seen { get; } = [];

        public void Report(StageProgress value)
        {
            Seen.Add(value);
            if (double.IsFinite(value.Fraction))
            {
                source?.Cancel();
            }
        }
    }
}
