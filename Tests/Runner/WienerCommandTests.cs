using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class WienerCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    private static readonly string[] Halves = ["--half1", "half1.mrc", "--half2", "half2.mrc"];

    [Fact]
    public async Task HalfMapsGiveTheMapOfTheEngine()
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success,
            ["wiener", .. Halves, "--mask", "mask.mrc", "--target-b-factor", "40", "--weight-exponent", "1", "--window-width", "6", "--threads", "1", "-o", "one.mrc"]);

        LocalWienerResult found = Restore("mask.mrc", new() { TargetBFactor = 40, WeightExponent = 1, WindowWidth = 6 });
        Assert.Contains(found.Summary!, text, StringComparison.Ordinal);
        folder.AssertEqual(found.Map, "one.mrc");
        Assert.False(File.Exists(folder.Path("one-noise.mrc")));
    }

    [Theory]
    [InlineData("--positivity", true, false)]
    [InlineData("--global", false, true)]
    public async Task OtherWeightsGiveTheMapOfTheEngine(string option, bool positivity, bool global)
    {
        await folder.RequireAsync(PhantomFolder.Success, ["wiener", .. Halves, option, "-o", $"{option}.mrc", "-q"]);

        folder.AssertEqual(Restore(null, new() { Positivity = positivity, Global = global }).Map, $"{option}.mrc");
    }

    [Fact]
    public async Task EverythingIsWrittenBesideTheMapAndSaidInASentence()
    {
        string text = await folder.RequireAsync(PhantomFolder.Success, ["wiener", .. Halves, "--mask", "mask.mrc", "--write-all", "-o", "all.mrc.gz"]);

        LocalWienerResult found = Restore("mask.mrc", new() { ByProducts = true });
        Assert.Contains(found.Summary!, text, StringComparison.Ordinal);
        Assert.Equal(found.Map.AsSpan().ToArray(), folder.Open("all.mrc.gz").AsSpan().ToArray());
        folder.AssertEqual(found.LocalResolution!, "all-resolution.mrc");
        folder.AssertEqual(found.NoiseDeviation!, "all-noise.mrc");
        folder.AssertEqual(found.Confidence!, "all-confidence.mrc");
        Assert.Contains("all-confidence.mrc", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatExistsBesideTheMapIsReplacedOnlyWithForce()
    {
        File.WriteAllText(folder.Path("kept-noise.mrc"), "mine");

        string text = await folder.RequireAsync(PhantomFolder.InputRefused, ["wiener", .. Halves, "--write-all", "-o", "kept.mrc"]);
        Assert.Contains("MapFileExists", text, StringComparison.Ordinal);
        Assert.Contains("kept-noise.mrc", text, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Path("kept-noise.mrc")));
        Assert.False(File.Exists(folder.Path("kept.mrc")));

        await folder.RequireAsync(PhantomFolder.Success, ["wiener", .. Halves, "--write-all", "--force", "-o", "kept.mrc", "-q"]);
        Assert.Equal(folder.Open("half1.mrc").Grid, folder.Open("kept-noise.mrc").Grid);
    }

    [Theory]
    [InlineData(PhantomFolder.InputRefused, "no noise estimate, and the filter would do harm. Give both half maps (--half1, --half2)", "--map", "half1.mrc")]
    [InlineData(PhantomFolder.Usage, "--half2", "--half1", "half1.mrc")]
    [InlineData(PhantomFolder.InputRefused, "(--target-b-factor)", "halves", "--target-b-factor", "-300")]
    [InlineData(PhantomFolder.InputRefused, "(--weight-exponent)", "halves", "--weight-exponent", "3")]
    [InlineData(PhantomFolder.InputRefused, "(--window-width)", "halves", "--window-width", "1")]
    [InlineData(PhantomFolder.InputRefused, "(--positivity), or leave the exponent out (--weight-exponent)", "halves", "--positivity", "--weight-exponent", "0.75")]
    [InlineData(PhantomFolder.InputRefused, "(--write-all), or take local weights (--global)", "halves", "--global", "--write-all")]
    [InlineData(PhantomFolder.InputRefused, "MapSizeUnsupported", "halves", "--voxel-size", "0.8")]
    [InlineData(PhantomFolder.InsufficientMemory, "InsufficientMemory", "halves", "--memory-limit", "1MB")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        string[] input = arguments[0] == "halves" ? [.. Halves, .. arguments[1..]] : arguments;
        Assert.Contains(message, await folder.RequireAsync(code, ["wiener", "-o", "refused.mrc", .. input]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.mrc")));
    }

    private LocalWienerResult Restore(string? mask, LocalWienerOptions options) => LocalWiener.Run(
        new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")),
        mask is null ? null : folder.Open(mask),
        options,
        cancellationToken: TestContext.Current.CancellationToken);
}
