using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Reports;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.PostProcessing;
using Xunit;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>What grey values mean must not depend on where their zero lies.</summary>
public sealed class GreyValueTests
{
    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 48 });
    private static readonly CryoMap Half1 = Phantom.DrawHalfMap(1);
    private static readonly CryoMap Mask = Phantom.DrawMask();
    private static readonly CryoMap Resolution = EveryMethod.Change(Mask, (value, i) => value >= 0.5f ? 3 + (i % 48 / 16) : 0, "resolution");

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0.5, LocalDeblurFormulation.Reference)]
    [InlineData(-0.4, LocalDeblurFormulation.Reference)]
    [InlineData(16, LocalDeblurFormulation.Reference)]
    [InlineData(0.5, LocalDeblurFormulation.Paper)]
    public void LocalDeblurOfAMapAndAConstantIsThatOfTheMapAndTheConstant(double deviations, LocalDeblurFormulation formulation)
    {
        CryoMap map = Half1;
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

    [Theory]
    [InlineData(LocalDeblurFormulation.Reference, 5000)]
    [InlineData(LocalDeblurFormulation.Paper, 500)]
    public void AnIterationThatGrowsIsNotConverged(LocalDeblurFormulation formulation, double step)
    {
        // Without much noise, whose term would have the step lowered.
        CryoMap map = EveryMethod.Change(Half1, (value, i) => Resolution.AsSpan()[i] > 0 ? value : 0.01f * value);
        var options = new LocalDeblurOptions { StepSize = step, MaximumIterations = 12, Formulation = formulation };
        LocalDeblurResult result = LocalDeblurSolver.Run(map, Resolution, options: options, cancellationToken: _stop);

        Assert.True(result.Norms[^1] > 10 * result.Norms[0]);
        Assert.False(result.Converged);
        Assert.Contains("diverges", Assert.Single(result.Warnings), StringComparison.Ordinal);

        // The paper's form lowers such a step.
        if (formulation == LocalDeblurFormulation.Reference)
        {
            EngineException refusal = Assert.Throws<EngineException>(
                () => LocalDeblurSolver.Run(map, Resolution, options: options with { StepSize = 1e30 }, cancellationToken: _stop));
            Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
            Assert.Contains("diverges", refusal.Message, StringComparison.Ordinal);
        }
    }

    // The noise of a map that was masked is not known.
    [Fact]
    public void AMapThatIsZeroOutsideAMaskIsWarnedOf()
    {
        float[] mask = Mask.AsSpan(_stop).ToArray();
        CryoMap masked = EveryMethod.Change(Half1, (value, i) => value * mask[i]);
        CryoMap shifted = EveryMethod.Change(masked, (value, _) => value + 3);
        foreach (CryoMap map in (CryoMap[])[masked, shifted])
        {
            MonoResResult resolution = MonoRes.Run(map, Mask, cancellationToken: _stop);
            Assert.Contains(
                resolution.Warnings,
                warning => warning.Contains("as after a mask", StringComparison.Ordinal) && warning.Contains("Give both half maps", StringComparison.Ordinal));
            Assert.Contains(
                LocalDeblurSolver.Run(map, Resolution, cancellationToken: _stop).Warnings,
                warning => warning.Contains("as after a mask", StringComparison.Ordinal) && warning.Contains("floor", StringComparison.Ordinal));
        }

        Assert.Empty(MonoRes.Run(Half1, Mask, cancellationToken: _stop).Warnings);
        Assert.Empty(LocalDeblurSolver.Run(Half1, Resolution, cancellationToken: _stop).Warnings);
    }

    // One rule says when halves were masked, whoever asks.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    public void HalvesWithEmptyPlanesAreWarnedOfWhereTheyAreRestoredAndReported(int planes, int count)
    {
        Reconstruction halves = EveryMethod.Change((value, i) => i < planes * EveryMethod.Edge * EveryMethod.Edge ? 0 : value);
        foreach (IReadOnlyList<string> warnings in (IReadOnlyList<string>[])
            [
                LocalWiener.Run(halves, EveryMethod.Mask, cancellationToken: _stop).Warnings,
                [.. SharpeningReport.Run(halves, EveryMethod.Mask, cancellationToken: _stop).Warnings.Select(warning => warning.Text)],
            ])
        {
            Assert.Equal(count, warnings.Count(warning => warning.Contains("masked or padded after the reconstruction", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void AMaskOfBytesIsDividedByItsLargestValueBeforeItIsApplied()
    {
        var options = new BFactorSharpeningOptions { BFactor = -60, Resolution = 4, ApplyMask = true };
        float[] expected = BFactorSharpening.Run(Half1, Mask, options, cancellationToken: _stop).Map.AsSpan(_stop).ToArray();
        BFactorSharpeningResult actual = BFactorSharpening.Run(Half1, EveryMethod.Change(Mask, (value, _) => 255 * value), options, cancellationToken: _stop);

        Assert.Equal(0, expected.Zip(actual.Map.AsSpan(_stop).ToArray(), (a, b) => Math.Abs(a - b)).Max(), 1e-6);
        Assert.Contains(actual.Decisions, decision => decision.Contains("divided", StringComparison.Ordinal));
        EngineException refusal = Assert.Throws<EngineException>(() => BFactorSharpening.Run(Half1, Half1, options, cancellationToken: _stop));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Contains("expected 0 to 1", refusal.Message, StringComparison.Ordinal);
    }

    // One unit in the last place of a map, in which processors differ.
    [Fact]
    public void TheLastDigitsOfAMapDoNotMoveItsAutomaticThreshold()
    {
        double expected = MaskBuilder.Run(Half1, cancellationToken: _stop).Threshold;
        foreach (int seed in (int[])[1, 2, 3, 4, 5])
        {
            var random = new Random(seed);
            CryoMap other = EveryMethod.Change(Half1, (value, _) => random.Next(3) switch { 0 => MathF.BitIncrement(value), 1 => MathF.BitDecrement(value), _ => value });
            Assert.Equal(1, MaskBuilder.Run(other, cancellationToken: _stop).Threshold / expected, 1e-6);
        }
    }

    [Fact]
    public void ADensityIsNoLocalResolution()
    {
        EngineException refusal = Assert.Throws<EngineException>(() => LocalDeblurSolver.Run(
            Half1, EveryMethod.Change(Half1, (value, _) => value * (float)(5 / Half1.Maximum)), cancellationToken: _stop));

        Assert.Equal(EngineError.ResolutionRangeInvalid, refusal.Error);
        Assert.Contains("are below two voxels", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2.12, ResolutionField.Prepare(EveryMethod.Change(Mask, (value, i) => value * (i % 9 == 0 ? 2.3f : 2)), cancellationToken: _stop).Finest, 0.001);
    }

    [Fact]
    public void ACurveWithoutAValueHasNoResolution()
    {
        var curve = new FscResult([new FscShell(0, double.PositiveInfinity, 0, 1, double.NaN), new FscShell(1, 10, 0.1, 6, double.NaN)]);

        Assert.Equal((double.NaN, double.NaN, double.NaN), (curve.Resolution, curve.Resolution05, curve.ResolutionShell));
        Assert.NotNull(curve.ToString());
    }
}
