using System.Management.Automation;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.PowerShell.Base;

namespace LocalDeblur.PowerShell.Commands;

/// <summary>Stop-LocalDeblurJob: cancels jobs that wait or run on a Slurm cluster.</summary>
[Cmdlet(VerbsLifecycle.Stop, "LocalDeblurJob", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, HelpUri = HelpPages.Folder + "Stop-LocalDeblurJob.md")]
[OutputType(typeof(JobStatus))]
public sealed class StopLocalDeblurJobCommand : PathCommand
{
    private readonly List<string> _files = [];

    /// <summary>Cancels all jobs when they have come.</summary>
    protected override void EndProcessing()
    {
        if (_files.Count == 0)
        {
            return;
        }

        var cluster = new SlurmCluster();
        IReadOnlyList<JobStatus> jobs = RunOrThrow("Looking at the jobs", _files[0], (_, token) => cluster.Status(_files, token));
        List<string> wanted = [];
        foreach (JobStatus job in jobs)
        {
            if (job is { State: JobStanding.Running, Task: null })
            {
                WriteError(ErrorRecords.JobNotSubmitted(job));
            }
            else if (!SlurmCluster.IsCancellable(job))
            {
                Note($"{job.Job}: Left as it is, {job.State}.");
            }
            else if (ShouldProcess($"{job.Job} ({job.Task})", "Cancel"))
            {
                wanted.Add(job.Path);
            }
        }

        if (wanted.Count > 0)
        {
            WriteObject(RunOrThrow("Cancelling", wanted[0], (_, token) => cluster.Cancel(wanted, token)), enumerateCollection: true);
        }
    }

    private protected override void ProcessFile(string file) => _files.Add(file);
}
