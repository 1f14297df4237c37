using LocalDeblur.Jobs;
using LocalDeblur.Maps;
using LocalDeblur.Workflows;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

public sealed class JobRunTests : IDisposable
{
    private const string Sharpen = """{ "stage": "sharpen", "halfMap1": "halfMap1", "halfMap2": "halfMap2", "maximumIterations": 1 }""";
    private const string Mask = """{ "stage": "mask", "halfMap1": "halfMap1", "halfMap2": "halfMap2" }""";

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly JobFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheStandardRunSharpensAsTheMethodByItselfDoes()
    {
        JobSummary summary = Run(_folder.Write("standard"));

        Assert.True(summary.State == JobPhase.Finished, summary.Message);
        CryoMap expected = LocalDeblurRun.Run(new Reconstruction(_folder.Open("half1.mrc"), _folder.Open("half2.mrc")), cancellationToken: Cancellation).Map;
        Assert.Equal(expected.AsSpan(Cancellation), _folder.Open("standard/sharpened.mrc").AsSpan(Cancellation));
        Assert.Equal(
            ["fsc.csv", "fsc.svg", "guinier.csv", "guinier.svg", "local-resolution.mrc", "mask.mrc", "sharpened.mrc", "slices.png"],
            _folder.Results("standard").Keys.Order(StringComparer.Ordinal));
        Assert.Empty(_folder.Leftovers());
        Assert.NotNull(summary.Resolution);
    }

    [Fact]
    public void TheSameJobWritesTheSameBytesOnAnyNumberOfThreads()
    {
        Run(_folder.Write("one", rest: """, "resources": { "threads": 1 }"""));
        Run(_folder.Write("three", rest: """, "resources": { "threads": 3 }"""));

        Assert.Equal(_folder.Results("one"), _folder.Results("three"));
    }

    [Fact]
    public void AFinishedJobStaysAsItIsWhenResumed()
    {
        JobFile job = _folder.Write("job", Sharpen);
        Run(job);
        DateTime written = File.GetLastWriteTimeUtc(_folder.File("job/sharpened.mrc"));

        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Resume = true }).State);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_folder.File("job/sharpened.mrc")));
    }

    [Theory]
    [InlineData("job/sharpened.mrc")]
    [InlineData("job/sharpened.history.json")]
    public void AResultThatChangedIsMadeAgain(string result)
    {
        JobFile job = _folder.Write("job", $"{Mask},{Sharpen}");
        Run(job);
        Dictionary<string, byte[]> expected = _folder.Results("job");
        byte[] bytes = File.ReadAllBytes(_folder.File(result));
        bytes[^5] ^= 1;
        File.WriteAllBytes(_folder.File(result), bytes);
        DateTime mask = File.GetLastWriteTimeUtc(_folder.File("job/mask.mrc"));

        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Resume = true }).State);
        Assert.Equal(expected, _folder.Results("job"));
        Assert.Equal(mask, File.GetLastWriteTimeUtc(_folder.File("job/mask.mrc")));
    }

    [Fact]
    public void AStageWhoseInputOrParametersChangedIsDoneAgain()
    {
        Run(_folder.Write("job", $"{Mask},{Sharpen}"));
        JobState before = JobFile.Open(_folder.File("job.json")).ReadState();
        JobFile changed = _folder.Write("job", $"{Mask},{Sharpen.Replace(": 1 }", ": 2 }", StringComparison.Ordinal)}");
        Run(changed, new JobRunOptions { Resume = true });
        JobState after = changed.ReadState();

        Assert.Equal(before.Stages[0].Outputs, after.Stages[0].Outputs);
        Assert.NotEqual(before.Stages[1].Fingerprint, after.Stages[1].Fingerprint);

        File.Copy(_folder.File("half1.mrc"), _folder.File("half2.mrc"), overwrite: true);
        Run(changed, new JobRunOptions { Resume = true });
        Assert.NotEqual(after.Stages[0].Fingerprint, changed.ReadState().Stages[0].Fingerprint);
    }

    [Fact]
    public void ResultsThatExistAreRefusedAndTheStateStays()
    {
        JobFile job = _folder.Write("job", Sharpen);
        Run(job);
        byte[] state = File.ReadAllBytes(job.StatePath);

        JobSummary again = Run(job);

        Assert.Equal(nameof(EngineError.MapFileExists), again.ErrorId);
        Assert.Equal(3, again.ExitCode);
        Assert.Equal(state, File.ReadAllBytes(job.StatePath));
        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Overwrite = true }).State);
    }

    [Fact]
    public void ResultsOfSomebodyElseAreNotReplacedByAJobThatNeverRan()
    {
        JobFile job = _folder.Write("job", Sharpen);
        Directory.CreateDirectory(_folder.File("job"));
        File.WriteAllText(_folder.File("job/sharpened.mrc"), "precious");

        Assert.Equal(nameof(EngineError.MapFileExists), Run(job, new JobRunOptions { Resume = true }).ErrorId);
        Assert.Equal("precious", File.ReadAllText(_folder.File("job/sharpened.mrc")));
    }

    [Fact]
    public void AnInputThatIsNotTheOneOfTheJobIsRefused()
    {
        JobFile job = _folder.Write("job", Sharpen, $$""", "mask": { "path": "molecule.mrc", "sha256": "{{new string('0', 64)}}" }""");
        JobSummary summary = Run(job);

        Assert.Equal(nameof(EngineError.JobInputChanged), summary.ErrorId);
        Assert.Equal(JobPhase.Failed, job.ReadState().Phase);
        Assert.Equal(3, job.ReadState().Failure!.ExitCode);
    }

    [Fact]
    public void TooLittleMemoryForAnyStageFailsBeforeTheFirst()
    {
        JobFile job = _folder.Write("job", $"{Mask},{Sharpen}", rest: """, "resources": { "memoryBytes": 500000 }""");
        JobSummary summary = Run(job);

        Assert.Equal((nameof(EngineError.InsufficientMemory), 4), (summary.ErrorId, summary.ExitCode));
        Assert.Equal("sharpen", job.ReadState().Failure!.Stage);
        Assert.All(job.ReadState().Stages.Take(1), stage => Assert.Equal(JobPhase.Queued, stage.Phase));
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public void WhatAJobStatesIsForItselfWhateverTheSessionHolds()
    {
        JobFile job = _folder.Write("job", Mask, rest: """, "resources": { "memoryBytes": 200000000 }""");
        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Limits = new RunLimits { Held = 1L << 30 } }).State);
    }

    [Fact]
    public void ACancelledJobIsStoppedAndGoesOnWhenResumed()
    {
        JobFile job = _folder.Write("job", $"{Mask},{Sharpen}");
        using var cancellation = new CancellationTokenSource();
        var stop = new Watcher(progress =>
        {
            if (progress.Stage.Contains("sharpen", StringComparison.Ordinal))
            {
                cancellation.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => JobRun.Run(job, new JobRunOptions { StoppedBy = () => ExitCode.Terminated }, stop, cancellation.Token));
        JobState stopped = job.ReadState();
        Assert.Equal((JobPhase.Stopped, 143), (stopped.Phase, stopped.Failure!.ExitCode));
        Assert.Equal([JobPhase.Finished, JobPhase.Stopped], stopped.Stages.Select(stage => stage.Phase));
        Assert.Empty(_folder.Leftovers());

        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Resume = true }).State);
        Assert.Equal(stopped.Stages[0].Outputs, job.ReadState().Stages[0].Outputs);
        Assert.Null(job.ReadState().Failure);
    }

    [Fact]
    public void AJobThatIsHeldIsNotRunASecondTime()
    {
        JobFile job = _folder.Write("job", Sharpen);
        using (JobLock.Take(job))
        {
            Assert.Equal(nameof(EngineError.JobRunning), Run(job).ErrorId);
            Assert.Equal(nameof(EngineError.JobRunning), Run(job, new JobRunOptions { Resume = true }).ErrorId);
            Assert.False(File.Exists(job.StatePath));
        }

        Assert.Equal(JobPhase.Finished, Run(job).State);
    }

    [Fact]
    public void AJobOfAnotherMachineIsTakenOverWhenItsSignOfLifeIsOld()
    {
        JobFile job = _folder.Write("job", Sharpen);
        File.WriteAllBytes(job.StatePath, JobJson.Write(job.ReadState() with { Phase = JobPhase.Running, Host = "elsewhere", Process = 1 }));
        File.WriteAllBytes(job.LockPath, [1]);

        JobSummary refused = Run(job, new JobRunOptions { Resume = true });
        Assert.Equal(nameof(EngineError.JobRunning), refused.ErrorId);
        Assert.Contains("process 1 on elsewhere", refused.Message, StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(job.LockPath, DateTime.UtcNow - JobLock.Patience - TimeSpan.FromSeconds(5));
        Assert.Equal(JobPhase.Finished, Run(job, new JobRunOptions { Resume = true }).State);
        Assert.Empty(_folder.Leftovers());
    }

    [Fact]
    public void EveryStageKeepsToItsEstimate()
    {
        string halves = "\"halfMap1\": \"halfMap1\", \"halfMap2\": \"halfMap2\"";
        string stages = string.Join(",", (string[])
        [
            $$"""{ "stage": "mask", {{halves}} }""",
            $$"""{ "stage": "fsc", {{halves}}, "mask": "mask" }""",
            $$"""{ "stage": "localResolution", {{halves}}, "filled": "filled.mrc" }""",
            $$"""{ "stage": "localResolution", "id": "spheres", {{halves}}, "method": "LocalFsc", "output": "spheres.mrc", "randomiseBeyond": 8 }""",
            $$"""{ "stage": "localResolution", "id": "windows", {{halves}}, "method": "LocalFsc", "windowShape": "Gaussian", "windowWidth": 6, "output": "windows.mrc" }""",
            $$"""{ "stage": "sharpen", {{halves}}, "formulation": "Paper", "maximumIterations": 2 }""",
            $$"""{ "stage": "localWiener", {{halves}}, "byProducts": true }""",
            $$"""{ "stage": "bFactor", {{halves}}, "mask": "mask" }""",
            $$"""{ "stage": "autoSharpen", {{halves}}, "resolution": 3 }""",
            $$"""{ "stage": "autoSharpen", "id": "search", "map": "halfMap1", "resolution": 3, "output": "search.mrc" }""",
            $$"""{ "stage": "locScale", {{halves}}, "reference": "sharpen", "windowVoxels": 8 }""",
            $$"""{ "stage": "compare", {{halves}}, "methods": ["BFactor", "LocalDeblur"] }""",
            $$"""{ "stage": "guinier", {{halves}}, "maps": ["sharpen", "locScale"] }""",
            $$"""{ "stage": "pictures", {{halves}}, "maps": ["sharpen"] }""",
        ]);
        using var folder = new JobFolder(48);
        JobFile job = folder.Write("all", stages);
        JobSummary summary = JobRun.Run(job, new JobRunOptions { Limits = new RunLimits { Threads = 2, Memory = job.WorkingBytes(2) } }, null, Cancellation);
        Assert.True(summary.State == JobPhase.Finished, summary.Message);

        // Each by itself, so that none lives on another's.
        long voxels = 48L * 48 * 48;
        Assert.All(job.ReadState().Stages.Zip(job.Stages), pair => Assert.InRange(pair.First.PeakBytes ?? 0, 0, pair.Second.EstimateBytes(voxels, 2)));
    }

    private static JobSummary Run(JobFile job, JobRunOptions? options = null) => JobRun.Run(job, options, null, Cancellation);

    private sealed class Watcher(Action<StageProgress> act) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => act(value);
    }
}
