using System.CommandLine;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;
using LocalDeblur.Jobs.Watching;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur watch`: makes a job of each two half maps that come to a folder, and runs or submits it.</summary>
internal static class WatchCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "The folder to watch." };
        var pattern = new Option<string?>("--pattern")
        {
            Description = "How half maps are named, with the two words that tell them apart in braces: '*_{odd,even}.mrc'. By default as RELION, cryoSPARC and the EMDB do.",
            HelpName = "name",
        };
        var recurse = new Option<bool>("--recurse") { Description = "Watch the folders below too." };
        var jobs = new Option<string?>("--job-directory") { Description = "Folder for jobs and results; 'localdeblur' in the watched one by default.", HelpName = "folder" };
        Option<string?> example = MapOptions.File("--job-template", "Job on half maps whose stages, resources, mask and model new jobs take over; the standard run by default.");
        var interval = new Option<int>("--interval") { Description = "Time between two looks (s), 1 to 86400.", DefaultValueFactory = _ => 30, HelpName = "seconds" };
        var still = new Option<int>("--still-polls") { Description = "Looks on end that have to find a file unchanged.", DefaultValueFactory = _ => 2, HelpName = "count" };
        var once = new Option<bool>("--once") { Description = "End as soon as nothing is to be waited for, as a scheduled task does." };
        var throttle = new Option<int>("--throttle-limit") { Description = "Most jobs at once.", DefaultValueFactory = _ => 1, HelpName = "count" };
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var submit = new Option<bool>("--submit") { Description = "Submit the jobs to a Slurm cluster instead of running them here; threads and memory are those of each job." };
        var extra = new Option<string[]>("--sbatch-option") { Description = "Option of sbatch, as in --sbatch-option=--partition=cpu; may be repeated.", HelpName = "option" };
        Option<string?> template = MapOptions.File("--template", "A site's own script for Slurm with {{ run_cmd }} or XXXcommandXXX, as cryoSPARC and RELION have it.");
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or summary; warnings and errors only." };
        var command = new Command("watch", "Watches a folder, and runs or submits a job on each two half maps that come there. Told to end (SIGTERM), it ends with 0.")
        {
            folder, pattern, recurse, jobs, example, interval, still, once, throttle, threads, memory, submit, extra, template, quiet,
        };
        MapOptions.Require(command, extra, submit);
        MapOptions.Require(command, template, submit);
        SubmitCommand.RequirePositive(throttle);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, submit) && MapOptions.IsGiven(result, throttle))
            {
                result.AddError("--submit and --throttle-limit were both given. Slurm says how many of its jobs run at once: leave --throttle-limit out.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            using var watch = new FolderWatch(parsed.GetRequiredValue(folder), new WatchOptions
            {
                Pattern = parsed.GetValue(pattern),
                Recurse = parsed.GetValue(recurse),
                JobFolder = parsed.GetValue(jobs),
                Template = parsed.GetValue(example) is { } job ? JobFile.Open(job) : null,
                Interval = TimeSpan.FromSeconds(parsed.GetValue(interval)),
                StillPolls = parsed.GetValue(still),
                Once = parsed.GetValue(once),
            });
            bool isQuiet = parsed.GetValue(quiet);
            var running = new JobBatchOptions
            {
                Run = new JobRunOptions
                {
                    Resume = true,
                    Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
                    Log = RunnerLog.Current?.Log,
                    StoppedBy = () => TerminationSignals.Current?.Received ?? ExitCode.Interrupted,
                },
                ThrottleLimit = parsed.GetValue(throttle),
                Ended = job => RunCommand.Tell(job, command, isQuiet),
            };
            var submitting = new SubmitOptions
            {
                Threads = parsed.GetValue(threads) is > 0 and var count ? count : null,
                Memory = MapOptions.Bytes(parsed.GetValue(memory)),
                ExtraOptions = parsed.GetValue(extra) ?? [],
                TemplatePath = parsed.GetValue(template),
                Program = SubmitCommand.Self(),
            };
            Func<IReadOnlyList<string>, Task<IReadOnlyList<ExitCode>>> work = parsed.GetValue(submit)
                ? found => Task.Run<IReadOnlyList<ExitCode>>(() => [SubmitCommand.Submit(found, submitting, isDryRun: false, command, cancellation)], CancellationToken.None)
                : async found =>
                {
                    IReadOnlyList<JobSummary> ended = await ProgressDisplay.RunAsync(
                        isQuiet, progress => JobBatch.Run(found, running, progress, cancellation), isLogged: true).ConfigureAwait(false);
                    return [.. ended.Select(job => (ExitCode)job.ExitCode)];
                };
            try
            {
                return await WatchAsync(watch, work, parsed.GetValue(once), command, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (TerminationSignals.Current?.Received == ExitCode.Terminated)
            {
                // The way in which a watch ends, as services are told to.
                return ExitCode.Success;
            }
        }));
        return command;
    }

    private static async Task<ExitCode> WatchAsync(
        FolderWatch watch, Func<IReadOnlyList<string>, Task<IReadOnlyList<ExitCode>>> work, bool isOnce, Command command, CancellationToken cancellation)
    {
        List<ExitCode> codes = [];
        string? told = null;
        while (await AwaitAsync(watch, cancellation).ConfigureAwait(false) is { } found)
        {
            try
            {
                IReadOnlyList<ExitCode> ended = await work(found).ConfigureAwait(false);
                codes.AddRange(isOnce ? ended : []);
                told = null;
            }
            catch (EngineException refusal) when (!isOnce && refusal.Error is (EngineError.SchedulerUnavailable or EngineError.SubmissionRefused))
            {
                // Tomorrow's maps are not lost because a controller restarts today.
                string text = $"{refusal.MessageFor(parameter => OptionSpelling.Of(parameter, command))} It is tried again.";
                if (text != told)
                {
                    RunnerLog.Warn(told = text);
                }

                watch.Again(found);
            }
        }

        return codes.All(code => code == ExitCode.Success) ? ExitCode.Success : codes is [var only] ? only : ExitCode.SomeJobsFailed;
    }

    // The jobs to do; null at the end.
    private static async Task<IReadOnlyList<string>?> AwaitAsync(FolderWatch watch, CancellationToken cancellation)
    {
        // The look itself may take its time: a compressed map is read to its end.
        while (await Task.Run(() => watch.Await(cancellation), CancellationToken.None).ConfigureAwait(false) is { } news)
        {
            news.Warnings.ToList().ForEach(RunnerLog.Warn);
            if (news.Jobs.Count > 0)
            {
                return news.Jobs;
            }
        }

        return null;
    }
}
