namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>
/// The bands that a map is split into: raised cosines 0.025 Å⁻¹ apart that overlap by half and add up to 1 at every frequency. The last is open to the corners of the
/// transform.
/// </summary>
internal sealed class WienerBands
{
    /// <summary>Distance of the bands (Å⁻¹).</summary>
    public const double Step = 0.025;

    // Mean of two proteins with every atom at B = 40 Å²: logarithm of the power in a band, at 0, 0.025, … 1 Å⁻¹. 0 at 0.15 Å⁻¹.
    private static readonly double[] ProteinLogPowers =
    [
        -0.67, 2.27, 0.05, 0.37, 0.09, 0.00, 0.00, 0.38, 0.74, 0.61, 0.25, -0.05, -0.41, -0.89, -1.22, -1.55, -1.88, -2.18, -2.52, -2.94, -3.34,
        -3.97, -4.62, -5.27, -5.90, -6.51, -7.12, -7.81, -8.49, -9.19, -9.87, -10.57, -11.32, -12.07, -12.82, -13.62, -14.55, -15.58, -16.67, -17.79, -18.89,
    ];

    /// <summary>The bands of a grid, seen through a window.</summary>
    /// <param name="voxelSize">Edge of a voxel (Å).</param>
    /// <param name="windowWidth">Standard deviation of the Gaussian window (Å).</param>
    public WienerBands(double voxelSize, double windowWidth)
    {
        VoxelSize = voxelSize;
        Last = Math.Min(ProteinLogPowers.Length - 1, (int)Math.Floor((0.5 / (voxelSize * Step)) + 0.5));
        double window = Math.Pow(4 * Math.PI * windowWidth * windowWidth, 1.5);
        WindowValues = Independent(window);
    }

    /// <summary>Edge of a voxel (Å).</summary>
    public double VoxelSize { get; }

    /// <summary>Number of the last band; the first is 0.</summary>
    public int Last { get; }

    /// <summary>Number of bands.</summary>
    public int Count => Last + 1;

    /// <summary>Half the number of independent values that a window holds of each band, at least 1.</summary>
    public double[] WindowValues { get; }

    /// <summary>Centre of a band (Å⁻¹).</summary>
    /// <param name="band">Its number.</param>
    public static double Frequency(int band) => band * Step;

    /// <summary>Logarithm of a protein's power in a band, every atom at B = 40 Å².</summary>
    /// <param name="band">Its number.</param>
    public static double ProteinLogPower(int band) => ProteinLogPowers[band];

    /// <summary>Half the number of independent values that a volume holds of each band, at least 1.</summary>
    /// <param name="volume">Å³.</param>
    public double[] Independent(double volume)
    {
        double[] values = new double[Count];
        for (int band = 0; band < values.Length; band++)
        {
            double frequency = Math.Max(Frequency(band), Step / 2);
            values[band] = Math.Max(1, 0.5 * volume * 4 * Math.PI * frequency * frequency * Step);
        }

        return values;
    }

    /// <summary>Value of a band's filter.</summary>
    /// <param name="band">Its number.</param>
    /// <param name="frequency">Å⁻¹.</param>
    public double Value(int band, double frequency)
    {
        double distance = frequency - Frequency(band);
        return band == Last && distance >= 0
            ? 1
            : Math.Abs(distance) < Step ? 0.5 * (1 + Math.Cos(Math.PI * distance / Step)) : 0;
    }

    /// <summary>What the bands come to at a frequency after each was multiplied by a weight.</summary>
    /// <param name="weights">One weight per band.</param>
    /// <param name="frequency">Å⁻¹.</param>
    public double Weighted(double[] weights, double frequency)
    {
        // Two bands meet at a frequency, and beyond the last there is that one alone.
        int below = Math.Min((int)(frequency / Step), Last);
        double value = weights[below] * Value(below, frequency);
        return below < Last ? value + (weights[below + 1] * Value(below + 1, frequency)) : value;
    }

    /// <summary>Frequency beyond which a band's filter is zero, in cycles/voxel.</summary>
    /// <param name="band">Its number.</param>
    public double Cutoff(int band) => band == Last ? double.PositiveInfinity : (Frequency(band) + Step) * VoxelSize;
}
