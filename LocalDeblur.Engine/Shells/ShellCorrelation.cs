using System.Collections.ObjectModel;
using LocalDeblur.Fourier;

namespace LocalDeblur.Shells;

/// <summary>Fourier shell correlation (FSC) of two volumes.</summary>
/// <remarks>
/// FSC of a shell = Re Σ A·B* / √(Σ|A|²·Σ|B|²) over the coefficients in the shell, counted as the shells say (Harauz and van Heel, <i>Optik</i> 73 (1986) 146).
/// 1 for equal volumes, −1 for opposite ones, NaN where either has no power in the shell.
/// </remarks>
internal sealed class ShellCorrelation
{
    private ShellCorrelation(RadialShells shells, double[] values)
    {
        Shells = shells;
        Values = new ReadOnlyCollection<double>(values);
    }

    /// <summary>The shells.</summary>
    public RadialShells Shells { get; }

    /// <summary>FSC of each shell, −1 … 1 or NaN.</summary>
    public ReadOnlyCollection<double> Values { get; }

    /// <summary>Measures the correlation.</summary>
    /// <param name="a">Transform of one volume.</param>
    /// <param name="b">Transform of the other, of the same size.</param>
    /// <param name="shells">Shells of that size.</param>
    /// <param name="limits">Of these the threads; null for as many as the process may use. The result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static ShellCorrelation Measure(Spectrum a, Spectrum b, RadialShells shells, RunLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(shells);
        if (a.Size != shells.Size || b.Size != shells.Size)
        {
            throw new ArgumentException($"Transforms of {a.Size} and {b.Size} voxels, shells of {shells.Size}; expected one size.", nameof(shells));
        }

        double[] sums = shells.Sum(3, new Products(a, b), limits ?? new RunLimits(), cancellationToken);
        double[] values = new double[shells.Count];
        for (int shell = 0; shell < values.Length; shell++)
        {
            // 0/0 is NaN, as it should be.
            values[shell] = sums[3 * shell] / Math.Sqrt(sums[(3 * shell) + 1] * sums[(3 * shell) + 2]);
        }

        return new ShellCorrelation(shells, values);
    }

    /// <summary>The first shell after the mean whose correlation is below a threshold; null where none is.</summary>
    /// <param name="threshold">For example 0.5.</param>
    public int? FirstShellBelow(double threshold)
    {
        for (int shell = 1; shell < Values.Count; shell++)
        {
            if (Values[shell] < threshold)
            {
                return shell;
            }
        }

        return null;
    }

    /// <summary>Mean over the shells of a range of resolution, shells without power left out; NaN where there are none.</summary>
    /// <param name="coarsest">Lowest resolution (Å).</param>
    /// <param name="finest">Highest resolution (Å).</param>
    public double MeanBetween(double coarsest, double finest)
    {
        double sum = 0;
        int count = 0;
        for (int shell = 1; shell < Values.Count; shell++)
        {
            double resolution = Shells.Resolution(shell);
            if (resolution <= coarsest && resolution >= finest && !double.IsNaN(Values[shell]))
            {
                sum += Values[shell];
                count++;
            }
        }

        return sum / count;
    }

    private readonly struct Products(Spectrum a, Spectrum b) : IShellRows
    {
        public void Add(int ky, int kz, ReadOnlySpan<int> shells, ReadOnlySpan<double> weights, Span<float> scratch, Span<double> sums)
        {
            int n = shells.Length;
            Span<float> aRe = scratch[..n];
            Span<float> aIm = scratch.Slice(n, n);
            Span<float> bRe = scratch.Slice(2 * n, n);
            Span<float> bIm = scratch.Slice(3 * n, n);
            a.CopyRow(ky, kz, aRe, aIm);
            b.CopyRow(ky, kz, bRe, bIm);
            for (int kx = 0; kx < n; kx++)
            {
                double ar = aRe[kx];
                double ai = aIm[kx];
                double br = bRe[kx];
                double bi = bIm[kx];
                Span<double> shell = sums.Slice(3 * shells[kx], 3);
                shell[0] += weights[kx] * ((ar * br) + (ai * bi));
                shell[1] += weights[kx] * ((ar * ar) + (ai * ai));
                shell[2] += weights[kx] * ((br * br) + (bi * bi));
            }
        }
    }
}
