using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using Xunit;

namespace LocalDeblur.Tests.Engine.Resolution;

public sealed class ResolutionFieldTests
{
    private const int Edge = 20;

    [Fact]
    public void CleanMapStaysAsItIs()
    {
        float[] clean = Clean();
        ResolutionField field = ResolutionField.Prepare(Map(clean));

        Assert.Equal(clean, field.Values);
        Assert.Equal(clean.Count(value => value > 0), field.InsideCount);
        Assert.Equal(clean.Max(), field.Coarsest, 1e-6);
    }

    [Theory]
    [InlineData(100f)] // ResMap's ceiling
    [InlineData(7.5f)] // a constant in the middle of the range
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1f)]
    public void BackgroundOfEveryProgramIsRecognised(float background)
    {
        float[] clean = Clean();
        float[] foreign = [.. clean.Select(value => value > 0 ? value : background)];

        Assert.Equal(clean, ResolutionField.Prepare(Map(foreign)).Values);
    }

    [Fact]
    public void BackgroundAtTheBoxMaximumIsRecognised()
    {
        float[] clean = Clean();
        float worst = clean.Max() + 3;
        ResolutionField field = ResolutionField.Prepare(Map([.. clean.Select(value => value > 0 ? value : worst)]));

        Assert.Equal(clean, field.Values);
        Assert.Contains(field.Decisions, decision => decision.Contains("background", StringComparison.Ordinal));
    }

    [Fact]
    public void BackgroundThatTheMoleculeMayHoldTooIsAWarningThatNamesTheMask()
    {
        float[] clean = Clean();
        float worst = clean.Max();
        ResolutionField near = ResolutionField.Prepare(Map([.. clean.Select(value => value > 0 ? value : worst)]));
        ResolutionField far = ResolutionField.Prepare(Map([.. clean.Select(value => value > 0 ? value : 100f)]));

        Assert.Contains("Give a mask", Assert.Single(near.Warnings), StringComparison.Ordinal);
        Assert.Empty(far.Warnings);
    }

    [Fact]
    public void UniformResolutionInsideIsDataNotBackground()
    {
        float[] uniform = [.. Clean().Select(value => value > 0 ? 5f : 0f)];
        Assert.Equal(uniform, ResolutionField.Prepare(Map(uniform)).Values);

        float[] everywhere = [.. Enumerable.Repeat(5f, Edge * Edge * Edge)];
        Assert.Equal(everywhere, ResolutionField.Prepare(Map(everywhere)).Values);
    }

    [Fact]
    public void MaskOverridesTheRecognition()
    {
        float[] clean = Clean();
        float[] foreign = [.. clean.Select(value => value > 0 ? value : 6f)];
        float[] everywhere = [.. Enumerable.Repeat(1f, foreign.Length)];

        Assert.Equal(foreign, ResolutionField.Prepare(Map(foreign), Map(everywhere)).Values);
        Assert.Equal(clean, ResolutionField.Prepare(Map(foreign), Map([.. clean.Select(value => value > 0 ? 1f : 0.49f)])).Values);
    }

    [Fact]
    public void ValuesFinerThanTwoVoxelsAreRaisedAndTheCoarsestIsTakenBefore()
    {
        float[] values = Clean();
        values[Array.FindIndex(values, value => value > 0)] = 0.5f;
        ResolutionField field = ResolutionField.Prepare(Map(values));

        Assert.Equal(2, field.Finest);
        Assert.Equal(2, field.Values.Where(value => value > 0).Min());
    }

    [Fact]
    public void AbsurdOutlierIsRefusedWithWhatToPass()
    {
        float[] values = Clean();
        values[Array.FindIndex(values, value => value > 0)] = 60;
        EngineException refusal = Assert.Throws<EngineException>(() => ResolutionField.Prepare(Map(values)));

        Assert.Equal(EngineError.ResolutionRangeInvalid, refusal.Error);
        Assert.Equal([EngineParameter.Mask, EngineParameter.BankCoarsestResolution], refusal.Advice.Select(way => way.Parameter!.Value));
        Assert.Equal(8, ResolutionField.Prepare(Map(values), limit: 8).Coarsest);
    }

    [Fact]
    public void MapWithoutResolutionsIsRefused()
    {
        Assert.Equal(EngineError.ResolutionRangeInvalid, Refusal(new float[Edge * Edge * Edge]));
        Assert.Equal(EngineError.ResolutionRangeInvalid, Refusal([.. Clean().Select(value => value > 0 ? 1f : 0f)]));
        Assert.Equal(
            EngineError.MaskEmpty,
            Assert.Throws<EngineException>(() => ResolutionField.Prepare(Map(Clean()), Map(new float[Edge * Edge * Edge]))).Error);
    }

    private static EngineError Refusal(float[] values) => Assert.Throws<EngineException>(() => ResolutionField.Prepare(Map(values))).Error;

    private static CryoMap Map(float[] values) => new(new MapGrid(new GridSize(Edge, Edge, Edge), 1), values, "resolution");

    /// <summary>A ball in which the resolution falls from 3 Å at its centre to about 7 Å, 0 outside.</summary>
    private static float[] Clean()
    {
        float[] values = new float[Edge * Edge * Edge];
        for (int i = 0; i < values.Length; i++)
        {
            double x = (i % Edge) - 9.5;
            double y = (i / Edge % Edge) - 9.5;
            double z = (i / (Edge * Edge)) - 9.5;
            double radius = Math.Sqrt((x * x) + (y * y) + (z * z));
            values[i] = radius < 7 ? (float)(3 + (0.5 * radius) + (0.01 * x)) : 0;
        }

        return values;
    }
}
