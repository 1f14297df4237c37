using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.Deblurring;
using Xunit;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>What grey values mean must not depend on where their zero lies.</summary>
public sealed class GreyValueTests
{
    private static readonly CryoMap Resolution = EveryMethod.Change(EveryMethod.Mask, (value, i) => value >= 0.5f ? 3 + (i % 48 / 16) : 0, "resolution");

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.5, LocalDeblurFormulation.Reference)]
    [InlineData(-0.4, LocalDeblurFormulation.Reference)]
    [InlineData(16, LocalDeblurFormulation.Reference)]
    [InlineData(0.5, LocalDeblurFormulation.Paper)]
    public void LocalDeblurOfAMapAndAConstantIsThatOfTheMapAndTheConstant(double deviations, LocalDeblurFormulation formulation)
    {
        CryoMap map = EveryMethod.Half1;
        float constant = (float)(deviations * map.StandardDeviation);
        var options = new LocalDeblurOptions { Formulation = formulation };
        LocalDeblurResult expected = LocalDeblurSolver.Run(map, Resolution, options: options, cancellationToken: _stop);
        LocalDeblurResult actual = LocalDeblurSolver.Run(EveryMethod.Change(map, (value, _) => value + constant), Resolution, options: options, cancellationToken: _stop);

        Assert.Equal(expected.Iterations, actual.Iterations);
        Assert.Contains(actual.Decisions, decision => decision.StartsWith("The background", StringComparison.Ordinal));
        float[] before = expected.Map.AsSpan(_stop).ToArray(), after = actual.Map.AsSpan(_stop).ToArray();

        // The background of the map by itself is below the line, so it stays; that moves the result by less than a two-thousandth.
        double largest = before.Zip(after, (a, b) => Math.Abs(b - constant - a)).Max();
        Assert.InRange(largest / expected.Map.Maximum, 0, 5e-4);
    }

    [Fact]
    public void AnIterationThatGrowsIsNotConverged()
    {
        LocalDeblurResult result = LocalDeblurSolver.Run(EveryMethod.Half1, Resolution, options: new LocalDeblurOptions { StepSize = 5000 }, cancellationToken: _stop);

        Assert.True(result.Norms[^1] > 10 * result.Norms[0]);
        Assert.False(result.Converged);
        Assert.Contains("diverges", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void ADensityIsNoLocalResolution()
    {
        EngineException refusal = Assert.Throws<EngineException>(() => LocalDeblurSolver.Run(
            EveryMethod.Half1, EveryMethod.Change(EveryMethod.Half1, (value, _) => value * (float)(5 / EveryMethod.Half1.Maximum)), cancellationToken: _stop));

        Assert.Equal(EngineError.ResolutionRangeInvalid, refusal.Error);
        Assert.Contains("are below two voxels", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2.12, ResolutionField.Prepare(EveryMethod.Change(EveryMethod.Mask, (value, i) => value * (i % 9 == 0 ? 2.3f : 2)), cancellationToken: _stop).Finest, 0.001);
    }

    [Fact]
    public void ACurveWithoutAValueHasNoResolution()
    {
        var curve = new FscResult([new FscShell(0, double.PositiveInfinity, 0, 1, double.NaN), new FscShell(1, 10, 0.1, 6, double.NaN)]);

        Assert.Equal((double.NaN, double.NaN, double.NaN), (curve.Resolution, curve.Resolution05, curve.ResolutionShell));
        Assert.NotNull(curve.ToString());
    }
}
