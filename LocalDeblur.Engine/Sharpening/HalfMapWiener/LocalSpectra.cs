using System.Runtime.Intrinsics;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>
/// Signal and noise around each sample. The signal there is the whole map's spectrum times a scale c and a further fall-off ΔB, both the mean of what the powers in
/// the window allow; without evidence a place falls back to the whole map's spectrum.
/// </summary>
/// <remarks>Prior: ln c has a standard deviation of 1, ΔB of 60 Å². Four samples are fitted at a time; the result of each does not depend on the others.</remarks>
internal sealed class LocalSpectra
{
    // How many values of its own the prior of a band's local noise is worth.
    private const double PriorValues = 10;
    private const int Steps = 4;
    private const double FallOffDeviation = 60;
    private const int Lanes = 4;

    // ΔB that are tried (Å²).
    private static readonly double[] FallOffs = [.. Enumerable.Range(0, 19).Select(i => -120 + (20.0 * i))];

    private readonly WienerBands _bands;
    private readonly WienerSpectrum _whole;
    private readonly int _used;
    private readonly float[][] _noises;
    private readonly float[] _fallOffs;
    private readonly float[] _logScales;

    private LocalSpectra(WienerBands bands, WienerSpectrum whole, float[][] noises)
    {
        _bands = bands;
        _whole = whole;
        _used = whole.UsedBands;
        _noises = noises;
        _fallOffs = new float[noises[0].Length];
        _logScales = new float[noises[0].Length];
    }

    /// <summary>Number of samples.</summary>
    public int Count => _fallOffs.Length;

    /// <summary>Power of the noise at each sample, a row a band.</summary>
    public float[][] Noises => _noises;

    /// <summary>Bytes that the fit adds to the powers.</summary>
    /// <param name="grid">The samples.</param>
    public static long Bytes(SampleGrid grid) => 2 * sizeof(float) * grid.Size.VoxelCount;

    /// <summary>Fits every sample.</summary>
    /// <param name="bands">The bands.</param>
    /// <param name="whole">The whole map's spectrum.</param>
    /// <param name="powers">Local powers of the mean map, a row a band.</param>
    /// <param name="noises">Local powers of half the difference, a row a band; replaced by the noise that is taken to be there.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="progress">Told the share that is done, from any thread; or null.</param>
    /// <param name="cancellationToken">Looked at between blocks of samples.</param>
    public static LocalSpectra Fit(
        WienerBands bands, WienerSpectrum whole, float[][] powers, float[][] noises, RunLimits limits, Action<double>? progress, CancellationToken cancellationToken)
    {
        var fit = new LocalSpectra(bands, whole, noises);
        int done = 0;
        limits.ForEachBlock(
            fit.Count,
            (from, to) =>
            {
                for (int sample = from; sample < to; sample++)
                {
                    fit.ShrinkNoise(sample);
                }

                fit.FitBlock(powers, from, to);
                progress?.Invoke((double)Interlocked.Add(ref done, to - from) / fit.Count);
            },
            cancellationToken);
        return fit;
    }

    /// <summary>Power of the signal at a sample.</summary>
    /// <param name="band">Number of the band.</param>
    /// <param name="sample">Number of the sample.</param>
    public double Signal(int band, int sample)
    {
        double s = WienerBands.Frequency(band);
        return Math.Exp(_logScales[sample] - (_fallOffs[sample] * s * s / 2)) * _whole.Signals[band];
    }

    /// <summary>Share of the signal at a sample, 0 … 1; 0 in bands that are left out.</summary>
    /// <param name="band">Number of the band.</param>
    /// <param name="sample">Number of the sample.</param>
    public double Weight(int band, int sample)
    {
        if (band >= _used)
        {
            return 0;
        }

        double signal = Signal(band, sample);
        return signal / (signal + _noises[band][sample]);
    }

    /// <summary>Factor that brings a band at a sample to the B factor that is asked for, without its weight.</summary>
    /// <param name="band">Number of the band.</param>
    /// <param name="sample">Number of the sample.</param>
    /// <param name="target">B factor of the result (Å²).</param>
    public double Restoration(int band, int sample, double target)
    {
        double s = WienerBands.Frequency(band);
        return Math.Exp((_whole.BFactor + (LocalWiener.FallOffShare * _fallOffs[sample]) + WienerSpectrum.ProteinBFactor - target) * s * s / 4);
    }

    // The band's own noise where the window has the values to say so; else the noise of all bands together, relative to the mask's.
    private void ShrinkNoise(int sample)
    {
        double ratio = 0, values = 0;
        for (int k = 1; k < _used; k++)
        {
            ratio += _bands.WindowValues[k] * _noises[k][sample] / _whole.Noises[k];
            values += _bands.WindowValues[k];
        }

        ratio /= values;
        for (int k = 0; k < _bands.Count; k++)
        {
            double n = _bands.WindowValues[k];
            _noises[k][sample] = (float)(((n * _noises[k][sample]) + (PriorValues * _whole.Noises[k] * ratio)) / (n + PriorValues));
        }
    }

    private void FitBlock(float[][] powers, int from, int to)
    {
        var power = new Vector256<double>[_used];
        var noise = new Vector256<double>[_used];
        var scores = new Vector256<double>[FallOffs.Length];
        var scales = new Vector256<double>[FallOffs.Length];
        double[][] signals = [.. FallOffs.Select(SignalsAt)];
        for (int first = from; first < to; first += Lanes)
        {
            int lanes = Math.Min(Lanes, to - first);
            for (int k = 1; k < _used; k++)
            {
                power[k] = Load(powers[k], first, lanes);
                noise[k] = Load(_noises[k], first, lanes);
            }

            for (int i = 0; i < FallOffs.Length; i++)
            {
                scales[i] = LogScale(power, noise, signals[i]);
                scores[i] = Score(power, noise, signals[i], scales[i], FallOffs[i]);
            }

            Average(scores, scales, first, lanes);
        }
    }

    private double[] SignalsAt(double fallOff) =>
        [.. Enumerable.Range(0, _used).Select(k => _whole.Signals[k] * Math.Exp(-fallOff * WienerBands.Frequency(k) * WienerBands.Frequency(k) / 2))];

    // The most probable ln c at one ΔB: four steps of Newton's method with the expected curvature.
    private Vector256<double> LogScale(Vector256<double>[] power, Vector256<double>[] noise, double[] signals)
    {
        Vector256<double> logScale = Vector256<double>.Zero;
        for (int step = 0; step < Steps; step++)
        {
            Vector256<double> scale = Vector256.Exp(logScale);
            Vector256<double> gradient = -logScale;
            Vector256<double> curvature = Vector256<double>.One;
            for (int k = 1; k < _used; k++)
            {
                Vector256<double> signal = scale * signals[k];
                Vector256<double> inverse = Vector256<double>.One / (signal + noise[k]);
                Vector256<double> share = signal * inverse;
                Vector256<double> weighted = share * _bands.WindowValues[k];
                gradient += weighted * ((power[k] * inverse) - Vector256<double>.One);
                curvature += weighted * share;
            }

            Vector256<double> change = Clamp(gradient / curvature, -1.5, 1.5);
            logScale = Clamp(logScale + change, -6, 4);
        }

        return logScale;
    }

    private Vector256<double> Score(Vector256<double>[] power, Vector256<double>[] noise, double[] signals, Vector256<double> logScale, double fallOff)
    {
        Vector256<double> scale = Vector256.Exp(logScale);
        Vector256<double> sum = Vector256<double>.Zero;
        for (int k = 1; k < _used; k++)
        {
            Vector256<double> total = (scale * signals[k]) + noise[k];
            sum += ((power[k] / total) + Vector256.Log(total)) * _bands.WindowValues[k];
        }

        double prior = 0.5 * (fallOff / FallOffDeviation) * (fallOff / FallOffDeviation);
        return -sum - (logScale * logScale * 0.5) - Vector256.Create(prior);
    }

    private void Average(Vector256<double>[] scores, Vector256<double>[] scales, int first, int lanes)
    {
        Vector256<double> best = scores[0];
        foreach (Vector256<double> score in scores)
        {
            best = Vector256.Max(best, score);
        }

        Vector256<double> sum = default, fallOff = default, logScale = default;
        for (int i = 0; i < scores.Length; i++)
        {
            Vector256<double> share = Vector256.Exp(scores[i] - best);
            sum += share;
            fallOff += share * FallOffs[i];
            logScale += share * scales[i];
        }

        fallOff /= sum;
        logScale /= sum;
        for (int lane = 0; lane < lanes; lane++)
        {
            _fallOffs[first + lane] = (float)fallOff[lane];
            _logScales[first + lane] = (float)logScale[lane];
        }
    }

    private static Vector256<double> Load(float[] values, int first, int lanes)
    {
        // Beyond the last sample it is repeated.
        int last = first + lanes - 1;
        return Vector256.Create((double)values[first], values[Math.Min(first + 1, last)], values[Math.Min(first + 2, last)], values[Math.Min(first + 3, last)]);
    }

    private static Vector256<double> Clamp(Vector256<double> value, double low, double high) =>
        Vector256.Min(Vector256.Max(value, Vector256.Create(low)), Vector256.Create(high));
}
