namespace LocalDeblur.Jobs.Slurm;

/// <summary>How jobs are submitted.</summary>
public sealed record SubmitOptions
{
    /// <summary>Name of the array in the queue and of its files: letters, digits, points, hyphens and underscores.</summary>
    public string Name { get; init; } = "localdeblur";

    /// <summary>Folder for the scripts, their lists of jobs and the output of the tasks; null for <c>slurm</c> beside the first job. Every node sees it at the same path.</summary>
    public string? Folder { get; init; }

    /// <summary>Most jobs that run at once; null for as many as the cluster lets.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>Threads of each job that states none; null for 4.</summary>
    public int? Threads { get; init; }

    /// <summary>Memory of each job (bytes), rounded up to MiB; null for the jobs' own estimate.</summary>
    public long? Memory { get; init; }

    /// <summary>Time of each job, rounded up to minutes; null for what the jobs state, else the partition's default.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Partition; null for the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>Account that pays; null for the user's default.</summary>
    public string? Account { get; init; }

    /// <summary>Further options of sbatch, one each, with their hyphens: <c>--qos=night</c>.</summary>
    public IReadOnlyList<string> ExtraOptions { get; init; } = [];

    /// <summary>The program that runs a job on a node, and what stands before its own arguments. By default the one that the node finds.</summary>
    public IReadOnlyList<string> Program { get; init; } = ["localdeblur"];

    /// <summary>File with a site's own script, with placeholders such as <c>{{ run_cmd }}</c> or <c>XXXcommandXXX</c>; null for the script of this program.</summary>
    public string? TemplatePath { get; init; }

    /// <summary>Values of further placeholders of that script, by name.</summary>
    public IReadOnlyDictionary<string, string> TemplateValues { get; init; } = new Dictionary<string, string>();

    /// <summary>The text of that file.</summary>
    internal string? Template { get; init; }
}
