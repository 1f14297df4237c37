using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>Pictures, scripts and folders for other programs and archives.</summary>
public sealed class PictureCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task SlicesAndScriptsAreWritten()
    {
        string text = await folder.RequireAsync(PhantomFolder.Success, "slices", "half1.mrc", "truth.mrc", "--view", "Projection", "-o", "a.png");
        Assert.Contains("Wrote", text, StringComparison.Ordinal);
        byte[] picture = await File.ReadAllBytesAsync(folder.Path("a.png"), TestContext.Current.CancellationToken);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], picture[..4]);

        await folder.RequireAsync(PhantomFolder.Success, "chimerax", "-m", "truth.mrc", "--raw-map", "half1.mrc", "--enclosed-volume", "5000", "-o", "a.cxc", "-q");
        string[] script = await File.ReadAllLinesAsync(folder.Path("a.cxc"), TestContext.Current.CancellationToken);
        Assert.Equal("open \"truth.mrc\" id 1", script[1]);
        Assert.Contains("open \"half1.mrc\" id 3", script);
    }

    [Fact]
    public async Task ADepositionIsPutTogether()
    {
        string[] halves = ["--half1", "half1.mrc", "--half2", "half2.mrc"];
        string text = await folder.RequireAsync(PhantomFolder.Success, ["deposit", "-m", "truth.mrc", .. halves, "--level", "0.25", "-o", "entry"]);

        Assert.Contains("The contour level is 0.25, as given.", text, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Path("entry/README.txt")));
        Assert.Contains(
            "--accept-half-maps",
            await folder.RequireAsync(PhantomFolder.InputRefused, "deposit", "-m", "truth.mrc", "--half1", "half1.mrc", "--half2", "half1.mrc", "-o", "refused"),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path("refused")));
    }

    [Theory]
    [InlineData("--count", "slices", "half1.mrc", "-o", "refused.png", "--count", "4")]
    [InlineData("--enclosed-volume", "chimerax", "-m", "half1.mrc", "-o", "refused.cxc", "--level", "1", "--enclosed-volume", "4")]
    [InlineData("--half2", "deposit", "-m", "half1.mrc", "--half1", "half1.mrc", "-o", "refused")]
    public async Task WhatCannotBeMeantIsAUsageError(string message, params string[] arguments) =>
        Assert.Contains(message, await folder.RequireAsync(PhantomFolder.Usage, arguments), StringComparison.Ordinal);
}
