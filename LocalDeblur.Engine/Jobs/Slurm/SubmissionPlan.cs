namespace LocalDeblur.Jobs.Slurm;

/// <summary>What a submission will do.</summary>
public sealed record SubmissionPlan
{
    /// <summary>The arrays, in the order in which they are submitted.</summary>
    public required IReadOnlyList<SlurmArray> Arrays { get; init; }

    /// <summary>Files that are no jobs, or whose maps cannot be read; they are not submitted.</summary>
    public required IReadOnlyList<JobSummary> Refused { get; init; }

    /// <summary>What was decided without being asked, one sentence each.</summary>
    public required IReadOnlyList<string> Decisions { get; init; }

    /// <summary>Whether each array waits for the one before, so that no more than the throttle's number of jobs run at once.</summary>
    internal bool IsChained { get; init; }
}
