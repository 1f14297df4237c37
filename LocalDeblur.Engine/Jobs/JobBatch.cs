using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>How several jobs are run.</summary>
public sealed record JobBatchOptions
{
    /// <summary>How each job is run. Its limits are those of all of them together.</summary>
    public JobRunOptions Run { get; init; } = new();

    /// <summary>Most jobs that run at once, 1 or more; fewer do where their estimates need more memory than all may use.</summary>
    public int ThrottleLimit { get; init; } = 1;

    /// <summary>Table of what came of the jobs, which is written anew whenever one ends; null for none.</summary>
    public string? SummaryPath { get; init; }

    /// <summary>Told of each job when it ends, one at a time; or null.</summary>
    public Action<JobSummary>? Ended { get; init; }
}

/// <summary>Runs jobs, as many at once as are allowed and fit into memory. A job that fails does not stop the others.</summary>
public static class JobBatch
{
    /// <summary>Reads a list of jobs: the path of one a line, relative to the list.</summary>
    /// <param name="path">Path of the list.</param>
    /// <returns>Full paths.</returns>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, or JobInvalid where it is empty or too long.</exception>
    public static IReadOnlyList<string> ReadList(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string list = Path.GetFullPath(path);
        using StringReader reader = TextFile.Open(list, EngineError.JobInvalid);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] jobs = [.. lines.Select(job => Path.GetFullPath(job, Path.GetDirectoryName(list)!))];
        return jobs.Length > 0 ? jobs : throw new EngineException(EngineError.JobInvalid, $"'{list}' names no job; expected the path of one on each line.", list);
    }

    /// <summary>Runs jobs.</summary>
    /// <param name="paths">Paths of their files; states of jobs among them are passed over.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Ends all of them within a fraction of a second; what is done so far is noted.</param>
    /// <returns>What came of each, in their order.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange; MapFileInaccessible for the table.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled. The table has been written.</exception>
    public static IReadOnlyList<JobSummary> Run(
        IReadOnlyList<string> paths, JobBatchOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new JobBatchOptions();
        if (options.ThrottleLimit < 1)
        {
            throw EngineException.OutOfRange(EngineParameter.ThrottleLimit, Say($"{options.ThrottleLimit} jobs at once were asked for; expected 1 or more."));
        }

        // A pattern that names jobs names the states beside them too.
        string[] jobs = [.. paths.Where(path => !path.EndsWith(JobFile.StateSuffix, StringComparison.OrdinalIgnoreCase))];
        return new Batch(jobs, options, progress, cancellationToken).Run();
    }

    private sealed class Batch(IReadOnlyList<string> paths, JobBatchOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        private readonly JobSummary?[] _summaries = new JobSummary?[paths.Count];
        private readonly JobFile?[] _jobs = new JobFile?[paths.Count];
        private readonly long[] _bytes = new long[paths.Count];
        private readonly double[] _fractions = new double[paths.Count];
        private readonly List<int> _waiting = [];
        private readonly object _gate = new();
        private readonly int _atOnce = Math.Min(options.ThrottleLimit, Math.Max(1, paths.Count));
        private long _free;
        private int _running;

        // Each works on its share of the threads.
        private RunLimits Share => options.Run.Limits with { Threads = Math.Max(1, options.Run.Limits.AllowedThreads / _atOnce) };

        public IReadOnlyList<JobSummary> Run()
        {
            // Before hours of work: what stands in the way of its table.
            WriteTable();
            _free = options.Run.Limits.AllowedMemory;
            for (int i = 0; i < paths.Count; i++)
            {
                Open(i);
            }

            try
            {
                new RunLimits { Threads = _atOnce }.ForEach(_waiting.Count, _ => RunNext(), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Those that had begun have noted how far they came.
                foreach ((int i, JobFile? job) in _jobs.Index())
                {
                    _summaries[i] ??= job is null ? null : JobSummary.Of(job, job.ReadState());
                }

                WriteTable();
                throw;
            }

            return [.. _summaries.OfType<JobSummary>()];
        }

        private void Open(int index)
        {
            try
            {
                _jobs[index] = JobFile.Open(paths[index]);
                _bytes[index] = _atOnce > 1 ? _jobs[index]!.EstimateBytes(Share) : 0;
                _waiting.Add(index);
            }
            catch (EngineException refusal)
            {
                string path = Path.GetFullPath(paths[index]);
                options.Run.Log?.Write(new LogEntry("error") { Job = Path.GetFileNameWithoutExtension(path), ErrorId = refusal.Error.ToString(), Message = refusal.Message });
                End(index, JobSummary.Refused(path, Path.GetFileNameWithoutExtension(path), refusal));
            }
        }

        private void RunNext()
        {
            int index = Take();
            try
            {
                // Beside others a job keeps to what it said it takes; alone it may have all.
                RunLimits limits = _atOnce == 1 ? options.Run.Limits : Share.WithOwnMemory(Math.Min(_bytes[index], options.Run.Limits.AllowedMemory));
                JobRunOptions run = options.Run with { Limits = limits, HasNeighbours = _atOnce > 1 };
                End(index, JobRun.Run(_jobs[index]!, run, Watch(index), cancellationToken));
            }
            finally
            {
                Release(index);
            }
        }

        // Of several at once each counts as its share of the whole, whatever the others do.
        private Progress? Watch(int index) => progress is null ? null : new Progress(this, index, progress);

        // The first that fits; one that never does runs alone, and is refused where it really takes so much.
        private int Take()
        {
            lock (_gate)
            {
                while (true)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    int place = _waiting.FindIndex(index => _bytes[index] <= _free || _running == 0);
                    if (place >= 0)
                    {
                        int index = _waiting[place];
                        _waiting.RemoveAt(place);
                        _free -= _bytes[index];
                        _running++;
                        return index;
                    }

                    Monitor.Wait(_gate);
                }
            }
        }

        private void Release(int index)
        {
            lock (_gate)
            {
                _free += _bytes[index];
                _running--;
                Monitor.PulseAll(_gate);
            }
        }

        private void End(int index, JobSummary summary)
        {
            lock (_gate)
            {
                _summaries[index] = summary;
                _fractions[index] = 1;
                WriteTable();
                options.Ended?.Invoke(summary);
            }
        }

        private void WriteTable()
        {
            if (options.SummaryPath is { } path)
            {
                JobSummary.WriteTable(_summaries.OfType<JobSummary>(), path);
            }
        }

        private sealed class Progress(Batch batch, int index, IProgress<StageProgress> whole) : IProgress<StageProgress>
        {
            public void Report(StageProgress value)
            {
                batch._fractions[index] = double.IsNaN(value.Fraction) ? batch._fractions[index] : value.Fraction;
                whole.Report(value with { Fraction = batch._fractions.Sum() / batch._fractions.Length });
            }
        }
    }
}
