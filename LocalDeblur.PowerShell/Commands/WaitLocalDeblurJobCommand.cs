using System.Management.Automation;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Wait-LocalDeblurJob: waits until jobs have ended, wherever they run.</summary>
[Cmdlet(VerbsLifecycle.Wait, "LocalDeblurJob", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Folder + "Wait-LocalDeblurJob.md")]
[OutputType(typeof(JobStatus))]
public sealed class WaitLocalDeblurJobCommand : PathCommand
{
    // TimeSpan.MaxValue is longer than what systems wait for.
    private const double LongestSeconds = 1e9;

    private readonly List<string> _files = [];

    /// <summary>Longest time to wait (s); any where it is not given.</summary>
    [Parameter]
    [ValidateRange(0.0, LongestSeconds)]
    [Number]
    public double? Timeout { get; set; }

    /// <summary>Waits for all jobs when they have come.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count == 0)
        {
            return;
        }

        TimeSpan? timeout = Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        IReadOnlyList<JobStatus> jobs = RunOrThrow("Waiting for the jobs", _files[0], (progress, token) => new SlurmCluster().Wait(_files, timeout, progress, token));
        JobStatus[] open = [.. jobs.Where(job => !job.IsSettled)];
        if (open.Length > 0)
        {
            WriteError(ErrorRecords.JobWaitTimeout(Timeout!.Value, open.Length, jobs.Count, open[0].Path));
        }

        WriteObject(jobs, enumerateCollection: true);
    }

    private protected override void ProcessFile(string file) => _files.Add(file);
}
