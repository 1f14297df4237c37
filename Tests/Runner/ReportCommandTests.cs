using System.Net;
using System.Text.Json;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class ReportCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    private static readonly string[] Halves = ["--half1", "half1.mrc", "--half2", "half2.mrc"];

    [Fact]
    public async Task HalfMapsGiveAPageWhoseJobGivesTheSamePageAgain()
    {
        string text = await folder.RequireAsync(PhantomFolder.Success, ["report", .. Halves, "--title", "A & B", "-o", "page.html"]);
        Assert.Contains("Wrote ", text, StringComparison.Ordinal);
        string page = File.ReadAllText(folder.Path("page.html"));
        Assert.Contains("<h1>A &amp; B</h1>", page, StringComparison.Ordinal);

        // Below the page, as its reader saves it.
        string job = WebUtility.HtmlDecode(page.Split("aria-label=\"The job\">")[1].Split("</pre>")[0]);
        File.WriteAllText(folder.Path("again.json"), job);
        Assert.Equal("half1.mrc", JsonDocument.Parse(job).RootElement.GetProperty("inputs").GetProperty("halfMap1").GetProperty("path").GetString());
        await folder.RequireAsync(PhantomFolder.Success, "run", "again.json", "-q");
        string[] again = Directory.GetFiles(folder.Folder, "page.html", SearchOption.AllDirectories);
        Assert.Equal(2, again.Length);
        Assert.Equal(Voxels(page), Voxels(File.ReadAllText(again.Single(path => path != folder.Path("page.html")))));
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--sharpened and --method", "--sharpened", "truth.mrc", "--method", "Wiener")]
    [InlineData(PhantomFolder.Usage, "--method is 'Sharper'", "--method", "Sharper")]
    [InlineData(PhantomFolder.InputRefused, "PlotFileNameUnsupported", "-o", "page.pdf")]
    public async Task WhatCannotBeDoneIsRefusedBeforeTheWork(int code, string expected, params string[] options)
    {
        string[] output = options.Contains("-o") ? [] : ["-o", "refused.html"];
        Assert.Contains(expected, await folder.RequireAsync(code, ["report", .. Halves, .. output, .. options]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.html")));
    }

    [Fact]
    public async Task AJobReportsOnWhatItsStagesMade()
    {
        File.WriteAllText(folder.Path("job.json"), """
            { "schema": "localdeblur.job/1", "inputs": { "halfMap1": { "path": "half1.mrc" }, "halfMap2": { "path": "half2.mrc" }, "mask": { "path": "mask.mrc" } },
              "stages": [
                { "stage": "localWiener", "halfMap1": "halfMap1", "halfMap2": "halfMap2" },
                { "stage": "report", "halfMap1": "halfMap1", "halfMap2": "halfMap2", "mask": "mask", "sharpened": "localWiener", "title": "Of the job" } ] }
            """);
        await folder.RequireAsync(PhantomFolder.Success, "run", "job.json", "-q");

        string page = File.ReadAllText(Directory.GetFiles(folder.Folder, "report.html", SearchOption.AllDirectories).Single());
        Assert.Contains("<h1>Of the job</h1>", page, StringComparison.Ordinal);
        Assert.Contains("&quot;sharpened&quot;: &quot;localWiener&quot;", page, StringComparison.Ordinal);
        Assert.Contains("hard edge", page, StringComparison.Ordinal);
    }

    private static string Voxels(string page) => page.Split("id=\"voxels-after\">")[1].Split('<')[0];
}
