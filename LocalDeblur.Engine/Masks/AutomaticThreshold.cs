using System.Globalization;

namespace LocalDeblur.Masks;

/// <summary>
/// The density that separates a molecule from what surrounds it, in a low-passed map. Two limits are found: the noise limit, four standard
/// deviations above the solvent, below which nothing can be told from noise; and the outline, a fifth of the way from the solvent to the strong
/// density of the molecule, where the blurred surface lies. The threshold lies between them, at their geometric mean, so that in a map of
/// little noise weak parts count as molecule without its blurred halo doing so too; in a noisy map both limits meet.
/// </summary>
/// <remarks>
/// The solvent is the mode of the densities (half-sample mode: Robertson and Cryer, <i>J. Am. Stat. Assoc.</i> 69 (1974) 1012); the standard deviation that of
/// half the difference of two half maps, else the distance below the mode that holds 68.27 % of the densities there, since above it lies the molecule. Strong density is what a
/// thousandth of the box exceeds, or a tenth of the voxels beyond the noise limit where these are fewer.
/// </remarks>
internal sealed record AutomaticThreshold(double Value, double Solvent, double Noise, double Strong)
{
    private const int SampleCount = 1 << 18;
    private const double NoiseFactor = 4;
    private const double OutlineShare = 0.2;
    private const double StrongShare = 1e-3;
    private const double StrongShareOfMolecule = 0.1;

    // A background of exact zeros has no noise; then this share of the outline stands in for it.
    private const double LeastNoiseShare = 0.02;

    // Share of a normal distribution within one standard deviation of its mean.
    private const double OneSigma = 0.6827;

    /// <summary>What the rule said, for people.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"The threshold is {Value:G5}, the geometric mean of the noise limit (solvent {Solvent:G4} plus 4 standard deviations of "
            + $"{Noise:G4}) and the outline (a fifth of the way from the solvent to the strong density {Strong:G4}), measured from the solvent.");

    /// <summary>Applies the rule.</summary>
    /// <param name="densities">The low-passed map.</param>
    /// <param name="noise">Standard deviation of its noise where two half maps gave it; null to take it from the densities.</param>
    /// <returns>Null where the map has no strong density above its solvent.</returns>
    public static AutomaticThreshold? Find(ReadOnlySpan<float> densities, double? noise)
    {
        float[] sorted = Sample(densities);
        Array.Sort(sorted);
        double solvent = Mode(sorted);
        int below = Math.Abs(Array.BinarySearch(sorted, (float)solvent));
        below = Math.Min(below, sorted.Length);
        double sigma = noise ?? solvent - sorted[Math.Clamp((int)((1 - OneSigma) * below), 0, sorted.Length - 1)];
        int beyond = sorted.Count(value => value > solvent + (NoiseFactor * sigma));
        int rank = (int)Math.Max(1, Math.Min(StrongShare * sorted.Length, StrongShareOfMolecule * beyond));
        double strong = sorted[^rank];
        double outline = OutlineShare * (strong - solvent);
        if (!(outline > 0))
        {
            return null;
        }

        double limit = Math.Clamp(NoiseFactor * sigma, LeastNoiseShare * outline, outline);
        return new AutomaticThreshold(solvent + Math.Sqrt(limit * outline), solvent, sigma, strong);
    }

    /// <summary>Standard deviation of values about 0 from those within one standard deviation, so that a difference that holds some signal does not
    /// count for more than noise.</summary>
    /// <param name="values">The values.</param>
    public static double Spread(ReadOnlySpan<float> values)
    {
        float[] sorted = Sample(values);
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Math.Abs(sorted[i]);
        }

        Array.Sort(sorted);
        return sorted[(int)(OneSigma * (sorted.Length - 1))];
    }

    // Every voxel of a small map; of a large one evenly spaced voxels, by an odd step that falls on no plane of the box for long.
    private static float[] Sample(ReadOnlySpan<float> values)
    {
        int step = Math.Max(1, values.Length / SampleCount) | 1;
        float[] sample = new float[(values.Length + step - 1) / step];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = values[i * step];
        }

        return sample;
    }

    // The shortest interval that holds half of the values, again and again.
    private static double Mode(ReadOnlySpan<float> sorted)
    {
        while (sorted.Length > 3)
        {
            int half = (sorted.Length + 1) / 2;
            int best = 0;
            float shortest = float.PositiveInfinity;
            for (int i = 0; i + half <= sorted.Length; i++)
            {
                float length = sorted[i + half - 1] - sorted[i];
                if (length < shortest)
                {
                    shortest = length;
                    best = i;
                }
            }

            sorted = sorted.Slice(best, half);
        }

        double sum = 0;
        foreach (float value in sorted)
        {
            sum += value;
        }

        return sum / sorted.Length;
    }
}
