namespace LocalDeblur.Jobs.Watching;

/// <summary>What is new in a watched folder: jobs to do, or something to tell.</summary>
public sealed record WatchNews
{
    /// <summary>Full paths of the files of jobs that can be done now, by name.</summary>
    public required IReadOnlyList<string> Jobs { get; init; }

    /// <summary>What the user should know, one sentence each; each is told once in the life of a watch.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
