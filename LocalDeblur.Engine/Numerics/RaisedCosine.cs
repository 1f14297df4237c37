namespace LocalDeblur.Numerics;

/// <summary>Soft edges: half a period of a cosine between 0 and 1. Every filter and mask edge of the engine has this form.</summary>
internal static class RaisedCosine
{
    /// <summary>1 up to the edge, ½(1 + cos(π·distance/width)) in it, 0 from its end on.</summary>
    /// <param name="distance">Distance from where the edge begins.</param>
    /// <param name="width">Width of the edge, in the same unit; 0 for a step.</param>
    public static double Fall(double distance, double width) =>
        distance <= 0 ? 1 : distance >= width ? 0 : 0.5 * (1 + Math.Cos(Math.PI * distance / width));

    /// <summary>0 up to the edge, ½(1 − cos(π·distance/width)) in it, 1 from its end on.</summary>
    /// <param name="distance">Distance from where the edge begins.</param>
    /// <param name="width">Width of the edge, in the same unit; 0 for a step.</param>
    /// <remarks>Not 1 − <see cref="Fall"/>, which would lose the last digits of small values.</remarks>
    public static double Rise(double distance, double width) =>
        distance <= 0 ? 0 : distance >= width ? 1 : 0.5 * (1 - Math.Cos(Math.PI * distance / width));
}
