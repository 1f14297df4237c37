using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Sharpening.Deblurring;
using Xunit;

namespace LocalDeblur.Tests.Reference;

/// <summary>Against xmipp_volume_local_sharpening, I2PC/xmipp commit 3ce80f0b (2025-07-07), double precision, FFTW.</summary>
public sealed class LocalDeblurParityTests
{
    /// <summary>The outputs are stored as float32, which rounds by 3e-8 of a value; ours rounds at every step besides.</summary>
    private const double ParityTolerance = 1e-5;

    /// <summary>The program writes six decimals; half a unit of the sixth digit, relative.</summary>
    private const double SixDigits = 5e-7;

    [Fact]
    public void DefaultRunOnLobesEqualsThePublishedProgram()
    {
        LocalDeblurResult result = Sharpen("lobes64/map.mrc.gz", "lobes64/locres.mrc.gz", new LocalDeblurOptions());

        RequireFigures(result, step: 4.063894, iterations: 7, bands: 20);
        RequireParity(result.Map, "lobes64", "localdeblur_default");
    }

    [Fact]
    public void RunWithGivenStepOnLobesEqualsThePublishedProgram()
    {
        LocalDeblurResult result = Sharpen("lobes64/map.mrc.gz", "lobes64/locres.mrc.gz", new LocalDeblurOptions { K = 0.01, StepSize = 5, MaximumIterations = 2 });

        RequireFigures(result, step: 5, iterations: 2, bands: 20);
        RequireParity(result.Map, "lobes64", "localdeblur_k001_l5_i2");
    }

    [Theory]
    [InlineData("orc80", 5.386917, 9, 16)]
    [InlineData("orc80n6", 10.814126, 10, 25)]
    public void LongRunOnAProteinEqualsThePublishedProgram(string set, double step, int iterations, int bands)
    {
        LocalDeblurResult result = Sharpen($"{set}/full.mrc.gz", $"{set}/monores_halves.mrc.gz", new LocalDeblurOptions());

        RequireFigures(result, step, iterations, bands);
        RequireParity(result.Map, set, "localdeblur");
    }

    [Fact]
    public void RealMapWithAConstantBackgroundInItsRange()
    {
        CryoMap map = ReferenceData.OpenMap("real/betaGal.mrc.gz");
        string resolutionPath = ReferenceData.Require("real/localResolution.mrc.gz");
        CryoMap lying = MrcReader.Open(resolutionPath);
        EngineException refusal = Assert.Throws<EngineException>(() => LocalDeblurSolver.Run(map, lying));
        Assert.Equal(EngineError.VoxelSizeMismatch, refusal.Error);
        Assert.Contains("3.54", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("true voxel size", refusal.Message, StringComparison.Ordinal);

        CryoMap resolution = MrcReader.Open(resolutionPath, new MrcReadOptions { VoxelSize = 3.54 });
        LocalDeblurResult result = LocalDeblurSolver.Run(map, resolution, cancellationToken: TestContext.Current.CancellationToken);

        RequireFigures(result, step: 38.957, iterations: 11, bands: 28, stepTolerance: 5e-5);
        Assert.Contains(result.Decisions, decision => decision.Contains("8.8637", StringComparison.Ordinal));
    }

    private static LocalDeblurResult Sharpen(string map, string resolution, LocalDeblurOptions options) =>
        LocalDeblurSolver.Run(
            ReferenceData.OpenMap(map),
            ReferenceData.OpenMap(resolution),
            options: options,
            cancellationToken: TestContext.Current.CancellationToken);

    private static void RequireFigures(LocalDeblurResult result, double step, int iterations, int bands, double stepTolerance = SixDigits)
    {
        Assert.InRange(result.StepSize / step, 1 - stepTolerance, 1 + stepTolerance);
        Assert.Equal(iterations, result.Iterations);
        Assert.Equal(bands, result.Bands);
    }

    private static void RequireParity(CryoMap result, string set, string expected)
    {
        MapComparison comparison = ReferenceMap.Require(set, expected).Compare(result);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{set}/{expected}: relative RMS difference {comparison.RelativeRmsDifference:E3}, largest difference {comparison.MaximumDifference:E3}");
        Assert.InRange(comparison.RelativeRmsDifference, 0, ParityTolerance);
    }
}
