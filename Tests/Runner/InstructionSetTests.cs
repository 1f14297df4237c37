using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A whole run from the half maps alone has the same result on processors without the instructions of this one.</summary>
public sealed class InstructionSetTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    // Rounding of float32 differs with the width of the vectors; the mask that the run makes must not.
    private const double Rounding = 1e-5;

    [Theory]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task TheResultIsTheSameWithoutSomeInstructions(string instructions)
    {
        CryoMap expected = await SharpenAsync("all.mrc", null);
        CryoMap actual = await SharpenAsync($"{instructions}.mrc", instructions);

        float[] a = expected.AsSpan().ToArray(), b = actual.AsSpan().ToArray();
        Assert.InRange(a.Zip(b, (one, other) => Math.Abs((double)one - other)).Max() / expected.Maximum, 0, Rounding);
        Assert.InRange(a.Max(), 1e-6, 1e6);
    }

    private async Task<CryoMap> SharpenAsync(string name, string? without)
    {
        (int code, string output, string error) = await RunnerProcess.RunAsync(
            folder.Folder,
            ["sharpen", "--half1", "half1.mrc", "--half2", "half2.mrc", "-o", name, "--force", "--quiet"],
            environment: without is null ? null : new Dictionary<string, string> { [without] = "0" });
        Assert.True(code == PhantomFolder.Success, $"{code}: {output}{error}");
        return MrcReader.Open(folder.Path(name));
    }
}
