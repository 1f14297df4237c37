using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.Jobs.Watching;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Watch-CryoFolder: makes a job of each two half maps that come to a folder, and runs or submits it.</summary>
[Cmdlet(VerbsCommon.Watch, "CryoFolder", DefaultParameterSetName = RunSet, HelpUri = HelpPages.Folder + "Watch-CryoFolder.md")]
[OutputType(typeof(JobSummary), typeof(SlurmArray))]
public sealed class WatchCryoFolderCommand : MapCommand
{
    private const string RunSet = "Run";
    private const string SubmitSet = "Submit";
    private const string Activity = "Watching";

    /// <summary>The folder to watch.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.OutputFileCompleter))]
    public string Path { get; set; } = string.Empty;

    /// <summary>How half maps are named, with the two words that tell them apart in braces.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>Watches the folders below too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Folder for jobs, states and results.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JobDirectory { get; set; }

    /// <summary>Job on half maps whose stages, resources and other files each new job takes over.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.JobFileCompleter))]
    public string? JobTemplate { get; set; }

    /// <summary>Time between two looks.</summary>
    [Parameter]
    public TimeSpan Interval { get; set; } = new WatchOptions().Interval;

    /// <summary>Looks on end that have to find a file unchanged.</summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    [Number]
    public int StillPolls { get; set; } = new WatchOptions().StillPolls;

    /// <summary>Ends as soon as nothing is to be waited for.</summary>
    [Parameter]
    public SwitchParameter Once { get; set; }

    /// <summary>Most jobs at once.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [ValidateRange(1, 1024)]
    [Number]
    public int ThrottleLimit { get; set; } = 1;

    /// <summary>Threads; 0 for as many as the process may use.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    [Number]
    public int Threads { get; set; }

    /// <summary>Most memory that may be held at once (bytes).</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    [Number]
    public long? MemoryLimit { get; set; }

    /// <summary>Submits the jobs to a Slurm cluster instead of running them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SubmitSet)]
    public SwitchParameter Submit { get; set; }

    /// <summary>Options of sbatch, such as --partition=cpu.</summary>
    [Parameter(ParameterSetName = SubmitSet)]
    [ValidateNotNullOrEmpty]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] SbatchOption { get; set; } = [];

    /// <summary>A site's own script for Slurm, with placeholders.</summary>
    [Parameter(ParameterSetName = SubmitSet)]
    [ValidateNotNullOrEmpty]
    public string? Template { get; set; }

    /// <summary>File that gets a line of JSON for everything that happens; - for standard error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Watches until Ctrl+C, or once.</summary>
    protected override void EndProcessing()
    {
        string folder = ResolveOrThrow(Path)!;
        string? example = ResolveOrThrow(JobTemplate);
        var options = new WatchOptions
        {
            Pattern = Pattern,
            Recurse = Recurse,
            JobFolder = ResolveOrThrow(JobDirectory),
            Interval = Interval,
            StillPolls = StillPolls,
            Once = Once,
        };
        using FolderWatch watch = RunOrThrow(
            Activity, folder, (_, _) => new FolderWatch(folder, options with { Template = example is null ? null : JobFile.Open(example) }), isLogged: true);
        Action<IReadOnlyList<string>> work = Submit ? Submitting(watch, ResolveOrThrow(Template)) : Run;
        while (RunOrThrow(Activity, folder, (_, token) => watch.Await(token), isLogged: true) is { } news)
        {
            Tell(System.IO.Path.GetFileName(folder), [], news.Warnings);
            if (news.Jobs.Count > 0)
            {
                work(news.Jobs);
            }
        }
    }

    private void Run(IReadOnlyList<string> jobs)
    {
        var options = new JobBatchOptions
        {
            Run = new JobRunOptions { Resume = true, Limits = RunLimits.OfSession(Threads, MemoryLimit), Log = Log },
            ThrottleLimit = ThrottleLimit,
        };
        string activity = jobs.Count == 1 ? $"Job {System.IO.Path.GetFileNameWithoutExtension(jobs[0])}" : $"{jobs.Count} jobs";
        foreach (JobSummary job in RunOrThrow(activity, jobs[0], (progress, token) => JobBatch.Run(jobs, options, progress, token), isLogged: true))
        {
            Tell(job.Job, [], job.Warnings);
            if (job.ErrorId is not null)
            {
                WriteError(ErrorRecords.From(job, MyInvocation.MyCommand));
            }

            WriteObject(job);
        }
    }

    private Action<IReadOnlyList<string>> Submitting(FolderWatch watch, string? template)
    {
        var cluster = new SlurmCluster();
        var options = new SubmitOptions { Threads = Threads > 0 ? Threads : null, Memory = MemoryLimit, ExtraOptions = SbatchOption, TemplatePath = template };
        string? told = null;
        return jobs =>
        {
            (IReadOnlyList<JobSummary> refused, IReadOnlyList<SlurmArray> arrays, EngineException? refusal) =
                RunOrThrow("Submitting", jobs[0], (_, token) => TrySubmit(cluster, jobs, options, token));
            foreach (JobSummary job in refused)
            {
                WriteError(ErrorRecords.From(job, MyInvocation.MyCommand));
            }

            if (refusal is not null)
            {
                // Tomorrow's maps are not lost because a controller restarts today.
                watch.Again(jobs);
                if (refusal.Message != told)
                {
                    WriteWarning($"{ParameterSpelling.Spell(refusal, MyInvocation.MyCommand).Message} It is tried again.");
                }
            }

            told = refusal?.Message;
            WriteObject(arrays, enumerateCollection: true);
        };
    }

    private (IReadOnlyList<JobSummary> Refused, IReadOnlyList<SlurmArray> Arrays, EngineException? Refusal) TrySubmit(
        SlurmCluster cluster, IReadOnlyList<string> jobs, SubmitOptions options, CancellationToken token)
    {
        try
        {
            SubmissionPlan plan = cluster.Plan(jobs, options, token);
            return (plan.Refused, cluster.Submit(plan, token), null);
        }
        catch (EngineException refusal) when (!Once && refusal.Error is (EngineError.SchedulerUnavailable or EngineError.SubmissionRefused))
        {
            return ([], [], refusal);
        }
    }

    private protected override string? LogTarget => LogPath;
}
