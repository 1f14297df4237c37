namespace LocalDeblur.Jobs;

/// <summary>How far a job, or a stage of one, has come.</summary>
public enum JobPhase
{
    /// <summary>Nothing has been done.</summary>
    Queued,

    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>Done; all results are whole.</summary>
    Finished,

    /// <summary>Refused or failed; the error says why.</summary>
    Failed,

    /// <summary>Ended from outside, by Ctrl+C, a scheduler or the time allowed; what is done so far counts when it is resumed.</summary>
    Stopped,
}
