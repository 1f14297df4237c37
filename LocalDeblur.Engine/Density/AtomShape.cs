using MathNet.Numerics;

namespace LocalDeblur.Density;

/// <summary>Density of one atom: ρ(r) = Σ cᵢ·exp(−kᵢ·r²) with cᵢ = occupancy·aᵢ·(4π/(bᵢ+B))^{3/2} and kᵢ = 4π²/(bᵢ+B), up to a distance.</summary>
/// <remarks>Terms in falling order of width, so that with distance the last ones go first.</remarks>
internal static class AtomShape
{
    /// <summary>Fills in the terms.</summary>
    /// <param name="factors">Scattering factors of the element.</param>
    /// <param name="bFactor">B (Å²), at least 0.</param>
    /// <param name="occupancy">Occupancy.</param>
    /// <param name="heights">Takes cᵢ (1/Å²).</param>
    /// <param name="steepness">Takes kᵢ (1/Å²).</param>
    public static void Fill(ScatteringFactors factors, double bFactor, double occupancy, Span<double> heights, Span<double> steepness)
    {
        for (int i = 0; i < ScatteringFactors.Terms; i++)
        {
            int source = ScatteringFactors.Terms - 1 - i;
            double width = factors.B[source] + bFactor;
            double root = Math.Sqrt(4 * Math.PI / width);
            heights[i] = occupancy * factors.A[source] * root * root * root;
            steepness[i] = 4 * Math.PI * Math.PI / width;
        }
    }

    /// <summary>Distance (Å) beyond which less than a share of the integral lies; the terms' magnitudes count.</summary>
    /// <param name="factors">Scattering factors of the element.</param>
    /// <param name="bFactor">B (Å²), at least 0.</param>
    /// <param name="accuracy">The share.</param>
    public static double Reach(ScatteringFactors factors, double bFactor, double accuracy)
    {
        double low = 0;
        double high = 1;
        while (Beyond(factors, bFactor, high) > accuracy)
        {
            high *= 2;
        }

        while (high - low > 1e-3 * high)
        {
            double middle = (low + high) / 2;
            (low, high) = Beyond(factors, bFactor, middle) > accuracy ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Of a Gaussian exp(−k·r²) in space, erfc(x) + 2x/√π·exp(−x²) lies beyond r, with x = r√k.
    private static double Beyond(ScatteringFactors factors, double bFactor, double radius)
    {
        double sum = 0;
        double whole = 0;
        for (int i = 0; i < ScatteringFactors.Terms; i++)
        {
            double x = 2 * Math.PI * radius / Math.Sqrt(factors.B[i] + bFactor);
            double weight = Math.Abs(factors.A[i]);
            whole += weight;
            sum += weight * (SpecialFunctions.Erfc(x) + (2 * x / Math.Sqrt(Math.PI) * Math.Exp(-x * x)));
        }

        return sum / whole;
    }
}
