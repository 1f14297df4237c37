using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

/// <summary>What is asked of Slurm and what its answers mean, with answers as Slurm 22.05 gave them.</summary>
public sealed class SlurmClusterTests : IDisposable
{
    private const string Mask = """{ "stage": "mask", "halfMap1": "halfMap1", "halfMap2": "halfMap2" }""";

    private readonly JobFolder _folder = new();
    private readonly Recorded _slurm = new();

    private SlurmCluster Cluster => new(_slurm);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheScriptAsksForWhatTheJobsSay()
    {
        JobFile small = _folder.Write("a", Mask, rest: """, "resources": { "threads": 2, "seconds": 90 }""");
        JobFile large = _folder.Write("b", Mask, rest: """, "resources": { "threads": 3, "memoryBytes": 500000001, "seconds": 601 }""");
        var options = new SubmitOptions
        {
            Name = "night",
            ThrottleLimit = 2,
            Partition = "cpu",
            Account = "em",
            ExtraOptions = ["--qos=low"],
            Program = ["/opt/local deblur/run"],
        };
        SlurmArray array = Assert.Single(Cluster.Plan([small.Path, large.Path], options, TestContext.Current.CancellationToken).Arrays);

        string folder = _folder.File("slurm");
        Assert.Equal(
            $"""
            #!/bin/sh
            #SBATCH --job-name=night
            #SBATCH --array=1-2%2
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=3
            #SBATCH --mem=477M
            #SBATCH --time=12
            #SBATCH --partition=cpu
            #SBATCH --account=em
            #SBATCH --output="{folder}/%x-%A_%a.log"
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --qos=low
            exec '/opt/local deblur/run' run --list {folder}/night-1.jobs.txt --index "$SLURM_ARRAY_TASK_ID" --resume

            """.ReplaceLineEndings("\n"),
            array.Script);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void MemoryIsTheJobsOwnEstimateAndThreadsThatNobodyStatesAreTold()
    {
        JobFile job = _folder.Write("a", Mask);
        SubmissionPlan plan = Cluster.Plan([job.Path], null, TestContext.Current.CancellationToken);

        Assert.Equal((4, job.EstimateBytes(new RunLimits { Threads = 4 }), null), (plan.Arrays[0].Threads, plan.Arrays[0].MemoryBytes, plan.Arrays[0].Minutes));
        Assert.Contains("Processors of each task: 4, as not every job states its threads.", plan.Decisions);
    }

    [Fact]
    public void WhatIsMoreThanAnArrayTakesIsSeveralAndTheLimitOfJobsAtOnceHolds()
    {
        string[] jobs = [.. Enumerable.Range(1, 5).Select(i => _folder.Write($"j{i}", Mask).Path)];
        _slurm.Answers["scontrol show config"] = new(0, "MaxArraySize            = 3\nMaxDBDMsgs              = 20008\n", string.Empty);
        SubmissionPlan plan = Cluster.Plan(jobs, new SubmitOptions { ThrottleLimit = 1 }, TestContext.Current.CancellationToken);
        IReadOnlyList<SlurmArray> arrays = Cluster.Submit(plan, TestContext.Current.CancellationToken);

        Assert.Equal(["101", "102", "103"], arrays.Select(array => array.Id));
        Assert.Equal([2, 2, 1], arrays.Select(array => array.Jobs.Count));
        Assert.Equal(
            [$"--parsable {arrays[0].ScriptPath}", $"--parsable --dependency=afterany:101 {arrays[1].ScriptPath}", $"--parsable --dependency=afterany:102 {arrays[2].ScriptPath}"],
            _slurm.Asked("sbatch"));
        Assert.Equal($"..{Path.DirectorySeparatorChar}j3.json\n..{Path.DirectorySeparatorChar}j4.json\n", File.ReadAllText(arrays[1].ListPath));
        Assert.Equal(jobs[2..4], JobBatch.ReadList(arrays[1].ListPath));
        Assert.Equal("102_2", JobFile.Open(jobs[3]).ReadTicket()!.Task);
        Assert.Equal(_folder.File("slurm/localdeblur-102_2.log"), Cluster.Status([jobs[3]], TestContext.Current.CancellationToken)[0].LogPath);
    }

    [Fact]
    public void WhatIsFinishedOrSubmittedIsPassedOverAndWhatIsNoJobRefused()
    {
        JobFile finished = _folder.Write("finished", Mask);
        Note(finished, JobPhase.Finished);
        JobFile waits = _folder.Write("waits", Mask);
        _ = Submit(waits);
        File.WriteAllText(_folder.File("none.json"), "{}");
        JobFile fresh = _folder.Write("fresh", Mask);
        _slurm.Queue("101_1|PENDING|Priority");

        SubmissionPlan plan = Cluster.Plan([finished.Path, waits.Path, _folder.File("none.json"), finished.StatePath, fresh.Path], null, TestContext.Current.CancellationToken);

        Assert.Equal([fresh.Path], plan.Arrays.Single().Jobs);
        Assert.Equal(["none JobInvalid"], plan.Refused.Select(job => $"{job.Job} {job.ErrorId}"));
        Assert.Contains("finished was passed over: it is finished already.", plan.Decisions);
        Assert.Contains("waits was passed over: it is pending already, as 101_1.", plan.Decisions);
        Assert.EndsWith("localdeblur-2.sh", plan.Arrays[0].ScriptPath, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusalOfSlurmIsPassedOnAndLeavesNoFile()
    {
        JobFile job = _folder.Write("a", Mask);
        _slurm.Answers["sbatch"] = new(
            1, string.Empty, "sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n");
        EngineException refusal = Assert.Throws<EngineException>(() => Submit(job));
        Assert.Equal(EngineError.SubmissionRefused, refusal.Error);
        Assert.Contains("Batch job submission failed: Invalid partition name specified. Nothing of it", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("slurm")));
        Assert.Null(job.ReadTicket());

        _slurm.Answers["sbatch"] = SlurmAnswer.None("there is no sbatch on this machine", isMissing: true);
        Assert.Equal(EngineError.SchedulerUnavailable, Assert.Throws<EngineException>(() => Submit(job)).Error);
        _slurm.Answers["sbatch"] = new(1, string.Empty, "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n");
        Assert.Equal(EngineError.SchedulerUnavailable, Assert.Throws<EngineException>(() => Submit(job)).Error);
    }

    [Theory]
    [InlineData("a b", "name 'a b'")]
    [InlineData("../a", "name '../a'")]
    [InlineData("a", "'gpu 2' is the name of no partition", "gpu 2")]
    [InlineData("a", "'night' is no option of sbatch", null, "night")]
    [InlineData("a", "'--qos=a\\u000arm' is no option of sbatch", null, "--qos=a\nrm")]
    public void WhatWouldBreakTheScriptIsRefused(string name, string expected, string? partition = null, string? option = null)
    {
        var options = new SubmitOptions { Name = name, Partition = partition, ExtraOptions = option is null ? [] : [option] };
        EngineException refusal = Assert.Throws<EngineException>(() => Cluster.Plan([_folder.Write("j", Mask).Path], options, TestContext.Current.CancellationToken));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    // Phase that the job noted, what squeue says of its task, and what follows.
    [Theory]
    [InlineData(JobPhase.Queued, "101_1|PENDING|Priority", JobStanding.Pending, "Other jobs are before it.")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|None", JobStanding.Pending, "It waits in the queue.")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|DependencyNeverSatisfied", JobStanding.Stuck, "It waits for a job that failed")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|PartitionConfig", JobStanding.Stuck, "more processors")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|PartitionTimeLimit", JobStanding.Stuck, "more time than the partition allows")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|JobHeldUser", JobStanding.Stuck, "scontrol release")]
    [InlineData(JobPhase.Queued, "101_1|PENDING|launch failed requeued held", JobStanding.Stuck, "could not be started")]
    [InlineData(JobPhase.Queued, "101_1|RUNNING|None", JobStanding.Running, null)]
    [InlineData(JobPhase.Running, "101_1|COMPLETING|None", JobStanding.Running, null)]
    [InlineData(JobPhase.Stopped, "101_1|PENDING|BeginTime", JobStanding.Pending, "put back into the queue")]
    [InlineData(JobPhase.Failed, "101_1|FAILED|NonZeroExitCode", JobStanding.Failed, "The map is bad.")]
    [InlineData(JobPhase.Stopped, "101_1|TIMEOUT|TimeLimit", JobStanding.Stopped, "took longer than the time that it was submitted with")]
    [InlineData(JobPhase.Stopped, "101_1|CANCELLED|None", JobStanding.Stopped, "It was cancelled.")]
    [InlineData(JobPhase.Queued, "101_1|CANCELLED|None", JobStanding.Stopped, "It was cancelled.")]
    [InlineData(JobPhase.Running, "101_1|FAILED|NonZeroExitCode", JobStanding.Failed, "Slurm ended it as FAILED (exit code and signal 0:9). Nothing else was noted")]
    [InlineData(JobPhase.Running, "101_1|NODE_FAIL|None", JobStanding.Failed, "Its node failed.")]
    [InlineData(JobPhase.Queued, "101_1|COMPLETED|None", JobStanding.Unknown, "the job noted no end")]
    [InlineData(JobPhase.Finished, "101_1|RUNNING|None", JobStanding.Finished, null)]
    [InlineData(JobPhase.Failed, "", JobStanding.Failed, "The map is bad.")]
    [InlineData(JobPhase.Queued, "", JobStanding.Unknown, "does not know it any more")]
    public void WhatAJobNotedGoesBeforeWhatSlurmSays(JobPhase noted, string row, JobStanding expected, string? reason)
    {
        JobFile job = _folder.Write("a", Mask);
        _ = Submit(job);
        if (noted != JobPhase.Queued)
        {
            Note(job, noted);
        }

        _slurm.Queue(row);
        if (row.Contains("FAILED", StringComparison.Ordinal))
        {
            _slurm.Answers["scontrol -o show job 101"] = new(
                0, "JobId=101 ArrayJobId=101 ArrayTaskId=1 ArrayTaskThrottle=2 JobName=a JobState=FAILED Reason=NonZeroExitCode Requeue=1 ExitCode=0:9 RunTime=00:00:03\n", "");
        }

        JobStatus status = Cluster.Status([job.Path], TestContext.Current.CancellationToken).Single();
        Assert.Equal(expected, status.State);
        Assert.Equal(expected is not (JobStanding.Pending or JobStanding.Running), status.IsSettled);
        if (reason is null)
        {
            Assert.Null(status.Reason);
        }
        else
        {
            Assert.Contains(reason, status.Reason!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ASilentControllerMakesAJobUnknownAndNeverFailed()
    {
        JobFile waits = _folder.Write("waits", Mask);
        JobFile done = _folder.Write("done", Mask);
        JobFile stopped = _folder.Write("stopped", Mask);
        _ = Submit(waits, done, stopped);
        Note(done, JobPhase.Finished);
        Note(stopped, JobPhase.Stopped);
        _slurm.Answers["squeue"] = new(1, string.Empty, "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n");

        IReadOnlyList<JobStatus> status = Cluster.Wait([waits.Path, done.Path, stopped.Path], TimeSpan.Zero, null, TestContext.Current.CancellationToken);
        Assert.Equal([(JobStanding.Unknown, false), (JobStanding.Finished, true), (JobStanding.Stopped, false)], status.Select(job => (job.State, job.IsSettled)));
        Assert.Contains("Slurm does not answer", status[0].Reason!, StringComparison.Ordinal);
        _slurm.Answers["scancel"] = new(1, string.Empty, "scancel: error: Unable to contact slurm controller (connect failure)\n");
        Assert.Equal(EngineError.SchedulerUnavailable, Assert.Throws<EngineException>(() => Cluster.Cancel([waits.Path], TestContext.Current.CancellationToken)).Error);
    }

    [Fact]
    public void TheAccountsKnowWhatTheQueueHasForgotten()
    {
        JobFile job = _folder.Write("a", Mask);
        _ = Submit(job);
        _slurm.Answers["sacct"] = new(0, "101_1|CANCELLED by 1000|0:15|None\n", string.Empty);
        Assert.Equal(JobStanding.Stopped, Cluster.Status([job.Path], TestContext.Current.CancellationToken).Single().State);
    }

    [Fact]
    public void WhatWasNotSubmittedIsNotAskedAbout()
    {
        JobFile fresh = _folder.Write("fresh", Mask);
        JobFile runs = _folder.Write("runs", Mask);
        Note(runs, JobPhase.Running);
        File.WriteAllText(runs.LockPath, string.Empty);
        JobFile killed = _folder.Write("killed", Mask);
        Note(killed, JobPhase.Running);
        File.WriteAllText(killed.LockPath, string.Empty);
        File.SetLastWriteTimeUtc(killed.LockPath, DateTime.UtcNow.AddHours(-1));

        IReadOnlyList<JobStatus> status = Cluster.Wait([fresh.Path, killed.Path], null, null, TestContext.Current.CancellationToken);
        Assert.Equal([JobStanding.Queued, JobStanding.Stopped], status.Select(job => job.State));
        Assert.Equal(JobStanding.Running, Cluster.Status([runs.Path], TestContext.Current.CancellationToken).Single().State);
        Assert.Empty(_slurm.Asked("squeue"));
    }

    // A job that failed a year ago and was submitted again has not failed again yet.
    [Fact]
    public void WhatWasNotedBeforeTheSubmissionIsNotOfIt()
    {
        JobFile job = _folder.Write("a", Mask);
        Note(job, JobPhase.Failed);
        _ = Submit(job);
        Assert.Equal(JobStanding.Unknown, Cluster.Status([job.Path], TestContext.Current.CancellationToken).Single().State);
        _slurm.Queue("101_1|PENDING|None");
        Assert.Equal(JobStanding.Pending, Cluster.Status([job.Path], TestContext.Current.CancellationToken).Single().State);
        Note(job, JobPhase.Failed);
        _slurm.Queue("101_1|FAILED|NonZeroExitCode");
        Assert.Equal("The map is bad.", Cluster.Status([job.Path], TestContext.Current.CancellationToken).Single().Reason);
    }

    [Fact]
    public void WhatUsersSetForTheCommandsDoesNotReachThem()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Slurm is not of Windows, and neither is env.");
        Environment.SetEnvironmentVariable("SQUEUE_FORMAT", "%A");
        Environment.SetEnvironmentVariable("SBATCH_PARTITION", "nope");
        SlurmAnswer answer = new SlurmCommands().Run("env", [], TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("SQUEUE_FORMAT", null);
        Environment.SetEnvironmentVariable("SBATCH_PARTITION", null);
        Assert.Contains("PATH=", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SQUEUE_FORMAT", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SBATCH_PARTITION", answer.Output, StringComparison.Ordinal);
        Assert.True(new SlurmCommands().Run("no-such-command-of-slurm", [], TestContext.Current.CancellationToken).IsMissing);
    }

    private IReadOnlyList<SlurmArray> Submit(params JobFile[] jobs) =>
        Cluster.Submit(Cluster.Plan([.. jobs.Select(job => job.Path)], null, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    private static void Note(JobFile job, JobPhase phase) => File.WriteAllBytes(job.StatePath, JobJson.Write(new JobState
    {
        Schema = JobState.CurrentSchema,
        Job = Path.GetFileName(job.Path),
        Phase = phase,
        Since = DateTimeOffset.UtcNow,
        Failure = phase switch
        {
            JobPhase.Failed => new JobFailure { ErrorId = "MapNotFinite", Message = "The map is bad.", ExitCode = 3 },
            JobPhase.Stopped => new JobFailure { ErrorId = "Stopped", Message = "Ended from outside.", ExitCode = 143 },
            _ => null,
        },
    }));

    /// <summary>Answers with what is noted for a command line, else for its program; arrays get numbers from 101.</summary>
    private sealed class Recorded : ISlurmCommands
    {
        private readonly List<string> _lines = [];
        private int _last = 100;

        public Dictionary<string, SlurmAnswer> Answers { get; } = new(StringComparer.Ordinal)
        {
            ["scontrol show config"] = new(0, "MaxArraySize            = 1001\n", string.Empty),
            ["scontrol"] = new(1, string.Empty, "slurm_load_jobs error: Invalid job id specified\n"),
            ["squeue"] = new(1, string.Empty, "slurm_load_jobs error: Invalid job id specified\n"),
            ["sacct"] = new(1, string.Empty, "Slurm accounting storage is disabled\n"),
        };

        public void Queue(string rows) => Answers["squeue"] = new SlurmAnswer(0, $"{rows}\n", string.Empty);

        public IEnumerable<string> Asked(string program) =>
            _lines.Where(line => line.StartsWith($"{program} ", StringComparison.Ordinal)).Select(line => line[(program.Length + 1)..]);

        public SlurmAnswer Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
        {
            string line = string.Join(' ', [program, .. arguments]);
            _lines.Add(line);
            return Answers.TryGetValue(line, out SlurmAnswer? exact) ? exact
                : Answers.TryGetValue(program, out SlurmAnswer? any) ? any
                : new SlurmAnswer(0, program == "sbatch" ? $"{++_last};test\n" : string.Empty, string.Empty);
        }
    }
}
