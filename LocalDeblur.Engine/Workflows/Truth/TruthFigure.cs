namespace LocalDeblur.Workflows.Truth;

/// <summary>One measure of two maps against the truth.</summary>
/// <param name="Name">What is measured, with its unit where it has one.</param>
/// <param name="Before">Value of the map before; NaN where it has none.</param>
/// <param name="After">Value of the map after; NaN where it has none.</param>
/// <param name="HigherIsBetter">True where a higher value is nearer to the truth, false where a lower one is.</param>
public sealed record TruthFigure(string Name, double Before, double After, bool HigherIsBetter)
{
    /// <summary>True where the map after is nearer to the truth.</summary>
    public bool Improved => HigherIsBetter ? After > Before : After < Before;
}
