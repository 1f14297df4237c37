using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.Tests.Engine.Jobs;
using Xunit;

namespace LocalDeblur.Tests.Runner;

/// <summary>Jobs on a real Slurm, of one node, which the tests start.</summary>
public sealed class SubmitCommandTests(SlurmNode node) : IClassFixture<SlurmNode>, IDisposable
{
    private const string Halves = "\"halfMap1\": \"halfMap1\", \"halfMap2\": \"halfMap2\"";
    private const string Mask = $$"""{ "stage": "mask", {{Halves}} }""";
    private const string OneThread = """, "resources": { "threads": 1 }""";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly JobFolder _folder = new(64);
    private readonly SlurmCluster _cluster = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The long cases run where the long run of kills does.
    private static bool IsLongRun => Environment.GetEnvironmentVariable("LOCALDEBLUR_KILLS") is not null;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ANightOfJobsIsMoreThanOneArrayAndOneBadMapStopsNoOther()
    {
        node.Require();
        string[] jobs = [.. Enumerable.Range(1, SlurmNode.ArrayTasks + 1).Select(i => WriteMask($"map{i}", i == 2 ? """, "other": { "path": "later.mrc" }""" : string.Empty).Path)];

        // What users set for themselves would send the jobs to a partition that there is not.
        (int code, string output, string error) = await SubmitAsync(
            [.. jobs.Select(Path.GetFileName)!, "--throttle-limit", "2"], new Dictionary<string, string> { ["SBATCH_PARTITION"] = "nope", ["SQUEUE_FORMAT"] = "%A" });
        Assert.True(code == 0, error);
        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("2 arrays, each after the one before", error, StringComparison.Ordinal);

        IReadOnlyList<JobStatus> status = _cluster.Wait(jobs, Patience, null, Token);
        Assert.Equal([JobStanding.Finished, JobStanding.Failed, JobStanding.Finished, JobStanding.Finished], status.Select(job => job.State));
        Assert.Equal((3, "MapFileNotFound"), (status[1].ExitCode, status[1].ErrorId));
        Assert.Contains("later.mrc", status[1].Reason!, StringComparison.Ordinal);
        Assert.Contains("MapFileNotFound", await File.ReadAllTextAsync(status[1].LogPath!, Token), StringComparison.Ordinal);
        Assert.NotEqual(status[0].Task!.Split('_')[0], status[3].Task!.Split('_')[0]);

        // In the morning the map is brought, and only that job runs again.
        File.Copy(_folder.File("half1.mrc"), _folder.File("later.mrc"));
        (code, output, error) = await SubmitAsync([.. jobs.Select(Path.GetFileName)!]);
        Assert.True(code == 0, error);
        Assert.Contains(": 1 jobs", output, StringComparison.Ordinal);
        Assert.All(_cluster.Wait(jobs, Patience, null, Token), job => Assert.Equal(JobStanding.Finished, job.State));
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public async Task WhatRunsAndWhatWaitsIsCancelled()
    {
        node.Require();
        JobFile runs = WriteSlow("runs", stages: 40);
        JobFile waits = WriteSlow("waits", stages: 1);
        _ = Submit(new SubmitOptions { ThrottleLimit = 1, Program = Program() }, runs, waits);
        Until(runs, job => job.State == JobStanding.Running && runs.ReadState().Phase == JobPhase.Running);
        Assert.Equal(JobStanding.Pending, Status(waits).State);

        (int code, _, string error) = await RunnerProcess.RunAsync(_folder.Path, ["cancel", runs.Path, waits.Path]);
        Assert.True(code == 0, error);
        IReadOnlyList<JobStatus> status = _cluster.Wait([runs.Path, waits.Path], Patience, null, Token);
        Assert.All(status, job => Assert.Equal(JobStanding.Stopped, job.State));
        Assert.All(status, job => Assert.Contains("It was cancelled.", job.Reason!, StringComparison.Ordinal));

        // By its own account too: told to end, with nothing half-written left.
        Assert.Equal((JobPhase.Stopped, (int)ExitCode.Terminated), (runs.ReadState().Phase, runs.ReadState().Failure!.ExitCode));
        Assert.Equal(JobPhase.Queued, waits.ReadState().Phase);
        (code, string output, error) = await RunnerProcess.RunAsync(_folder.Path, ["status", runs.Path, waits.Path, "--wait"]);
        Assert.True(code == 5, error);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("Stopped", line, StringComparison.Ordinal));
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public async Task WhatIsPutBackIntoTheQueueGoesOnBehindTheStagesThatAreDone()
    {
        node.Require();
        JobFile job = WriteSlow("job", stages: 3);
        string array = Submit(new SubmitOptions { Program = Program() }, job)[0].Id!;
        Until(job, _ => job.ReadState().Stages.Any(stage => stage.Phase == JobPhase.Finished));
        JobStatus done;
        int left = 5;
        do
        {
            await SlurmNode.RunAsync("scontrol", "requeue", $"{array}_1");
            Until(job, status => status.State == JobStanding.Pending);
            Assert.Contains("It was put back into the queue.", Status(job).Reason!, StringComparison.Ordinal);

            // Slurm keeps it back for two minutes, so that what ends the first run does not reach the second, which has its number. Without that
            // it sometimes does: then the task is put back once more.
            await SlurmNode.RunAsync("scontrol", "update", $"JobId={array}_1", "StartTime=now");
            done = _cluster.Wait([job.Path], Patience, null, Token).Single();
        }
        while (done.State != JobStanding.Finished && --left > 0);

        Assert.True(done.State == JobStanding.Finished, $"{done.State}: {done.Reason}");
        string[] log = await File.ReadAllLinesAsync(done.LogPath!, Token);
        Assert.Single(log, line => line.EndsWith("job part1", StringComparison.Ordinal));
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public async Task WhatIsKilledHasFailedAndWhatSlurmForgotIsUnknown()
    {
        node.Require();
        JobFile killed = WriteSlow("killed", stages: 40);
        _ = Submit(new SubmitOptions { Program = Program() }, killed);
        Until(killed, _ => killed.ReadState().Phase == JobPhase.Running);
        await SlurmNode.RunAsync("kill", "-9", $"{killed.ReadState().Process}");
        JobStatus status = _cluster.Wait([killed.Path], Patience, null, Token).Single();
        Assert.Equal(JobStanding.Failed, status.State);
        Assert.Contains("FAILED (exit code and signal 0:9)", status.Reason!, StringComparison.Ordinal);

        // There are no accounts here, and the number is one that the controller never gave.
        JobFile forgotten = _folder.Write("forgotten", Mask);
        forgotten.Write(new SlurmTicket { Schema = SlurmTicket.CurrentSchema, Task = "99999_1", Submitted = DateTimeOffset.UtcNow });
        status = Status(forgotten);
        Assert.Equal((JobStanding.Unknown, true), (status.State, status.IsSettled));
    }

    [Fact]
    public async Task WhatCanNeverStartIsStuckAndWhatIsRefusedLeavesNoFile()
    {
        node.Require();
        JobFile wide = _folder.Write("wide", Mask, rest: """, "resources": { "threads": 1000 }""");
        JobFile slow = WriteMask("slow");
        _ = Submit(new SubmitOptions { Program = Program() }, wide);
        _ = Submit(new SubmitOptions { Program = Program(), Partition = "short", TimeLimit = TimeSpan.FromMinutes(5) }, slow);
        Assert.All(_cluster.Wait([wide.Path, slow.Path], Patience, null, Token), job => Assert.Equal(JobStanding.Stuck, job.State));
        Assert.Contains("more processors", Status(wide).Reason!, StringComparison.Ordinal);

        // The first reason that Slurm gives is that of the other; when it has looked closer, it is this.
        Until(slow, job => job.Reason!.Contains("more time than the partition allows", StringComparison.Ordinal));
        Assert.All(_cluster.Cancel([wide.Path, slow.Path], Token), job => Assert.Equal(JobStanding.Stopped, job.State));

        WriteMask("fresh");
        int files = Directory.GetFiles(_folder.File("slurm")).Length;
        (int code, _, string error) = await SubmitAsync(["fresh.json", "--partition", "nope"]);
        Assert.Equal(3, code);
        Assert.Contains("SubmissionRefused: Slurm refused the array 'localdeblur' of 1 jobs: sbatch: error: ", error, StringComparison.Ordinal);
        Assert.Contains("Invalid partition name", error, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(_folder.File("slurm")).Length);
    }

    [Fact]
    public async Task ASitesOwnScriptRuns()
    {
        node.Require();
        WriteMask("job");
        await File.WriteAllTextAsync(_folder.File("site.sh"), """
            #!/usr/bin/env bash
            #SBATCH --job-name=XXXnameXXX
            #SBATCH --cpus-per-task={{ num_cpu }}
            #SBATCH --mem={{ (ram_gb*1000)|int }}M
            #SBATCH --output="{{ job_log_path_abs }}"
            echo "colour: {{ colour }}"
            {{ run_cmd }}
            """, Token);
        (int code, _, string error) = await SubmitAsync(["job.json", "--template", "site.sh", "--template-value", "colour=blue", "--name", "site"]);
        Assert.True(code == 0, error);
        JobStatus status = _cluster.Wait([_folder.File("job.json")], Patience, null, Token).Single();
        Assert.Equal(JobStanding.Finished, status.State);
        Assert.Equal("colour: blue", (await File.ReadAllLinesAsync(status.LogPath!, Token))[0]);
    }

    [Fact]
    public async Task WhatComesIntoAWatchedFolderIsSubmittedOnce()
    {
        node.Require();
        WriteMask("template");
        foreach (string half in (string[])["half1.mrc", "half2.mrc"])
        {
            Directory.CreateDirectory(_folder.File("in"));
            File.Copy(_folder.File(half), _folder.File($"in/a_{half}"));
        }

        string[] once = ["watch", "in", "--job-template", "template.json", "--interval", "1", "--still-polls", "1", "--once", "--submit", "--sbatch-option=--comment=night"];
        (int code, string output, string error) = await RunnerProcess.RunAsync(_folder.Path, once);
        Assert.True(code == 0, error);
        Assert.Contains(": 1 jobs", output, StringComparison.Ordinal);
        string job = _folder.File("in/localdeblur/a.json");
        string? task = _cluster.Status([job], Token).Single().Task;
        JobStatus done = _cluster.Wait([job], Patience, null, Token).Single();
        Assert.True(done.State == JobStanding.Finished, done.Reason);

        // A second look finds nothing that is to be done.
        (code, output, error) = await RunnerProcess.RunAsync(_folder.Path, once);
        Assert.True((code, output) == (0, string.Empty), output + error);
        Assert.Equal(task, _cluster.Status([job], Token).Single().Task);
        Assert.Empty(_folder.Leftovers());
    }

    // One minute is the shortest limit of Slurm.
    [Fact]
    public void ATimeLimitStopsAJobCleanly()
    {
        node.Require();
        Assert.SkipUnless(IsLongRun, "It takes more than a minute; LOCALDEBLUR_KILLS=100 runs it.");
        JobFile job = WriteSlow("job", stages: 200);
        _ = Submit(new SubmitOptions { Program = Program(), TimeLimit = TimeSpan.FromSeconds(1) }, job);
        JobStatus status = _cluster.Wait([job.Path], 2 * Patience, null, Token).Single();
        Assert.Equal((JobStanding.Stopped, (int)ExitCode.Terminated), (status.State, status.ExitCode));
        Assert.Contains("took longer than the time that it was submitted with", status.Reason!, StringComparison.Ordinal);
        Assert.Empty(_folder.Leftovers());
    }

    [Theory]
    [InlineData("No job was given")]
    [InlineData("Jobs and --list were both given", "a.json", "--list", "b.txt")]
    [InlineData("--throttle-limit is 0", "a.json", "--throttle-limit", "0")]
    [InlineData("--time-limit is -5", "a.json", "--time-limit", "-5")]
    [InlineData("--template-value is 'a'; expected name=value", "a.json", "--template", "t", "--template-value", "a")]
    public async Task ConflictsAreUsageErrorsThatSayWhich(string expected, params string[] arguments)
    {
        (int code, _, string error) = await SubmitAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADryRunShowsTheScriptAndSubmitsNothing()
    {
        WriteMask("job");
        (int code, string output, string error) = await SubmitAsync(["job.json", "missing.json", "--dry-run", "--time-limit", "0.5"]);
        Assert.Equal(5, code);
        Assert.Contains("missing: MapFileNotFound", error, StringComparison.Ordinal);
        Assert.StartsWith("#!/bin/sh\n#SBATCH --job-name=localdeblur\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("#SBATCH --time=1\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("slurm")));
    }

    private static string[] Program() => ["dotnet", Path.Combine(AppContext.BaseDirectory, "localdeblur.dll")];

    private IReadOnlyList<SlurmArray> Submit(SubmitOptions options, params JobFile[] jobs) =>
        _cluster.Submit(_cluster.Plan([.. jobs.Select(job => job.Path)], options, Token), Token);

    private JobFile WriteMask(string name, string inputs = "") => _folder.Write(name, Mask, inputs, OneThread);

    // Each stage takes some seconds.
    private JobFile WriteSlow(string name, int stages)
    {
        IEnumerable<string> parts = Enumerable.Range(1, stages).Select(i =>
            $$"""{ "stage": "localResolution", "id": "part{{i}}", {{Halves}}, "method": "LocalFsc", "samplingDistance": 2.3, "output": "part{{i}}.mrc" }""");
        return _folder.Write(name, string.Join(',', parts), rest: OneThread);
    }

    private JobStatus Status(JobFile job) => _cluster.Status([job.Path], Token).Single();

    private void Until(JobFile job, Predicate<JobStatus> condition)
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (!condition(Status(job)))
        {
            Assert.True(DateTime.UtcNow < end, $"Still {Status(job).State}: {Status(job).Reason}");
            Thread.Sleep(200);
        }
    }

    private Task<(int ExitCode, string Output, string Error)> SubmitAsync(string[] arguments, Dictionary<string, string>? environment = null) =>
        RunnerProcess.RunAsync(_folder.Path, ["submit", .. arguments], environment: environment);
}
