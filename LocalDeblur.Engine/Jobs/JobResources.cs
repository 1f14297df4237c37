namespace LocalDeblur.Jobs;

/// <summary>What a job may use. A scheduler is asked for as much; within PowerShell and the runner it holds as well.</summary>
public sealed record JobResources
{
    /// <summary>Threads, 0 to 1024; 0 for as many as the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Most memory that it may hold at once (bytes); null for the job's own estimate (<see cref="JobFile.EstimateBytes"/>).</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Most time that it may take (s), after which it ends and is resumable; null for any.</summary>
    public double? Seconds { get; init; }
}
