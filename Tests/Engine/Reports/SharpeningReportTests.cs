using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Models;
using LocalDeblur.Reports;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Validation;
using LocalDeblur.Workflows;
using LocalDeblur.Workflows.Methods;
using Xunit;

namespace LocalDeblur.Tests.Engine.Reports;

public sealed partial class SharpeningReportTests(ReportFixture fixture) : IClassFixture<ReportFixture>
{
    private const string Hostile = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{script}} \u202e.mrc";

    [Fact]
    public void EveryNumberIsThatOfTheRunByItself()
    {
        SharpeningReport report = fixture.Report;
        CryoMap mask = MaskBuilder.Run(fixture.Halves).Map;
        Assert.Equal(mask.AsSpan(), report.Mask.AsSpan());
        Assert.Equal(FourierShellCorrelation.Run(fixture.Halves, mask).Resolution, report.Fsc!.Resolution);

        // The whole run makes a mask of its own with a hard edge: where the soft one is 1.
        Assert.Equal(LocalDeblurRun.Run(fixture.Halves).Map.AsSpan(), report.Sharpened.AsSpan());
        Assert.Equal(EMRinger.Measure(fixture.Phantom.Model, report.Sharpened).Score, report.Scores!.SideChains!.Score);
        Assert.Equal(QScore.Measure(fixture.Phantom.Model, fixture.Halves.Mean()).Mean, report.ScoresBefore!.Atoms!.Mean);
        Assert.InRange(report.Scores.AtomInclusion, 0.5, 1);
    }

    [Fact]
    public void ThePageLoadsNothingAndRunsNothingButItsOwnScript()
    {
        string page = fixture.Page;
        string policy = Policy().Match(page).Groups[1].Value;
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{Hash(Script().Matches(page)[^1].Groups[1].Value)}';", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{Hash(Style().Match(page).Groups[1].Value)}';", policy, StringComparison.Ordinal);
        Assert.Single(Script().Matches(page));
        Assert.All(Source().Matches(page), source => Assert.StartsWith("src=\"data:image/png;base64,", source.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(Link().Matches(page), match => !match.Groups[1].Value.StartsWith('#'));
        Assert.DoesNotContain(" style=", Style().Replace(page, string.Empty), StringComparison.Ordinal);
        Assert.DoesNotMatch("""<[^>]* on[a-z]+=""", Script().Replace(page, string.Empty));
    }

    [Fact]
    public void EveryLinkLeadsSomewhereAndEveryIdIsThereOnce()
    {
        string page = Script().Replace(fixture.Page, string.Empty);
        string[] ids = [.. Id().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(Link().Matches(page).Select(match => match.Groups[1].Value[1..]).Except(ids));
        string[] figures = ["resolution", "fsc", "local", "mask", "contour", "enclosed", "bfactor", "qscore", "emringer", "ccmask", "modelfsc", "inclusion", "hash"];
        foreach (string figure in figures)
        {
            Assert.Contains($"href=\"#def-{figure}\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void NothingThatStandsInANameBecomesPartOfThePage()
    {
        CryoMap first = Named(fixture.Halves.Half1, Hostile), second = Named(fixture.Halves.Half2, $"2{Hostile}");
        var model = new AtomicModel(Hostile, fixture.Phantom.Model.Atoms.Select(atom => atom with { Chain = "<b>A", ResidueName = atom.ResidueName }));
        SharpeningReport report = SharpeningReport.Run(
            new Reconstruction(first, second),
            Named(fixture.Report.Mask, Hostile),
            new SharpeningReportOptions
            {
                Sharpened = Named(fixture.Report.Sharpened, Hostile),
                LocalResolution = Named(fixture.Report.LocalResolution!, Hostile),
                Model = model,
                Title = Hostile,
            });
        string page = new ReportPage(report with { Job = Hostile }, CancellationToken.None).Compose();

        Assert.Single(Script().Matches(page));
        Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>A", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', page);
        Assert.Contains(
            "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;&lt;img src=x onerror=alert(2)&gt; {{script}} \\u202e",
            page,
            StringComparison.Ordinal);
        Assert.Equal(Policy().Match(fixture.Page).Value, Policy().Match(page).Value);
    }

    [Fact]
    public void AMapThatIsSharpenedAlreadyIsTakenAsItIs()
    {
        CryoMap wiener = SharpeningMethods.Named("LocalWiener").Run(
            new SharpeningJob { Input = fixture.Halves, Start = fixture.Halves.Mean(), Mask = fixture.Report.Mask, Resolution = 3 }, null, CancellationToken.None);
        SharpeningReport report = SharpeningReport.Run(
            fixture.Halves, fixture.Report.Mask, new SharpeningReportOptions { Sharpened = wiener, LocalResolution = fixture.Report.LocalResolution });

        Assert.Same(wiener, report.Sharpened);
        Assert.Contains("LocalWiener", report.Method, StringComparison.Ordinal);
        Assert.Null(report.Scores);
    }

    [Fact]
    public void OneMapHasAReportWithoutCurves()
    {
        SharpeningReport report = SharpeningReport.Run(fixture.Halves.Half1, null, new SharpeningReportOptions { Resolution = 3 });
        string page = new ReportPage(report, CancellationToken.None).Compose();

        Assert.Null(report.Fsc);
        Assert.Contains("One map has no Fourier shell correlation", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", Script().Replace(page, string.Empty), StringComparison.Ordinal);
    }

    [Fact]
    public void HalvesThatAreOneFileAreToldOfWithWhatToDo()
    {
        SharpeningReport report = SharpeningReport.Run(
            new Reconstruction(fixture.Halves.Half1, fixture.Halves.Half1),
            fixture.Report.Mask,
            new SharpeningReportOptions { Sharpened = fixture.Report.Sharpened, LocalResolution = fixture.Report.LocalResolution });

        ReportWarning warning = Assert.Single(report.Warnings, warning => warning.Text.Contains("the same in every voxel", StringComparison.Ordinal));
        Assert.Contains("Give the two half maps", warning.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void AMethodBesideASharpenedMapAndAMapOfAnotherSizeAreRefused()
    {
        EngineException both = Assert.Throws<EngineException>(() => SharpeningReport.Run(
            fixture.Halves, null, new SharpeningReportOptions { Sharpened = fixture.Report.Sharpened, Method = SharpeningMethods.Named("Wiener") }));
        Assert.Equal(EngineError.ParameterOutOfRange, both.Error);

        var small = new CryoMap(new MapGrid(new GridSize(8, 8, 8), 1.06), new float[512], "small.mrc");
        EngineException size = Assert.Throws<EngineException>(() => SharpeningReport.Run(fixture.Halves, null, new SharpeningReportOptions { Sharpened = small }));
        Assert.Equal(EngineError.MapSizeMismatch, size.Error);
        Assert.Equal(EngineError.PlotFileNameUnsupported, Assert.Throws<EngineException>(() => fixture.Report.Write("report.pdf", overwrite: false)).Error);
    }

    [Fact]
    public void WhatASharpenedMapWasMadeOfIsFoundByItsHistory()
    {
        using var folder = new MapFolder();
        MrcWriter.Write(fixture.Halves.Half1, folder["half1.mrc"]);
        MrcWriter.Write(fixture.Halves.Half2, folder["half2.mrc"]);
        var halves = new Reconstruction(MrcReader.Open(folder["half1.mrc"]), MrcReader.Open(folder["half2.mrc"]));
        CryoMap made = halves.Mean().Derive([.. halves.Mean().AsSpan()], new HistoryEntry { Step = "Sharpened somehow" });

        Reconstruction found = ReportOrigin.Find(made)!;
        Assert.Equal([folder["half1.mrc"], folder["half2.mrc"]], found.Maps.Select(map => map.Path));
        Assert.True(ReportOrigin.IsMade(made));
        Assert.False(ReportOrigin.IsMade(halves.Half1));
        File.Delete(folder["half2.mrc"]);
        Assert.Null(ReportOrigin.Find(made));
    }

    private static CryoMap Named(CryoMap map, string name) => new(map.Grid, [.. map.AsSpan()], name, map.History);

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    // Scripts that run; those with a type are data.
    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("\\bsrc=\"[^\"]{0,40}")]
    private static partial Regex Source();

    [GeneratedRegex("\\bhref=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("\\bid=\"([^\"]*)\"")]
    private static partial Regex Id();
}
