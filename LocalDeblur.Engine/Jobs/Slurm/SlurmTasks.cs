using System.Text.RegularExpressions;

namespace LocalDeblur.Jobs.Slurm;

/// <summary>Asks Slurm about tasks: the queue first, then the controller, then the accounts where a site keeps them.</summary>
/// <remarks>Read from columns and fields that all versions have; their JSON differs between versions in form and in meaning.</remarks>
internal static partial class SlurmTasks
{
    // More numbers in a command than this come in several commands.
    private const int AtOnce = 500;

    /// <summary>Asks.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="wanted">Tasks, as 1234_5.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <returns>Those that Slurm knows; null where it is silent, which says nothing about any task.</returns>
    public static IReadOnlyDictionary<string, SlurmTask>? Find(ISlurmCommands commands, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        Dictionary<string, SlurmTask> found = new(StringComparer.Ordinal);
        foreach (string[] arrays in wanted.Select(task => task.Split('_')[0]).Distinct().Chunk(AtOnce))
        {
            string list = string.Join(',', arrays);
            SlurmAnswer queue = commands.Run("squeue", ["-h", "-r", "-t", "all", "-o", "%i|%T|%r", "-j", list], cancellationToken);
            if (queue.IsGood)
            {
                ReadQueue(queue.Output, found);
            }
            else if (!IsForgotten(queue))
            {
                return null;
            }

            foreach (string array in arrays.Where(array => wanted.Any(task => task.StartsWith($"{array}_", StringComparison.Ordinal) && IsUnclear(found.GetValueOrDefault(task)))))
            {
                ReadController(commands.Run("scontrol", ["-o", "show", "job", array], cancellationToken).Output, found);
            }

            if (wanted.Any(task => arrays.Contains(task.Split('_')[0]) && !found.ContainsKey(task)))
            {
                ReadAccounts(commands.Run("sacct", ["-n", "-P", "-X", "-j", list, "-o", "JobID,State,ExitCode,Reason"], cancellationToken).Output, found);
            }
        }

        return found;
    }

    // Ended otherwise than well, the exit code tells more; one that the queue does not have, the others may.
    private static bool IsUnclear(SlurmTask? task) => task is null or { IsAlive: false, State: not "COMPLETED", ExitCode: null };

    // A controller that answers, and knows none of the numbers any more.
    private static bool IsForgotten(SlurmAnswer answer) => answer.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    private static void ReadQueue(string text, Dictionary<string, SlurmTask> found)
    {
        foreach (string[] fields in Rows(text).Select(line => line.Split('|')))
        {
            if (fields is [var id, var state, var reason, ..])
            {
                found[id] = new SlurmTask(state, reason);
            }
        }
    }

    private static void ReadController(string text, Dictionary<string, SlurmTask> found)
    {
        foreach (string line in Rows(text))
        {
            Match task = Task().Match(line);
            if (!task.Success)
            {
                continue;
            }

            string Field(string name) => Regex.Match(line, $@" {name}=(\S+)").Groups[1].Value;
            found[$"{task.Groups[1].Value}_{task.Groups[2].Value}"] = new SlurmTask(Field("JobState"), Field("Reason"), Field("ExitCode"));
        }
    }

    private static void ReadAccounts(string text, Dictionary<string, SlurmTask> found)
    {
        foreach (string[] fields in Rows(text).Select(line => line.Split('|')))
        {
            if (fields is [var id, var state, var exitCode, var reason, ..])
            {
                // "CANCELLED by 1000"
                found.TryAdd(id, new SlurmTask(state.Split(' ')[0].TrimEnd('+'), reason, exitCode));
            }
        }
    }

    private static string[] Rows(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A task alone; several that wait together are a range, and the queue has told of each.
    [GeneratedRegex(@" ArrayJobId=(\d+) ArrayTaskId=(\d+) ")]
    private static partial Regex Task();
}
