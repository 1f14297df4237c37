using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Engine.Reports;

/// <summary>What a report warns of: each with an input that deserves it and one that does not.</summary>
public sealed class DoubtTests
{
    private const int Size = 16;

    [Theory]
    [InlineData(0, Size, false)]
    [InlineData(1, 110, false)]
    [InlineData(1, 90, true)]
    [InlineData(7, Size, true)]
    public void AHalfThatIsZeroInManyRowsWasMasked(int planes, int size, bool isMasked)
    {
        var random = new Random(1);
        CryoMap half = Map((_, _, z) => z < planes ? 0 : (float)random.NextDouble() - 0.5f, size);

        Assert.Equal(isMasked, AppliedMask.WarningOfHalf(half) is not null);
    }

    [Fact]
    public void AMaskAtTheEdgeWithAHardEdgeThatTakesTheBoxIsToldOfThrice()
    {
        string[] warnings = [.. MaskCheck.Warnings(Map((x, _, _) => x < 12 ? 1 : 0))];

        Assert.Equal(3, warnings.Length);
        Assert.Contains(warnings, warning => warning.Contains("reaches the edge of the box", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("hard edge", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("75 % of the box", StringComparison.Ordinal));
    }

    [Fact]
    public void ASoftMaskInTheMiddleIsNoReasonToDoubt() =>
        Assert.Empty(MaskCheck.Warnings(Map((x, y, z) => (float)Math.Clamp(5 - Distance(x, y, z), 0, 1))));

    [Theory]
    [InlineData(new[] { 1, 0.9, 0.5, 0.1, 0, 0, 0, 0, 0 }, false)]
    [InlineData(new[] { 1, 0.9, 0.5, 0.1, 0, 0.25, 0.3, 0.1, 0 }, false)]
    [InlineData(new[] { 1, 0.9, 0.5, 0.1, 0, 0.25, 0.4, 0.25, 0 }, true)]
    [InlineData(new[] { 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2 }, false)]
    public void ACurveRisesAgainWhereThreeShellsInARowDo(double[] curve, bool rises)
    {
        string? warning = FscDoubts.Rise(Curves(curve));

        Assert.Equal(rises, warning is not null);
        Assert.True(!rises || warning!.Contains("to 0.40 at", StringComparison.Ordinal), warning);
    }

    [Theory]
    [InlineData(0.1, false)]
    [InlineData(0.5, true)]
    public void AMaskMakesHalvesAgreeWhereTheirPhasesAreRandom(double randomised, bool isToldOf)
    {
        double[] corrected = [1, 0.9, 0.5, 0.1, 0, 0];
        var curves = new FscResult(corrected.Select((value, i) => Shell(i, value) with { Masked = 0.6, Randomised = i < 2 ? 1 : randomised, Corrected = value }))
        {
            RandomisedFrom = 2,
        };

        Assert.Equal(isToldOf, FscDoubts.MaskEffect(curves) is not null);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(0, 9, false)]
    [InlineData(5, 9, true)]
    public void ALocalResolutionLiesBesideTheMaskWhereTheyShareLittle(int shift, int background, bool isBeside)
    {
        CryoMap mask = Map((x, y, z) => Distance(x, y, z) <= 4 ? 1 : 0);
        CryoMap resolution = Map((x, y, z) => Distance(x + shift, y, z) <= 4 ? 3 + (0.01f * z) : background);

        Assert.Equal(isBeside, ResolutionPlacement.WarningOf(resolution, mask) is not null);
    }

    [Theory]
    [InlineData(-80, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    public void AmplitudesThatDoNotFallAreOfASharpenedMap(double bFactor, bool isSharpened)
    {
        var fit = new GuinierFit(new ResolutionRange(10, 3), bFactor / 4, 0, 1, 20);

        Assert.Equal(isSharpened, SharpenedBefore.WarningOf("a.mrc", fit) is not null);
        Assert.Null(SharpenedBefore.WarningOf("a.mrc", null));
    }

    private static FscResult Curves(double[] unmasked) => new(unmasked.Select((value, i) => Shell(i, value)));

    private static FscShell Shell(int index, double value) => new(index, 20.0 / index, index / 20.0, 500, value);

    private static double Distance(int x, int y, int z) => Math.Sqrt(Math.Pow(x - (Size / 2), 2) + Math.Pow(y - (Size / 2), 2) + Math.Pow(z - (Size / 2), 2));

    private static CryoMap Map(Func<int, int, int, float> value, int edge = Size)
    {
        float[] voxels = new float[edge * edge * edge];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = value(i % edge, i / edge % edge, i / (edge * edge));
        }

        return new CryoMap(new MapGrid(new GridSize(edge, edge, edge), 1), voxels, "map.mrc");
    }
}
