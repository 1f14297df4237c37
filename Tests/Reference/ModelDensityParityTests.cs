using System.Globalization;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against gemmi 0.5.7, DensityCalculatorE, which ends each atom where its density falls to 1e-5.</summary>
public sealed class ModelDensityParityTests
{
    private static readonly MapGrid Grid = new(new GridSize(80, 80, 80), 1);

    /// <summary>What the project asks for.</summary>
    private const double LeastCorrelation = 0.9999;

    private const double MostRelativeRms = 0.01;

    /// <summary>Both programs sample the same function; they differ by the tails that gemmi cuts off.</summary>
    private const double MostRelativeRmsOfSamples = 1e-3;

    [Theory]
    [InlineData("density_file_b", null, null, true, MostRelativeRmsOfSamples)]
    [InlineData("density_b60", 60.0, null, true, MostRelativeRmsOfSamples)]
    [InlineData("density_b60_lowpass_2.5", 60.0, 2.5, false, MostRelativeRmsOfSamples)]
    [InlineData("density_b60_lowpass_2.5", 60.0, 2.5, true, MostRelativeRms)]
    public void DensityEqualsThatOfGemmi(string name, double? bFactor, double? resolution, bool correctSampling, double mostRelativeRms)
    {
        ReferenceMap expected = ReferenceMap.Require("model-density", name);
        AtomicModel model = ModelReader.Open(ReferenceData.Require("model-density/model.pdb"));
        var options = new ModelDensityOptions { BFactor = bFactor, Resolution = resolution, CorrectSampling = correctSampling };

        CryoMap density = ModelDensity.Calculate(model, Grid, options, cancellationToken: TestContext.Current.CancellationToken);

        MapComparison comparison = expected.Compare(density);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} (corrected: {correctSampling}): 1 - correlation {1 - comparison.Correlation:E2}, relative RMS {comparison.RelativeRmsDifference:E2}, "
                + $"largest difference {comparison.MaximumDifference:E2}, blur {density.History[^1].Figures["SamplingBlur"]}"));
        Assert.InRange(comparison.Correlation, LeastCorrelation, 1);
        Assert.InRange(comparison.RelativeRmsDifference, 0, mostRelativeRms);
    }

    [Fact]
    public void ScatteringFactorsAreThoseOfTheTable()
    {
        string[] lines = File.ReadAllLines(ReferenceData.Require("model-density/electron_scattering_c4322.csv"));
        foreach (string[] fields in lines.Skip(1).Select(line => line.Split(',')))
        {
            ScatteringFactors factors = ScatteringFactors.Of(int.Parse(fields[1], CultureInfo.InvariantCulture));
            double[] numbers = [.. fields.Skip(2).Select(field => double.Parse(field, CultureInfo.InvariantCulture))];

            Assert.Equal(fields[0], factors.Element);
            Assert.Equal(numbers[..5], factors.A.ToArray());
            Assert.Equal(numbers[5..10], factors.B.ToArray());
            Assert.Equal(numbers[10], factors.Forward, 1e-12);
        }
    }
}
