using LocalDeblur.Tests.Engine;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class FetchCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localdeblur-fetch-").FullName;
    private readonly LocalServer _server = new();

    public FetchCommandTests()
    {
        byte[] map = new MrcFile { Size = [16, 16, 16] }.Build();
        EmdbStandIn.Add(_server, 5778, map, [map, map], null, null);
    }

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task EntriesAreFetchedAndToldOf()
    {
        (int code, string output, string error) = await RunAsync("EMD-5778", "--half-maps", "--mask", "-o", "entry");
        Assert.True(code == 0, error);
        Assert.Equal(
            ["emd_5778.map.gz", "emd_5778_half_map_1.map.gz", "emd_5778_half_map_2.map.gz"],
            Directory.GetFiles(Path.Combine(_folder, "entry")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("EMD-5778: A stand-in", output, StringComparison.Ordinal);
        Assert.Contains("resolution 3.4 Å, voxel size 1.5 Å, contour level 0.25", output, StringComparison.Ordinal);
        Assert.Contains("Warning: EMD-5778: The archive has no masks of this entry.", error, StringComparison.Ordinal);
        Assert.Contains("s] Fetching emd_5778.map.gz", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeHadIsRefused()
    {
        (int code, _, string error) = await RunAsync("EMD-1234");
        Assert.Equal((3, true), (code, error.Contains("ArchiveEntryNotFound: EMD-1234 is not in the archive", StringComparison.Ordinal)));
        (code, _, error) = await RunnerProcess.RunAsync(_folder, ["fetch", "EMD-5778", "--server", "nowhere"]);
        Assert.Equal((2, true), (code, error.Contains("--server is 'nowhere'", StringComparison.Ordinal)));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunnerProcess.RunAsync(_folder, ["fetch", .. arguments, "--server", _server.Address.AbsoluteUri]);
}
