using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models.Reading;
using LocalDeblur.Sharpening.LocScaling;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class LocScaleCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task AReferenceMapGivesTheMapOfTheEngine()
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success, "locscale", "-m", "half1.mrc", "--reference", "truth.mrc", "--mask", "mask.mrc",
            "--window-voxels", "10", "--averaging", "octant", "-o", "reference.mrc");

        Assert.Contains("voxels scaled", text, StringComparison.Ordinal);
        var options = new LocScaleOptions { WindowVoxels = 10, Averaging = LocScaleAveraging.Octant };
        folder.AssertEqual(LocScale.Run(folder.Open("half1.mrc"), folder.Open("truth.mrc"), folder.Open("mask.mrc"), options).Map, "reference.mrc");
    }

    [Fact]
    public async Task WithoutAMaskOneIsMade()
    {
        await folder.RequireAsync(PhantomFolder.Success, "locscale", "-m", "half1.mrc", "--reference", "truth.mrc", "--window-voxels", "10", "-o", "unmasked.mrc", "-q");

        folder.AssertEqual(LocScale.Run(folder.Open("half1.mrc"), folder.Open("truth.mrc"), null, new LocScaleOptions { WindowVoxels = 10 }).Map, "unmasked.mrc");
    }

    [Fact]
    public async Task AModelIsDrawnOnTheMeanOfTheHalfMaps()
    {
        await folder.RequireAsync(
            PhantomFolder.Success,
            "locscale", "--half1", "half1.mrc", "--half2", "half2.mrc", "--model", "model.pdb", "--mask", "mask.mrc", "--window-voxels", "10",
            "--resolution", "4", "--b-factor", "50", "--blur", "10", "--threads", "1", "--memory-limit", "1GB", "-o", "model.mrc", "-q");

        CryoMap map = new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")).Mean();
        CryoMap density = ModelDensity.DrawReference(ModelReader.Open(folder.Path("model.pdb")), map.Grid, new ModelDensityOptions { Resolution = 4, BFactor = 50, Blur = 10 });
        folder.AssertEqual(LocScale.Run(map, density, folder.Open("mask.mrc"), new LocScaleOptions { WindowVoxels = 10 }).Map, "model.mrc");
        Assert.Contains("B factor of 50", await File.ReadAllTextAsync(folder.Path("model.history.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--reference", "--mask", "mask.mrc")]
    [InlineData(PhantomFolder.Usage, "--reference", "--mask", "mask.mrc", "--model", "model.pdb", "--reference", "truth.mrc")]
    [InlineData(PhantomFolder.Usage, "--blur", "--mask", "mask.mrc", "--reference", "truth.mrc", "--blur", "10")]
    [InlineData(PhantomFolder.InputRefused, "ModelFileNotFound", "--mask", "mask.mrc", "--model", "none.pdb")]
    [InlineData(PhantomFolder.InputRefused, "ParameterOutOfRange", "--mask", "mask.mrc", "--reference", "truth.mrc", "--window-voxels", "60")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        Assert.Contains(message, await folder.RequireAsync(code, ["locscale", "-m", "half1.mrc", "-o", "refused.mrc", .. arguments]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.mrc")));
    }
}
