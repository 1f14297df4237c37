using LocalDeblur.Maps;

namespace LocalDeblur.Reports;

/// <summary>A map as a page shows it.</summary>
internal sealed class ReportDensity
{
    /// <summary>Levels of <see cref="Enclosed"/>.</summary>
    public const int Levels = 1024;

    /// <summary>Counts what lies above each level.</summary>
    /// <param name="map">The map.</param>
    /// <param name="low">The density of 0.</param>
    /// <param name="high">The density of 255.</param>
    /// <param name="dark">The density that is drawn black.</param>
    /// <param name="bright">The density that is drawn white.</param>
    /// <param name="voxels">The texels.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public ReportDensity(CryoMap map, double low, double high, double dark, double bright, string voxels, CancellationToken cancellationToken)
    {
        (Low, High, Dark, Bright, Voxels) = (low, high, dark, bright > dark ? bright : high, voxels);
        (Mean, Deviation) = (map.Mean, map.StandardDeviation);
        long[] counts = new long[Levels + 1];
        double scale = (Levels - 1) / (high - low);
        foreach (float value in map.AsSpan(cancellationToken))
        {
            counts[value < low ? 0 : Math.Min(Levels, 1 + (int)((value - low) * scale))]++;
        }

        long[] enclosed = new long[Levels];
        long sum = 0;
        for (int level = Levels - 1; level >= 0; level--)
        {
            sum += counts[level + 1];
            enclosed[level] = sum;
        }

        Enclosed = enclosed;
    }

    /// <summary>The density of 0.</summary>
    public double Low { get; }

    /// <summary>The density of 255.</summary>
    public double High { get; }

    /// <summary>The density that is drawn black.</summary>
    public double Dark { get; }

    /// <summary>The density that is drawn white.</summary>
    public double Bright { get; }

    /// <summary>Mean of the whole map.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the whole map.</summary>
    public double Deviation { get; }

    /// <summary>Voxels of the whole map of at least the density Low + level·(High − Low)/(Levels − 1), by level.</summary>
    public IReadOnlyList<long> Enclosed { get; }

    /// <summary>The texels: differences along each row, deflated, Base64.</summary>
    public string Voxels { get; }
}
