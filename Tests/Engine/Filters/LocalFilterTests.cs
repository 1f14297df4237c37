using System.Numerics;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using LocalDeblur.Tests.Engine.Fourier;
using Xunit;

namespace LocalDeblur.Tests.Engine.Filters;

public sealed class LocalFilterTests
{
    // float32 transforms and tables against double sums.
    private const double SinglePrecision = 2e-6;

    public static TheoryData<int, int, int> Boxes => new() { { 12, 12, 12 }, { 9, 12, 22 }, { 16, 7, 21 } };

    [Theory]
    [MemberData(nameof(Boxes))]
    public void ExplicitBankIsTheDefinition(int x, int y, int z)
    {
        var size = new GridSize(x, y, z);
        FilterBank bank = FilterBank.Create(size, 1.3, 9);
        float[] volume = Noise(size, 1);
        float[] resolution = Resolutions(size);
        using LocalFilter filter = Filter(bank, resolution, explicitBank: true);
        Assert.Equal(bank.Bands.Count, filter.Terms);

        float[] actual = new float[volume.Length];
        filter.Apply(volume, actual, TestContext.Current.CancellationToken);

        Assert.InRange(RelativeDifference(actual, Definition(bank, resolution, volume)), 0, SinglePrecision);
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void LowRankFormEqualsTheExplicitOne(int x, int y, int z)
    {
        var size = new GridSize(x, y, z);
        FilterBank bank = FilterBank.Create(size, 1.3, 9);
        float[] volume = Noise(size, 2);
        float[] resolution = Resolutions(size);
        using LocalFilter reduced = Filter(bank, resolution);
        using LocalFilter full = Filter(bank, resolution, explicitBank: true);
        Assert.True(reduced.Terms < full.Terms);

        float[] actual = new float[volume.Length];
        float[] expected = new float[volume.Length];
        reduced.Apply(volume, actual, TestContext.Current.CancellationToken);
        full.Apply(volume, expected, TestContext.Current.CancellationToken);

        Assert.InRange(RelativeDifference(actual, [.. expected.Select(value => (double)value)]), 0, 5e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AdjointSatisfiesItsDefinition(bool explicitBank)
    {
        var size = new GridSize(18, 13, 16);
        FilterBank bank = FilterBank.Create(size, 1.3, 9);
        float[] x = Noise(size, 3);
        float[] y = Noise(size, 4);
        using LocalFilter filter = Filter(bank, Resolutions(size), explicitBank: explicitBank);
        float[] hx = new float[x.Length];
        float[] hty = new float[x.Length];
        filter.Apply(x, hx, TestContext.Current.CancellationToken);
        filter.ApplyAdjoint(y, hty, TestContext.Current.CancellationToken);

        double left = Dot(hx, y);
        double right = Dot(x, hty);
        Assert.InRange(Math.Abs(left - right), 0, 1e-6 * Math.Sqrt(Dot(hx, hx) * Dot(y, y)));
        Assert.True(Math.Abs(left) > 1e-3, "the products are too small to tell");
    }

    [Fact]
    public void ResultIsZeroOutsideAndDoesNotDependOnThreads()
    {
        var size = new GridSize(24, 20, 22);
        FilterBank bank = FilterBank.Create(size, 1.3, 9);
        float[] volume = Noise(size, 5);
        float[] resolution = Resolutions(size);
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using LocalFilter filter = Filter(bank, resolution, threads);
            float[] result = new float[volume.Length];
            Array.Fill(result, float.NaN);
            filter.Apply(volume, result, TestContext.Current.CancellationToken);
            return result;
        })];

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        for (int i = 0; i < volume.Length; i++)
        {
            Assert.Equal(resolution[i] == 0, results[0][i] == 0);
        }
    }

    [Fact]
    public void ConstantIsRemoved()
    {
        var size = new GridSize(16, 16, 16);
        float[] ones = [.. Enumerable.Repeat(1f, (int)size.VoxelCount)];
        float[] result = new float[ones.Length];
        using LocalFilter filter = Filter(FilterBank.Create(size, 1.3, 9), Resolutions(size));
        filter.Apply(ones, result, TestContext.Current.CancellationToken);

        Assert.InRange(result.Max(Math.Abs), 0, 1e-6);
    }

    private static LocalFilter Filter(FilterBank bank, float[] resolution, int threads = 2, bool explicitBank = false)
    {
        var map = new CryoMap(new MapGrid(bank.Size, bank.VoxelSize), (float[])resolution.Clone(), "resolution");
        return new LocalFilter(bank, ResolutionField.Prepare(map), new RunLimits { Threads = threads }, explicitBank);
    }

    /// <summary>Hv by its definition, with plain sums in double precision.</summary>
    private static double[] Definition(FilterBank bank, float[] resolution, float[] volume)
    {
        GridSize size = bank.Size;
        Complex[] spectrum = NaiveFourier.Transform([.. volume.Select(value => new Complex(value, 0))], size, -1);
        double[] sum = new double[volume.Length];
        double[] weights = new double[bank.Bands.Count];
        for (int band = 0; band < bank.Bands.Count; band++)
        {
            Complex[] product = [.. spectrum.Select((value, i) => value * bank.Bands[band].Value(NaiveFourier.Frequency(i, size)) / spectrum.Length)];
            Complex[] filtered = NaiveFourier.Transform(product, size, 1);
            for (int i = 0; i < sum.Length; i++)
            {
                if (resolution[i] > 0)
                {
                    bank.Weights(resolution[i], weights);
                    sum[i] += weights[band] * filtered[i].Real;
                }
            }
        }

        return sum;
    }

    /// <summary>An ellipsoid from 2.6 to 8 Å, 0 outside.</summary>
    internal static float[] Resolutions(GridSize size)
    {
        float[] values = new float[size.VoxelCount];
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x < size.X; x++)
                {
                    double radius = Math.Pow((2.0 * x / size.X) - 1, 2) + Math.Pow((2.0 * y / size.Y) - 1, 2) + Math.Pow((2.0 * z / size.Z) - 1, 2);
                    values[size.Offset(x, y, z)] = radius < 0.7 ? (float)(2.7 + (7 * radius)) : 0;
                }
            }
        }

        return values;
    }

    internal static float[] Noise(GridSize size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)size.VoxelCount).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    private static double RelativeDifference(float[] actual, double[] expected) =>
        Math.Sqrt(actual.Zip(expected, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(b => b * b));

    private static double Dot(float[] a, float[] b) => a.Zip(b, (left, right) => (double)left * right).Sum();
}
