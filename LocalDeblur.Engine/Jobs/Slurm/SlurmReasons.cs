namespace LocalDeblur.Jobs.Slurm;

/// <summary>What Slurm's words mean, in sentences.</summary>
internal static class SlurmReasons
{
    private const string Anew = "Cancel the job, and submit it anew";

    // What does not pass by itself, however long one waits.
    private static readonly Dictionary<string, string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DependencyNeverSatisfied"] = $"It waits for a job that failed, and never starts. {Anew}.",
        ["PartitionConfig"] = $"It asks for more processors, memory or time than the partition has, and never starts. {Anew} with less, or to another partition.",
        ["PartitionNodeLimit"] = $"It asks for more nodes than the partition gives to a job, and never starts. {Anew} to another partition.",
        ["PartitionTimeLimit"] = $"It asks for more time than the partition allows, and never starts. {Anew} with less time, or to another partition.",
        ["BadConstraints"] = $"No node has what it asks for, and it never starts. {Anew} with other options.",
        ["AccountNotAllowed"] = $"The partition does not take jobs of the account, and it never starts. {Anew} with another account or partition.",
        ["InvalidAccount"] = $"Slurm knows no such account, and it never starts. {Anew} with another account.",
        ["QOSNotAllowed"] = $"The partition does not take jobs of the quality of service, and it never starts. {Anew} with another one.",
        ["InvalidQOS"] = $"Slurm knows no such quality of service, and it never starts. {Anew} with another one.",
        ["AssocMaxCpuPerJobLimit"] = $"It asks for more processors than the account may have in a job, and never starts. {Anew} with fewer threads.",
        ["AssocMaxMemPerJob"] = $"It asks for more memory than the account may have in a job, and never starts. {Anew} with another account.",
        ["AssocMaxWallDurationPerJobLimit"] = $"It asks for more time than the account may have in a job, and never starts. {Anew} with less time.",
        ["JobHeldUser"] = "It is held by its user, and does not start before it is released (scontrol release).",
        ["JobHeldAdmin"] = "It is held by an administrator, and does not start before it is released.",
        ["launch_failed_requeued_held"] = "It could not be started on its node and is held. Ask the cluster's administrators about the node; then release it (scontrol release).",
    };

    private static readonly Dictionary<string, string> Ends = new(StringComparer.Ordinal)
    {
        ["CANCELLED"] = "It was cancelled.",
        ["TIMEOUT"] = "It took longer than the time that it was submitted with. Submit it anew with more time; the stages that are done count.",
        ["DEADLINE"] = "Its deadline passed.",
        ["PREEMPTED"] = "It had to make room for another job.",
        ["NODE_FAIL"] = "Its node failed.",
        ["BOOT_FAIL"] = "Its node did not start.",
        ["OUT_OF_MEMORY"] = "It took more memory than it was submitted with.",
    };

    /// <summary>Why a waiting task never starts; null where it may.</summary>
    /// <param name="task">The task.</param>
    public static string? NeverStarts(SlurmTask task) =>
        task.State is "REQUEUE_HOLD" or "SPECIAL_EXIT" ? Never["launch_failed_requeued_held"] : Never.GetValueOrDefault(task.Reason.Replace(' ', '_'));

    /// <summary>Why a task waits.</summary>
    /// <param name="task">The task.</param>
    public static string Waits(SlurmTask task) => task.Reason switch
    {
        "" or "None" => "It waits in the queue.",
        "Resources" => "It waits for a free node.",
        "Priority" => "Other jobs are before it.",
        "JobArrayTaskLimit" => "It waits for others of its array: as many as may run at once do.",
        "Dependency" => "It waits for another job.",
        "BeginTime" => "It is to begin later; a job that was put back into the queue waits for two minutes.",
        var reason => $"It waits ({reason}).",
    };

    /// <summary>How a task ended.</summary>
    /// <param name="task">The task.</param>
    public static string Ended(SlurmTask task)
    {
        string code = task.ExitCode is null or "0:0" ? string.Empty : $" (exit code and signal {task.ExitCode})";
        return Ends.TryGetValue(task.State, out string? sentence) ? $"Slurm: {sentence}" : $"Slurm ended it as {task.State}{code}.";
    }
}
