using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Bands;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>
/// Signal and noise around each sample. The signal there is the whole map's spectrum times a scale c and a further fall-off ΔB, both the mean of what the powers in
/// the window allow; without evidence a place falls back to the whole map's spectrum.
/// </summary>
/// <remarks>
/// Prior: ln c has a standard deviation of 1, ΔB of 60 Å². Four samples are fitted at a time; the result of each does not depend on the others. Rows of samples are
/// <see cref="SampleLanes.Padded"/>, so that the last four are whole.
/// </remarks>
internal sealed class LocalSpectra
{
    // How many values of its own the prior of a band's local noise is worth.
    private const double PriorValues = 10;
    private const int Steps = 4;
    private const double FallOffDeviation = 60;

    // Smaller shares of signal have no logarithm.
    private const double LeastShare = 1e-300;

    // ΔB that are tried (Å²).
    private static readonly double[] FallOffs = [.. Enumerable.Range(0, 19).Select(i => -120 + (20.0 * i))];

    private readonly FrequencyBands _bands;
    private readonly WienerSpectrum _whole;
    private readonly int _used;
    private readonly float[][] _noises;
    private readonly float[] _fallOffs;
    private readonly float[] _logScales;
    private readonly double[] _logSignals;

    private LocalSpectra(FrequencyBands bands, WienerSpectrum whole, float[][] noises)
    {
        _bands = bands;
        _whole = whole;
        _used = whole.UsedBands;
        _noises = noises;
        _fallOffs = new float[noises[0].Length];
        _logScales = new float[noises[0].Length];
        _logSignals = [.. whole.Signals.Select(signal => Math.Log(signal))];
    }

    /// <summary>Length of a row of samples.</summary>
    public int Count => _fallOffs.Length;

    /// <summary>Power of the noise at each sample, a row a band.</summary>
    public float[][] Noises => _noises;

    /// <summary>Bytes that the fit adds to the powers.</summary>
    /// <param name="grid">The samples.</param>
    public static long Bytes(SampleGrid grid) => 2 * sizeof(float) * (long)SampleLanes.Padded(grid);

    /// <summary>Fits every sample.</summary>
    /// <param name="bands">The bands.</param>
    /// <param name="whole">The whole map's spectrum.</param>
    /// <param name="powers">Local powers of the mean map, a row a band.</param>
    /// <param name="noises">Local powers of half the difference, a row a band; replaced by the noise that is taken to be there.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="progress">Told the share that is done, from any thread; or null.</param>
    /// <param name="cancellationToken">Looked at between blocks of samples.</param>
    public static LocalSpectra Fit(
        FrequencyBands bands, WienerSpectrum whole, float[][] powers, float[][] noises, RunLimits limits, Action<double>? progress, CancellationToken cancellationToken)
    {
        var fit = new LocalSpectra(bands, whole, noises);
        int done = 0;
        limits.ForEachBlock(
            fit.Count,
            (from, to) =>
            {
                fit.ShrinkNoise(from, to);
                fit.FitBlock(powers, from, to);
                progress?.Invoke((double)Interlocked.Add(ref done, to - from) / fit.Count);
            },
            cancellationToken);
        return fit;
    }

    /// <summary>Logarithm of the power of the signal at four samples.</summary>
    /// <param name="band">Number of the band.</param>
    /// <param name="first">Number of the first sample.</param>
    public Vector256<double> LogSignal(int band, int first)
    {
        double s = FrequencyBands.Frequency(band);
        return SampleLanes.Load(_logScales, first) - (SampleLanes.Load(_fallOffs, first) * (s * s / 2)) + Vector256.Create(_logSignals[band]);
    }

    /// <summary>Weight of each band at each sample: its share of signal, raised to an exponent, and what brings it to the B factor that is asked for.</summary>
    /// <param name="rows">Takes the weights, a row a band that is used.</param>
    /// <param name="exponent">Of the share.</param>
    /// <param name="target">B factor of the result (Å²).</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between blocks of samples.</param>
    public void Gains(float[][] rows, double exponent, double target, RunLimits limits, CancellationToken cancellationToken)
    {
        double constant = _whole.BFactor + WienerSpectrum.ProteinBFactor - target;
        ForEachFour(
            _used,
            (band, first) =>
            {
                double s = FrequencyBands.Frequency(band);
                Vector256<double> logShare = Vector256.Log(Vector256.Max(Share(band, first), Vector256.Create(LeastShare)));
                Vector256<double> bFactor = (SampleLanes.Load(_fallOffs, first) * LocalWiener.FallOffShare) + Vector256.Create(constant);
                SampleLanes.Store(Vector256.Exp((logShare * exponent) + (bFactor * (s * s / 4))), rows[band], first);
            },
            limits,
            cancellationToken);
    }

    /// <summary>Share of the noise in each band at each sample, 0 … 1; 1 in bands that are left out.</summary>
    /// <param name="rows">Takes the shares, a row a band.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between blocks of samples.</param>
    public void NoiseShares(float[][] rows, RunLimits limits, CancellationToken cancellationToken) =>
        ForEachFour(
            _bands.Count,
            (band, first) => SampleLanes.Store(band < _used ? Vector256<double>.One - Share(band, first) : Vector256<double>.One, rows[band], first),
            limits,
            cancellationToken);

    private Vector256<double> Share(int band, int first)
    {
        Vector256<double> signal = Vector256.Exp(LogSignal(band, first));
        return signal / (signal + SampleLanes.Load(_noises[band], first));
    }

    private void ForEachFour(int bands, Action<int, int> body, RunLimits limits, CancellationToken cancellationToken) =>
        limits.ForEachBlock(
            Count,
            (from, to) =>
            {
                for (int band = 0; band < bands; band++)
                {
                    for (int first = from; first < to; first += SampleLanes.Count)
                    {
                        body(band, first);
                    }
                }
            },
            cancellationToken);

    // The band's own noise where the window has the values to say so; else the noise of all bands together, relative to the mask's.
    private void ShrinkNoise(int from, int to)
    {
        double[] values = _bands.WindowValues;
        double all = values.AsSpan(1, _used - 1).ToArray().Sum();
        for (int first = from; first < to; first += SampleLanes.Count)
        {
            Vector256<double> ratio = Vector256<double>.Zero;
            for (int k = 1; k < _used; k++)
            {
                ratio += SampleLanes.Load(_noises[k], first) * (values[k] / _whole.Noises[k] / all);
            }

            for (int k = 0; k < _bands.Count; k++)
            {
                Vector256<double> shrunk = (SampleLanes.Load(_noises[k], first) * values[k]) + (ratio * (PriorValues * _whole.Noises[k]));
                SampleLanes.Store(shrunk / Vector256.Create(values[k] + PriorValues), _noises[k], first);
            }
        }
    }

    private void FitBlock(float[][] powers, int from, int to)
    {
        var bands = new Band[_used - 1];
        var scores = new Vector256<double>[FallOffs.Length];
        var scales = new Vector256<double>[FallOffs.Length];
        double[][] signals = [.. FallOffs.Select(SignalsAt)];
        for (int i = 0; i < bands.Length; i++)
        {
            bands[i].Values = _bands.WindowValues[i + 1];
        }

        for (int first = from; first < to; first += SampleLanes.Count)
        {
            for (int i = 0; i < bands.Length; i++)
            {
                bands[i].Power = SampleLanes.Load(powers[i + 1], first);
                bands[i].Noise = SampleLanes.Load(_noises[i + 1], first);
            }

            for (int i = 0; i < FallOffs.Length; i++)
            {
                (scales[i], Vector256<double> scale) = LogScale(bands, signals[i]);
                scores[i] = Score(bands, signals[i], scales[i], scale, FallOffs[i]);
            }

            Average(scores, scales, first);
        }
    }

    // Of the bands from 1 on.
    private double[] SignalsAt(double fallOff) =>
        [.. Enumerable.Range(1, _used - 1).Select(k => _whole.Signals[k] * Math.Exp(-fallOff * FrequencyBands.Frequency(k) * FrequencyBands.Frequency(k) / 2))];

    // The most probable ln c at one ΔB, and c: four steps of Newton's method with the expected curvature.
    private static (Vector256<double> Logarithm, Vector256<double> Scale) LogScale(Band[] bands, double[] signals)
    {
        Vector256<double> logScale = Vector256<double>.Zero;
        Vector256<double> scale = Vector256<double>.One;
        for (int step = 0; step < Steps; step++)
        {
            Vector256<double> gradient = -logScale;
            Vector256<double> curvature = Vector256<double>.One;
            int k = 0;
            for (; k < bands.Length - 1 && k < signals.Length - 1; k += 2)
            {
                ref Band one = ref bands[k], other = ref bands[k + 1];
                Vector256<double> signal1 = scale * signals[k], signal2 = scale * signals[k + 1];
                (Vector256<double> inverse1, Vector256<double> inverse2) = Inverses(signal1 + one.Noise, signal2 + other.Noise);
                one.Add(signal1 * inverse1, inverse1, ref gradient, ref curvature);
                other.Add(signal2 * inverse2, inverse2, ref gradient, ref curvature);
            }

            for (; k < bands.Length; k++)
            {
                Vector256<double> signal = scale * signals[k];
                Vector256<double> inverse = Vector256<double>.One / (signal + bands[k].Noise);
                bands[k].Add(signal * inverse, inverse, ref gradient, ref curvature);
            }

            logScale = Clamp(logScale + Clamp(gradient / curvature, -1.5, 1.5), -6, 4);
            scale = Vector256.Exp(logScale);
        }

        return (logScale, scale);
    }

    // Two for one division. Squares of float values, even two of them multiplied, are far from the ends of the range of a double.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> First, Vector256<double> Second) Inverses(Vector256<double> first, Vector256<double> second)
    {
        Vector256<double> both = Vector256<double>.One / (first * second);
        return (second * both, first * both);
    }

    private static Vector256<double> Score(Band[] bands, double[] signals, Vector256<double> logScale, Vector256<double> scale, double fallOff)
    {
        Vector256<double> sum = Vector256<double>.Zero;
        for (int k = 0; k < bands.Length && k < signals.Length; k++)
        {
            Vector256<double> total = (scale * signals[k]) + bands[k].Noise;
            sum += ((bands[k].Power / total) + Vector256.Log(total)) * bands[k].Values;
        }

        double prior = 0.5 * (fallOff / FallOffDeviation) * (fallOff / FallOffDeviation);
        return -sum - (logScale * logScale * 0.5) - Vector256.Create(prior);
    }

    private void Average(ReadOnlySpan<Vector256<double>> scores, ReadOnlySpan<Vector256<double>> scales, int first)
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

        SampleLanes.Store(fallOff / sum, _fallOffs, first);
        SampleLanes.Store(logScale / sum, _logScales, first);
    }

    private static Vector256<double> Clamp(Vector256<double> value, double low, double high) =>
        Vector256.Min(Vector256.Max(value, Vector256.Create(low)), Vector256.Create(high));

    // What was measured of a band at four samples.
    private struct Band
    {
        public Vector256<double> Power;
        public Vector256<double> Noise;
        public double Values;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Add(Vector256<double> share, Vector256<double> inverse, ref Vector256<double> gradient, ref Vector256<double> curvature)
        {
            Vector256<double> weighted = share * Values;
            gradient = Vector256.MultiplyAddEstimate(weighted, (Power * inverse) - Vector256<double>.One, gradient);
            curvature = Vector256.MultiplyAddEstimate(weighted, share, curvature);
        }
    }
}
