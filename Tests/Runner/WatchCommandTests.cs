using System.Diagnostics;
using LocalDeblur.Jobs;
using LocalDeblur.Tests.Engine.Jobs;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class WatchCommandTests : IDisposable
{
    private readonly JobFolder _folder = new();

    public WatchCommandTests()
    {
        _folder.Write("example", """{ "stage": "mask", "halfMap1": "halfMap1", "halfMap2": "halfMap2" }""");
        Directory.CreateDirectory(_folder.File("in"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MapsThatComeLaterAreDoneWhenTheyAreWholeAndTermIsZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot send another one a signal on Windows.");
        byte[] whole = await File.ReadAllBytesAsync(_folder.File("half2.mrc"), Stop);
        await File.WriteAllBytesAsync(_folder.File("in/a_half2.mrc"), whole[..5000], Stop);
        Copy("a_half1.mrc");
        Task ending = Task.CompletedTask;
        bool isEarly = false;
        (int code, string output, string error) = await RunnerProcess.RunAsync(
            _folder.Path,
            ["watch", "in", "--job-template", "example.json", "--interval", "1", "--still-polls", "1"],
            ("Waited for", process =>
            {
                isEarly = File.Exists(_folder.File("in/localdeblur/a.json"));
                File.WriteAllBytes(_folder.File("in/a_half2.mrc"), whole);
                Copy("b_half1.mrc");
                Copy("b_half2.mrc");
                ending = EndWhenDoneAsync(process);
            }
        ));
        await ending;

        Assert.True(code == 0, error);
        Assert.False(isEarly);
        Assert.Contains("a: Finished", output, StringComparison.Ordinal);
        Assert.Contains("b: Finished", output, StringComparison.Ordinal);
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public async Task OnceEndsWithWhatCameOfTheJobsAndIsSilentAfterwards()
    {
        Copy("a_half1.mrc");
        Copy("a_half2.mrc");
        Copy("b_half1.mrc");
        File.Copy(_folder.File("molecule.mrc"), _folder.File("in/b_half2.mrc"));
        string[] once = ["watch", "in", "--job-template", "example.json", "--interval", "1", "--still-polls", "1", "--once"];
        (int code, string output, string error) = await RunnerProcess.RunAsync(_folder.Path, once);
        Assert.Equal(5, code);
        Assert.Contains("a: Finished", output, StringComparison.Ordinal);
        Assert.Contains("b: HalfMapMismatch", error, StringComparison.Ordinal);
        Assert.Equal((0, string.Empty, string.Empty), await RunnerProcess.RunAsync(_folder.Path, once));
    }

    [Theory]
    [InlineData(3, "MapFileNotFound", "none")]
    [InlineData(3, "expected 1 s to a day", "in", "--interval", "0")]
    [InlineData(3, "'*_{odd,even}.mrc'", "in", "--pattern", "*.mrc")]
    [InlineData(2, "--sbatch-option was given without --submit", "in", "--sbatch-option=--qos=night")]
    [InlineData(2, "Slurm says", "in", "--submit", "--throttle-limit", "2")]
    public async Task WhatCannotBeWatchedIsToldAtOnce(int expected, string message, params string[] arguments)
    {
        (int code, _, string error) = await RunnerProcess.RunAsync(_folder.Path, ["watch", .. arguments]);
        Assert.Equal(expected, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private void Copy(string name) => File.Copy(_folder.File(name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..]), _folder.File($"in/{name}"));

    private async Task EndWhenDoneAsync(Process process)
    {
        while (!process.HasExited && !((string[])["a", "b"]).All(IsDone))
        {
            await Task.Delay(100, Stop);
        }

        using Process? kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill!.WaitForExitAsync(Stop);
    }

    private bool IsDone(string name) =>
        File.Exists(_folder.File($"in/localdeblur/{name}.json")) && JobFile.Open(_folder.File($"in/localdeblur/{name}.json")).ReadState().Phase == JobPhase.Finished;
}
