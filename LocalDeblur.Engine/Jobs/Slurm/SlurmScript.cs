using System.Text;

namespace LocalDeblur.Jobs.Slurm;

/// <summary>Writes the script of an array: options of sbatch, and the command line of the runner, which is the program on a node whoever submits.</summary>
internal static class SlurmScript
{
    /// <summary>Writes it.</summary>
    /// <param name="array">The array, but for its script.</param>
    /// <param name="options">How it is submitted.</param>
    public static string Write(SlurmArray array, SubmitOptions options)
    {
        string throttle = options.ThrottleLimit is { } limit ? Say($"%{limit}") : string.Empty;
        string[] own = [Say($"--array=1-{array.Jobs.Count}{throttle}"), "--open-mode=append", "--requeue"];
        if (options.Template is { } template)
        {
            // What follows from the jobs is for its placeholders; a time that was asked for holds in any case.
            string[] time = options.TimeLimit is null ? [] : [Say($"--time={array.Minutes}")];
            return SlurmTemplate.Fill(template, Values(array, options), [.. own, .. time, .. Asked(options), .. options.ExtraOptions]);
        }

        string?[] lines =
        [
            $"--job-name={array.Name}",
            own[0],
            "--ntasks=1",
            Say($"--cpus-per-task={array.Threads}"),
            Say($"--mem={MebiBytes(array)}M"),
            array.Minutes is { } minutes ? Say($"--time={minutes}") : null,
            .. Asked(options),
            $"--output=\"{array.LogPattern}\"",
            .. own[1..],
            .. options.ExtraOptions,
        ];
        var text = new StringBuilder("#!/bin/sh\n");
        foreach (string line in lines.OfType<string>())
        {
            text.Append("#SBATCH ").Append(line).Append('\n');
        }

        return text.Append("exec ").Append(Command(array, options)).Append('\n').ToString();
    }

    /// <summary>How it is submitted: sbatch answers with the number alone.</summary>
    /// <param name="array">The array.</param>
    /// <param name="first">Number of an array that has to end before; null for none.</param>
    public static string[] Submission(SlurmArray array, string? first) => ["--parsable", .. first is null ? (string[])[] : [$"--dependency=afterany:{first}"], array.ScriptPath];

    /// <summary>A word as a shell takes it.</summary>
    /// <param name="word">The word.</param>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./+=:@,".Contains(letter)) ? word : $"'{word.Replace("'", @"'\''")}'";

    private static string Command(SlurmArray array, SubmitOptions options) =>
        $"{string.Join(' ', options.Program.Select(Quote))} run --list {Quote(array.ListPath)} --index \"$SLURM_ARRAY_TASK_ID\" --resume";

    private static IEnumerable<string> Asked(SubmitOptions options)
    {
        if (options.Partition is { } partition)
        {
            yield return $"--partition={partition}";
        }

        if (options.Account is { } account)
        {
            yield return $"--account={account}";
        }
    }

    /// <summary>Whole minutes, rounded up.</summary>
    /// <param name="time">The time.</param>
    public static int Minutes(TimeSpan time) => (int)Math.Ceiling(time.TotalMinutes);

    private static long MebiBytes(SlurmArray array) => (array.MemoryBytes + (1L << 20) - 1) >> 20;

    // The words of cryoSPARC and of RELION, and a few that neither has. A gigabyte of cryoSPARC's templates is a thousand of Slurm's megabytes.
    private static Dictionary<string, string?> Values(SlurmArray array, SubmitOptions options)
    {
        string command = Command(array, options);
        string folder = System.IO.Path.GetDirectoryName(array.ScriptPath)!;
        string threads = Say($"{array.Threads}");
        long mebiBytes = MebiBytes(array);
        Dictionary<string, string?> values = new(StringComparer.Ordinal)
        {
            ["run_cmd"] = command,
            ["command"] = command,
            ["num_cpu"] = threads,
            ["threads"] = threads,
            ["cores"] = threads,
            ["dedicated"] = threads,
            ["num_gpu"] = "0",
            ["mpinodes"] = "1",
            ["nodes"] = "1",
            ["ram_gb"] = Say($"{(mebiBytes + 999) / 1000}"),
            ["mem_mb"] = Say($"{mebiBytes}"),
            ["minutes"] = array.Minutes is { } minutes ? Say($"{minutes}") : null,
            ["name"] = array.Name,
            ["job_uid"] = array.Name,
            ["project_uid"] = "localdeblur",
            ["queue"] = options.Partition,
            ["partition"] = options.Partition,
            ["account"] = options.Account,
            ["outfile"] = array.LogPattern,
            ["errfile"] = array.LogPattern,
            ["job_log_path_abs"] = array.LogPattern,
            ["job_dir_abs"] = folder,
            ["project_dir_abs"] = folder,
            ["job_creator"] = Environment.UserName,
            ["cryosparc_username"] = Environment.UserName,
        };
        foreach ((string name, string value) in options.TemplateValues)
        {
            values[name] = value;
        }

        return values;
    }
}
