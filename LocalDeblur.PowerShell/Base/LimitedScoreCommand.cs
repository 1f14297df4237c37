using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A score that takes its time: on so many threads, within so much memory.</summary>
public abstract class LimitedScoreCommand : ModelScoreCommand
{
    /// <summary>Threads to use; 0 for as many as the process may use.</summary>
    [Parameter]
    [Number]
    [ValidateRange(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Most memory that a run may hold at once (bytes).</summary>
    [Parameter]
    [Number]
    [ValidateRange(1L, long.MaxValue)]
    public long? MemoryLimit { get; set; }

    /// <summary>File that gets a line of JSON for everything that happens; - for standard error.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <inheritdoc/>
    private protected override string? LogTarget => LogPath;

    /// <summary>Threads and memory for the engine.</summary>
    private protected RunLimits Limits => RunLimits.OfSession(Threads, MemoryLimit);
}
