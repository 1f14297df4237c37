using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The filter that sharpens up to the resolution of a map and blurs beyond it (b_iso_to_d_cut of the published program).</summary>
/// <remarks>
/// exp(b(d)/(4·d²)) with b(d) = b·ℓ + (b − 200 Å²)·(1 − ℓ), ℓ = 1/(1 + exp(10·(d_min − d))), the exponent of ℓ within ±20, d in Å. Coefficients beyond
/// d_min·0.833 and the mean are left out.
/// </remarks>
internal static class SharpeningFilter
{
    private const double FinestShare = 0.833;
    private const double Blurring = 200;
    private const double Steepness = 10;
    private const double SteepestExponent = 20;

    // Where the largest exponent is looked for.
    private const int Samples = 2000;

    /// <summary>Frequency (1/Å) of the last coefficient.</summary>
    /// <param name="resolution">Resolution of the map (Å).</param>
    public static double Cutoff(double resolution) => 1 / (FinestShare * resolution);

    /// <summary>The filter by frequency (1/Å), its largest value about 1, so that a large B does not overflow.</summary>
    /// <param name="resolution">Resolution of the map (Å).</param>
    /// <param name="sharpening">b (Å²), positive to sharpen.</param>
    public static Func<double, double> Weight(double resolution, double sharpening)
    {
        double cutoff = Cutoff(resolution);
        double largest = double.NegativeInfinity;
        for (int i = 1; i <= Samples; i++)
        {
            largest = Math.Max(largest, Exponent(cutoff * i / Samples));
        }

        return frequency => frequency > 0 ? Math.Exp(Exponent(frequency) - largest) : 0;

        double Exponent(double frequency)
        {
            double below = 1 / (1 + Math.Exp(Math.Clamp(Steepness * (resolution - (1 / frequency)), -SteepestExponent, SteepestExponent)));
            return (sharpening - (Blurring * (1 - below))) * frequency * frequency / 4;
        }
    }

    /// <summary>The filter as an inverse transform takes it.</summary>
    /// <param name="size">Size of the volume.</param>
    /// <param name="voxelSize">Edge of a voxel (Å).</param>
    /// <param name="resolution">Resolution of the map (Å).</param>
    /// <param name="weight">Weight by frequency (1/Å), asked for every frequency but 0.</param>
    /// <param name="pool">Threads to use; null for those of the process.</param>
    public static OctantFilter Create(GridSize size, double voxelSize, double resolution, Func<double, double> weight, WorkerPool? pool) =>
        OctantFilter.Create(size, u => u > 0 ? (float)weight(u / voxelSize) : 0, Cutoff(resolution) * voxelSize, pool);
}
