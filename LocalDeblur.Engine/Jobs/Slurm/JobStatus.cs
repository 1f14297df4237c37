namespace LocalDeblur.Jobs.Slurm;

/// <summary>What is known of a job: from its state, and as long as that has no end, from the scheduler.</summary>
public sealed record JobStatus
{
    /// <summary>Name of the job.</summary>
    public required string Job { get; init; }

    /// <summary>Full path of its file.</summary>
    public required string Path { get; init; }

    /// <summary>Where it is.</summary>
    public required JobStanding State { get; init; }

    /// <summary>Slurm's number of it, as 1234_5; null where it was not submitted.</summary>
    public string? Task { get; init; }

    /// <summary>A sentence on it: what it waits for, what it failed of, or what to do; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>Id of the error that it failed of; null where none was noted.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The exit code that stands for how it ended; null before, or where no end was noted.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Name of the stage that runs, or at which it ended; null for none.</summary>
    public string? Stage { get; init; }

    /// <summary>Machine that works or worked on it.</summary>
    public string? Host { get; init; }

    /// <summary>When that one began (UTC).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Time that the stages took which are done (s).</summary>
    public double Seconds { get; init; }

    /// <summary>Resolution that was measured (Å); null where none was.</summary>
    public double? Resolution { get; init; }

    /// <summary>Full path of the file with its output; null where that is not known.</summary>
    public string? LogPath { get; init; }

    /// <summary>Full path of the folder of results.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Whether waiting longer changes nothing by itself.</summary>
    public bool IsSettled { get; init; }

    /// <summary>The name and where it is.</summary>
    public override string ToString() => $"{Job}: {State}";
}
