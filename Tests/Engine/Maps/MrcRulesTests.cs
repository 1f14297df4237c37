using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Engine.Maps;

public sealed class MrcRulesTests : IDisposable
{
    private readonly MapFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SoundFileHasNoFindings()
    {
        MrcReport report = MrcFile.Check(new MrcFile().Save(_folder));

        Assert.True(report.IsValid);
        Assert.Empty(report.Findings);
        Assert.Equal(_folder["map.mrc"], report.Path);
    }

    [Fact]
    public void RulesAreNumberedWithoutGaps() => Assert.Equal(Enumerable.Range(1, MrcRules.Table.Count), MrcRules.Table.Select(rule => rule.Number));

    [Theory]
    [InlineData("truncated", 1, MrcSeverity.Error)]
    [InlineData("trailing", 1, MrcSeverity.Warning)]
    [InlineData("trailing in gzip", 1, MrcSeverity.Warning)]
    [InlineData("no identifier", 2, MrcSeverity.Warning)]
    [InlineData("unclear stamp", 3, MrcSeverity.Warning)]
    [InlineData("wrong stamp", 3, MrcSeverity.Warning)]
    [InlineData("transform", 4, MrcSeverity.Error)]
    [InlineData("no axis order", 5, MrcSeverity.Warning)]
    [InlineData("axis twice", 5, MrcSeverity.Error)]
    [InlineData("no columns", 6, MrcSeverity.Error)]
    [InlineData("no cell", 6, MrcSeverity.Warning)]
    [InlineData("no sampling", 6, MrcSeverity.Warning)]
    [InlineData("no angles", 7, MrcSeverity.Warning)]
    [InlineData("oblique", 7, MrcSeverity.Information)]
    [InlineData("broken stack", 8, MrcSeverity.Error)]
    [InlineData("stack", 8, MrcSeverity.Information)]
    [InlineData("image stack", 8, MrcSeverity.Information)]
    [InlineData("odd space group", 8, MrcSeverity.Warning)]
    [InlineData("no version", 9, MrcSeverity.Information)]
    [InlineData("label count", 10, MrcSeverity.Information)]
    [InlineData("label gap", 10, MrcSeverity.Information)]
    [InlineData("label rubbish", 11, MrcSeverity.Warning)]
    [InlineData("label accents", 11, MrcSeverity.Information)]
    [InlineData("minimum", 12, MrcSeverity.Warning)]
    [InlineData("maximum", 12, MrcSeverity.Warning)]
    [InlineData("mean", 12, MrcSeverity.Warning)]
    [InlineData("rms", 12, MrcSeverity.Warning)]
    [InlineData("statistics not numbers", 12, MrcSeverity.Warning)]
    [InlineData("not finite", 13, MrcSeverity.Error)]
    [InlineData("extended type", 14, MrcSeverity.Information)]
    [InlineData("negative extended", 14, MrcSeverity.Error)]
    [InlineData("two places", 15, MrcSeverity.Information)]
    [InlineData("no place", 15, MrcSeverity.Warning)]
    [InlineData("not cubes", 16, MrcSeverity.Information)]
    [InlineData("not a map", 17, MrcSeverity.Error)]
    [InlineData("too short", 17, MrcSeverity.Error)]
    [InlineData("damaged gzip", 17, MrcSeverity.Error)]
    public void BrokenRuleIsFoundAloneByItsNumber(string defect, int rule, MrcSeverity severity)
    {
        string path = _folder.Save("map.mrc", Broken(defect));

        MrcReport report = MrcFile.Check(path);

        MrcFinding finding = Assert.Single(report.Findings);
        Assert.Equal((rule, severity), (finding.Rule, finding.Severity));
        Assert.Equal(MrcRules.Table[rule - 1].Title, finding.Title);
        Assert.NotEmpty(finding.Message);
        Assert.Equal(severity != MrcSeverity.Error, report.IsValid);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("transform")]
    [InlineData("axis twice")]
    [InlineData("no columns")]
    [InlineData("broken stack")]
    [InlineData("negative extended")]
    [InlineData("not a map")]
    [InlineData("too short")]
    public void ErrorOfTheHeaderIsRefusedByTheReaderToo(string defect)
    {
        string path = _folder.Save("map.mrc", Broken(defect));

        Assert.Throws<EngineException>(() => MrcReader.Open(path));
    }

    [Fact]
    public void StatisticsMarkedAsUndeterminedAreNoFinding()
    {
        string path = new MrcFile().With(76, 0f).With(80, -1f).With(84, -2f).With(216, -1f).Save(_folder);

        Assert.Empty(MrcFile.Check(path).Findings);
    }

    [Fact]
    public void SeveralBrokenRulesComeInOrder()
    {
        string path = new MrcFile().With(216, 77f).With(108, 0).With(208, 0).Save(_folder);

        Assert.Equal([2, 9, 12], MrcFile.Check(path).Findings.Select(finding => finding.Rule));
    }

    [Fact]
    public void MissingFileIsAnExceptionAndNoFinding() => MrcFile.Refused(EngineError.MapFileNotFound, () => MrcFile.Check(_folder["none.mrc"]));

    private static byte[] Broken(string defect) => defect switch
    {
        "truncated" => new MrcFile().Build()[..^1],
        "trailing" => [.. new MrcFile().Build(), 0],
        "trailing in gzip" => MrcFile.Gzip([.. new MrcFile().Build(), 0]),
        "no identifier" => new MrcFile().With(208, 0).Build(),
        "unclear stamp" => new MrcFile().With(212, 0x44, 0x11, 0, 0).Build(),
        "wrong stamp" => new MrcFile().With(212, 0x11, 0x11, 0, 0).Build(),
        "transform" => new MrcFile { Mode = 4 }.Build(),
        "no axis order" => new MrcFile().With(64, 0).With(68, 0).With(72, 0).Build(),
        "axis twice" => new MrcFile().With(72, 1).Build(),
        "no columns" => new MrcFile().With(0, 0).Build(),
        "no cell" => new MrcFile { Cell = [0, 0, 0] }.Build(),
        "no sampling" => new MrcFile { Sampling = [0, 0, 0], Cell = [6, 4.5f, 3] }.Build(),
        "no angles" => new MrcFile().With(52, 0f).With(56, 0f).With(60, 0f).Build(),
        "oblique" => new MrcFile().With(60, 120f).Build(),
        "broken stack" => new MrcFile { Sampling = [4, 3, 5] }.With(88, 401).Build(),
        "stack" => new MrcFile { Sampling = [4, 3, 1], Cell = [4, 3, 1] }.With(88, 401).Build(),
        "image stack" => new MrcFile().With(88, 0).Build(),
        "odd space group" => new MrcFile().With(88, 300).Build(),
        "no version" => new MrcFile().With(108, 0).Build(),
        "label count" => new MrcFile().With(220, 10).Build(),
        "label gap" => new MrcFile { Labels = ["a", "", "b"] }.With(220, 2).Build(),
        "label rubbish" => new MrcFile { Labels = ["a\u0001b"] }.Build(),
        "label accents" => new MrcFile { Labels = ["Größe"] }.Build(),
        "minimum" => new MrcFile().With(76, -11.5f).Build(),
        "maximum" => new MrcFile().With(80, 12f).Build(),
        "mean" => new MrcFile().With(84, -0.6f).Build(),
        "rms" => new MrcFile().With(216, 0f).Build(),
        "statistics not numbers" => new MrcFile().With(84, float.NaN).Build(),
        "not finite" => new MrcFile().With(1024, float.NaN).Build(),
        "extended type" => new MrcFile { Extended = new byte[80], ExtendedType = "WHAT" }.Build(),
        "negative extended" => new MrcFile().With(92, -1).Build(),
        "two places" => new MrcFile { Origin = [1, 2, 3], Start = [5, 5, 5] }.Build(),
        "no place" => new MrcFile { Origin = [float.NaN, 0, 0] }.Build(),
        "not cubes" => new MrcFile { Cell = [6, 4.5f, 3.1f] }.Build(),
        "not a map" => new byte[5000],
        "too short" => new byte[100],
        "damaged gzip" => [0x1f, 0x8b, 8, 0, .. Enumerable.Repeat((byte)0xff, 2000)],
        _ => throw new ArgumentOutOfRangeException(nameof(defect), defect, null),
    };
}
