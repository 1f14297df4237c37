using LocalDeblur.Tests.Engine.Jobs;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>What the runner tells of jobs that no cluster has; with one it is tried where jobs are submitted.</summary>
public sealed class StatusCommandTests : IDisposable
{
    private const string Mask = """{ "stage": "mask", "halfMap1": "halfMap1", "halfMap2": "halfMap2" }""";

    private readonly JobFolder _folder = new(32);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALineTellsWhereEachJobIs()
    {
        _folder.Write("ready", Mask);
        _folder.Write("fresh", Mask);
        (int code, string output, string error) = await Run("run", "ready.json");
        Assert.True(code == 0, error);

        (code, output, error) = await Run("status", "ready.json", "fresh.json", "missing.json");
        Assert.True(code == 0, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("ready    Finished, ", lines[0], StringComparison.Ordinal);
        Assert.Equal("fresh    Queued. It was neither started nor submitted.", lines[1].TrimEnd());
        Assert.StartsWith("missing  Failed. MapFileNotFound: ", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "ready.json")]
    [InlineData(5, "ready.json", "fresh.json")]
    public async Task WaitingSaysWhetherAllAreFinished(int expected, params string[] jobs)
    {
        _folder.Write("ready", Mask);
        _folder.Write("fresh", Mask);
        Assert.Equal(0, (await Run("run", "ready.json")).ExitCode);
        (int code, _, string error) = await Run(["status", .. jobs, "--wait", "--timeout", "60"]);
        Assert.True(code == expected, error);
    }

    [Fact]
    public async Task WhatNoClusterHasStaysAsItIs()
    {
        _folder.Write("fresh", Mask);
        (int code, string output, string error) = await Run("cancel", "fresh.json");
        Assert.True(code == 0, error);
        Assert.Contains("fresh  Queued", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No job was given", "status")]
    [InlineData("No job was given", "cancel")]
    [InlineData("--timeout was given without --wait", "status", "a.json", "--timeout", "3")]
    [InlineData("--timeout is -1; expected more than 0", "status", "a.json", "--wait", "--timeout", "-1")]
    public async Task ConflictsAreUsageErrors(string expected, params string[] arguments)
    {
        (int code, _, string error) = await Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) => RunnerProcess.RunAsync(_folder.Path, arguments);
}
