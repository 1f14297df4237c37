using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class GuinierCommandTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Theory]
    [InlineData("guinier.svg")]
    [InlineData("guinier.png")]
    public async Task MapsAndModelComeIntoOnePictureAndATable(string picture)
    {
        string text = await folder.RequireAsync(
            PhantomFolder.Success,
            "guinier", "-m", "half1.mrc", "truth.mrc", "--mask", "mask.mrc", "--model", "model.pdb", "--fit-range", "12", "4", "--counting", "StoredCoefficients",
            "--title", "A phantom", "--coarsest-resolution", "30", "--no-alignment", "--force", "-o", picture);

        Assert.Contains("half1.mrc: B ", text, StringComparison.Ordinal);
        Assert.Contains("RMS log-ratio to the model", text, StringComparison.Ordinal);
        Assert.True(new FileInfo(folder.Path(picture)).Length > 1000);
        string head = (await File.ReadAllLinesAsync(folder.Path("guinier.csv"), TestContext.Current.CancellationToken))[0];
        Assert.Contains(",model.pdb,half1.mrc,", head, StringComparison.Ordinal);
        Assert.Contains("truth.mrc", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PhantomFolder.InputRefused, "PlotFileNameUnsupported", "-m", "half1.mrc", "-o", "refused.pdf")]
    [InlineData(PhantomFolder.InputRefused, "MapFileNotFound", "-m", "none.mrc", "-o", "refused.svg")]
    [InlineData(PhantomFolder.InputRefused, "ModelFileNotFound", "-m", "half1.mrc", "--model", "none.pdb", "-o", "refused.svg")]
    [InlineData(PhantomFolder.Usage, "--map", "-o", "refused.svg")]
    [InlineData(PhantomFolder.InsufficientMemory, "InsufficientMemory", "-m", "half1.mrc", "-o", "refused.svg", "--memory-limit", "1KB")]
    public async Task WhatIsRefusedLeavesNothing(int code, string message, params string[] arguments)
    {
        Assert.Contains(message, await folder.RequireAsync(code, ["guinier", .. arguments]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Folder, "refused*"));
    }
}
