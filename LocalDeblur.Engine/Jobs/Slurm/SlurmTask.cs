namespace LocalDeblur.Jobs.Slurm;

/// <summary>What Slurm says of one task of an array.</summary>
/// <param name="State">Its state, such as PENDING.</param>
/// <param name="Reason">Why it is in that state, in Slurm's word; empty for none.</param>
/// <param name="ExitCode">Exit code and signal, such as 3:0; null where that was not told.</param>
internal sealed record SlurmTask(string State, string Reason, string? ExitCode = null)
{
    // All others have ended.
    private static readonly string[] Alive =
    [
        "PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "STAGE_OUT", "SIGNALING", "RESIZING", "RESV_DEL_HOLD",
        "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "REVOKED",
    ];

    /// <summary>Whether it waits or runs.</summary>
    public bool IsAlive => Alive.Contains(State);

    /// <summary>Whether it waits.</summary>
    public bool IsPending => State is "PENDING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" or "REVOKED";
}
