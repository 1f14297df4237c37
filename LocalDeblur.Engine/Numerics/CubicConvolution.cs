namespace LocalDeblur.Numerics;

/// <summary>Interpolation of equally spaced values by cubic convolution (Keys, <i>IEEE Trans. ASSP</i> 29 (1981) 1153, a = −½): smooth, and through the values.</summary>
internal static class CubicConvolution
{
    /// <summary>Weights of four neighbours in a row.</summary>
    /// <param name="t">Place between the second and the third, 0 … 1.</param>
    public static (double W0, double W1, double W2, double W3) Weights(double t) => (
        0.5 * t * ((t * (2 - t)) - 1),
        0.5 * ((t * t * ((3 * t) - 5)) + 2),
        0.5 * t * ((t * (4 - (3 * t))) + 1),
        0.5 * t * t * (t - 1));
}
