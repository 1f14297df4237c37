namespace LocalDeblur.Jobs.Slurm;

/// <summary>Jobs that are submitted together, as the tasks of one array.</summary>
public sealed record SlurmArray
{
    /// <summary>Number of the array; null before it was submitted.</summary>
    public string? Id { get; init; }

    /// <summary>Its name in the queue.</summary>
    public required string Name { get; init; }

    /// <summary>Full paths of the jobs: the first is task 1.</summary>
    public required IReadOnlyList<string> Jobs { get; init; }

    /// <summary>Processors of each task.</summary>
    public required int Threads { get; init; }

    /// <summary>Memory of each task (bytes).</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Time of each task (minutes); null for the partition's default.</summary>
    public required int? Minutes { get; init; }

    /// <summary>The script.</summary>
    public required string Script { get; init; }

    /// <summary>Full path of the script.</summary>
    public required string ScriptPath { get; init; }

    /// <summary>Full path of the list of its jobs.</summary>
    public required string ListPath { get; init; }

    /// <summary>Full path of its tasks' output: <c>%x</c> is its name, <c>%A</c> its number, <c>%a</c> that of a task; null where a site's own script says it.</summary>
    public required string? LogPattern { get; init; }

    /// <summary>The name and the number.</summary>
    public override string ToString() => Id is null ? Name : $"{Name} ({Id})";
}
