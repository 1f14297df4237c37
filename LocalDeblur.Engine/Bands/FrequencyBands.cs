namespace LocalDeblur.Bands;

/// <summary>
/// The bands that a map is split into: raised cosines 0.025 Å⁻¹ apart that overlap by half and add up to 1 at every frequency. The last is open to the corners of the
/// transform.
/// </summary>
internal sealed class FrequencyBands
{
    /// <summary>Distance of the bands (Å⁻¹).</summary>
    public const double Step = 0.025;

    // The last is at 1 Å⁻¹ at most.
    private const int MostBands = 40;

    /// <summary>The bands of a grid, seen through a window.</summary>
    /// <param name="voxelSize">Edge of a voxel (Å).</param>
    /// <param name="windowWidth">Standard deviation of the Gaussian window (Å).</param>
    public FrequencyBands(double voxelSize, double windowWidth)
    {
        VoxelSize = voxelSize;
        Last = Math.Min(MostBands, (int)Math.Floor((0.5 / (voxelSize * Step)) + 0.5));
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
