using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class DemoCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DemoWritesItsFilesAndShowsAGain()
    {
        (int code, string output, string error) = await RunnerProcess.RunAsync(_folder, ["demo", "--size", "96", "--output", "here"]);

        Assert.True(code == 0, error);
        Assert.Equal(
            [
                "figures.csv", "fsc.svg", "half1.mrc", "half2.mrc", "local-resolution.mrc", "map.mrc", "mask.mrc", "radial-profiles.svg",
                "restored.mrc", "sharpened.mrc", "shells.csv", "slices-detail.png", "slices.png", "truth.mrc",
            ],
            Directory.GetFiles(Path.Combine(_folder, "here")).Select(Path.GetFileName).Where(
                name => !name!.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        // The claim of the README: under both methods the amplitude profile comes nearer to the truth's.
        string profile = File.ReadLines(Path.Combine(_folder, "here", "figures.csv")).Single(line => line.Contains("amplitude profile in the mask", StringComparison.Ordinal));
        double[] figures = [.. profile.Split(',')[^4..^1].Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(figures[1] < figures[0] && figures[2] < figures[0], profile);
        Assert.Contains("Of the detail finer than 5 Å", output, StringComparison.Ordinal);
    }
}
