namespace LocalDeblur.Jobs.Watching;

/// <summary>How a folder is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>How half maps are named: a name with * and ?, and in braces the two words that tell the halves apart, <c>*_{odd,even}.mrc</c>. Null for the names of RELION,
    /// cryoSPARC and the EMDB.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether the folders below are watched too. Links to folders are not followed.</summary>
    public bool Recurse { get; init; }

    /// <summary>Folder for the jobs, their states and results; null for <c>localdeblur</c> in the watched folder.</summary>
    public string? JobFolder { get; init; }

    /// <summary>A job whose stages, resources and other files (mask, model) every new job takes over; null for the standard run of two half maps.</summary>
    public JobFile? Template { get; init; }

    /// <summary>Time between two looks, 1 s to a day.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many looks on end have to find a file unchanged before it counts as whole, 1 or more.</summary>
    public int StillPolls { get; init; } = 2;

    /// <summary>Whether to end as soon as there is nothing to wait for, as a scheduled task does: files that are there are looked at until it is known whether they are
    /// whole.</summary>
    public bool Once { get; init; }

    /// <summary>Waits for the time between two looks. Tests put their own here.</summary>
    internal Action<TimeSpan, CancellationToken> Pause { get; init; } = static (interval, cancellationToken) =>
    {
        cancellationToken.WaitHandle.WaitOne(interval);
        cancellationToken.ThrowIfCancellationRequested();
    };
}
