using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class FscCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task HalfMapsGiveTheCurvesOfTheEngineInEveryFormat()
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success, "fsc", "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--seed", "3", "-o", "a.csv", "a.star", "a.xml", "b.svg");
        FscResult expected = FourierShellCorrelation.Run(
            new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")), folder.Open("mask.mrc"), new FourierShellCorrelationOptions { Seed = 3 });

        Assert.Contains($"Resolution {expected}", text, StringComparison.Ordinal);
        Assert.Equal(expected.Shells, FscTable.Read(folder.Path("a.csv")).Shells);
        Assert.Equal(expected.Shells, FscTable.Read(folder.Path("b.csv")).Shells);
        Assert.Equal(expected.Resolution, FscTable.Read(folder.Path("a.xml")).Resolution, 1e-12);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(folder.Path("b.svg"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        string star = await File.ReadAllTextAsync(folder.Path("a.star"), TestContext.Current.CancellationToken);
        Assert.Contains("data_guinier", star, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^_rlnMaskName +mask\.mrc$", star);
    }

    // The table beside a picture is a file of the run too: asked for by itself, or beside two pictures, it is written once.
    [Theory]
    [InlineData("n.svg", "n.csv")]
    [InlineData("n.csv", "n.svg")]
    [InlineData("n.svg", "n.png", "./n.csv", "n.csv")]
    public async Task FilesOfOneNameDoNotMeet(params string[] files)
    {
        Array.ForEach(Directory.GetFiles(folder.Folder, "n.*"), File.Delete);
        await folder.RequireAsync(PhantomFolder.Success, ["fsc", "--half1", "half1.mrc", "--half2", "half2.mrc", "-q", "-o", .. files]);

        Assert.NotEmpty(FscTable.Read(folder.Path("n.csv")).Shells);
        Assert.All(files, file => Assert.True(File.Exists(folder.Path(file))));
    }

    [Fact]
    public async Task ATableIsReadAndWrittenInAnotherFormat()
    {
        await folder.RequireAsync(PhantomFolder.Success, "fsc", "--half1", "half1.mrc", "--half2", "half2.mrc", "-o", "c.star", "-q");
        await folder.RequireAsync(PhantomFolder.Success, "fsc", "--fsc", "c.star", "-o", "d.csv", "-q");

        Assert.Equal(FscTable.Read(folder.Path("c.star")).Shells, FscTable.Read(folder.Path("d.csv")).Shells);
    }

    [Fact]
    public async Task AVoxelSizeReplacesThoseOfTheHeaders()
    {
        await folder.RequireAsync(PhantomFolder.Success, "fsc", "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--voxel-size", "2", "-o", "v.csv", "-q");
        Assert.Equal(96, FscTable.Read(folder.Path("v.csv")).Shells[1].Resolution, 1e-9);
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--half1 and --half2", "--half1", "half1.mrc")]
    [InlineData(PhantomFolder.Usage, "--half1 and --half2", "--fsc", "c.star", "--half1", "half1.mrc")]
    [InlineData(PhantomFolder.Usage, "--mask was given without --half1", "--fsc", "c.star", "--mask", "mask.mrc")]
    [InlineData(PhantomFolder.Usage, "--seed was given without --mask", "--half1", "half1.mrc", "--half2", "half2.mrc", "--seed", "2")]
    [InlineData(PhantomFolder.InputRefused, "TableFileNameUnsupported", "--half1", "half1.mrc", "--half2", "half2.mrc", "-o", "refused.txt")]
    [InlineData(PhantomFolder.InputRefused, "FscTableInvalid", "--fsc", "model.pdb", "-o", "refused.csv")]
    [InlineData(PhantomFolder.InputRefused, "MapFileExists", "--half1", "half1.mrc", "--half2", "half2.mrc", "-o", "refused.csv", "half1.csv")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        await File.WriteAllTextAsync(folder.Path("half1.csv"), "taken", TestContext.Current.CancellationToken);
        Assert.Contains(message, await folder.RequireAsync(code, ["fsc", .. arguments]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Folder, "refused.*"));
    }
}
