using System.Collections.ObjectModel;
using LocalDeblur.Fourier;

namespace LocalDeblur.Validation;

/// <summary>
/// Radial amplitude profile of a volume: the mean amplitude of its transform in each shell, which drawn as a logarithm against 1/d² is a Guinier plot
/// (Rosenthal and Henderson, <i>J. Mol. Biol.</i> 333 (2003) 721).
/// </summary>
/// <remarks>The transform is scaled by 1/N, N the number of voxels. A Gaussian blur exp(−B·s²/4) is a straight line of slope −B/4.</remarks>
public sealed class RadialProfile
{
    private RadialProfile(RadialShells shells, double[] amplitudes)
    {
        Shells = shells;
        MeanAmplitudes = new ReadOnlyCollection<double>(amplitudes);
        LogAmplitudes = new ReadOnlyCollection<double>(Array.ConvertAll(amplitudes, amplitude => amplitude > 0 ? Math.Log(amplitude) : double.NaN));
    }

    /// <summary>The shells.</summary>
    public RadialShells Shells { get; }

    /// <summary>Mean of |F| over the coefficients of the full transform in each shell, in the unit of the volume.</summary>
    public ReadOnlyCollection<double> MeanAmplitudes { get; }

    /// <summary>Natural logarithm of the mean amplitude; NaN where the shell has no power.</summary>
    public ReadOnlyCollection<double> LogAmplitudes { get; }

    /// <summary>Measures the profile.</summary>
    /// <param name="spectrum">Transform of the volume, scaled by 1/N.</param>
    /// <param name="shells">Shells of its size.</param>
    /// <param name="threads">Threads to work with; 0 is one for each processor. The result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static RadialProfile Measure(Spectrum spectrum, RadialShells shells, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentNullException.ThrowIfNull(shells);
        if (spectrum.Size != shells.Size)
        {
            throw new ArgumentException($"A transform of {spectrum.Size} voxels, shells of {shells.Size}; expected one size.", nameof(shells));
        }

        double[] means = shells.Sum(1, new Amplitudes(spectrum), threads, cancellationToken);
        for (int shell = 0; shell < means.Length; shell++)
        {
            means[shell] /= shells.CoefficientCount(shell);
        }

        return new RadialProfile(shells, means);
    }

    /// <summary>
    /// How far the shape of this profile is from another: the standard deviation of ln(⟨|F|⟩/⟨|F_other|⟩) over the shells of a range of resolution, so that a
    /// constant factor between the volumes does not count. 0 for proportional volumes; 0.1 is a typical misfit of 10 %.
    /// </summary>
    /// <param name="other">The other profile, on the same shells.</param>
    /// <param name="coarsest">Lowest resolution (Å).</param>
    /// <param name="finest">Highest resolution (Å).</param>
    /// <returns>NaN where the range holds no shell with power in both.</returns>
    public double ShapeDistance(RadialProfile other, double coarsest, double finest)
    {
        ArgumentNullException.ThrowIfNull(other);
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int shell = 1; shell < LogAmplitudes.Count; shell++)
        {
            double resolution = Shells.Resolution(shell);
            double ratio = LogAmplitudes[shell] - other.LogAmplitudes[shell];
            if (resolution <= coarsest && resolution >= finest && !double.IsNaN(ratio))
            {
                sum += ratio;
                squares += ratio * ratio;
                count++;
            }
        }

        double mean = sum / count;
        return Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
    }

    private readonly struct Amplitudes(Spectrum spectrum) : IShellRows
    {
        public void Add(int ky, int kz, ReadOnlySpan<int> shells, ReadOnlySpan<double> weights, Span<float> scratch, Span<double> sums)
        {
            int n = shells.Length;
            Span<float> re = scratch[..n];
            Span<float> im = scratch.Slice(n, n);
            spectrum.CopyRow(ky, kz, re, im);
            for (int kx = 0; kx < n; kx++)
            {
                double real = re[kx];
                double imaginary = im[kx];
                sums[shells[kx]] += weights[kx] * Math.Sqrt((real * real) + (imaginary * imaginary));
            }
        }
    }
}
