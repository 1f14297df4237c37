using LocalDeblur.Filters;
using LocalDeblur.Maps;
using Xunit;

namespace LocalDeblur.Tests.Engine.Filters;

public sealed class FilterBankTests
{
    // The list that lobes64/values.json derives from the published rule: 64 sections, 1.06 Å, at most 8 Å.
    private static readonly double[] PublishedCentres =
    [
        2.12, 2.32, 2.52, 2.72, 2.92, 3.12, 3.32, 3.52, 3.72, 3.92, 4.12, 4.52, 4.72, 5.12, 5.52, 5.92, 6.52, 7.32, 8.12, 9.12,
    ];

    [Fact]
    public void BandsAreThoseOfThePublishedRule()
    {
        FilterBank bank = FilterBank.Create(new GridSize(64, 64, 64), 1.06, 8);

        Assert.Equal(PublishedCentres.Length, bank.Bands.Count);
        for (int i = 0; i < PublishedCentres.Length; i++)
        {
            Assert.Equal(PublishedCentres[i], bank.Bands[i].Resolution, 1e-12);
        }

        Assert.Equal(0.05208333333333337, bank.Bands[0].DigitalHalfWidth, 1e-12);
        Assert.Equal(0.0026060105420501883, bank.Bands[^1].DigitalHalfWidth, 1e-12);
    }

    [Theory]
    [InlineData(64, 20)]
    [InlineData(96, 26)]
    [InlineData(192, 33)]
    [InlineData(256, 37)]
    public void BandCountGrowsWithTheNumberOfSections(int sections, int bands) =>
        Assert.Equal(bands, FilterBank.Create(new GridSize(8, 8, sections), 1.06, 8).Bands.Count);

    [Fact]
    public void OnlyTheNumberOfSectionsThinsTheBands() =>
        Assert.Equal(
            FilterBank.Create(new GridSize(64, 64, 64), 1.06, 8).Bands,
            FilterBank.Create(new GridSize(40, 90, 64), 1.06, 8).Bands);

    [Fact]
    public void BandIsOneAtItsCentreHalfInBetweenAndZeroAtItsEdges()
    {
        RaisedCosineBand band = FilterBank.Create(new GridSize(64, 64, 64), 1.06, 8).Bands[5];

        Assert.Equal(1, band.Value(band.DigitalFrequency), 1e-15);
        Assert.Equal(0.5, band.Value(band.DigitalFrequency + (band.DigitalHalfWidth / 2)), 1e-12);
        Assert.Equal(0, band.Value(1.06 / band.FinestResolution), 1e-12);
        Assert.Equal(0, band.Value(band.DigitalFrequency - (1.0001 * band.DigitalHalfWidth)));
        Assert.Equal(band.Resolution - 0.2, band.FinestResolution, 1e-12);
        Assert.Equal(0.2, band.HalfWidthResolution, 1e-12);
        Assert.Equal(1 / band.Resolution, band.Frequency, 1e-15);
    }

    [Theory]
    [InlineData(0.025, 8, 5, 7)]
    [InlineData(0.05, 30, 14, 19)]
    public void RankIsSmallAndTheKernelReproducesTheWeights(double k, double coarsest, int lowestRank, int highestRank)
    {
        FilterBank bank = FilterBank.Create(new GridSize(256, 256, 256), 1.06, coarsest, k);
        Assert.InRange(bank.Rank, lowestRank, highestRank);

        double[] weights = new double[bank.Bands.Count];
        double worst = 0;
        double largest = 0;
        for (double r = bank.FinestResolution; r <= coarsest; r += 0.0173)
        {
            bank.Weights(r, weights);
            Assert.Equal(1, weights.Sum(), 1e-12);
            double[] coefficients = [.. bank.Kernel.RightVectors.ToRowArrays().Select(row => row.Zip(weights, (a, b) => a * b).Sum())];
            for (int band = 0; band < weights.Length; band++)
            {
                double rebuilt = coefficients.Select((a, term) => a * bank.Kernel.RightVectors[term, band]).Sum();
                worst = Math.Max(worst, Math.Abs(rebuilt - weights[band]));
                largest = Math.Max(largest, weights[band]);
            }
        }

        // The tolerance is relative to the largest singular value, which is about √samples larger than a single row.
        Assert.InRange(worst / largest, 0, 2e-5);
    }

    [Fact]
    public void TighterToleranceRaisesTheRank()
    {
        var size = new GridSize(64, 64, 64);
        int loose = FilterBank.Create(size, 1.06, 8, rankTolerance: 1e-3).Rank;
        int tight = FilterBank.Create(size, 1.06, 8, rankTolerance: 1e-9).Rank;
        Assert.True(loose < tight, $"rank {loose} at 1e-3, {tight} at 1e-9");
    }

    [Fact]
    public void WeightsSurviveWhereEveryExponentialWouldUnderflow()
    {
        // Few sections thin the coarse bands until the nearest one is tens of Å away.
        FilterBank bank = FilterBank.Create(new GridSize(8, 8, 4), 1, 100, k: 1);
        double[] weights = new double[bank.Bands.Count];
        for (double r = 2; r <= 100; r += 0.5)
        {
            bank.Weights(r, weights);
            Assert.Equal(1, weights.Sum(), 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 8, 0.025, 1e-6, EngineError.VoxelSizeMissing)]
    [InlineData(double.NaN, 8, 0.025, 1e-6, EngineError.VoxelSizeMissing)]
    [InlineData(1.06, 2.0, 0.025, 1e-6, EngineError.ResolutionRangeInvalid)]
    [InlineData(1.06, 1000, 0.025, 1e-6, EngineError.ResolutionRangeInvalid)]
    [InlineData(1.06, double.NaN, 0.025, 1e-6, EngineError.ResolutionRangeInvalid)]
    [InlineData(1.06, 8, 0, 1e-6, EngineError.ParameterOutOfRange)]
    [InlineData(1.06, 8, 2, 1e-6, EngineError.ParameterOutOfRange)]
    [InlineData(1.06, 8, 0.025, 0, EngineError.ParameterOutOfRange)]
    [InlineData(1.06, 8, 0.025, 0.5, EngineError.ParameterOutOfRange)]
    public void UnusableParametersAreRefusedByName(double voxelSize, double coarsest, double k, double tolerance, EngineError expected) =>
        Assert.Equal(expected, Assert.Throws<EngineException>(() => FilterBank.Create(new GridSize(16, 16, 16), voxelSize, coarsest, k, tolerance)).Error);
}
