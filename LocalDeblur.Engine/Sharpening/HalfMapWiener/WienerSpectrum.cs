using LocalDeblur.Bands;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Signal and noise of the whole map, band by band, in the mask, and the fall-off of a protein that was laid through them.</summary>
internal sealed class WienerSpectrum
{
    /// <summary>B factor of the atoms in the protein's profile (Å²).</summary>
    public const double ProteinBFactor = 40;

    private const double LeastShare = 1e-12;
    private const double Smallest = -200;
    private const double Largest = 500;

    // Mean of two proteins with every atom at B = 40 Å²: logarithm of the power in a band, at 0, 0.025, … 1 Å⁻¹. 0 at 0.15 Å⁻¹.
    private static readonly double[] ProteinLogPowers =
    [
        -0.67, 2.27, 0.05, 0.37, 0.09, 0.00, 0.00, 0.38, 0.74, 0.61, 0.25, -0.05, -0.41, -0.89, -1.22, -1.55, -1.88, -2.18, -2.52, -2.94, -3.34,
        -3.97, -4.62, -5.27, -5.90, -6.51, -7.12, -7.81, -8.49, -9.19, -9.87, -10.57, -11.32, -12.07, -12.82, -13.62, -14.55, -15.58, -16.67, -17.79, -18.89,
    ];

    private readonly FrequencyBands _bands;

    /// <summary>Lays the fall-off through the measured bands.</summary>
    /// <param name="bands">The bands.</param>
    /// <param name="totals">Mean square of each band of the mean map in the mask, T.</param>
    /// <param name="noises">Mean square of each band of half the difference in the mask, N.</param>
    /// <param name="maskVolume">Volume of the mask (Å³).</param>
    public WienerSpectrum(FrequencyBands bands, double[] totals, double[] noises, double maskVolume)
    {
        _bands = bands;
        Totals = totals;
        double largest = Enumerable.Range(0, bands.Count).Max(k => totals[k] - noises[k]);
        double[] floored = [.. totals.Select((total, k) => Math.Max(total - noises[k], LeastShare * largest))];
        MeasuredWeights = [.. totals.Select((total, k) => Math.Max(total - noises[k], 0) is var signal && signal + noises[k] > 0 ? signal / (signal + noises[k]) : 0)];
        FilteredFrom = FindFilter(noises);
        Fit(floored);

        // Where noise takes over, the protein's fall-off goes on, but no higher than what could have escaped the measurement.
        int crossing = FirstBand(3, bands.Count, k => MeasuredWeights[k] < 0.5);
        double[] independent = bands.Independent(maskVolume);
        Signals = [.. floored];
        for (int k = crossing; k < bands.Count; k++)
        {
            double s = FrequencyBands.Frequency(k);
            double model = Math.Exp(ProteinLogPowers[k] + Intercept - (BFactor * s * s / 2));
            Signals[k] = Math.Min(model, Math.Max(totals[k] - noises[k], 0) + (3 * noises[k] / Math.Sqrt(independent[k])));
        }

        HasSignal = FindSignal(noises, independent);

        // Half maps without any noise keep a trace of it, to divide by.
        double noisiest = noises.Max() is var most && most > 0 ? most : totals.Max();
        Noises = [.. noises.Select(noise => Math.Max(noise, LeastShare * noisiest))];
        Crossing = crossing;
        UsedBands = FindEnd();
    }

    /// <summary>B factor of the map's fall-off beyond a protein's whose atoms have B = 40 Å² (Å²).</summary>
    public double BFactor { get; private set; }

    /// <summary>Logarithm of the scale of that fall-off.</summary>
    public double Intercept { get; private set; }

    /// <summary>Mean square of each band in the mask.</summary>
    public double[] Totals { get; }

    /// <summary>Power of the signal in each band.</summary>
    public double[] Signals { get; }

    /// <summary>Power of the noise in each band.</summary>
    public double[] Noises { get; }

    /// <summary>Share of the signal in each band as it was measured, 0 … 1.</summary>
    public double[] MeasuredWeights { get; }

    /// <summary>First band whose measured share of signal is below one half; the number of bands where none is.</summary>
    public int Crossing { get; }

    /// <summary>First band beyond a low-pass filter that the half maps went through; the number of bands where there is none.</summary>
    public int FilteredFrom { get; }

    /// <summary>Number of bands that are used; those from here on are left out.</summary>
    public int UsedBands { get; }

    /// <summary>Whether the half maps have anything in common beyond a constant.</summary>
    public bool HasSignal { get; }

    /// <summary>Whether the half maps were low-pass filtered.</summary>
    public bool IsFiltered => FilteredFrom < _bands.Count;

    // Where the noise breaks off from one band to the next, a filter does it.
    private int FindFilter(double[] noises)
    {
        int band = FirstBand(3, _bands.Last, k => noises[k + 1] / _bands.WindowValues[k + 1] < 0.05 * noises[k] / _bands.WindowValues[k]);
        return band < _bands.Last ? band : _bands.Count;
    }

    private void Fit(double[] floored)
    {
        double weights = 0, meanX = 0, meanY = 0;
        var points = new List<(double X, double Y, double Weight)>();
        bool isTrusted = true;
        for (int k = 2; k < _bands.Count; k++)
        {
            isTrusted &= MeasuredWeights[k] > 0.15;
            double weight = isTrusted && k < FilteredFrom ? Math.Sqrt(_bands.WindowValues[k]) * MeasuredWeights[k] : 0;
            weight = k <= 4 ? Math.Max(weight, 1e-3) : weight;
            double s = FrequencyBands.Frequency(k);
            double y = Math.Log(floored[k]) - ProteinLogPowers[k];
            points.Add((s * s, y, weight * weight));
            weights += weight * weight;
            meanX += weight * weight * s * s;
            meanY += weight * weight * y;
        }

        meanX /= weights;
        meanY /= weights;
        double slope = points.Sum(p => p.Weight * (p.X - meanX) * (p.Y - meanY)) / points.Sum(p => p.Weight * (p.X - meanX) * (p.X - meanX));
        BFactor = Math.Clamp(-2 * slope, Smallest, Largest);
        Intercept = meanY + (BFactor * meanX / 2);
    }

    private int FindEnd()
    {
        double largest = Totals.Max();
        int end = Math.Min(_bands.Count, FilteredFrom + 1);
        end = FirstBand(1, end, k => Totals[k] < 1e-10 * largest);
        return FirstBand(Crossing, end, k => Signals[k] < 1e-4 * Noises[k]);
    }

    // From the coarsest band on, up to some band: whether the mean has more power than noise alone gives, by five standard deviations of what that varies by.
    private bool FindSignal(double[] noises, double[] independent)
    {
        const double Deviations = 5;
        const double FewestValues = 10;
        double largest = Totals.Max();
        double excess = 0, values = 0;
        for (int k = 1; k < _bands.Count; k++)
        {
            if (Totals[k] <= 1e-10 * largest)
            {
                continue;
            }

            if (noises[k] <= LeastShare * Totals[k])
            {
                return true;
            }

            excess += independent[k] * ((Totals[k] / noises[k]) - 1);
            values += independent[k];
            if (values >= FewestValues && excess > Deviations * Math.Sqrt(2 * values))
            {
                return true;
            }
        }

        return false;
    }

    // The end where none is found.
    private static int FirstBand(int from, int end, Func<int, bool> holds)
    {
        for (int k = from; k < end; k++)
        {
            if (holds(k))
            {
                return k;
            }
        }

        return end;
    }
}
