namespace LocalDeblur.Jobs.Slurm;

/// <summary>Where a job is, from its own state and from what the scheduler says of it.</summary>
public enum JobStanding
{
    /// <summary>Nobody has begun it, and it was not submitted.</summary>
    Queued,

    /// <summary>It was submitted and waits.</summary>
    Pending,

    /// <summary>It was submitted and never starts; the reason says why and what to do.</summary>
    Stuck,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>Done; all results are whole.</summary>
    Finished,

    /// <summary>Refused or failed; the error says why.</summary>
    Failed,

    /// <summary>Cancelled, or ended by a time limit; what is done so far counts when it is resumed.</summary>
    Stopped,

    /// <summary>Cannot be told: the scheduler is silent, or has forgotten a job that noted no end.</summary>
    Unknown,
}
