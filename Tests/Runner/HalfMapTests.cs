using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class HalfMapTests : IDisposable
{
    private readonly PhantomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatAreNoHalvesAreRefusedBeforeAnyWork()
    {
        string told = await _folder.RequireAsync(
            PhantomFolder.InputRefused, "sharpen", "--half1", "half1.mrc", "--half2", "mask.mrc", "--output", "sharp.mrc");

        Assert.Contains("'mask.mrc' is a mask", told, StringComparison.Ordinal);
        Assert.Contains("--half1, --half2", told, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Path("sharp.mrc")));
    }

    [Fact]
    public async Task OneFileGivenTwiceIsWarnedOfOnce()
    {
        string told = await _folder.RequireAsync(
            PhantomFolder.Success,
            "resolution", "--method", "LocalFsc", "--sampling-distance", "12", "--half1", "half1.mrc", "--half2", "half1.mrc", "--output", "resolution.mrc");

        Assert.Equal(2, told.Split("the same in every voxel").Length);
    }
}
