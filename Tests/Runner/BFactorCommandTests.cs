using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class BFactorCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task HalfMapsGiveTheMapOfTheEngine()
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success, "bfactor", "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--fit-range", "12", "4",
            "--seed", "3", "-o", "halves.mrc");

        Assert.Contains("B factor", text, StringComparison.Ordinal);
        var options = new BFactorSharpeningOptions { FitRange = new ResolutionRange(12, 4), FscOptions = new FourierShellCorrelationOptions { Seed = 3 } };
        folder.AssertEqual(BFactorSharpening.Run(new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")), folder.Open("mask.mrc"), options).Map, "halves.mrc");
    }

    [Fact]
    public async Task EveryOptionForOneMapArrives()
    {
        FscResult curves = FourierShellCorrelation.Run(new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")), folder.Open("mask.mrc"));
        ResultFile.WriteText(folder.Path("fsc.csv"), true, writer => FscTable.Write(curves, writer));
        await File.WriteAllTextAsync(folder.Path("mtf.txt"), "0 1\n0.5 0.5\n", TestContext.Current.CancellationToken);
        await folder.RequireAsync(
            PhantomFolder.Success,
            "bfactor", "-m", "half1.mrc", "--mask", "mask.mrc", "--apply-mask", "--fsc", "fsc.csv", "--b-factor", "-70", "--resolution", "5", "--low-pass", "4.5",
            "--low-pass-edge-shells", "3", "--mtf", "mtf.txt", "--mtf-pixel-size", "0.9", "--threads", "1", "--memory-limit", "1GB", "-o", "one.mrc", "-q");

        var options = new BFactorSharpeningOptions
        {
            Fsc = curves,
            BFactor = -70,
            Resolution = 5,
            LowPassResolution = 4.5,
            LowPassEdgeShells = 3,
            Mtf = DetectorMtf.Read(folder.Path("mtf.txt")),
            MtfPixelSize = 0.9,
            ApplyMask = true,
        };
        folder.AssertEqual(BFactorSharpening.Run(folder.Open("half1.mrc"), folder.Open("mask.mrc"), options).Map, "one.mrc");
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--fsc was given", "--fsc", "fsc.csv", "--no-fsc-weighting")]
    [InlineData(PhantomFolder.Usage, "--apply-mask", "--apply-mask")]
    [InlineData(PhantomFolder.Usage, "--mtf-pixel-size", "--mtf-pixel-size", "1")]
    [InlineData(PhantomFolder.InputRefused, "ParameterOutOfRange", "--b-factor", "-5000")]
    [InlineData(PhantomFolder.InputRefused, "ParameterOutOfRange", "--resolution", "0.5")]
    [InlineData(PhantomFolder.InputRefused, "MapFileNotFound", "--fsc", "none.csv")]
    [InlineData(PhantomFolder.InsufficientMemory, "InsufficientMemory", "--memory-limit", "1KB")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        Assert.Contains(message, await folder.RequireAsync(code, ["bfactor", "-m", "half1.mrc", "-o", "refused.mrc", .. arguments]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.mrc")));
    }
}
