using LocalDeblur.Filters;
using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Filters;

public sealed class TermCoefficientTests
{
    // Eight roundings of float32, relative to the largest coefficient of the bank; polynomials and tables stay below 3.5e-7.
    private const double SinglePrecision = 5e-7;

    private static readonly GridSize Size = new(256, 256, 256);

    /// <summary>Voxel size, coarsest resolution, K: the usual range, its limits, and banks that only a table follows.</summary>
    public static TheoryData<double, double, double> Banks => new()
    {
        { 1, 8, 0.025 }, { 1.06, 12, 0.025 }, { 1, 17, 0.025 }, { 1, 20, 0.025 }, { 0.5, 12, 0.05 }, { 1, 8, 0.1 }, { 2, 4, 0.025 }, { 1, 30, 0.025 }, { 1, 8, 1 },
    };

    [Theory]
    [MemberData(nameof(Banks))]
    public void CoefficientsAreTheWeightsTimesTheKernel(double voxelSize, double coarsest, double k)
    {
        FilterBank bank = FilterBank.Create(Size, voxelSize, coarsest, k);
        float[] resolution = Resolutions(bank, 4001);
        float[] ones = Constant(resolution.Length, 1);
        float[] actual = new float[resolution.Length];
        double[][] expected = Exact(bank, resolution);
        double largest = expected.Max(values => values.Max(Math.Abs));

        TermCoefficient[] coefficients = TermCoefficient.Create(bank, bank.Kernel);

        Assert.Equal(bank.Rank, coefficients.Length);
        for (int term = 0; term < coefficients.Length; term++)
        {
            coefficients[term].Multiply(resolution, ones, 1, add: false, actual);
            for (int i = 0; i < actual.Length; i++)
            {
                Assert.Equal(expected[term][i], actual[i], SinglePrecision * largest);
            }
        }
    }

    [Fact]
    public void UsualBanksArePolynomialsAndWideOrNarrowlyWeighedOnesTables()
    {
        Assert.IsType<CoefficientPolynomial>(First(FilterBank.Create(Size, 1, 8)));
        Assert.IsType<CoefficientPolynomial>(First(FilterBank.Create(Size, 1, 20)));
        Assert.IsType<CoefficientTable>(First(FilterBank.Create(Size, 1, 30)));
        Assert.IsType<CoefficientTable>(First(FilterBank.Create(Size, 1, 8, k: 1)));
    }

    /// <summary>Voxels finer than two voxels are raised to exactly that, so it must count as inside, however it rounds.</summary>
    [Fact]
    public void TwoVoxelsAreInsideWhateverTheVoxelSize()
    {
        for (int hundredths = 40; hundredths < 300; hundredths += 7)
        {
            double voxelSize = hundredths / 100.0;
            FilterBank bank = FilterBank.Create(Size, voxelSize, 9.37);
            float[] resolution = Constant(9, (float)(2 * voxelSize));
            double expected = Exact(bank, [(float)(2 * voxelSize)])[0][0];
            foreach (TermCoefficient coefficient in new[] { First(bank), CoefficientTable.Tabulate(bank, bank.Kernel)[0] })
            {
                float[] actual = new float[9];
                coefficient.Multiply(resolution, Constant(9, 1), 1, add: false, actual);
                Assert.All(actual, value => Assert.Equal(expected, value, SinglePrecision));
            }
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(30)]
    public void OutsideIsZeroWhateverTheValues(double coarsest)
    {
        float[] resolution = [0, 5, 0, 6, 0, 5, 0, 6, 0, 5, 0];
        float[] values = [.. resolution.Select(r => r == 0 ? float.NaN : 1)];
        float[] actual = new float[resolution.Length];

        First(FilterBank.Create(Size, 1, coarsest)).Multiply(resolution, values, 1, add: false, actual);

        Assert.Equal(resolution.Select(r => r == 0), actual.Select(value => value == 0));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(30)]
    public void CoarserThanTheBankCountsAsItsCoarsest(double coarsest)
    {
        FilterBank bank = FilterBank.Create(Size, 1, coarsest);
        float[] actual = new float[2];

        First(bank).Multiply([(float)coarsest, 2 * (float)coarsest], [1, 1], 1, add: false, actual);

        Assert.Equal(actual[0], actual[1], SinglePrecision);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(30)]
    public void EveryLengthOfARowGivesTheSameValues(double coarsest)
    {
        const int Longest = 70;
        FilterBank bank = FilterBank.Create(Size, 1, coarsest);
        TermCoefficient coefficient = First(bank);
        float[] resolution = Resolutions(bank, Longest);
        float[] values = [.. Enumerable.Range(0, Longest).Select(i => (float)Math.Sin(i))];
        double[] exact = Exact(bank, resolution)[0];
        for (int length = 0; length <= Longest; length++)
        {
            float[] actual = Constant(Longest, 7);
            coefficient.Multiply(resolution.AsSpan(0, length), values.AsSpan(0, length), 2, add: true, actual.AsSpan(0, length));
            for (int i = 0; i < Longest; i++)
            {
                Assert.Equal(i < length ? 7 + (2 * exact[i] * values[i]) : 7, actual[i], 1e-6);
            }
        }
    }

    private static TermCoefficient First(FilterBank bank) => TermCoefficient.Create(bank, bank.Kernel)[0];

    private static float[] Constant(int length, float value) => [.. Enumerable.Repeat(value, length)];

    /// <summary>From the finest to the coarsest resolution of a bank.</summary>
    private static float[] Resolutions(FilterBank bank, int count)
    {
        double range = bank.CoarsestResolution - bank.FinestResolution;
        return [.. Enumerable.Range(0, count).Select(i => (float)(bank.FinestResolution + (range * i / (count - 1))))];
    }

    /// <summary>The coefficients by their definition, in double precision.</summary>
    private static double[][] Exact(FilterBank bank, float[] resolution)
    {
        double[] weights = new double[bank.Bands.Count];
        return [.. bank.Kernel.RightVectors.ToRowArrays().Select(vector => resolution.Select(r =>
        {
            bank.Weights(Math.Min(r, bank.CoarsestResolution), weights);
            return vector.Zip(weights, (a, b) => a * b).Sum();
        }).ToArray())];
    }
}
