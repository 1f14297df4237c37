namespace LocalDeblur.Maps;

/// <summary>What tells maps apart side by side, in a legend or a column: a map keeps its name from step to step.</summary>
public static class MapLabel
{
    /// <summary>The name of a map, and the steps that made it what it is; for example <c>half1.mrc: LocalDeblur → LocScale</c>.</summary>
    /// <param name="map">The map.</param>
    public static string Of(CryoMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        HistoryEntry? last = map.History.LastOrDefault();
        string[] steps = [.. map.History.Where(step => IsTold(step, isLast: ReferenceEquals(step, last))).Select(step => step.Step)];
        return steps.Length == 0 ? map.Name : $"{map.Name}: {string.Join(" → ", steps)}";
    }

    /// <summary>Where a map came from, for the history of another: its file, or else its label; null for none.</summary>
    /// <param name="map">The map, or null.</param>
    public static string? SourceOf(CryoMap? map) => map is null ? null : map.Path ?? Of(map);

    private static bool IsTold(HistoryEntry step, bool isLast) => step.Telling == StepTelling.Always || (step.Telling == StepTelling.WhenLast && isLast);
}
