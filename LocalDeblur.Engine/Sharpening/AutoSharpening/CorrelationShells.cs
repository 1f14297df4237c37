using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>Twenty shells of equal volume: how two transforms correlate in each, and how large the amplitudes of a map and of what it is to become are.</summary>
internal sealed class CorrelationShells
{
    /// <summary>How many shells there are.</summary>
    public const int Count = 20;

    private const int Quantities = 8;
    private const int BaselineShells = 3;
    private const double LargestBaseline = 0.2;
    private const double LowCorrelation = 0.2;
    private const double HighCorrelation = 2 * LowCorrelation;

    // Decays (Å) that are tried beyond the last good shell.
    private const int DecayTrials = 200;
    private const double SlowestDecay = 10;
    private const double FastestDecay = 500;

    private CorrelationShells(double[] edges, double[] resolutions, double[] correlations, double[] amplitudes, double[] targets, double[] targetCorrelations)
    {
        Centres = [.. Enumerable.Range(0, Count).Select(i => (edges[i] + edges[i + 1]) / 2)];
        Resolutions = resolutions;
        Correlations = correlations;
        Amplitudes = amplitudes;
        Targets = targets;
        TargetCorrelations = targetCorrelations;
    }

    /// <summary>Middle of each shell (1/Å).</summary>
    public double[] Centres { get; }

    /// <summary>Mean resolution of each shell (Å).</summary>
    public double[] Resolutions { get; }

    /// <summary>Correlation of the two transforms in each shell, −1 … 1.</summary>
    public double[] Correlations { get; }

    /// <summary>RMS amplitude of the map in each shell.</summary>
    public double[] Amplitudes { get; }

    /// <summary>RMS amplitude aimed at in each shell; 1 where it is to be flat.</summary>
    public double[] Targets { get; }

    /// <summary>Correlation in each shell of the map with what it is to become, −1 … 1; NaN where it is to be flat.</summary>
    public double[] TargetCorrelations { get; }

    /// <summary>Measures transforms.</summary>
    /// <param name="map">Of the map that is to be weighted.</param>
    /// <param name="first">One of those that are correlated.</param>
    /// <param name="second">The other.</param>
    /// <param name="target">Whose amplitudes are aimed at; null for flat ones.</param>
    /// <param name="frequencies">The frequencies of all.</param>
    /// <param name="cutoff">Highest frequency (1/Å).</param>
    /// <param name="limits">Of these the threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where a shell has no power.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange where a shell has no coefficient.</exception>
    public static CorrelationShells? Measure(
        Spectrum map, Spectrum first, Spectrum second, Spectrum? target, FrequencyGrid frequencies, double cutoff, RunLimits limits,
        CancellationToken cancellationToken)
    {
        (double lowest, double highest) = Range(map.Size, frequencies, cutoff);
        double[] edges = [.. Enumerable.Range(0, Count + 1).Select(i => Math.Cbrt(Cube(lowest) + ((Cube(highest) - Cube(lowest)) * i / Count)))];
        double[] sums = Sum(map, first, second, target, frequencies, edges, limits, cancellationToken);
        double[] resolutions = new double[Count];
        double[] correlations = new double[Count];
        double[] amplitudes = new double[Count];
        double[] targets = new double[Count];
        double[] targetCorrelations = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> shell = sums.AsSpan(i * Quantities, Quantities);
            if (shell[0] == 0)
            {
                throw TooFew(map.Size, highest);
            }

            resolutions[i] = shell[1] / shell[0];
            amplitudes[i] = Math.Sqrt(shell[2] / shell[0]);
            correlations[i] = shell[3] / Math.Sqrt(shell[4] * shell[5]);
            targets[i] = target is null ? 1 : Math.Sqrt(shell[6] / shell[0]);
            targetCorrelations[i] = shell[7] / Math.Sqrt(shell[2] * shell[6]);
            if (!(amplitudes[i] > 0) || !(targets[i] > 0) || !double.IsFinite(correlations[i]))
            {
                return null;
            }
        }

        return new CorrelationShells(edges, resolutions, correlations, amplitudes, targets, targetCorrelations);
    }

    /// <summary>The correlations less what unrelated maps have, and smooth where they are small.</summary>
    public double[] Agreement()
    {
        double baseline = Math.Clamp(Correlations[^BaselineShells..].Average(), 0, 0.99);
        bool takeOut = baseline <= LargestBaseline;
        return Smooth(takeOut ? [.. Correlations.Select(value => (value - baseline) / (1 - baseline))] : Correlations, Resolutions, takeOut);
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

    // In each shell: coefficients, sum of their resolutions, power of the mean map, products of both transforms, their powers, the power aimed at,
    // and its products with the mean map.
    private static double[] Sum(
        Spectrum mean, Spectrum first, Spectrum second, Spectrum? target, FrequencyGrid frequencies, double[] edges, RunLimits limits,
        CancellationToken cancellationToken)
    {
        const int Length = Count * Quantities;
        GridSize size = mean.Size;
        double[] planes = new double[(long)size.Z * Length];
        double low = edges[0] * edges[0] * (1 - 1e-9);
        double high = edges[^1] * edges[^1] * (1 + 1e-9);
        limits.ForEach(frequencies.Planes, kz =>
        {
            int count = (size.X / 2) + 1;
            float[] rows = new float[8 * count];
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
                Span<float> tRe = rows.AsSpan(6 * count, count), tIm = rows.AsSpan(7 * count, count);
                mean.CopyRow(ky, kz, mRe, mIm);
                first.CopyRow(ky, kz, aRe, aIm);
                second.CopyRow(ky, kz, bRe, bIm);
                target?.CopyRow(ky, kz, tRe, tIm);
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
                    shell[6] += weight * (((double)tRe[kx] * tRe[kx]) + ((double)tIm[kx] * tIm[kx]));
                    shell[7] += weight * (((double)mRe[kx] * tRe[kx]) + ((double)mIm[kx] * tIm[kx]));
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
        return Math.Clamp(place < 0 ? ~place - 1 : place, 0, Count - 1);
    }

    private static double Square(FrequencyGrid frequencies, int kx, int ky, int kz)
    {
        double x = frequencies.X(kx), y = frequencies.Y(ky), z = frequencies.Z(kz);
        return (x * x) + (y * y) + (z * z);
    }

    private static double Cube(double value) => value * value * value;

    private static EngineException TooFew(GridSize size, double highest) => new(
        EngineError.ParameterOutOfRange,
        Say($"A box of {size} voxels has too few Fourier coefficients up to {1 / highest:0.##} Å for {Count} shells; expected some in each."))
    {
        Advice = [new("give a finer resolution", EngineParameter.Resolution), new("use a map in a larger box")],
    };

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
            double[] fit = [.. Enumerable.Range(cut, Count - cut).Select(i => correlations[cut] * Math.Exp(-decay * ((1 / resolutions[i]) - (1 / resolutions[cut]))))];
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
}
