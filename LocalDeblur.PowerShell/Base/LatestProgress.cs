namespace LocalDeblur.PowerShell.Base;

/// <summary>Keeps the latest report of a worker for the pipeline thread to look at.</summary>
internal sealed class LatestProgress : IProgress<StageProgress>
{
    private Entry? _latest;

    /// <summary>The latest report; null before the first.</summary>
    public StageProgress? Latest => Volatile.Read(ref _latest)?.Value;

    /// <inheritdoc/>
    public void Report(StageProgress value) => Volatile.Write(ref _latest, new Entry(value));

    private sealed record Entry(StageProgress Value);
}
