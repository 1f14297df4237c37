namespace LocalDeblur.Workflows.Truth;

/// <summary>One measure of several maps against the truth.</summary>
/// <param name="Name">What is measured, with its unit where it has one.</param>
/// <param name="Values">Value of each map, the map before any step first; NaN where it has none.</param>
/// <param name="HigherIsBetter">True where a higher value is nearer to the truth, false where a lower one is.</param>
public sealed record TruthFigure(string Name, IReadOnlyList<double> Values, bool HigherIsBetter)
{
    /// <summary>Whether a map is nearer to the truth than the first.</summary>
    /// <param name="map">Index of the map in <see cref="Values"/>.</param>
    public bool Improved(int map) => HigherIsBetter ? Values[map] > Values[0] : Values[map] < Values[0];
}
