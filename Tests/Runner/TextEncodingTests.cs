using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class TextEncodingTests
{
    [Fact]
    public async Task RedirectedTextIsUtf8WhateverTheCodePage()
    {
        (int code, string output, string error) = await RunnerProcess.RunAsync(Path.GetTempPath(), ["score", "--help"]);

        Assert.True(code == 0, error);
        Assert.Contains("<Å>", output, StringComparison.Ordinal);
    }
}
