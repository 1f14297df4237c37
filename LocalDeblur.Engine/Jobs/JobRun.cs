using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>Runs a job, stage by stage, and notes in its state what is done.</summary>
/// <remarks>
/// A stage counts as done when its files are whole, by their SHA-256, and neither its parameters nor the files it works on have changed since. Every stage reads its
/// input from files, so that a run that was interrupted and resumed has the same results as one that was not.
/// </remarks>
public static class JobRun
{
    /// <summary>What documents, state, hashes and log take beside the program (bytes; measured).</summary>
    private const long JobBytes = 20_000_000;

    /// <summary>Runs a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Ends the run within a fraction of a second; what is done so far is noted.</param>
    /// <returns>What came of it: a job that fails is no exception.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static JobSummary Run(JobFile job, JobRunOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        options ??= new JobRunOptions();
        try
        {
            using JobLock held = JobLock.Take(job);
            RemoveLeftovers(job);
            JobState before = job.ReadState();
            bool mayReplace = options.Overwrite || (options.Resume && before.Phase != JobPhase.Queued);
            if (!mayReplace)
            {
                RequireNoResults(job);
            }

            using var work = new Work(job, options with { Overwrite = mayReplace }, before, progress, cancellationToken);
            return work.Run();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Refused before anything was noted: what a run before left stays as it is.
            JobSummary refused = JobSummary.Refused(job.Path, job.Name, exception);
            options.Log?.Write(new LogEntry("error") { Job = job.Name, ErrorId = refused.ErrorId, Message = refused.Message });
            return refused;
        }
    }

    /// <summary>Makes a folder for results.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    internal static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(folder, exception);
        }
    }

    private static IEnumerable<string> Targets(JobFile job) =>
        from stage in job.Stages
        from product in stage.Products
        from file in (string[])[product.Path, .. JobRules.Beside(product.Path), System.IO.Path.ChangeExtension(product.Path, ".csv")]
        select job.Target(file);

    private static void RemoveLeftovers(JobFile job)
    {
        string hidden = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(job.LockPath)!, System.IO.Path.GetFileName(job.LockPath).TrimStart('.'));
        foreach (string target in Targets(job).Append(job.StatePath).Append(hidden).Distinct())
        {
            TemporaryFile.RemoveLeftovers(target);
        }

        File.Delete(job.ClaimPath);
    }

    private static void RequireNoResults(JobFile job)
    {
        if (job.Stages.SelectMany(stage => stage.Products).Select(product => job.Target(product.Path)).FirstOrDefault(File.Exists) is { } existing)
        {
            throw new EngineException(EngineError.MapFileExists, $"'{existing}', a result of the job '{job.Name}', exists already.", existing)
            {
                Advice =
                [
                    new("resume the job", EngineParameter.Resume),
                    new("allow its results to be replaced", EngineParameter.Overwrite),
                    new("give the job another folder for results"),
                ],
            };
        }
    }

    private sealed class Work : IDisposable
    {
        private readonly JobFile _job;
        private readonly JobRunOptions _options;
        private readonly JobState _before;
        private readonly IProgress<StageProgress>? _progress;
        private readonly CancellationToken _outside;
        private readonly CancellationTokenSource _ending;
        private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
        private JobState _state;

        public Work(JobFile job, JobRunOptions options, JobState before, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
        {
            _job = job;
            _options = options;
            _before = before;
            _progress = progress;
            _outside = cancellationToken;
            _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (job.Document.Resources.Seconds is { } seconds)
            {
                _ending.CancelAfter(TimeSpan.FromSeconds(seconds));
            }

            _state = new JobState
            {
                Schema = JobState.CurrentSchema,
                Job = System.IO.Path.GetFileName(job.Path),
                Phase = JobPhase.Running,
                Program = ProgramName.WithVersion,
                Host = Environment.MachineName,
                Process = Environment.ProcessId,
                Since = DateTimeOffset.UtcNow,
                Stages = [.. job.Stages.Select(stage => Known(stage) ?? new JobStageState { Stage = stage.Name, Phase = JobPhase.Queued })],
            };
        }

        public JobSummary Run()
        {
            string? stage = null;
            Log(new LogEntry("begin") { Message = _options.Resume && _before.Phase != JobPhase.Queued ? "The job is resumed." : null });
            Note(_state);
            try
            {
                Require();
                foreach ((int i, JobStage next) in _job.Stages.Index())
                {
                    stage = next.Name;
                    RequireMemory(i, next);
                }

                foreach ((int i, JobStage next) in _job.Stages.Index())
                {
                    stage = next.Name;
                    Do(i, next);
                }
            }
            catch (OperationCanceledException) when (_outside.IsCancellationRequested)
            {
                const string Outside = "The job was ended from outside. Resume it to go on behind the stages that are done.";
                End(JobPhase.Stopped, stage, "Stopped", Outside, _options.StoppedBy?.Invoke() ?? ExitCode.Interrupted);
                throw;
            }
            catch (OperationCanceledException)
            {
                var exceeded = new EngineException(EngineError.JobTimeExceeded, Say($"The job '{_job.Name}' took longer than the {_job.Document.Resources.Seconds} s that it may."))
                {
                    Advice = [new("allow it more time", EngineParameter.TimeLimit), new("resume it", EngineParameter.Resume)],
                };
                return End(JobPhase.Stopped, stage, exceeded);
            }
            catch (Exception exception)
            {
                return End(JobPhase.Failed, stage, exception);
            }

            Note(_state with { Phase = JobPhase.Finished, Ended = DateTimeOffset.UtcNow });
            JobSummary summary = JobSummary.Of(_job, _state);
            Log(new LogEntry("end") { Fraction = 1, Figures = new Dictionary<string, double> { ["seconds"] = summary.Seconds, ["peakBytes"] = summary.PeakBytes } });
            return summary;
        }

        public void Dispose() => _ending.Dispose();

        private JobStageState? Known(JobStage stage) =>
            _options.Resume ? _before.Stages.FirstOrDefault(known => known.Stage == stage.Name && known.Phase == JobPhase.Finished) : null;

        // That the files which go in are there, and are those that the job was written for.
        private void Require()
        {
            foreach ((string name, JobInput input) in _job.Document.Inputs)
            {
                string path = _job.FullPath(input.Path);
                (string hash, long bytes) = FileHash.Of(path, _ending.Token);
                if ((input.Sha256 is { } expected && !expected.Equals(hash, StringComparison.OrdinalIgnoreCase)) || (input.Bytes is { } length && length != bytes))
                {
                    throw new EngineException(
                        EngineError.JobInputChanged,
                        Say($"'{path}' is not the file that the job '{_job.Name}' was written for: it has {bytes} bytes and SHA-256 {hash}, ")
                            + Say($"and {input.Bytes ?? bytes} bytes and {input.Sha256 ?? hash} were noted. Bring the old file back, or write the job anew."),
                        path);
                }

                _files[name] = path;
                _hashes[path] = hash;
            }
        }

        // Of stages that are to run, on maps that are there already.
        private void RequireMemory(int index, JobStage stage)
        {
            if (Known(stage) is null && stage is ReconstructionStage next && next.Reconstructed.All(_job.Document.Inputs.ContainsKey))
            {
                next.RequireMemory(new StageRun(_job, stage, _files, Limits(index), _options.Overwrite, progress: null, _ending.Token));
            }
        }

        // A refusal tells what is enough for all stages that are left.
        private RunLimits Limits(int index)
        {
            JobResources resources = _job.Document.Resources;
            RunLimits limits = resources.MemoryBytes is { } own ? _options.Limits.WithOwnMemory(own) : _options.Limits;
            limits = limits with { Threads = resources.Threads > 0 ? resources.Threads : limits.Threads };
            return limits.BesideProgram(JobBytes) with { Enough = _job.WorkingBytes(limits.AllowedThreads, index) };
        }

        private void Do(int index, JobStage stage)
        {
            _ending.Token.ThrowIfCancellationRequested();
            string fingerprint = Fingerprint(stage);
            if (Known(stage) is { } known && known.Fingerprint == fingerprint && AreWhole(known))
            {
                Add(stage);
                Log(new LogEntry("skip") { Stage = stage.Name, Fraction = (index + 1.0) / _job.Stages.Count, Message = "The stage is done already." });
                return;
            }

            Note(index, new JobStageState { Stage = stage.Name, Phase = JobPhase.Running });
            long started = Stopwatch.GetTimestamp();
            TimeSpan used = Environment.CpuUsage.TotalTime;
            StageRun run = Open(index, stage);
            run.Limits.ReleaseGarbage(run.Limits.Enough);
            stage.Run(run);
            JobOutputFile[] outputs = [.. run.Written.Distinct().Select(Describe)];
            var done = new JobStageState
            {
                Stage = stage.Name,
                Phase = JobPhase.Finished,
                Fingerprint = fingerprint,
                Outputs = outputs,
                Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
                CpuSeconds = _options.HasNeighbours ? null : Math.Round((Environment.CpuUsage.TotalTime - used).TotalSeconds, 3),
                PeakBytes = run.PeakBytes > 0 ? run.PeakBytes : null,
                Figures = run.Figures,
                Decisions = run.Decisions,
                Warnings = run.Warnings,
            };
            Note(index, done);
            Add(stage);
            foreach (string warning in run.Warnings)
            {
                Log(new LogEntry("warning") { Stage = stage.Name, Message = warning });
            }

            var figures = new Dictionary<string, double>(run.Figures) { ["seconds"] = done.Seconds.Value };
            Log(new LogEntry("end") { Stage = stage.Name, Fraction = (index + 1.0) / _job.Stages.Count, Figures = figures });
        }

        private StageRun Open(int index, JobStage stage)
        {
            string name = $"{_job.Name} {stage.Name}";
            IProgress<StageProgress> whole = new Prefixed(ScaledProgress.Part(_progress, (double)index / _job.Stages.Count, 1.0 / _job.Stages.Count), name);
            whole.Report(new StageProgress(string.Empty, 0));
            IProgress<StageProgress> watched = _options.Log?.Watch(whole, _job.Name, stage.Name) ?? whole;
            Log(new LogEntry("begin") { Stage = stage.Name, Fraction = (double)index / _job.Stages.Count });
            return new StageRun(_job, stage, _files, Limits(index), _options.Overwrite, watched, _ending.Token);
        }

        // What a stage makes goes into the stages behind it.
        private void Add(JobStage stage)
        {
            foreach (JobProduct product in stage.Products)
            {
                _files[product.Name] = _job.Target(product.Path);
            }
        }

        private string Fingerprint(JobStage stage)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(JobJson.Write(stage));
            hash.AppendData(Encoding.UTF8.GetBytes(_job.Document.Outputs.Mode.ToString()));
            foreach (string name in stage.Uses.OfType<string>())
            {
                JobInput? input = _job.Document.Inputs.GetValueOrDefault(name);
                string path = _files[name];
                string content = _hashes.TryGetValue(path, out string? known) ? known : _hashes[path] = FileHash.Of(path, _ending.Token).Sha256;
                string origin = string.Join(',', from place in input?.Origin ?? [] select Say($"{place:R}"));
                hash.AppendData(Encoding.UTF8.GetBytes(Say($"{name}={content};{input?.VoxelSize};{origin};{input?.NonFiniteValue};{input?.Index}\n")));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        private bool AreWhole(JobStageState stage) => stage.Outputs.All(output =>
        {
            string path = _job.FullPath(output.Path);
            if (!File.Exists(path) || new FileInfo(path).Length != output.Bytes)
            {
                return false;
            }

            _hashes[path] = FileHash.Of(path, _ending.Token).Sha256;
            return _hashes[path] == output.Sha256;
        });

        private JobOutputFile Describe(string path)
        {
            (string hash, long bytes) = FileHash.Of(path, _ending.Token);
            _hashes[path] = hash;
            return new JobOutputFile { Path = _job.Relative(path), Sha256 = hash, Bytes = bytes };
        }

        private void Note(int index, JobStageState stage) =>
            Note(_state with { Stages = [.. _state.Stages.Take(index), stage, .. _state.Stages.Skip(index + 1)] });

        private void Note(JobState state)
        {
            _state = state;
            ResultFile.Write(_job.StatePath, overwrite: true, stream => stream.Write(JobJson.Write(state)));
        }

        private JobSummary End(JobPhase phase, string? stage, Exception exception) =>
            End(phase, stage, ExitCodes.ErrorId(exception), exception.Message, ExitCodes.Of(exception)) with { Error = exception };

        private JobSummary End(JobPhase phase, string? stage, string errorId, string message, ExitCode exitCode)
        {
            Note(_state with
            {
                Phase = phase,
                Ended = DateTimeOffset.UtcNow,
                Failure = new JobFailure { ErrorId = errorId, Message = message, ExitCode = (int)exitCode, Stage = stage },
                Stages = [.. _state.Stages.Select(known => known.Phase == JobPhase.Running ? known with { Phase = phase } : known)],
            });
            Log(new LogEntry(phase == JobPhase.Stopped ? "stop" : "error") { Stage = stage, ErrorId = errorId, Message = message });
            return JobSummary.Of(_job, _state);
        }

        private void Log(LogEntry entry) => _options.Log?.Write(entry with { Job = _job.Name });
    }

    // "emd_1234 sharpen: Sharpening: iteration 3": what stands before the first colon is told once.
    private sealed class Prefixed(IProgress<StageProgress>? whole, string name) : IProgress<StageProgress>
    {
        public void Report(StageProgress value) => whole?.Report(value with { Stage = value.Stage.Length == 0 ? name : $"{name}: {value.Stage}" });
    }
}
