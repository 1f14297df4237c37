namespace LocalDeblur.Numerics;

/// <summary>Quantiles of the standard normal distribution, as the published program computes them.</summary>
internal static class NormalQuantile
{
    /// <summary>z with Φ(z) = p, to 4.5e-4: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.</summary>
    /// <param name="p">Probability, 0.5 … 1, exclusive of 1.</param>
    public static double Approximate(double p)
    {
        double t = Math.Sqrt(-2 * Math.Log(1 - p));
        double numerator = 2.515517 + (t * (0.802853 + (t * 0.010328)));
        double denominator = 1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))));
        return t - (numerator / denominator);
    }
}
