using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>How a job is run.</summary>
public sealed record JobRunOptions
{
    /// <summary>Goes on behind the stages that are done; a job that is finished stays as it is. Otherwise the job begins from its first stage.</summary>
    public bool Resume { get; init; }

    /// <summary>Replaces results that exist; otherwise they are refused before anything runs, but for those of a job that is resumed.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads and memory, where the job does not state its own.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Takes what happens, for machines; or null.</summary>
    public RunLog? Log { get; init; }

    /// <summary>Which exit code stands for being cancelled, as the state notes it; null for that of Ctrl+C.</summary>
    public Func<ExitCode>? StoppedBy { get; init; }

    /// <summary>Whether other jobs of the process run at the same time, so that the processor time of one cannot be told.</summary>
    internal bool HasNeighbours { get; init; }
}
