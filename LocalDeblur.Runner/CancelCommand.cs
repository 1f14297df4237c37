using System.CommandLine;
using LocalDeblur.Jobs.Slurm;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur cancel`: cancels jobs that wait or run on a Slurm cluster.</summary>
internal static class CancelCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var jobs = new JobFiles();
        var command = new Command("cancel", "Cancels jobs that wait or run on a Slurm cluster; what has ended, or runs elsewhere, stays as it is.");
        jobs.AddTo(command);
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            IReadOnlyList<string> paths = jobs.Paths(parsed);
            IReadOnlyList<JobStatus> left = await Task.Run(() => new SlurmCluster().Cancel(paths, cancellation), CancellationToken.None).ConfigureAwait(false);
            StatusCommand.Tell(left);
            JobStatus[] elsewhere = [.. left.Where(job => job is { State: JobStanding.Running, Task: null })];
            foreach (JobStatus job in elsewhere)
            {
                Console.Error.WriteLine($"{job.Job} was not submitted to a cluster: it runs on {job.Host}. Interrupt its process there (Ctrl+C, or kill).");
            }

            return elsewhere.Length == 0 ? ExitCode.Success : left.Count == 1 ? ExitCode.InputRefused : ExitCode.SomeJobsFailed;
        }));
        return command;
    }
}
