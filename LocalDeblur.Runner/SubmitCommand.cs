using System.CommandLine;
using LocalDeblur.Jobs;
using LocalDeblur.Jobs.Slurm;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur submit`: hands jobs to a Slurm cluster.</summary>
internal static class SubmitCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var jobs = new JobFiles();
        var name = new Option<string>("--name") { Description = "Name in the queue, and of the files.", DefaultValueFactory = _ => "localdeblur", HelpName = "name" };
        Option<string?> folder = MapOptions.File("--script-directory", "Folder for script, list and output of the jobs; 'slurm' beside the first job by default.");
        var throttle = new Option<int?>("--throttle-limit") { Description = "Most jobs at once.", HelpName = "count" };
        var threads = new Option<int?>("--threads") { Description = "Threads of each job that states none; 4 by default.", HelpName = "count" };
        Option<string?> memory = MapOptions.Memory();
        memory.Description = "Memory of each job, such as 8GB; the jobs' own estimate by default.";
        var time = new Option<double?>("--time-limit") { Description = "Time of each job (minutes); what the jobs state by default, else the partition's.", HelpName = "minutes" };
        var partition = new Option<string?>("--partition") { Description = "Partition.", HelpName = "name" };
        var account = new Option<string?>("--account") { Description = "Account that pays.", HelpName = "name" };
        var extra = new Option<string[]>("--sbatch-option") { Description = "Further option of sbatch, as in --sbatch-option=--qos=night; may be repeated.", HelpName = "option" };
        var program = new Option<string[]>("--program")
        {
            Description = "Program that runs a job on a node; this one by default. May be repeated for what stands before its arguments.",
            HelpName = "word",
        };
        Option<string?> template = MapOptions.File("--template", "A site's own script with {{ run_cmd }} or XXXcommandXXX, as cryoSPARC and RELION have it.");
        var values = new Option<string[]>("--template-value") { Description = "Value of a further placeholder of it; may be repeated.", HelpName = "name=value" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the script, and submit nothing." };
        var command = new Command("submit", "Submits jobs to a Slurm cluster, as the tasks of an array.")
        {
            name, folder, throttle, threads, memory, time, partition, account, extra, program, template, values, dryRun,
        };
        jobs.AddTo(command);
        MapOptions.Require(command, values, template);
        RequirePositive(throttle);
        RequirePositive(threads);
        RequirePositive(time);
        values.Validators.Add(result =>
        {
            foreach (string pair in result.Tokens.Select(token => token.Value).Where(pair => pair.IndexOf('=', StringComparison.Ordinal) < 1))
            {
                result.AddError($"--template-value is '{pair}'; expected name=value.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string[] words = parsed.GetValue(program) ?? [];
            var options = new SubmitOptions
            {
                Name = parsed.GetValue(name)!,
                Folder = parsed.GetValue(folder),
                ThrottleLimit = parsed.GetValue(throttle),
                Threads = parsed.GetValue(threads),
                Memory = MapOptions.Bytes(parsed.GetValue(memory)),
                TimeLimit = parsed.GetValue(time) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                Partition = parsed.GetValue(partition),
                Account = parsed.GetValue(account),
                ExtraOptions = parsed.GetValue(extra) ?? [],
                Program = words.Length > 0 ? words : Self(),
                TemplatePath = parsed.GetValue(template),
                TemplateValues = (parsed.GetValue(values) ?? []).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
            };
            IReadOnlyList<string> paths = jobs.Paths(parsed);
            return await Task.Run(() => Submit(paths, options, parsed.GetValue(dryRun), command, cancellation), CancellationToken.None).ConfigureAwait(false);
        }));
        return command;
    }

    /// <summary>Submits jobs, and tells what was submitted and what was not.</summary>
    /// <param name="paths">Files of the jobs.</param>
    /// <param name="options">How.</param>
    /// <param name="isDryRun">Whether to show the script only.</param>
    /// <param name="command">The command, whose options a message can advise.</param>
    /// <param name="cancellation">Ends it before the next array.</param>
    public static ExitCode Submit(IReadOnlyList<string> paths, SubmitOptions options, bool isDryRun, Command command, CancellationToken cancellation)
    {
        var cluster = new SlurmCluster();
        SubmissionPlan plan = cluster.Plan(paths, options, cancellation);
        foreach (string decision in plan.Decisions)
        {
            Console.Error.WriteLine(decision);
        }

        foreach (JobSummary job in plan.Refused)
        {
            RunnerLog.Fail(job.Error!, $"{job.Job}: {job.ErrorId}: {((EngineException)job.Error!).MessageFor(parameter => OptionSpelling.Of(parameter, command))}");
        }

        if (isDryRun)
        {
            foreach (SlurmArray array in plan.Arrays)
            {
                foreach (string line in array.Script.TrimEnd('\n').Split('\n'))
                {
                    Console.Out.WriteLine(line);
                }

                Console.Out.WriteLine($"# {array.ScriptPath}: {array.Jobs.Count} jobs, not submitted");
            }
        }
        else
        {
            foreach (SlurmArray array in cluster.Submit(plan, cancellation))
            {
                Console.Out.WriteLine($"{array.Id}: {array.Jobs.Count} jobs, {array.ScriptPath}");
            }
        }

        return plan.Refused.Count == 0 ? ExitCode.Success : paths.Count == 1 ? (ExitCode)plan.Refused[0].ExitCode : ExitCode.SomeJobsFailed;
    }

    /// <summary>This program, as the nodes find it too: a file of its own, or one that dotnet runs.</summary>
    public static string[] Self()
    {
        string process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [process, Path.GetFullPath(Environment.GetCommandLineArgs()[0])]
            : [process];
    }

    /// <summary>Makes anything but a positive number a usage error.</summary>
    /// <param name="option">The option.</param>
    public static void RequirePositive(Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double number) && !(number > 0))
        {
            result.AddError($"{option.Name} is {text}; expected more than 0.");
        }
    });
}
