using System.Globalization;

namespace LocalDeblur.Maps;

/// <summary>Three numbers, one for each axis of a map: a place or an extent in Å, or angles in degrees.</summary>
/// <param name="X">Value along x.</param>
/// <param name="Y">Value along y.</param>
/// <param name="Z">Value along z.</param>
public readonly record struct AxisTriple(double X, double Y, double Z)
{
    /// <summary>For example <c>12.5, -3, 40</c>, whatever the culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X:0.####}, {Y:0.####}, {Z:0.####}");
}
