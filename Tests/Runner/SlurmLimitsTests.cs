using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>A run in a Slurm job takes what the job was given, and says so.</summary>
public sealed class SlurmLimitsTests(PhantomFolder folder) : IClassFixture<PhantomFolder>
{
    [Fact]
    public async Task ARunTakesWhatTheJobWasGivenAndItsHistorySaysSo()
    {
        (int code, string output, string error) = await RunAsync("job.mrc", memory: "512");

        Assert.True(code == PhantomFolder.Success, error);
        string history = await File.ReadAllTextAsync(folder.Path("job.history.json"), TestContext.Current.CancellationToken);
        foreach (string sentence in (string[])["Threads: 1, from SLURM_CPUS_PER_TASK.", "Memory: 512 MiB, from SLURM_MEM_PER_NODE."])
        {
            Assert.Contains(sentence, output, StringComparison.Ordinal);
            Assert.Contains(sentence, history, StringComparison.Ordinal);
        }

        Assert.Contains("\"Threads\": 1", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatNeedsMoreThanTheJobWasGivenIsRefused()
    {
        (int code, _, string error) = await RunAsync("refused.mrc", memory: "1");

        Assert.Equal(PhantomFolder.InsufficientMemory, code);
        Assert.Contains("1,048,576 may be used (from SLURM_MEM_PER_NODE)", error, StringComparison.Ordinal);
        Assert.Contains("--memory-limit", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("refused.mrc")));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string target, string memory) => RunnerProcess.RunAsync(
        folder.Folder,
        ["bfactor", "--half1", "half1.mrc", "--half2", "half2.mrc", "-o", target],
        environment: new Dictionary<string, string> { ["SLURM_CPUS_PER_TASK"] = "1", ["SLURM_MEM_PER_NODE"] = memory });
}
