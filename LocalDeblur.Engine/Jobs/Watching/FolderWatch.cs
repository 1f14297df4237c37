using System.IO.Enumeration;
using System.Text.RegularExpressions;
using LocalDeblur.Files;
using LocalDeblur.Maps;

namespace LocalDeblur.Jobs.Watching;

/// <summary>Watches a folder for the half maps of new reconstructions, and makes a job of each two.</summary>
/// <remarks>
/// The folder is looked at again and again: file systems of a network tell nobody that a file has come. What was done is remembered by the jobs and their states alone, so
/// that it is known after a restart, and a job that is removed is made anew. One process at a time watches for one folder of jobs.
/// </remarks>
public sealed partial class FolderWatch : IDisposable
{
    /// <summary>The folder for jobs in a watched folder, where none is given.</summary>
    public const string UsualJobFolder = "localdeblur";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly string _folder;
    private readonly WatchOptions _options;
    private readonly HalfMapPattern _pattern;
    private readonly JobLock _lock;
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pair> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly List<string> _again = [];
    private bool _hasLooked;

    /// <summary>Begins to watch.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="EngineException">
    /// MapFileNotFound where there is no such folder; ParameterOutOfRange; JobRunning where another process watches for the same folder of jobs; MapFileInaccessible where
    /// that cannot be written to.
    /// </exception>
    public FolderWatch(string folder, WatchOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _options = options ?? new WatchOptions();
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(_folder))
        {
            throw new EngineException(EngineError.MapFileNotFound, $"There is no folder '{_folder}' to watch. Check the name and the current location.", _folder);
        }

        if (_options.Interval < Shortest || _options.Interval > Longest)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange, Say($"{_options.Interval.TotalSeconds} s between two looks were asked for; expected {Shortest.TotalSeconds} s to a day."));
        }

        if (_options.StillPolls < 1)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange, Say($"{_options.StillPolls} looks that find a file unchanged were asked for; expected 1 or more."));
        }

        if (_options.Template is { } template && !(template.Document.Inputs.ContainsKey(KnownParts.HalfMap1) && template.Document.Inputs.ContainsKey(KnownParts.HalfMap2)))
        {
            throw new EngineException(
                EngineError.JobInvalid,
                $"'{template.Path}' cannot be the example of jobs on half maps: none of its inputs is called {KnownParts.HalfMap1} or {KnownParts.HalfMap2}. "
                    + "Give a job on two half maps.",
                template.Path);
        }

        _pattern = new HalfMapPattern(_options.Pattern);
        JobFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(_options.JobFolder ?? Path.Combine(_folder, UsualJobFolder)));
        JobRun.MakeFolder(JobFolder);
        _lock = JobLock.TakeFolder(JobFolder);
    }

    /// <summary>Full path of the folder for jobs.</summary>
    public string JobFolder { get; }

    /// <summary>Waits until there are jobs to do, new ones and those that a process before began or did not come to, or until there is something to tell.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What is new; null where the folder is looked at only once and has nothing more to wait for.</returns>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    public WatchNews? Await(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_hasLooked)
            {
                if (_options.Once && !_waiting.Values.Any(pair => pair.IsOpen))
                {
                    return null;
                }

                _options.Pause(_options.Interval, cancellationToken);
            }

            _hasLooked = true;
            WatchNews news = Look(cancellationToken);
            if (news.Jobs.Count > 0 || news.Warnings.Count > 0)
            {
                return news;
            }
        }
    }

    /// <summary>Takes jobs back that could not be begun, to give them out at the next look.</summary>
    /// <param name="jobs">Paths of their files.</param>
    public void Again(IEnumerable<string> jobs) => _again.AddRange(jobs);

    /// <summary>Lets another process watch.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Looks at the folder.</summary>
    /// <param name="cancellationToken">Stops the reading of files that have come.</param>
    internal WatchNews Look(CancellationToken cancellationToken)
    {
        List<string> jobs = [.. _again];
        _again.Clear();
        try
        {
            Dictionary<string, Pair> found = Find();
            foreach (string gone in _waiting.Keys.Where(path => !found.ContainsKey(path)).ToList())
            {
                _waiting.Remove(gone);
            }

            foreach ((string path, Pair pair) in found.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!_waiting.TryGetValue(path, out Pair? known))
                {
                    _waiting.Add(path, known = pair);
                }

                if (Settle(known, cancellationToken) is { } job)
                {
                    jobs.Add(job);
                }
            }
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            // A mount that is away for a while.
            Warn($"'{_folder}' cannot be looked at: {exception.Message}");
        }

        string[] warnings = [.. _warnings];
        _warnings.Clear();
        return new WatchNews { Jobs = [.. jobs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], Warnings = warnings };
    }

    // Both halves of reconstructions that nothing is known of yet, by the path of the first.
    private Dictionary<string, Pair> Find()
    {
        HashSet<string> files = new(StringComparer.Ordinal);
        foreach (string file in new FileSystemEnumerable<string>(
            _folder,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = _options.Recurse, AttributesToSkip = 0, IgnoreInaccessible = true })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.' && _pattern.IsHalf(entry.FileName) && !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                entry.FileName[0] != '.' && (entry.Attributes & FileAttributes.ReparsePoint) == 0 && entry.ToFullPath() != JobFolder,
        })
        {
            if (!_done.Contains(file))
            {
                files.Add(file);
            }
        }

        Dictionary<string, Pair> pairs = new(StringComparer.Ordinal);
        Dictionary<string, int> newest = new(StringComparer.Ordinal);
        foreach (string first in files)
        {
            string name = Path.GetFileName(first);
            HalfMapWord word = _pattern.Find(name);
            string second = Path.Combine(Path.GetDirectoryName(first)!, word.Other(name));
            if (word.Number != 1 || !files.Contains(second))
            {
                continue;
            }

            (string Series, int Number)? iteration = _pattern.Series(name) is { } part ? (Path.Combine(Path.GetDirectoryName(first)!, part.Series), part.Number) : null;
            if (iteration is { } one)
            {
                newest[one.Series] = Math.Max(one.Number, newest.GetValueOrDefault(one.Series));
            }

            pairs.Add(first, new Pair(first, second, word.Without(name), iteration));
        }

        // Of one refinement the last iteration alone.
        return pairs.Where(pair => pair.Value.Iteration is not { } one || one.Number == newest[one.Series]).ToDictionary(StringComparer.Ordinal);
    }

    // The job to do now; null where there is none, or none yet.
    private string? Settle(Pair pair, CancellationToken cancellationToken)
    {
        try
        {
            if (pair.JobPath is null)
            {
                (pair.JobPath, JobFile? job) = FindJob(pair);
                if (job is not null)
                {
                    bool isOpen = IsOpen(job);
                    Remember(pair);
                    return isOpen ? job.Path : null;
                }
            }

            bool first = pair.FirstArrival.Look(_options.StillPolls, cancellationToken), second = pair.SecondArrival.Look(_options.StillPolls, cancellationToken);
            if (first && second)
            {
                string job = Write(pair, pair.JobPath, cancellationToken);
                Remember(pair);
                return job;
            }

            foreach (string problem in ((string?[])[pair.FirstArrival.Problem, pair.SecondArrival.Problem]).OfType<string>())
            {
                Warn($"Waited for: {problem}");
            }
        }
        catch (EngineException refusal)
        {
            Warn(refusal.Message);
            pair.Reset();
        }

        return null;
    }

    private void Remember(Pair pair)
    {
        _done.UnionWith([pair.First, pair.Second]);
        _waiting.Remove(pair.First);
    }

    private string Write(Pair pair, string path, CancellationToken cancellationToken)
    {
        JobFile? template = _options.Template;
        Dictionary<string, JobInput> inputs = (template?.Document.Inputs ?? new Dictionary<string, JobInput>())
            .ToDictionary(input => input.Key, input => input.Value with { Path = template!.FullPath(input.Value.Path) });
        inputs[KnownParts.HalfMap1] = (inputs.GetValueOrDefault(KnownParts.HalfMap1) ?? new JobInput { Path = pair.First }) with { Path = pair.First };
        inputs[KnownParts.HalfMap2] = (inputs.GetValueOrDefault(KnownParts.HalfMap2) ?? new JobInput { Path = pair.Second }) with { Path = pair.Second };
        var request = new JobRequest { Inputs = inputs, Stages = template?.Stages, Resources = template?.Document.Resources ?? new JobResources() };
        TemporaryFile.RemoveLeftovers(path);
        (JobFile job, IReadOnlyList<string> warnings) = JobWriter.Write(request, path, overwrite: false, cancellationToken);
        foreach (string warning in warnings)
        {
            Warn($"{job.Name}: {warning}");
        }

        return job.Path;
    }

    // The job on these half maps, or a path at which there is no job yet.
    private (string Path, JobFile? Job) FindJob(Pair pair)
    {
        string relative = Path.GetRelativePath(_folder, Path.Combine(Path.GetDirectoryName(pair.First)!, pair.Name));
        string stem = MapFileName.Beside(relative, string.Empty);
        string name = Separators().Replace(stem[..stem.LastIndexOf('.')], "_").Trim('_', '.');
        name = name.Length > 0 ? name : Path.GetFileName(_folder);
        for (int number = 1; ; number++)
        {
            string path = Path.Combine(JobFolder, number == 1 ? $"{name}.json" : Say($"{name}-{number}.json"));
            if (!File.Exists(path))
            {
                return (path, null);
            }

            JobFile? job = Open(path);
            if (job is not null && job.Document.Inputs.TryGetValue(KnownParts.HalfMap1, out JobInput? input) && job.FullPath(input.Path) == pair.First)
            {
                return (path, job);
            }
        }
    }

    // What is no job, or a newer program's, belongs to somebody else.
    private static JobFile? Open(string path)
    {
        try
        {
            return JobFile.Open(path);
        }
        catch (EngineException refusal) when (refusal.Error == EngineError.JobInvalid)
        {
            return null;
        }
    }

    // What failed, or took longer than it may, would do so again.
    private static bool IsOpen(JobFile job)
    {
        JobState state = job.ReadState();
        return state.Phase is JobPhase.Queued or JobPhase.Running || (state.Phase == JobPhase.Stopped && state.Failure?.ErrorId != nameof(EngineError.JobTimeExceeded));
    }

    private void Warn(string sentence)
    {
        if (_told.Add(sentence))
        {
            _warnings.Add(sentence);
        }
    }

    [GeneratedRegex(@"[/\\\s]+")]
    private static partial Regex Separators();

    private sealed record Pair(string First, string Second, string Name, (string Series, int Number)? Iteration)
    {
        public Arrival FirstArrival { get; } = new(First);

        public Arrival SecondArrival { get; } = new(Second);

        public string? JobPath { get; set; }

        // Whether looking once more may tell more: not where a half has been found to be no whole map.
        public bool IsOpen => FirstArrival.Problem is null && SecondArrival.Problem is null;

        public void Reset()
        {
            JobPath = null;
            FirstArrival.Reset();
            SecondArrival.Reset();
        }
    }
}
