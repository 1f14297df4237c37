using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Sharpening.AutoSharpening;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class AutoSharpenCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task AMapGivesTheMapOfTheEngine()
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success,
            "autosharpen", "-m", "half1.mrc", "--resolution", "5", "--target", "kurtosis",
            "--box-origin", "4", "5", "6", "--box-size", "36", "38", "40", "--threads", "1", "-o", "one.mrc");

        Assert.Contains("Sharpening B", text, StringComparison.Ordinal);
        Assert.Contains("adjusted surface area", text, StringComparison.Ordinal);
        var options = new AutoSharpenOptions { Resolution = 5, Target = AutoSharpenTarget.Kurtosis, Box = new VoxelBox(4, 5, 6, new GridSize(36, 38, 40)) };
        folder.AssertEqual(AutoSharpen.Run(folder.Open("half1.mrc"), options).Map, "one.mrc");
    }

    [Fact]
    public async Task HalfMapsGiveTheMapOfTheEngine()
    {
        await folder.RequireAsync(
            PhantomFolder.Success, "autosharpen", "--half1", "half1.mrc", "--half2", "half2.mrc", "--resolution", "5", "--extrapolate-weight", "-o",
            "halves.mrc", "-q");

        var options = new AutoSharpenOptions { Resolution = 5, ExtrapolateWeight = true };
        folder.AssertEqual(AutoSharpen.Run(new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc")), options).Map, "halves.mrc");
    }

    [Fact]
    public async Task AModelGivesTheMapOfTheEngine()
    {
        AtomicModel model = ModelReader.Open(folder.Path("model.pdb"));
        MrcWriter.Write(ModelDensity.Calculate(model, folder.Open("half1.mrc").Grid), folder.Path("drawn.mrc"), new MrcWriteOptions { WriteHistory = false });

        string text = await folder.RequireAsync(PhantomFolder.Success, "autosharpen", "-m", "drawn.mrc", "--model", "model.pdb", "--resolution", "4", "-o", "modelled.mrc");

        Assert.Contains("best agreement with the model 1.00", text, StringComparison.Ordinal);
        folder.AssertEqual(AutoSharpen.Run(folder.Open("drawn.mrc"), new AutoSharpenOptions { Resolution = 4 }, model).Map, "modelled.mrc");
    }

    [Theory]
    [InlineData(PhantomFolder.Usage, "--resolution")]
    [InlineData(PhantomFolder.Usage, "--target", "--resolution", "5", "--model", "model.pdb", "--target", "kurtosis")]
    [InlineData(PhantomFolder.InputRefused, "ModelFileNotFound", "--resolution", "5", "--model", "none.pdb")]
    [InlineData(PhantomFolder.Usage, "--box-size", "--resolution", "5", "--box-origin", "1", "2", "3")]
    [InlineData(PhantomFolder.Usage, "--extrapolate-weight", "--resolution", "5", "--extrapolate-weight")]
    [InlineData(PhantomFolder.Usage, "--mask", "--resolution", "5", "--mask", "mask.mrc")]
    [InlineData(PhantomFolder.InputRefused, "ParameterOutOfRange", "--resolution", "0.5")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        Assert.Contains(message, await folder.RequireAsync(code, ["autosharpen", "-m", "half1.mrc", "-o", "refused.mrc", .. arguments]), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.mrc")));
    }
}
