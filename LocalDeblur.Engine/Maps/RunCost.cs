namespace LocalDeblur.Maps;

/// <summary>What a run took.</summary>
/// <param name="Threads">Threads that worked.</param>
/// <param name="Seconds">Duration (s).</param>
/// <param name="PeakBytes">The most that volumes, spectra, filters and windows took at once (bytes), as the run accounts for them.</param>
public sealed record RunCost(int Threads, double Seconds, long PeakBytes)
{
    /// <summary>The same as a history names it.</summary>
    internal IEnumerable<(string Name, object? Value)> Figures => [(nameof(Threads), Threads), (nameof(Seconds), Seconds), (nameof(PeakBytes), PeakBytes)];

    /// <summary>Whether a figure of a history is of what a run took, which is not the same twice.</summary>
    /// <param name="name">Name of the figure.</param>
    internal static bool Names(string name) => name is nameof(Threads) or nameof(Seconds) or nameof(PeakBytes);
}
