namespace LocalDeblur.Maps;

/// <summary>A map that a run made, and what was measured on the way. The last entry of the map's history is derived from this, and says the same.</summary>
/// <remarks>A run first states what it found, and then derives its map by the entry that follows from that:
/// <c>found with { Map = input.Derive(voxels, found.Entry(…)) }</c>.</remarks>
public abstract record MapResult
{
    /// <summary>The map.</summary>
    public CryoMap Map { get; internal init; } = null!;

    /// <summary>What was decided without being asked, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; internal init; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>What the run took; null where it does not account for it.</summary>
    public RunCost? Cost { get; internal init; }

    /// <summary>Name of the step in the map's history.</summary>
    private protected abstract string Step { get; }

    /// <summary>When the map's label names the step.</summary>
    private protected virtual StepTelling Telling => StepTelling.Always;

    /// <summary>What was measured, as the history names it, without the cost.</summary>
    private protected abstract IEnumerable<(string Name, object? Value)> Figures { get; }

    /// <summary>What the history of the map says of this run.</summary>
    /// <param name="parameters">What was asked for, in the order to keep.</param>
    internal HistoryEntry Entry(params ReadOnlySpan<(string Name, object? Value)> parameters) => new()
    {
        Step = Step,
        Telling = Telling,
        Parameters = HistoryEntry.Values(parameters),
        Figures = HistoryEntry.Values([.. Figures, .. Cost?.Figures ?? []]),
        Decisions = Decisions,
        Warnings = Warnings,
        Cost = Cost,
    };
}
