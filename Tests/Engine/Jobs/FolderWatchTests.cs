using System.IO.Compression;
using ICSharpCode.SharpZipLib.BZip2;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Watching;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using Xunit;

namespace LocalDeblur.Tests.Engine.Jobs;

public sealed class FolderWatchTests : IDisposable
{
    private static readonly byte[][] Halves = [.. Enumerable.Range(1, 2).Select(Draw)];

    private readonly string _path = Directory.CreateTempSubdirectory("localdeblur-watch-").FullName;
    private readonly List<string> _told = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Theory]
    [InlineData("run_half1_class001_unfil.mrc", "run_half2_class001_unfil.mrc", "run_class001_unfil")]
    [InlineData("J12_004_volume_map_half_A.mrc", "J12_004_volume_map_half_B.mrc", "J12_004_volume_map")]
    [InlineData("emd_1234_half_map_1.map.gz", "emd_1234_half_map_2.map.gz", "emd_1234")]
    [InlineData("Refine3D/job012/run_half1_class001_unfil.mrc", "Refine3D/job012/run_half2_class001_unfil.mrc", "Refine3D_job012_run_class001_unfil")]
    [InlineData("a/half1.mrc", "a/half2.mrc", "a")]
    [InlineData("half1.mrc", "half2.mrc", null)]
    [InlineData("a_odd.mrc", "a_even.mrc", "a", "*_{odd,even}.mrc")]
    public void TwoHalvesOfOneNameAreAJob(string first, string second, string? name, string? pattern = null)
    {
        Put(first, 1);
        Put(second, 2);
        using FolderWatch watch = Open(new() { Pattern = pattern, Recurse = true });
        Assert.Empty(Look(watch));
        Assert.Empty(Look(watch));
        string made = Assert.Single(Look(watch));
        Assert.Equal(Path.Combine(_path, "localdeblur", $"{name ?? Path.GetFileName(_path)}.json"), made);
        JobFile job = JobFile.Open(made);
        Assert.Equal([first, second], job.Document.Inputs.Values.Select(input => Path.GetRelativePath(_path, Path.GetFullPath(input.Path, Path.GetDirectoryName(made)!))));
        Assert.Equal(["mask", "fsc", "localResolution", "sharpen", "guinier", "pictures"], job.Stages.Select(stage => stage.Name));
        Assert.Empty(Look(watch));
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData("run_it012_half1_class001.mrc", "run_it012_half2_class001.mrc")]
    [InlineData("half1.mrc", "half2.map")]
    [InlineData("half1.mrcs", "half2.mrcs")]
    [InlineData("half1.mrc.part", "half2.mrc.part")]
    [InlineData(".half1.mrc", ".half2.mrc")]
    [InlineData("a/half1.mrc", "a/half2.mrc")]
    [InlineData("a_half1.mrc", "b_half2.mrc")]
    [InlineData("half1.mrc", "half2.mrc", "*_{odd,even}.mrc")]
    public void NothingElseIs(string first, string second, string? pattern = null)
    {
        Put(first, 1);
        Put(second, 2);
        using FolderWatch watch = Open(new() { Pattern = pattern, Once = true });
        Assert.Empty(Await(watch));
        Assert.Empty(_told);
    }

    [Fact]
    public void OfOneRefinementTheLastIterationAlone()
    {
        foreach (string number in (string[])["000", "009", "010"])
        {
            Put($"J7_{number}_volume_map_half_A.mrc", 1);
            Put($"J7_{number}_volume_map_half_B.mrc", 2);
        }

        using FolderWatch watch = Open(new() { Once = true });
        Assert.Equal(["J7_010_volume_map.json"], Names(Await(watch)));
        Assert.Empty(Await(watch));
    }

    [Theory]
    [InlineData(".mrc")]
    [InlineData(".mrc.gz")]
    [InlineData(".mrc.bz2")]
    public void AFileThatIsStillBeingWrittenIsWaitedFor(string suffix)
    {
        byte[] whole = Bytes($"x{suffix}", 2);
        Put($"half1{suffix}", 1);
        using FolderWatch watch = Open(new());
        string second = Path.Combine(_path, $"half2{suffix}");
        for (int part = 1; part < 4; part++)
        {
            File.WriteAllBytes(second, whole[..(whole.Length * part / 4)]);
            Assert.Empty(Look(watch));
            Assert.Empty(Look(watch));
        }

        // Still for long enough, and not whole: told once.
        Assert.Empty(_told);
        Assert.Empty(Look(watch));
        Assert.Empty(Look(watch));
        Assert.Contains("half2", Assert.Single(_told), StringComparison.Ordinal);
        File.WriteAllBytes(second, whole);
        Assert.Empty(Look(watch));
        Assert.Empty(Look(watch));
        Assert.Single(Look(watch));
        Assert.Single(_told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void AFileWhoseChecksumIsStillMissingIsWaitedFor(int missing)
    {
        byte[] whole = Bytes("x.mrc.gz", 2);
        Put("half1.mrc.gz", 1);
        File.WriteAllBytes(Path.Combine(_path, "half2.mrc.gz"), whole[..^missing]);
        using FolderWatch watch = Open(new());
        for (int i = 0; i < 5; i++)
        {
            Assert.Empty(Look(watch));
        }

        Assert.Contains("half2", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfSeveralMembersIsWhole()
    {
        Put("half1.mrc.gz", 1);
        byte[] bytes = Halves[1];
        int middle = bytes.Length / 3;
        File.WriteAllBytes(Path.Combine(_path, "half2.mrc.gz"), [.. Zip(bytes[..middle]), .. Zip(bytes[middle..])]);
        using FolderWatch watch = Open(new());
        Assert.Empty(Look(watch));
        Assert.Empty(Look(watch));
        Assert.Single(Look(watch));

        static byte[] Zip(byte[] part)
        {
            using var packed = new MemoryStream();
            using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            {
                stream.Write(part);
            }

            return packed.ToArray();
        }
    }

    [Fact]
    public void AFileOfItsFullLengthThatIsStillWrittenIsWaitedFor()
    {
        Put("half1.mrc", 1);
        Put("half2.mrc", 2);
        using FolderWatch watch = Open(new());
        for (int i = 0; i < 4; i++)
        {
            File.SetLastWriteTimeUtc(Path.Combine(_path, "half2.mrc"), DateTime.UtcNow.AddMinutes(i));
            Assert.Empty(Look(watch));
        }

        Assert.Empty(Look(watch));
        Assert.Single(Look(watch));
    }

    [Fact]
    public void WhatWasDoneIsKnownAfterARestart()
    {
        Put("a_half1.mrc", 1);
        Put("a_half2.mrc", 2);
        JobFile job;
        using (FolderWatch watch = Open(new() { StillPolls = 1 }))
        {
            Assert.Empty(Look(watch));
            job = JobFile.Open(Assert.Single(Look(watch)));
        }

        foreach ((JobPhase phase, string? error, bool isDone) in ((JobPhase, string?, bool)[])
            [
                (JobPhase.Queued, null, false), (JobPhase.Running, null, false), (JobPhase.Stopped, "Stopped", false),
                (JobPhase.Stopped, "JobTimeExceeded", true), (JobPhase.Failed, "HalfMapMismatch", true), (JobPhase.Finished, null, true),
            ])
        {
            JobFailure? failure = error is null ? null : new JobFailure { ErrorId = error, Message = error, ExitCode = 3 };
            var state = new JobState { Schema = JobState.CurrentSchema, Job = "a.json", Phase = phase, Failure = failure };
            File.WriteAllBytes(job.StatePath, JobJson.Write(state));
            using FolderWatch watch = Open(new() { StillPolls = 1 });
            Assert.Equal(isDone ? [] : [job.Path], Look(watch));
            Assert.Empty(Look(watch));
            Assert.Empty(Look(watch));
        }

        // A job that is removed is made anew, under the name that is free.
        File.Delete(job.Path);
        File.Delete(job.StatePath);
        File.WriteAllText(job.Path, "{}");
        using FolderWatch again = Open(new() { Once = true });
        Assert.Equal(["a-2.json"], Names(Await(again)));
    }

    [Fact]
    public void OneProcessHasAFolderOfJobs()
    {
        using (FolderWatch watch = Open(new()))
        {
            Assert.Equal(EngineError.JobRunning, Assert.Throws<EngineException>(() => Open(new())).Error);
            using FolderWatch elsewhere = Open(new() { JobFolder = Path.Combine(_path, "other") });
        }

        // Of a machine that shares no locks: it works while it gives a sign of life, and has left the folder after a while.
        string held = Path.Combine(_path, "localdeblur", ".watch.lock");
        File.WriteAllText(held, "elsewhere");
        Assert.Contains("elsewhere", Assert.Throws<EngineException>(() => Open(new())).Message, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(held, DateTime.UtcNow.AddMinutes(-3));
        Open(new()).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_path, "localdeblur")));
    }

    [Fact]
    public void OnceWaitsForWhatIsThereAndNoLonger()
    {
        int pauses = 0;
        Put("a_half1.mrc", 1);
        Put("a_half2.mrc", 2);
        Put("b_half1.mrc", 1);
        File.WriteAllBytes(Path.Combine(_path, "b_half2.mrc"), Halves[1][..5000]);
        using FolderWatch watch = Open(new() { Once = true, StillPolls = 3 }, () => pauses++);
        Assert.Equal(["a.json"], Names(Await(watch)));
        Assert.Equal(3, pauses);
        Assert.Empty(Await(watch));
        Assert.Equal(3, pauses);
        Assert.Contains("b_half2.mrc", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsAwayForAWhileIsToldOfOnce()
    {
        Put("in/half1.mrc", 1);
        Put("in/half2.mrc", 2);
        using var watch = new FolderWatch(
            Path.Combine(_path, "in"), new() { StillPolls = 1, JobFolder = Path.Combine(_path, "jobs") });
        Directory.Move(Path.Combine(_path, "in"), Path.Combine(_path, "away"));
        Assert.Empty(Look(watch));
        Assert.Empty(Look(watch));
        Assert.Single(_told);
        Directory.Move(Path.Combine(_path, "away"), Path.Combine(_path, "in"));
        Assert.Empty(Look(watch));
        Assert.Equal(["in.json"], Names(Look(watch)));
    }

    [Fact]
    public void AnExampleGivesStagesFilesAndResources()
    {
        Put("molecule.mrc", 1);
        Put("a_half1.mrc", 1);
        Put("a_half2.mrc", 2);
        File.WriteAllText(Path.Combine(_path, "example.json"), """
            {
              "schema": "localdeblur.job/1",
              "inputs": { "halfMap1": { "path": "x1.mrc", "voxelSize": 1.5 }, "halfMap2": { "path": "x2.mrc", "voxelSize": 1.5 }, "mask": { "path": "molecule.mrc" } },
              "stages": [{ "stage": "sharpen", "halfMap1": "halfMap1", "halfMap2": "halfMap2", "maximumIterations": 7 }],
              "outputs": { "folder": "x" },
              "resources": { "threads": 3 }
            }
            """);
        using FolderWatch watch = Open(new() { Once = true, Template = JobFile.Open(Path.Combine(_path, "example.json")) });
        JobFile job = JobFile.Open(Assert.Single(Await(watch)));
        Assert.Equal(("../a_half1.mrc", 1.5), (job.Document.Inputs["halfMap1"].Path, job.Document.Inputs["halfMap1"].VoxelSize));
        Assert.Equal("../molecule.mrc", job.Document.Inputs["mask"].Path);
        Assert.Equal(7, Assert.IsType<LocalDeblur.Jobs.Stages.SharpenStage>(Assert.Single(job.Stages)).MaximumIterations);
        Assert.Equal((3, "a"), (job.Document.Resources.Threads, job.Document.Outputs.Folder));
    }

    [Theory]
    [InlineData("*.mrc")]
    [InlineData("{odd,odd}.mrc")]
    [InlineData("{,even}.mrc")]
    [InlineData("a/{odd,even}.mrc")]
    [InlineData("{odd,even}_{odd,even}.mrc")]
    public void APatternNamesTheTwoWords(string pattern)
    {
        EngineException refusal = Assert.Throws<EngineException>(() => Open(new() { Pattern = pattern }));
        Assert.Equal(EngineError.ParameterOutOfRange, refusal.Error);
        Assert.Contains("{odd,even}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeWatchedIsRefused()
    {
        Assert.Equal(EngineError.MapFileNotFound, Assert.Throws<EngineException>(() => new FolderWatch(Path.Combine(_path, "none"))).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => Open(new() { Interval = TimeSpan.Zero })).Error);
        Assert.Equal(EngineError.ParameterOutOfRange, Assert.Throws<EngineException>(() => Open(new() { StillPolls = 0 })).Error);
        Assert.False(Directory.Exists(Path.Combine(_path, "localdeblur")));
    }

    [Fact]
    public void AJobThatCouldNotBeBegunIsGivenOutAgain()
    {
        Put("half1.mrc", 1);
        Put("half2.mrc", 2);
        using FolderWatch watch = Open(new() { StillPolls = 1 });
        IReadOnlyList<string> jobs = Await(watch);
        watch.Again(jobs);
        Assert.Equal(jobs, Look(watch));
        Assert.Empty(Look(watch));
    }

    private static byte[] Draw(int half)
    {
        string file = Path.Combine(Path.GetTempPath(), $"localdeblur-{Guid.NewGuid():N}.mrc");
        MrcWriter.Write(new HelixPhantom(new PhantomOptions { Size = 32 }).DrawHalfMap(half), file, new MrcWriteOptions { WriteHistory = false });
        byte[] bytes = File.ReadAllBytes(file);
        File.Delete(file);
        return bytes;
    }

    private static IEnumerable<string?> Names(IEnumerable<string> jobs) => jobs.Select(Path.GetFileName);

    private static byte[] Bytes(string name, int half)
    {
        using var packed = new MemoryStream();
        using (Stream stream = Path.GetExtension(name) switch
        {
            ".gz" => new GZipStream(packed, CompressionLevel.Fastest),
            ".bz2" => new BZip2OutputStream(packed),
            _ => packed,
        })
        {
            stream.Write(Halves[half - 1]);
        }

        return packed.ToArray();
    }

    // Nobody waits here.
    private FolderWatch Open(WatchOptions options, Action? pause = null) =>
        new(_path, options with { Pause = (_, _) => pause?.Invoke() });

    private IReadOnlyList<string> Look(FolderWatch watch)
    {
        WatchNews news = watch.Look(Stop);
        _told.AddRange(news.Warnings);
        return news.Jobs;
    }

    private IReadOnlyList<string> Await(FolderWatch watch)
    {
        WatchNews? news;
        while ((news = watch.Await(Stop)) is { Jobs.Count: 0 })
        {
            _told.AddRange(news.Warnings);
        }

        _told.AddRange(news?.Warnings ?? []);
        return news?.Jobs ?? [];
    }

    private void Put(string name, int half)
    {
        string file = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, Bytes(name, half));
    }
}
