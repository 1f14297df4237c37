using System.Diagnostics;
using System.Text.Json;
using LocalDeblur.Jobs;
using LocalDeblur.Tests.Engine.Jobs;
using Xunit;

namespace LocalDeblur.Tests.Runner;

public sealed class RunCommandTests : IDisposable
{
    private const string Halves = "\"halfMap1\": \"halfMap1\", \"halfMap2\": \"halfMap2\"";
    private const string Mask = $$"""{ "stage": "mask", {{Halves}} }""";
    private const string Sharpen = $$"""{ "stage": "sharpen", {{Halves}}, "maximumIterations": 1 }""";

    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AJobRunsOneLineAStageAndLeavesALog()
    {
        _folder.Write("job", $"{Mask},{Sharpen}");
        (int code, string output, string error) = await RunAsync("job.json", "--log-path", "run.log");

        Assert.True(code == 0, error);
        Assert.Contains("job: Finished in", output, StringComparison.Ordinal);
        string[] told = [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Warning: ", StringComparison.Ordinal))];
        Assert.Equal(["job mask", "job sharpen"], told.Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..].Trim()));
        JsonElement[] lines = [.. File.ReadLines(_folder.File("run.log")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(lines, line => Assert.Equal("job", line.GetProperty("job").GetString()));
        Assert.Equal(
            ["begin ", "begin mask", "end mask", "begin sharpen", "end sharpen", "end "],
            lines.Where(line => line.GetProperty("event").GetString() is "begin" or "end")
                .Select(line => $"{line.GetProperty("event")} {(line.TryGetProperty("stage", out JsonElement stage) ? stage.GetString() : string.Empty)}"));
    }

    [Fact]
    public async Task OneBadJobOfSeveralIsFiveAndTheSummarySaysWhich()
    {
        _folder.Write("a", Mask);
        _folder.Write("b", Mask, """, "other": { "path": "missing.mrc" }""");
        await File.WriteAllTextAsync(_folder.File("c.json"), """{ "schema": "localdeblur.job/1", "inputs": {}, "color": 1 }""", TestContext.Current.CancellationToken);
        _folder.Write("d", Mask);
        await File.WriteAllTextAsync(_folder.File("jobs.txt"), "a.json\nb.json\r\nc.json\n\nd.json\n", TestContext.Current.CancellationToken);

        (int code, _, string error) = await RunAsync("--list", "jobs.txt", "--throttle-limit", "2", "--summary", "summary.csv", "-q");

        Assert.Equal(5, code);
        Assert.Contains("b: MapFileNotFound", error, StringComparison.Ordinal);
        string[][] rows = [.. (await File.ReadAllLinesAsync(_folder.File("summary.csv"), TestContext.Current.CancellationToken)).Select(line => line.Split(','))];
        Assert.Equal("job,state,exitCode,errorId,seconds,cpuSeconds,peakBytes,resolution,warnings", string.Join(',', rows[0]));
        Assert.Equal(["a Finished 0 ", "b Failed 3 MapFileNotFound", "c Failed 2 JobInvalid", "d Finished 0 "], rows[1..].Select(row => string.Join(' ', row[..4])));

        (code, _, error) = await RunAsync("c.json", "-q");
        Assert.Equal(2, code);
        Assert.Contains("$.color", error, StringComparison.Ordinal);
        (code, _, _) = await RunAsync("--list", "jobs.txt", "--index", "4", "--resume", "-q");
        Assert.Equal(0, code);
        (code, _, error) = await RunAsync("--list", "jobs.txt", "--index", "5", "-q");
        Assert.Equal(3, code);
        Assert.Contains("expected 1 to 4", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No job was given")]
    [InlineData("Jobs and --list were both given", "a.json", "--list", "b.txt")]
    [InlineData("--index was given without --list", "a.json", "--index", "1")]
    [InlineData("--throttle-limit is 0", "a.json", "--throttle-limit", "0")]
    public async Task ConflictsAreUsageErrorsThatSayWhich(string expected, params string[] arguments)
    {
        (int code, _, string error) = await RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task ASignalIsNotedAndTheJobGoesOnWhenResumed(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot send another one a signal on Windows.");
        JobFile job = _folder.Write("job", $"{Mask},{Sharpen}");
        (int code, _, string error) = await RunnerProcess.RunAsync(_folder.Path, ["run", "job.json"], ("job sharpen", process =>
        {
            using Process? kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            kill!.WaitForExit();
        }
        ));

        Assert.True(code == expected, error);
        JobState state = job.ReadState();
        Assert.Equal((JobPhase.Stopped, expected), (state.Phase, state.Failure!.ExitCode));
        Assert.Empty(_folder.Leftovers());
        Assert.Equal(0, (await RunAsync("job.json", "--resume", "-q")).ExitCode);
        Assert.Equal(JobPhase.Finished, job.ReadState().Phase);
    }

    // LOCALDEBLUR_KILLS=100 for the long run.
    [Fact]
    public async Task WhatIsKilledAtAnyMomentIsWholeAfterResuming()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("LOCALDEBLUR_KILLS"), out int wanted) ? wanted : 10;
        _folder.Write("undisturbed", $"{Mask},{Sharpen}");
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, (await RunAsync("undisturbed.json", "-q")).ExitCode);
        int longest = (int)clock.ElapsedMilliseconds;
        Dictionary<string, byte[]> expected = _folder.Results("undisturbed");
        var random = new Random(1);
        int killed = 0;
        int resumed = 0;
        for (int i = 0; killed < kills && i < 4 * kills; i++)
        {
            JobFile job = _folder.Write("job", $"{Mask},{Sharpen}");
            using (Process process = StartRun())
            {
                await Task.Delay(random.Next(longest), TestContext.Current.CancellationToken);
                if (!process.HasExited)
                {
                    process.Kill();
                    killed++;
                }

                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            resumed += job.ReadState().Stages.Any(stage => stage.Phase == JobPhase.Finished) ? 1 : 0;

            // In this process, which is not started anew: it is the same code.
            JobSummary summary = JobRun.Run(job, new JobRunOptions { Resume = true }, null, TestContext.Current.CancellationToken);
            Assert.True(summary.State == JobPhase.Finished, summary.Message);
            Assert.Equal(expected, _folder.Results("job"));
            Assert.Empty(_folder.Leftovers());
            Directory.Delete(_folder.File("job"), recursive: true);
            File.Delete(job.StatePath);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} kills, {resumed} of them behind a stage that was done; an undisturbed run takes {longest} ms.");
        Assert.Equal(kills, killed);
    }

    private Process StartRun()
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder.Path, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "localdeblur.dll"), "run", "job.json", "-q"])
        {
            start.ArgumentList.Add(argument);
        }

        return ListeningChild.Start(start);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunnerProcess.RunAsync(_folder.Path, ["run", .. arguments]);
}
