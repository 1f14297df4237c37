using LocalDeblur.Maps;
using LocalDeblur.Resolution.Monogenic;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class FilledResolutionTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task TheFilledMapIsWrittenBesideOnRequest()
    {
        await folder.RequireAsync(
            PhantomFolder.Success, "resolution", "--half1", "half1.mrc", "--half2", "half2.mrc", "--mask", "mask.mrc", "--filled", "-o", "local.mrc", "-q");
        var halves = new Reconstruction(folder.Open("half1.mrc"), folder.Open("half2.mrc"));
        MonoResResult found = MonoRes.Run(
            halves, folder.Open("mask.mrc"), new MonoResOptions { WithFilledMap = true }, cancellationToken: TestContext.Current.CancellationToken);

        folder.AssertEqual(found.Filled!, "local-filled.mrc");
        folder.AssertEqual(found.LocalResolution, "local.mrc");
    }
}
