using System.CommandLine;
using LocalDeblur.Jobs.Slurm;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur status`: what has come of jobs, wherever they run or ran; and waits for their end.</summary>
internal static class StatusCommand
{
    // Longer than what systems wait for.
    private const double LongestSeconds = 1e9;

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var jobs = new JobFiles();
        var wait = new Option<bool>("--wait") { Description = "Wait until nothing more comes of any by itself; the exit code is 5 then if not all are finished." };
        var timeout = new Option<double?>("--timeout") { Description = "Longest time to wait (s); the exit code is 4 if it is over before.", HelpName = "seconds" };
        var command = new Command("status", "Tells where jobs are, whether they run here, on a Slurm cluster or not at all.");
        jobs.AddTo(command);
        command.Add(wait);
        command.Add(timeout);
        MapOptions.Require(command, timeout, wait);
        SubmitCommand.RequirePositive(timeout);
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            IReadOnlyList<string> paths = jobs.Paths(parsed);
            var cluster = new SlurmCluster();
            if (!parsed.GetValue(wait))
            {
                Tell(await Task.Run(() => cluster.Status(paths, cancellation), CancellationToken.None).ConfigureAwait(false));
                return ExitCode.Success;
            }

            TimeSpan? longest = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, LongestSeconds)) : null;
            IReadOnlyList<JobStatus> ended = await ProgressDisplay.RunAsync(
                quiet: false, progress => cluster.Wait(paths, longest, progress, cancellation)).ConfigureAwait(false);
            Tell(ended);
            return ended.Any(job => !job.IsSettled) ? ExitCode.InsufficientResources
                : ended.All(job => job.State == JobStanding.Finished) ? ExitCode.Success
                : ExitCode.SomeJobsFailed;
        }));
        return command;
    }

    /// <summary>Writes a line for each job.</summary>
    /// <param name="jobs">What is known of them.</param>
    public static void Tell(IReadOnlyList<JobStatus> jobs)
    {
        int names = jobs.Max(job => job.Job.Length);
        foreach (JobStatus job in jobs)
        {
            string task = job.Task is null ? string.Empty : $" {job.Task}";
            string stage = job.Stage is null ? string.Empty : $" at {job.Stage}";
            string resolution = job.Resolution is { } known ? FormattableString.Invariant($", resolution {known:0.00} Å") : string.Empty;
            string time = job.Seconds > 0 ? FormattableString.Invariant($", {job.Seconds:0.0} s") : string.Empty;
            string reason = job.Reason is null ? string.Empty : $". {(job.ErrorId is null ? string.Empty : $"{job.ErrorId}: ")}{job.Reason}";
            Console.Out.WriteLine($"{job.Job.PadRight(names)}  {job.State}{task}{stage}{time}{resolution}{reason}");
        }
    }
}
