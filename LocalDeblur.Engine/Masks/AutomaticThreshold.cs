using System.Globalization;
using LocalDeblur.Numerics;

namespace LocalDeblur.Masks;

/// <summary>
/// The density that separates a molecule from what surrounds it, in a low-passed map. Two limits are found: the noise limit, four standard
/// deviations above the solvent, below which nothing can be told from noise; and the outline, a fifth of the way from the solvent to the strong
/// density of the molecule, where the blurred surface lies. The threshold lies between them, at their geometric mean, so that in a map of
/// little noise weak parts count as molecule without its blurred halo doing so too; in a noisy map both limits meet.
/// </summary>
/// <remarks>
/// <para>The solvent is the mode of the densities: the half-sample mode (Robertson and Cryer, <i>J. Am. Stat. Assoc.</i> 69 (1974) 1012), from where the mean under a normal
/// kernel moves to where it stays (Fukunaga and Hostetler, <i>IEEE Trans. Inf. Theory</i> 21 (1975) 32). The standard deviation is that of
/// half the difference of two half maps, else the distance below the mode that holds 68.27 % of the densities there, since above it lies the molecule. Strong density is what a
/// thousandth of the box exceeds, or a tenth of the voxels beyond the noise limit where these are fewer.</para>
/// <para>Every step after the first mode is continuous in the densities, so that their last digits, in which machines differ, move the threshold by no more than these.</para>
/// </remarks>
internal sealed record AutomaticThreshold(double Value, double Solvent, double Noise, double Strong)
{
    // The darkest density is farther from the solvent than the brightest by this factor where the molecule is dark.
    private const double DarkFactor = 2;

    private const int SampleCount = 1 << 18;
    private const double NoiseFactor = 4;
    private const double OutlineShare = 0.2;
    private const double StrongShare = 1e-3;
    private const double StrongShareOfMolecule = 0.1;

    // Width of the kernel over the standard deviation of the noise.
    private const double KernelShare = 0.5;
    private const int KernelSteps = 200;
    private const double SettledShare = 1e-8;

    // A lower outline is the rounding of a map without one.
    private const double LeastOutlineShare = 1e-6;

    // A background of exact zeros has no noise; then this share of the outline stands in for it.
    private const double LeastNoiseShare = 0.02;

    // Share of a normal distribution within one standard deviation of its mean.
    private const double OneSigma = 0.6827;

    /// <summary>The density of a molecule that is darker than the solvent; null where it is not.</summary>
    public double? Dark { get; private init; }

    /// <summary>What the rule said, for people.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"The threshold is {Value:G5}, the geometric mean of the noise limit (solvent {Solvent:G4} plus 4 standard deviations of "
            + $"{Noise:G4}) and the outline (a fifth of the way from the solvent to the strong density {Strong:G4}), measured from the solvent.");

    /// <summary>Applies the rule.</summary>
    /// <param name="densities">The low-passed map.</param>
    /// <param name="noise">Standard deviation of its noise where two half maps gave it; null to take it from the densities.</param>
    /// <returns>The threshold; NaN where the map has no strong density above its solvent.</returns>
    public static AutomaticThreshold Find(ReadOnlySpan<float> densities, double? noise)
    {
        float[] sorted = ScatteredSample.Of(densities, SampleCount);
        Array.Sort(sorted);
        double solvent = Mode(sorted);
        double sigma = noise ?? SpreadBelow(sorted, solvent);
        solvent = Settle(sorted, solvent, KernelShare * sigma);
        sigma = noise ?? SpreadBelow(sorted, solvent);
        double beyond = sorted.Length - Rank(sorted, solvent + (NoiseFactor * sigma));
        double strong = At(sorted, sorted.Length - Math.Max(1, Math.Min(StrongShare * sorted.Length, StrongShareOfMolecule * beyond)));
        double outline = OutlineShare * (strong - solvent);
        bool hasOutline = outline > LeastOutlineShare * Math.Max(Math.Abs(strong), Math.Abs(solvent));
        double limit = hasOutline ? Math.Clamp(NoiseFactor * sigma, LeastNoiseShare * outline, outline) : double.NaN;
        double brightest = At(sorted, (1 - StrongShare) * sorted.Length), darkest = At(sorted, StrongShare * sorted.Length);
        return new AutomaticThreshold(solvent + Math.Sqrt(limit * outline), solvent, sigma, strong)
        {
            Dark = solvent - darkest > DarkFactor * (brightest - solvent) ? darkest : null,
        };
    }

    /// <summary>Standard deviation of values about 0 from those within one standard deviation, so that a difference that holds some signal does not
    /// count for more than noise.</summary>
    /// <param name="values">The values.</param>
    public static double Spread(ReadOnlySpan<float> values)
    {
        float[] sorted = ScatteredSample.Of(values, SampleCount);
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = Math.Abs(sorted[i]);
        }

        Array.Sort(sorted);
        return sorted[(int)(OneSigma * (sorted.Length - 1))];
    }

    private static double SpreadBelow(float[] sorted, double solvent) => solvent - At(sorted, (1 - OneSigma) * Rank(sorted, solvent));

    // How many values lie below, with a fraction between neighbours.
    private static double Rank(float[] sorted, double value)
    {
        int above = Array.BinarySearch(sorted, (float)value);
        above = above < 0 ? ~above : above;
        while (above < sorted.Length && sorted[above] <= value)
        {
            above++;
        }

        return above == 0 || above == sorted.Length ? above : above - 1 + ((value - sorted[above - 1]) / (sorted[above] - sorted[above - 1]));
    }

    // The inverse of that.
    private static double At(float[] sorted, double rank)
    {
        double place = Math.Clamp(rank, 0, sorted.Length - 1);
        int below = Math.Min((int)place, sorted.Length - 2);
        return sorted.Length == 1 ? sorted[0] : sorted[below] + ((place - below) * ((double)sorted[below + 1] - sorted[below]));
    }

    // The mean of the values under a kernel about it.
    private static double Settle(float[] sorted, double mode, double width)
    {
        const double Reach = 4;
        for (int step = 0; step < KernelSteps && width > 0; step++)
        {
            int first = (int)Rank(sorted, mode - (Reach * width)), end = (int)Rank(sorted, mode + (Reach * width));
            double weights = 0, sum = 0;
            for (int i = first; i < end; i++)
            {
                double distance = (sorted[i] - mode) / width;
                double weight = Math.Exp(-0.5 * distance * distance);
                weights += weight;
                sum += weight * distance;
            }

            double shift = weights > 0 ? width * sum / weights : 0;
            mode += shift;
            if (Math.Abs(shift) < SettledShare * width)
            {
                break;
            }
        }

        return mode;
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
