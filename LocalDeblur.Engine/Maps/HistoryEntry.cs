using System.Collections.ObjectModel;

namespace LocalDeblur.Maps;

/// <summary>One step in the life of a map: what was done, with what, and what came out.</summary>
public sealed record HistoryEntry
{
    private static readonly ReadOnlyDictionary<string, object?> Nothing = new(new OrderedDictionary<string, object?>());

    /// <summary>Name of the step, for example "Import" or "LocalDeblur".</summary>
    public required string Step { get; init; }

    /// <summary>When the label of a map (<see cref="MapLabel"/>) names the step. Not part of the written history.</summary>
    public StepTelling Telling { get; init; }

    /// <summary>Program and version that did it.</summary>
    public string Program { get; init; } = ProgramName.WithVersion;

    /// <summary>When the step ended (UTC).</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>What was asked for: parameter names and values.</summary>
    public IReadOnlyDictionary<string, object?> Parameters { get; init; } = Nothing;

    /// <summary>What was measured: figure names and values, units in the names' documentation.</summary>
    public IReadOnlyDictionary<string, object?> Figures { get; init; } = Nothing;

    /// <summary>What the step took, which its figures name too; null where it does not account for it.</summary>
    public RunCost? Cost { get; init; }

    /// <summary>What was decided without being asked, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; init; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Freezes an ordered list of names and values, in a form whose entries PowerShell reads as properties.</summary>
    /// <param name="entries">Names and values, in the order to keep.</param>
    public static IReadOnlyDictionary<string, object?> Values(params ReadOnlySpan<(string Name, object? Value)> entries)
    {
        var values = new OrderedDictionary<string, object?>(entries.Length);
        foreach ((string name, object? value) in entries)
        {
            values.Add(name, value);
        }

        return new ReadOnlyDictionary<string, object?>(values);
    }

    /// <summary>The step's name.</summary>
    public override string ToString() => Step;
}
