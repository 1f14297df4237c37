using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>A weight for each frequency that gives a map the amplitudes it should have, as far as it can be trusted there.</summary>
/// <remarks>
/// <para>Twenty shells of equal volume; in each the correlation of two transforms. The mean of its last three values, where that is at most 0.2, counts as what
/// unrelated maps have and is taken out, (F − b)/(1 − b). Where the largest value exceeds 0.4, from the first below 0.2 after such a one on an exponential decay
/// takes the values' place. As in the published program.</para>
/// <para>Half maps: C* = √(2F/(1 + F)), and the weight is C*·A/RMS of the shell's amplitudes in the mean map, A being 1, or the RMS of the model's amplitudes.</para>
/// <para>A map and a model: weight = A/RMS·min(1, C/C₀·exp(b·s²/4)). C₀ is the largest C·exp(b·s²/4) of all shells, at most 1: what C is where map and model are
/// both good, less than 1 where the model is incomplete. b = 8π·σ² undoes what an error σ of the atoms' places, a quarter of the resolution, takes from C; the
/// program leaves out one π of the usual 8π², and so does this. The largest weight is 1.</para>
/// <para>Below the middle of the first shell and beyond that of the last the program goes on along a line; the weight here stays unless asked to. Below the first shell,
/// weights of half maps by single Fourier shells fall to 0.1 and 0.3 of its own on the reference data, and the line goes to −1.1 and 1.2.</para>
/// </remarks>
internal sealed class ShellWeight
{
    private const int UsualShells = 3;
    private const double LeastCorrelation = 1e-5;
    private const double OutlierRatio = 100;
    private const double LargestExponent = 20;

    // Error of the atoms' places that is expected, over the resolution.
    private const double ModelErrorShare = 0.25;

    private readonly double[] _centres;
    private readonly bool _extrapolate;

    private ShellWeight(CorrelationShells shells, double[] weights, bool extrapolate)
    {
        _centres = shells.Centres;
        _extrapolate = extrapolate;
        Resolutions = shells.Resolutions;
        Correlations = shells.Correlations;
        Weights = weights;
    }

    /// <summary>Mean resolution of each shell (Å).</summary>
    public double[] Resolutions { get; }

    /// <summary>Correlation in each shell, as measured.</summary>
    public double[] Correlations { get; }

    /// <summary>Weight in each shell, 0 … 1.</summary>
    public double[] Weights { get; }

    /// <summary>C₀ of the remarks, 0 … 1: how well map and model agree where they agree best. NaN without a model.</summary>
    public double BestAgreement { get; private init; }

    /// <summary>From half maps: flat amplitudes, or a model's, as far as the halves agree.</summary>
    /// <param name="mean">Transform of their mean.</param>
    /// <param name="first">Transform of one.</param>
    /// <param name="second">Transform of the other.</param>
    /// <param name="model">Transform whose amplitudes are aimed at; null for flat ones.</param>
    /// <param name="frequencies">The frequencies of all.</param>
    /// <param name="cutoff">Highest frequency (1/Å).</param>
    /// <param name="options">Resolution, whether to extrapolate, and threads, on which the result does not depend.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where a shell has no power.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange where a shell has no coefficient.</exception>
    public static ShellWeight? FromHalfMaps(
        Spectrum mean, Spectrum first, Spectrum second, Spectrum? model, FrequencyGrid frequencies, double cutoff, AutoSharpenOptions options,
        CancellationToken cancellationToken) =>
        CorrelationShells.Measure(mean, first, second, model, frequencies, cutoff, options.Limits, cancellationToken) is { } shells
            ? Create(
                shells,
                [.. shells.Agreement().Select(value => Math.Clamp(Math.Sqrt(2 * Math.Max(value, 0) / (1 + Math.Max(value, 0))), LeastCorrelation, 1))],
                options, Best(shells, ErrorUndone(shells, options)))
            : null;

    /// <summary>From a map and a model: the model's amplitudes, as far as both agree.</summary>
    /// <param name="map">Transform of the map.</param>
    /// <param name="model">Transform of the model.</param>
    /// <param name="frequencies">The frequencies of both.</param>
    /// <param name="cutoff">Highest frequency (1/Å).</param>
    /// <param name="options">Resolution, whether to extrapolate, and threads, on which the result does not depend.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where a shell has no power.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange where a shell has no coefficient.</exception>
    public static ShellWeight? FromModel(Spectrum map, Spectrum model, FrequencyGrid frequencies, double cutoff, AutoSharpenOptions options, CancellationToken cancellationToken)
    {
        if (CorrelationShells.Measure(map, map, model, model, frequencies, cutoff, options.Limits, cancellationToken) is not { } shells)
        {
            return null;
        }

        double[] undone = ErrorUndone(shells, options);
        double best = Best(shells, undone);
        double[] trust = [.. shells.Agreement().Zip(undone, (value, factor) => Math.Min(1, Math.Clamp(value / Math.Max(best, LeastCorrelation), LeastCorrelation, 1) * factor))];
        return Create(shells, trust, options, best);
    }

    /// <summary>Weight at a frequency: on the line between the middles of two shells.</summary>
    /// <param name="frequency">Frequency (1/Å).</param>
    public double At(double frequency)
    {
        int i = 0;
        while (i < CorrelationShells.Count - 2 && frequency >= _centres[i + 1])
        {
            i++;
        }

        double share = (frequency - _centres[i]) / (_centres[i + 1] - _centres[i]);
        share = _extrapolate ? share : Math.Clamp(share, 0, 1);
        return Weights[i] + (share * (Weights[i + 1] - Weights[i]));
    }

    // By how much the error of the atoms' places lowers the correlation in each shell.
    private static double[] ErrorUndone(CorrelationShells shells, AutoSharpenOptions options)
    {
        double error = ModelErrorShare * options.Resolution;
        return [.. shells.Resolutions.Select(resolution => Math.Exp(Math.Min(LargestExponent, 8 * Math.PI * error * error / (4 * resolution * resolution))))];
    }

    private static double Best(CorrelationShells shells, double[] undone) => Math.Clamp(shells.TargetCorrelations.Zip(undone, (value, factor) => value * factor).Max(), 0, 1);

    private static ShellWeight Create(CorrelationShells shells, double[] trust, AutoSharpenOptions options, double bestAgreement)
    {
        double[] ratios = WithoutOutliers([.. shells.Targets.Zip(shells.Amplitudes, (target, amplitude) => target / amplitude)]);
        double[] weights = [.. ratios.Zip(trust, (ratio, share) => ratio * share)];
        double largest = weights.Max();
        return new ShellWeight(shells, [.. weights.Select(weight => weight / largest)], options.ExtrapolateWeight) { BestAgreement = bestAgreement };
    }

    // A value a hundred times above or below the mean of the first three is taken to be the one before it.
    private static double[] WithoutOutliers(double[] values)
    {
        double usual = values[..UsualShells].Average();
        double last = usual;
        double[] kept = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            last = values[i] > OutlierRatio * usual || values[i] < usual / OutlierRatio ? last : values[i];
            kept[i] = last;
        }

        return kept;
    }
}
