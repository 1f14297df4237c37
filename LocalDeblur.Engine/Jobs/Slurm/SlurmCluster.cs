using System.Text.RegularExpressions;
using LocalDeblur.Files;

namespace LocalDeblur.Jobs.Slurm;

/// <summary>Submits jobs to a Slurm cluster, tells what has come of them, and cancels them.</summary>
/// <remarks>
/// Every job is a task of an array that runs it on a node, by this program's runner. What a job notes in its state is the truth about its end; Slurm is asked only
/// about jobs that have noted none. A cluster that does not answer makes a job Unknown, never failed.
/// </remarks>
public sealed partial class SlurmCluster
{
    // Slurm's own default, for a plan on a machine without it.
    private const int UsualArraySize = 1001;

    private const int UsualThreads = 4;

    // Numbers of tasks in one command.
    private const int AtOnce = 500;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly ISlurmCommands _commands;

    /// <summary>The cluster of this machine.</summary>
    public SlurmCluster()
        : this(new SlurmCommands())
    {
    }

    /// <summary>A cluster that is spoken to by other commands.</summary>
    /// <param name="commands">The commands.</param>
    internal SlurmCluster(ISlurmCommands commands) => _commands = commands;

    /// <summary>Plans a submission, and changes nothing.</summary>
    /// <param name="paths">Files of jobs; states of jobs among them are passed over, and so are jobs that are finished or that Slurm has already.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="EngineException">ParameterOutOfRange; MapFileNotFound, MapFileInaccessible or TemplateInvalid for a site's own script.</exception>
    public SubmissionPlan Plan(IReadOnlyList<string> paths, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new SubmitOptions();
        Require(options);
        options = options with { Template = options.TemplatePath is null ? null : ReadTemplate(options.TemplatePath) };
        List<string> decisions = [];
        List<JobSummary> refused = [];
        List<(JobFile Job, long Bytes)> jobs = Choose(Jobs(paths), options, decisions, refused, cancellationToken);
        if (jobs.Count == 0)
        {
            return new SubmissionPlan { Arrays = [], Refused = refused, Decisions = decisions };
        }

        int threads = Math.Max(jobs.Max(job => job.Job.Document.Resources.Threads), jobs.Any(job => job.Job.Document.Resources.Threads == 0) ? options.Threads ?? UsualThreads : 0);
        if (options.Threads is null && jobs.Any(job => job.Job.Document.Resources.Threads == 0))
        {
            decisions.Add(Say($"Processors of each task: {threads}, as not every job states its threads."));
        }

        var array = new SlurmArray
        {
            Name = options.Name,
            Jobs = [.. jobs.Select(job => job.Job.Path)],
            Threads = threads,
            MemoryBytes = options.Memory ?? jobs.Max(job => job.Bytes),
            Minutes = Minutes([.. jobs.Select(job => job.Job)], options),
            Script = string.Empty,
            ScriptPath = string.Empty,
            ListPath = string.Empty,
            LogPattern = string.Empty,
        };
        string folder = Path.GetFullPath(options.Folder ?? Path.Combine(Path.GetDirectoryName(array.Jobs[0])!, "slurm"));
        RequireWritable(folder);
        SlurmArray[] arrays = Split(array, folder, options, decisions, cancellationToken);
        return new SubmissionPlan { Arrays = arrays, Refused = refused, Decisions = decisions, IsChained = arrays.Length > 1 && options.ThrottleLimit is not null };
    }

    /// <summary>Submits what was planned.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Ends it before the next array.</param>
    /// <returns>The arrays, with their numbers.</returns>
    /// <exception cref="EngineException">SchedulerUnavailable, SubmissionRefused; MapFileInaccessible, MapFileExists.</exception>
    public IReadOnlyList<SlurmArray> Submit(SubmissionPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<SlurmArray> submitted = [];
        foreach (SlurmArray array in plan.Arrays)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? first = plan.IsChained && submitted.Count > 0 ? submitted[^1].Id : null;
            submitted.Add(Submit(array, first, submitted, cancellationToken));
        }

        return submitted;
    }

    /// <summary>What has come of jobs, wherever they run or ran.</summary>
    /// <param name="paths">Files of jobs; states of jobs among them are passed over.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>One for each, in their order.</returns>
    public IReadOnlyList<JobStatus> Status(IReadOnlyList<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        Known[] known = [.. Jobs(paths).Select(Look)];
        string[] open = [.. known.Where(job => job.IsOpen).Select(job => job.Ticket!.Task)];
        if (open.Length == 0)
        {
            return [.. known.Select(job => job.Status())];
        }

        IReadOnlyDictionary<string, SlurmTask>? tasks = SlurmTasks.Find(_commands, open, cancellationToken);

        // Between the first look and the answer a job may have ended: what it noted by now goes with the answer.
        return [.. known.Select(job => job.IsOpen ? Look(job.Path).Status(tasks is null, tasks?.GetValueOrDefault(job.Ticket!.Task)) : job.Status())];
    }

    /// <summary>Waits until nothing more will come of jobs by itself: each has ended, is stuck, or was never begun.</summary>
    /// <param name="paths">Files of jobs.</param>
    /// <param name="timeout">Longest time to wait; null for any.</param>
    /// <param name="progress">Told how many are where; or null.</param>
    /// <param name="cancellationToken">Ends the waiting, not the jobs.</param>
    /// <returns>One for each, in their order; where the time is over, some are not settled.</returns>
    public IReadOnlyList<JobStatus> Wait(
        IReadOnlyList<string> paths, TimeSpan? timeout = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        long started = TimeProvider.System.GetTimestamp();
        TimeSpan pause = Shortest;
        while (true)
        {
            IReadOnlyList<JobStatus> now = Status(paths, cancellationToken);
            int settled = now.Count(job => job.IsSettled);
            progress?.Report(new StageProgress(Summarise(now), (double)settled / Math.Max(1, now.Count)));
            TimeSpan left = timeout is { } most ? most - TimeProvider.System.GetElapsedTime(started) : TimeSpan.MaxValue;
            if (settled == now.Count || left <= TimeSpan.Zero)
            {
                return now;
            }

            cancellationToken.WaitHandle.WaitOne(pause < left ? pause : left);
            cancellationToken.ThrowIfCancellationRequested();
            pause = pause * 1.5 < Longest ? pause * 1.5 : Longest;
        }
    }

    /// <summary>Cancels jobs that wait or run on the cluster.</summary>
    /// <param name="paths">Files of jobs. Those that have ended, or were not submitted, stay as they are.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>What has come of each after that.</returns>
    /// <exception cref="EngineException">SchedulerUnavailable; MapFileInaccessible.</exception>
    public IReadOnlyList<JobStatus> Cancel(IReadOnlyList<string> paths, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<JobStatus> before = Status(paths, cancellationToken);
        JobStatus[] live = [.. before.Where(IsCancellable)];
        foreach (JobStatus[] some in live.Chunk(AtOnce))
        {
            SlurmAnswer answer = _commands.Run("scancel", [.. some.Select(job => job.Task!)], cancellationToken);
            if (!answer.IsGood)
            {
                throw Unavailable("The jobs could not be cancelled", answer);
            }

            foreach (JobStatus job in some)
            {
                JobFile file = JobFile.Open(job.Path);
                file.Write(file.ReadTicket()! with { Cancelled = DateTimeOffset.UtcNow });
            }
        }

        return live.Length == 0 ? before : Status(paths, cancellationToken);
    }

    /// <summary>Whether a job waits or runs on the cluster, or may, as far as is known.</summary>
    /// <param name="job">What is known of it.</param>
    public static bool IsCancellable(JobStatus job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Task is not null && (job.State is JobStanding.Pending or JobStanding.Stuck or JobStanding.Running || job is { State: JobStanding.Unknown, IsSettled: false });
    }

    private static string Summarise(IReadOnlyList<JobStatus> jobs) => string.Join(
        ", ", jobs.GroupBy(job => job.State).OrderBy(group => group.Key).Select(group => Say($"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")));

    private static string[] Jobs(IEnumerable<string> paths) => [.. paths.Where(path => !path.EndsWith(JobFile.StateSuffix, StringComparison.OrdinalIgnoreCase))];

    private static Known Look(string path)
    {
        try
        {
            JobFile job = JobFile.Open(path);
            return new Known(path, job, job.ReadTicket(), job.ReadState(), null);
        }
        catch (EngineException refusal)
        {
            return new Known(path, null, null, null, refusal);
        }
    }

    private static void Require(SubmitOptions options)
    {
        if (!FileName().IsMatch(options.Name))
        {
            throw Refused($"The name '{options.Name}' cannot be used for an array and its files; expected letters, digits, points, hyphens and underscores.");
        }

        if (options.ThrottleLimit < 1)
        {
            throw EngineException.OutOfRange(EngineParameter.ThrottleLimit, Say($"{options.ThrottleLimit} jobs at once were asked for; expected 1 or more."));
        }

        if (options.TimeLimit is { } time && (time <= TimeSpan.Zero || time.TotalDays > 3650))
        {
            throw Refused(Say($"The time limit is {time.TotalSeconds} s; expected more than 0, and ten years at most."));
        }

        foreach (string word in ((string?[])[options.Partition, options.Account]).OfType<string>())
        {
            if (word.Length == 0 || word.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            {
                throw Refused($"'{word}' is the name of no partition or account; expected one without spaces.");
            }
        }

        foreach (string option in options.ExtraOptions)
        {
            if (!option.StartsWith('-') || option.Any(char.IsControl))
            {
                throw Refused($"'{option}' is no option of sbatch; expected one with its hyphens, and each by itself.");
            }
        }

        EngineException Refused(string message) => new(EngineError.ParameterOutOfRange, message);
    }

    private static string ReadTemplate(string path)
    {
        using StringReader reader = TextFile.Open(Path.GetFullPath(path));
        return reader.ReadToEnd();
    }

    private static void RequireWritable(string folder)
    {
        if (folder.Any(letter => char.IsControl(letter) || letter is '"' or '\\'))
        {
            throw new EngineException(
                EngineError.MapFileInaccessible,
                $"'{folder}' cannot be the folder of a script of Slurm, which takes no quotation marks and backslashes in it. Give another folder.",
                folder);
        }
    }

    private static int? Minutes(JobFile[] jobs, SubmitOptions options)
    {
        // A minute more than the jobs allow themselves, so that they end by their own limit and say so.
        double? longest = jobs.All(job => job.Document.Resources.Seconds is not null) ? jobs.Max(job => job.Document.Resources.Seconds) : null;
        return options.TimeLimit is { } time ? SlurmScript.Minutes(time) : longest is { } seconds ? SlurmScript.Minutes(TimeSpan.FromSeconds(seconds)) + 1 : null;
    }

    private List<(JobFile Job, long Bytes)> Choose(string[] paths, SubmitOptions options, List<string> decisions, List<JobSummary> refused, CancellationToken cancellationToken)
    {
        List<(JobFile Job, long Bytes)> chosen = [];
        IReadOnlyList<JobStatus> known = Status(paths, cancellationToken);
        foreach ((string path, JobStatus status) in paths.Zip(known))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (status.State is JobStanding.Finished or JobStanding.Pending or JobStanding.Stuck or JobStanding.Running)
            {
                string task = status.State == JobStanding.Finished || status.Task is null ? string.Empty : $", as {status.Task}";
                decisions.Add($"{status.Job} was passed over: it is {status.State.ToString().ToLowerInvariant()} already{task}.");
                continue;
            }

            try
            {
                JobFile job = JobFile.Open(path);
                chosen.Add((job, options.Memory ?? job.EstimateBytes(new RunLimits { Threads = options.Threads ?? UsualThreads })));
            }
            catch (EngineException refusal)
            {
                refused.Add(JobSummary.Refused(Path.GetFullPath(path), Path.GetFileNameWithoutExtension(path), refusal));
            }
        }

        return chosen;
    }

    private SlurmArray[] Split(SlurmArray whole, string folder, SubmitOptions options, List<string> decisions, CancellationToken cancellationToken)
    {
        // The largest index is one less than what the cluster calls the size.
        int most = ArraySize(decisions, cancellationToken) - 1;
        string[][] chunks = [.. whole.Jobs.Chunk(most)];
        if (chunks.Length > 1)
        {
            string chain = options.ThrottleLimit is null ? string.Empty : ", each after the one before, so that the limit of jobs at once holds";
            decisions.Add(Say($"{whole.Jobs.Count} jobs are {chunks.Length} arrays{chain}, as one has {most} tasks at most on this cluster."));
        }

        // A number that nothing in the folder has: an array that waits still reads its list.
        int number = 1;
        return [.. chunks.Select(jobs =>
        {
            string stem;
            do
            {
                stem = Path.Combine(folder, Say($"{options.Name}-{number++}"));
            }
            while (File.Exists($"{stem}.sh") || File.Exists($"{stem}.jobs.txt"));

            SlurmArray array = whole with
            {
                Jobs = jobs,
                ScriptPath = $"{stem}.sh",
                ListPath = $"{stem}.jobs.txt",
                LogPattern = options.Template is { } template && SlurmTemplate.HasOwnOutput(template) ? null : $"{folder.Replace("%", "%%")}/%x-%A_%a.log",
            };
            return array with { Script = SlurmScript.Write(array, options) };
        })];
    }

    private int ArraySize(List<string> decisions, CancellationToken cancellationToken)
    {
        SlurmAnswer answer = _commands.Run("scontrol", ["show", "config"], cancellationToken);
        if (ArraySizeLine().Match(answer.Output) is { Success: true } line && int.TryParse(line.Groups[1].Value, out int size) && size > 1)
        {
            return size;
        }

        decisions.Add(Say($"An array has {UsualArraySize - 1} tasks at most, as is usual: the cluster was not to be asked ({answer.Complaint})."));
        return UsualArraySize;
    }

    private SlurmArray Submit(SlurmArray array, string? first, List<SlurmArray> submitted, CancellationToken cancellationToken)
    {
        string folder = Path.GetDirectoryName(array.ScriptPath)!;
        JobRun.MakeFolder(folder);
        ResultFile.WriteText(array.ListPath, overwrite: false, writer => writer.Write(string.Concat(array.Jobs.Select(job => $"{Path.GetRelativePath(folder, job)}\n"))));
        DateTimeOffset?[] before = [.. array.Jobs.Select(path => JobFile.Open(path).ReadState().Since)];
        bool isDone = false;
        try
        {
            ResultFile.WriteText(array.ScriptPath, overwrite: false, writer => writer.Write(array.Script));
            SlurmAnswer answer = _commands.Run("sbatch", SlurmScript.Submission(array, first), cancellationToken);
            string id = answer.Output.Split(';')[0].Trim();
            if (!answer.IsGood || id.Length == 0)
            {
                throw Refuse(array, answer, submitted);
            }

            isDone = true;
            return Note(array with { Id = id }, before);
        }
        finally
        {
            if (!isDone)
            {
                File.Delete(array.ListPath);
                File.Delete(array.ScriptPath);
            }
        }
    }

    private static SlurmArray Note(SlurmArray array, DateTimeOffset?[] before)
    {
        foreach ((int i, string path) in array.Jobs.Index())
        {
            JobFile job = JobFile.Open(path);
            string? log = array.LogPattern?.Replace("%x", array.Name).Replace("%A", array.Id).Replace("%a", Say($"{i + 1}")).Replace("%%", "%");
            job.Write(new SlurmTicket
            {
                Schema = SlurmTicket.CurrentSchema,
                Task = Say($"{array.Id}_{i + 1}"),
                Submitted = DateTimeOffset.UtcNow,
                Before = before[i],
                Log = log is null ? null : job.Relative(log),
            });
        }

        return array;
    }

    private static EngineException Refuse(SlurmArray array, SlurmAnswer answer, List<SlurmArray> submitted)
    {
        string others = submitted.Count == 0 ? string.Empty : $" Already submitted: {string.Join(", ", submitted)}.";
        return answer.IsMissing || answer.ExitCode < 0 || answer.Error.Contains("contact", StringComparison.OrdinalIgnoreCase)
            ? Unavailable($"The {array.Jobs.Count} jobs of '{array.Name}' were not submitted{others}", answer)
            : new EngineException(
                EngineError.SubmissionRefused,
                $"Slurm refused the array '{array.Name}' of {array.Jobs.Count} jobs: {answer.Complaint}. Nothing of it was submitted.{others}");
    }

    private static EngineException Unavailable(string what, SlurmAnswer answer) => new(
        EngineError.SchedulerUnavailable,
        answer.IsMissing ? $"{what}: {answer.Complaint}. Go to a machine of the cluster from which jobs are submitted."
            : $"{what}: {answer.Complaint}. Wait until Slurm answers (scontrol ping), and try again.");

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^MaxArraySize\s*=\s*(\d+)", RegexOptions.Multiline)]
    private static partial Regex ArraySizeLine();

    private sealed record Known(string Path, JobFile? Job, SlurmTicket? Ticket, JobState? State, EngineException? Refusal)
    {
        public bool IsOpen => Job is not null && JobMerge.IsOpen(State!, Ticket);

        public JobStatus Status(bool isSilent = false, SlurmTask? task = null) =>
            Refusal is not null ? JobMerge.Of(Path, Refusal) : JobMerge.Of(Job!, State!, Ticket, isSilent, task);
    }
}
