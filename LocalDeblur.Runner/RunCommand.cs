using System.CommandLine;
using LocalDeblur.Jobs;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur run`: runs jobs from their files.</summary>
internal static class RunCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var jobs = new JobFiles();
        var index = new Option<int?>("--index") { Description = "Run the job on this line of the list alone, from 1, as a task of an array does.", HelpName = "number" };
        var resume = new Option<bool>("--resume") { Description = "Go on behind the stages that are done; finished jobs stay as they are." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace results that exist." };
        var throttle = new Option<int>("--throttle-limit") { Description = "Most jobs at once.", DefaultValueFactory = _ => 1, HelpName = "count" };
        Option<string?> summary = MapOptions.File("--summary", "Table (.csv) of what came of the jobs, a row each.");
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or summary; warnings and errors only." };
        var command = new Command("run", "Runs jobs: everything that is to be done with a reconstruction, as a file says it.")
        {
            index, resume, force, throttle, summary, threads, memory, quiet,
        };
        jobs.AddTo(command);
        MapOptions.Require(command, index, jobs.List);
        throttle.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int count) && count < 1)
            {
                result.AddError($"--throttle-limit is {count}; expected 1 or more.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            IReadOnlyList<string> paths = Select(jobs.Paths(parsed), parsed.GetValue(index));
            var options = new JobBatchOptions
            {
                Run = new JobRunOptions
                {
                    Resume = parsed.GetValue(resume),
                    Overwrite = parsed.GetValue(force),
                    Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
                    Log = RunnerLog.Current?.Log,
                    StoppedBy = () => TerminationSignals.Current?.Received ?? ExitCode.Interrupted,
                },
                ThrottleLimit = parsed.GetValue(throttle),
                SummaryPath = parsed.GetValue(summary) is { } table ? Path.GetFullPath(table) : null,
                Ended = job => Tell(job, command, parsed.GetValue(quiet)),
            };
            IReadOnlyList<JobSummary> done = await ProgressDisplay.RunAsync(
                parsed.GetValue(quiet), progress => JobBatch.Run(paths, options, progress, cancellation), isLogged: true).ConfigureAwait(false);
            return done.All(job => job.ExitCode == 0) ? ExitCode.Success : done.Count == 1 ? (ExitCode)done[0].ExitCode : ExitCode.SomeJobsFailed;
        }));
        return command;
    }

    /// <summary>Tells what came of a job.</summary>
    /// <param name="job">Its summary.</param>
    /// <param name="command">The command, whose options a message can advise.</param>
    /// <param name="quiet">Whether to tell of warnings and errors only.</param>
    public static void Tell(JobSummary job, Command command, bool quiet)
    {
        bool isTold = RunnerLog.Current is { IsStandardError: true };
        foreach (string warning in isTold ? [] : job.Warnings)
        {
            Console.Error.WriteLine($"Warning: {job.Job}: {warning}");
        }

        if (job.ErrorId is { } error)
        {
            string? message = job.Error switch
            {
                EngineException refusal => refusal.MessageFor(parameter => OptionSpelling.Of(parameter, command)),
                { } fault => $"A fault of the program, please report it: {fault}",
                null => job.Message,
            };
            if (!isTold)
            {
                Console.Error.WriteLine($"{job.Job}: {error}: {message}");
            }
        }
        else if (!quiet)
        {
            string resolution = job.Resolution is { } known ? FormattableString.Invariant($", resolution {known:0.00} Å") : string.Empty;
            Console.Out.WriteLine(FormattableString.Invariant($"{job.Job}: {job.State} in {job.Seconds:0.0} s{resolution}; results in {job.OutputFolder}"));
        }
    }

    private static IReadOnlyList<string> Select(IReadOnlyList<string> paths, int? index) =>
        index is not { } line ? paths
            : line >= 1 && line <= paths.Count ? [paths[line - 1]]
            : throw new EngineException(
                EngineError.ParameterOutOfRange,
                FormattableString.Invariant($"Job {line} of the list was asked for, and it names {paths.Count}; expected 1 to {paths.Count}."));
}
