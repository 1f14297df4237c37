using LocalDeblur.Fourier;

namespace LocalDeblur.Sharpening;

/// <summary>What half maps say about the amplitudes of their mean: a weight for each frequency that makes the spectrum flat where the halves agree and 0 where they do not.</summary>
/// <remarks>
/// Twenty shells of equal volume. FSC of the halves; the mean of its last three values, where that is at most 0.2, counts as what unrelated maps have and is
/// taken out, (F − b)/(1 − b). Where the largest value exceeds 0.4, from the first below 0.2 after such a one on an exponential decay takes the values' place.
/// C* = √(2F/(1 + F)); weight = C*/RMS of the shell's amplitudes in the mean map, the largest 1. As in the published program, but for
/// the frequencies below the middle of the first shell and beyond that of the last: the program goes on along a line there, and the weight here stays unless asked to.
/// Below the first shell, weights by single Fourier shells fall to 0.1 and 0.3 of its own on the reference data, and the line goes to −1.1 and 1.2.
/// </remarks>
internal sealed class HalfMapWeight
{
    private const int ShellCount = 20;
    private const int Quantities = 6;
    private const int BaselineShells = 3;
    private const double LargestBaseline = 0.2;
    private const double LowCorrelation = 0.2;
    private const double HighCorrelation = 2 * LowCorrelation;
    private const double LeastCorrelation = 1e-5;
    private const double OutlierRatio = 100;

    // Decays (Å) that are tried beyond the last good shell.
    private const int DecayTrials = 200;
    private const double SlowestDecay = 10;
    private const double FastestDecay = 500;

    private readonly double[] _centres;
    private readonly bool _extrapolate;

    private HalfMapWeight(double[] edges, double[] resolutions, double[] correlations, double[] weights, bool extrapolate)
    {
        _centres = [.. Enumerable.Range(0, ShellCount).Select(i => (edges[i] + edges[i + 1]) / 2)];
        _extrapolate = extrapolate;
        Resolutions = resolutions;
        Correlations = correlations;
        Weights = weights;
    }

    /// <summary>Mean resolution of each shell (Å).</summary>
    public double[] Resolutions { get; }

    /// <summary>FSC of the half maps in each shell, as measured.</summary>
    public double[] Correlations { get; }

    /// <summary>Weight in each shell, 0 … 1.</summary>
    public double[] Weights { get; }

    /// <summary>Measures the half maps.</summary>
    /// <param name="mean">Transform of their mean.</param>
    /// <param name="first">Transform of one.</param>
    /// <param name="second">Transform of the other.</param>
    /// <param name="frequencies">The frequencies of all three.</param>
    /// <param name="cutoff">Highest frequency (1/Å).</param>
    /// <param name="extrapolate">True to go on beyond the outermost shells along a line; false to stay at their weights.</param>
    /// <param name="threads">Threads, 0 for one a processor; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where a shell has no power.</returns>
    public static HalfMapWeight? Measure(Spectrum mean, Spectrum first, Spectrum second, FrequencyGrid frequencies, double cutoff, bool extrapolate, int threads, CancellationToken cancellationToken)
    {
        (double lowest, double highest) = Range(mean.Size, frequencies, cutoff);
        double[] edges = [.. Enumerable.Range(0, ShellCount + 1).Select(i => Math.Cbrt(Cube(lowest) + ((Cube(highest) - Cube(lowest)) * i / ShellCount)))];
        double[] sums = Sum(mean, first, second, frequencies, edges, threads, cancellationToken);
        double[] resolutions = new double[ShellCount];
        double[] correlations = new double[ShellCount];
        double[] amplitudes = new double[ShellCount];
        for (int i = 0; i < ShellCount; i++)
        {
            ReadOnlySpan<double> shell = sums.AsSpan(i * Quantities, Quantities);
            resolutions[i] = shell[1] / shell[0];
            amplitudes[i] = Math.Sqrt(shell[2] / shell[0]);
            correlations[i] = shell[3] / Math.Sqrt(shell[4] * shell[5]);
            if (!(amplitudes[i] > 0) || !double.IsFinite(correlations[i]))
            {
                return null;
            }
        }

        double baseline = Math.Clamp(correlations[^BaselineShells..].Average(), 0, 0.99);
        bool takeOut = baseline <= LargestBaseline;
        double[] agreement = Smooth(takeOut ? [.. correlations.Select(value => (value - baseline) / (1 - baseline))] : correlations, resolutions, takeOut);
        double[] ratios = WithoutOutliers([.. WithoutOutliers(amplitudes).Select(amplitude => amplitudes[0] / amplitude)]);
        double[] weights = [.. agreement.Select((value, i) => ratios[i] * Math.Clamp(Math.Sqrt(2 * Math.Max(value, 0) / (1 + Math.Max(value, 0))), LeastCorrelation, 1))];
        double largest = weights.Max();
        return new HalfMapWeight(edges, resolutions, correlations, [.. weights.Select(weight => weight / largest)], extrapolate);
    }

    /// <summary>Weight at a frequency: on the line between the middles of two shells.</summary>
    /// <param name="frequency">Frequency (1/Å).</param>
    public double At(double frequency)
    {
        int i = 0;
        while (i < ShellCount - 2 && frequency >= _centres[i + 1])
        {
            i++;
        }

        double share = (frequency - _centres[i]) / (_centres[i + 1] - _centres[i]);
        share = _extrapolate ? share : Math.Clamp(share, 0, 1);
        return Weights[i] + (share * (Weights[i + 1] - Weights[i]));
    }

    // Lowest and highest frequency that a coefficient other than the mean has.
    private static (double Lowest, double Highest) Range(GridSize size, FrequencyGrid frequencies, double cutoff)
    {
        double highest = 0;
        for (int kz = 0; kz <= size.Z / 2; kz++)
        {
            for (int ky = 0; ky <= size.Y / 2; ky++)
            {
                for (int kx = size.X / 2; kx >= 0; kx--)
                {
                    double square = Square(frequencies, kx, ky, kz);
                    if (square <= cutoff * cutoff)
                    {
                        highest = Math.Max(highest, square);
                        break;
                    }
                }
            }
        }

        return (frequencies.Lowest, Math.Sqrt(highest));
    }

    // In each shell: coefficients, sum of their resolutions, power of the mean map, products of the halves, and the powers of both.
    private static double[] Sum(Spectrum mean, Spectrum first, Spectrum second, FrequencyGrid frequencies, double[] edges, int threads, CancellationToken cancellationToken)
    {
        const int Length = ShellCount * Quantities;
        GridSize size = mean.Size;
        double[] planes = new double[(long)size.Z * Length];
        double low = edges[0] * edges[0] * (1 - 1e-9);
        double high = edges[^1] * edges[^1] * (1 + 1e-9);
        frequencies.ForEachPlane(threads, kz =>
        {
            int count = (size.X / 2) + 1;
            float[] rows = new float[6 * count];
            Span<double> sums = planes.AsSpan(kz * Length, Length);
            for (int ky = 0; ky < size.Y; ky++)
            {
                if (Square(frequencies, 0, ky, kz) > high)
                {
                    continue;
                }

                Span<float> mRe = rows.AsSpan(0, count), mIm = rows.AsSpan(count, count);
                Span<float> aRe = rows.AsSpan(2 * count, count), aIm = rows.AsSpan(3 * count, count);
                Span<float> bRe = rows.AsSpan(4 * count, count), bIm = rows.AsSpan(5 * count, count);
                mean.CopyRow(ky, kz, mRe, mIm);
                first.CopyRow(ky, kz, aRe, aIm);
                second.CopyRow(ky, kz, bRe, bIm);
                for (int kx = 0; kx < count; kx++)
                {
                    double square = Square(frequencies, kx, ky, kz);
                    if (square > high)
                    {
                        break;
                    }

                    if (square < low)
                    {
                        continue;
                    }

                    double frequency = Math.Sqrt(square);
                    Span<double> shell = sums.Slice(Shell(edges, frequency) * Quantities, Quantities);
                    double weight = kx == 0 || 2 * kx == size.X ? 0.5 : 1;
                    shell[0] += weight;
                    shell[1] += weight / frequency;
                    shell[2] += weight * (((double)mRe[kx] * mRe[kx]) + ((double)mIm[kx] * mIm[kx]));
                    shell[3] += weight * (((double)aRe[kx] * bRe[kx]) + ((double)aIm[kx] * bIm[kx]));
                    shell[4] += weight * (((double)aRe[kx] * aRe[kx]) + ((double)aIm[kx] * aIm[kx]));
                    shell[5] += weight * (((double)bRe[kx] * bRe[kx]) + ((double)bIm[kx] * bIm[kx]));
                }
            }
        }, cancellationToken);

        double[] total = new double[Length];
        for (int i = 0; i < planes.Length; i++)
        {
            total[i % Length] += planes[i];
        }

        return total;
    }

    private static int Shell(double[] edges, double frequency)
    {
        int place = Array.BinarySearch(edges, frequency);
        return Math.Clamp(place < 0 ? ~place - 1 : place, 0, ShellCount - 1);
    }

    private static double Square(FrequencyGrid frequencies, int kx, int ky, int kz)
    {
        double x = frequencies.X(kx), y = frequencies.Y(ky), z = frequencies.Z(kz);
        return (x * x) + (y * y) + (z * z);
    }

    private static double Cube(double value) => value * value * value;

    private static double[] Smooth(double[] correlations, double[] resolutions, bool toZero)
    {
        int high = Array.FindIndex(correlations, value => value > HighCorrelation);
        int cut = high < 0 ? -1 : Array.FindIndex(correlations, high, value => value < LowCorrelation);
        if (cut < 0)
        {
            return correlations;
        }

        double[] best = [];
        double smallest = double.PositiveInfinity;
        for (int trial = 0; trial < DecayTrials; trial++)
        {
            double decay = SlowestDecay + ((FastestDecay - SlowestDecay) * trial / DecayTrials);
            double[] fit = [.. Enumerable.Range(cut, ShellCount - cut).Select(i => correlations[cut] * Math.Exp(-decay * ((1 / resolutions[i]) - (1 / resolutions[cut]))))];
            double last = toZero ? fit[^1] : 0;
            double error = 0;
            for (int i = 0; i < fit.Length; i++)
            {
                fit[i] -= last;
                error += (fit[i] - correlations[cut + i]) * (fit[i] - correlations[cut + i]);
            }

            if (error < smallest)
            {
                smallest = error;
                best = fit;
            }
        }

        return [.. correlations[..cut], .. best];
    }

    // A value a hundred times above or below the mean of the first three is taken to be the one before it.
    private static double[] WithoutOutliers(double[] values)
    {
        double usual = values[..BaselineShells].Average();
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
