namespace LocalDeblur.Jobs.Slurm;

/// <summary>Puts together what a job noted itself and what the scheduler says of it. What the job noted of its end is the truth; the scheduler fills the rest.</summary>
internal static class JobMerge
{
    private const string Resume = "Resume it to go on behind the stages that are done.";

    // Twice what a job waits for the sign of life of another, as clocks of two machines differ.
    private static readonly TimeSpan Patience = 2 * JobLock.Patience;

    /// <summary>Whether the scheduler has to be asked about a job.</summary>
    /// <param name="state">What the job noted.</param>
    /// <param name="ticket">What it was given when it was submitted; null where it was not.</param>
    public static bool IsOpen(JobState state, SlurmTicket? ticket) => ticket is not null && state.Phase != JobPhase.Finished;

    /// <summary>Puts together.</summary>
    /// <param name="job">The job.</param>
    /// <param name="state">What it noted.</param>
    /// <param name="ticket">What it was given when it was submitted; null where it was not.</param>
    /// <param name="isSilent">Whether the scheduler does not answer.</param>
    /// <param name="task">What it says; null where it knows nothing of the task.</param>
    public static JobStatus Of(JobFile job, JobState state, SlurmTicket? ticket, bool isSilent = false, SlurmTask? task = null)
    {
        JobSummary summary = JobSummary.Of(job, state);
        var status = new JobStatus
        {
            Job = job.Name,
            Path = job.Path,
            State = JobStanding.Queued,
            Task = ticket?.Task,
            Stage = state.Failure?.Stage ?? state.Stages.FirstOrDefault(stage => stage.Phase == JobPhase.Running)?.Stage,
            Host = state.Host,
            Since = state.Since,
            Seconds = summary.Seconds,
            Resolution = summary.Resolution,
            LogPath = ticket?.Log is { } log ? job.FullPath(log) : null,
            OutputFolder = job.OutputFolder,
        };

        // Of the run before the one that was submitted, or of this one?
        bool isNoted = state.Phase != JobPhase.Queued && (ticket is null || state.Since != ticket.Before);
        return state.Phase == JobPhase.Finished ? status with { State = JobStanding.Finished, ExitCode = 0, IsSettled = true }
            : task is { IsAlive: true } ? Alive(status, task, state, isNoted)
            : isNoted && state.Phase is JobPhase.Failed or JobPhase.Stopped ? Noted(status, state, task, isSilent && ticket is { Cancelled: null })
            : task is not null ? Ended(status, task)
            : ticket?.Cancelled is not null ? status with { State = JobStanding.Stopped, Reason = $"It was cancelled. {Resume}", IsSettled = true }
            : isNoted ? Running(job, status, isSilent)
            : ticket is null ? status with { Reason = "It was neither started nor submitted.", IsSettled = true }
            : isSilent ? Silent(status)
            : status with { State = JobStanding.Unknown, Reason = "Slurm does not know it any more, and it noted no end. Look at its log, and submit it anew.", IsSettled = true };
    }

    /// <summary>What is known of a file that is no job.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="refusal">Why.</param>
    public static JobStatus Of(string path, EngineException refusal) => new()
    {
        Job = System.IO.Path.GetFileNameWithoutExtension(path),
        Path = System.IO.Path.GetFullPath(path),
        State = JobStanding.Failed,
        Reason = refusal.Message,
        ErrorId = refusal.Error.ToString(),
        ExitCode = (int)ExitCodes.Of(refusal),
        IsSettled = true,
    };

    private static JobStatus Alive(JobStatus status, SlurmTask task, JobState state, bool isNoted) =>
        !task.IsPending ? status with { State = JobStanding.Running, Reason = task.State is "SUSPENDED" or "STOPPED" ? "Slurm has suspended it." : null }
            : SlurmReasons.NeverStarts(task) is { } never ? status with { State = JobStanding.Stuck, Reason = never, IsSettled = true }
            : isNoted && state.Phase == JobPhase.Stopped ? status with { State = JobStanding.Pending, Reason = $"It was put back into the queue. {SlurmReasons.Waits(task)}" }
            : status with { State = JobStanding.Pending, Reason = SlurmReasons.Waits(task) };

    private static JobStatus Noted(JobStatus status, JobState state, SlurmTask? task, bool mayGoOn)
    {
        bool isFailed = state.Phase == JobPhase.Failed;
        string? message = state.Failure?.Message;

        // Ended from outside: by what, the scheduler knows.
        return status with
        {
            State = isFailed ? JobStanding.Failed : JobStanding.Stopped,
            Reason = isFailed || task is null or { State: "FAILED" or "COMPLETED" } ? message : $"{SlurmReasons.Ended(task)} {Resume}",
            ErrorId = state.Failure?.ErrorId,
            ExitCode = state.Failure?.ExitCode,

            // What was ended from outside may be back in the queue, which only Slurm knows.
            IsSettled = isFailed || !mayGoOn,
        };
    }

    private static JobStatus Ended(JobStatus status, SlurmTask task) => task.State switch
    {
        "COMPLETED" => status with
        {
            State = JobStanding.Unknown,
            Reason = "Slurm has done its script, and the job noted no end. Look whether the script runs the job, and whether its node sees the same folder.",
            IsSettled = true,
        },
        "CANCELLED" or "TIMEOUT" or "DEADLINE" or "PREEMPTED" => status with { State = JobStanding.Stopped, Reason = $"{SlurmReasons.Ended(task)} {Resume}", IsSettled = true },
        _ => status with { State = JobStanding.Failed, Reason = $"{SlurmReasons.Ended(task)} Nothing else was noted; look at its log.", IsSettled = true },
    };

    // It noted that it runs. Whether it still does, its sign of life says.
    private static JobStatus Running(JobFile job, JobStatus status, bool isSilent)
    {
        TimeSpan age = File.Exists(job.LockPath) ? DateTime.UtcNow - File.GetLastWriteTimeUtc(job.LockPath) : TimeSpan.MaxValue;
        return age < Patience ? status with { State = JobStanding.Running }
            : isSilent ? Silent(status)
            : status with { State = JobStanding.Stopped, Reason = $"Its process is gone: there is no sign of life. {Resume}", IsSettled = true };
    }

    private static JobStatus Silent(JobStatus status) =>
        status with { State = JobStanding.Unknown, Reason = "Slurm does not answer. What has come of the job is not known until it does." };
}
