namespace LocalDeblur.Jobs.Slurm;

/// <summary>What a job was given when it was submitted, kept beside it: by this the scheduler is asked about it.</summary>
internal sealed record SlurmTicket
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const string CurrentSchema = "localdeblur.slurm/1";

    /// <summary>Format and version: <c>localdeblur.slurm/1</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>Number of the array and of the task in it, as Slurm writes them: 1234_5.</summary>
    public required string Task { get; init; }

    /// <summary>When it was submitted (UTC).</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When the run began that the state told of at that time, which is not the one of this ticket; null for none.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>The file of its output, relative to the job's file; null where a site's own script says where that goes.</summary>
    public string? Log { get; init; }

    /// <summary>When it was cancelled (UTC); null where it was not.</summary>
    public DateTimeOffset? Cancelled { get; init; }

    /// <summary>Number of the array.</summary>
    public string Array() => Task.Split('_')[0];
}
