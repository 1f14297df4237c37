using System.Numerics.Tensors;
using LocalDeblur.Bands;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>The steps of a local Wiener restoration, and what they share.</summary>
internal sealed class LocalWienerWork : IDisposable
{
    // What is coarser is told no better (Å).
    private const double CoarsestResolution = 20;

    private readonly Reconstruction _input;
    private readonly CryoMap _mask;
    private readonly LocalWienerOptions _options;
    private readonly IProgress<StageProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly BandSplit _split;
    private readonly float _factor;
    private BandStatistics _statistics = null!;

    public LocalWienerWork(
        Reconstruction input, CryoMap mask, MaskRuns selected, LocalWienerOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        _factor = GreyValues.FactorOf(input.Maps);
        _input = GreyValues.Times(input, _factor, cancellationToken);
        _mask = mask;
        _options = options;
        _progress = progress;
        _cancellation = cancellationToken;
        Bands = new FrequencyBands(input.First.VoxelSize, options.WindowWidth);
        Grid = new SampleGrid(input.Grid.Size, input.First.VoxelSize);
        Mask = selected;
        _split = new BandSplit(_input, Bands, options.Limits, cancellationToken);
    }

    public FrequencyBands Bands { get; }

    public SampleGrid Grid { get; }

    public MaskRuns Mask { get; }

    public WienerSpectrum Spectrum { get; private set; } = null!;

    public float[] Restored { get; private set; } = [];

    public LocalWienerNoiseShares? NoiseShares { get; private set; }

    public LocalWienerByProducts? ByProducts { get; private set; }

    public int Threads => _split.Threads;

    private RunLimits Limits => _options.Limits;

    /// <summary>Brings what was computed to the grey values of the half maps, which may be too large or small to compute with.</summary>
    /// <param name="values">Grey values; changed.</param>
    public float[] ValuesOfInput(float[] values)
    {
        if (_factor != 1)
        {
            TensorPrimitives.Multiply(values, 1 / _factor, values);
        }

        return values;
    }

    /// <summary>Likewise, of powers.</summary>
    /// <param name="powers">Squares of grey values.</param>
    public IReadOnlyList<double> PowersOfInput(IReadOnlyList<double> powers) => _factor == 1 ? powers : [.. powers.Select(power => power / _factor / _factor)];

    public void RequireMask(long least)
    {
        if (Mask.Count < least)
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"The mask '{_mask.Name}' is at least 0.5 in {Mask.Count} voxels; expected {least} or more, to tell signal from noise by."),
                _mask.Name)
            {
                Advice = [new("give a mask of the molecule", EngineParameter.Mask)],
            };
        }
    }

    // Sections 3 to 5 of the method: signal and noise of each band, in the mask and around samples; the fall-off of the whole map.
    public void Measure()
    {
        LocalPowers? local = _options.Global ? null : new LocalPowers(Grid, _options.WindowWidth / Bands.VoxelSize);
        _statistics = BandStatistics.Measure(
            _split, Mask, local, Limits, share => Report("Measuring signal and noise", 0.45 * share), _cancellation);
        double voxel = Bands.VoxelSize;
        Spectrum = new WienerSpectrum(Bands, _statistics.Totals, _statistics.Noises, Mask.Count * voxel * voxel * voxel);
        if (!Spectrum.HasSignal)
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                $"'{_input.Half1.Name}' and '{_input.Half2.Name}' have nothing in common in the mask '{_mask.Name}'. "
                    + "Check that they are the two half maps of one reconstruction, and that the mask belongs to them.",
                _input.First.Name);
        }
    }

    public IEnumerable<string> Warnings()
    {
        if (Spectrum.IsFiltered)
        {
            double filter = 1 / FrequencyBands.Frequency(Spectrum.FilteredFrom);
            yield return Say($"The half maps were low-pass filtered at about {filter:0.##} Å, and nothing finer is restored. Unfiltered half maps are better.");
        }

        double share = (double)Mask.Count / Grid.Map.VoxelCount;
        if (share > 0.5)
        {
            yield return Say($"The mask '{_mask.Name}' fills {100 * share:0} % of the box, so that what it calls the molecule is mostly solvent.")
                + " Give a mask of the molecule alone.";
        }

        foreach (string masked in _input.Maps.Select(half => AppliedMask.WarningOfHalf(half, _cancellation)).OfType<string>())
        {
            yield return masked + " What it was at the edge of the mask is unknown; half maps as they leave the reconstruction are better.";
        }

        if (!Spectrum.IsFiltered && Spectrum.Crossing == Bands.Count && Spectrum.MeasuredWeights[^1] > 0.9)
        {
            yield return "The half maps agree to the finest detail that their voxels hold. If the voxels are not that coarse, the halves share noise, which counts as signal here.";
        }
    }

    // One weight a shell for the whole map.
    public void RestoreGlobally()
    {
        Report("Restoring", 0.5);
        double[] gains = [.. Enumerable.Range(0, Bands.Count).Select(GlobalGain)];
        Restored = GC.AllocateUninitializedArray<float>((int)Grid.Map.VoxelCount);
        _split.Filtered(gains, Restored, _cancellation);
        Report("Restoring", 1);
    }

    // The local resolution alone (section 9).
    public float[] MeasureResolution() => Resolutions(NoiseOf(Fit()));

    // Sections 6 to 10: weights at the samples, interpolated to every voxel, band by band.
    public void RestoreLocally()
    {
        LocalSpectra local = Fit();
        _split.ForgetDifference();
        float[][] gains = _statistics.Powers;
        local.Gains(gains, _options.Exponent, _options.TargetBFactor, Limits, _cancellation);
        float[] restored = GC.AllocateUninitializedArray<float>((int)Grid.Map.VoxelCount);
        float[] wide = GC.AllocateUninitializedArray<float>(Grid.WideCount);
        WienerNoise? noise = _options.Positivity ? null : NoiseOf(local);
        int used = Spectrum.UsedBands, finest = Math.Min(WienerNoise.DetailBand, used);
        double? powerBefore = null, powerAfter = null;
        if (noise is not null && WienerNoise.DetailBand < Bands.Count)
        {
            _split.Filtered([.. Enumerable.Range(0, Bands.Count).Select(k => k >= WienerNoise.DetailBand ? 1.0 : 0)], restored, _cancellation);
            powerBefore = MeanSquare(restored);
        }

        // The detail first, so that it can be measured by itself.
        AddBands(finest, used, isFirst: true);
        powerAfter = finest < used ? MeanSquare(restored) : null;
        AddBands(0, finest, isFirst: finest == used);
        if (_options.Positivity)
        {
            AddPositivity(local, gains, restored, wide);
        }

        Restored = restored;
        if (noise is not null)
        {
            double[] weights = Grid.MeanWeights(Mask, _cancellation);
            float[] variance = noise.Variance(gains, 0, used);
            NoiseShares = new LocalWienerNoiseShares(
                Mean(noise.Variance(null, 0, Bands.Count)) / MeanSquareBefore(),
                Mean(variance) / MeanSquare(restored),
                Mean(noise.Variance(null, finest, Bands.Count)) / powerBefore,
                Mean(noise.Variance(gains, finest, used)) / powerAfter);
            ByProducts = _options.ByProducts ? Describe(noise, variance) : null;

            double Mean(float[] samples)
            {
                double sum = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * samples[i];
                }

                return sum;
            }
        }

        void AddBands(int from, int to, bool isFirst)
        {
            for (int k = from; k < to; k++)
            {
                Grid.Widen(gains[k], wide, Limits, _cancellation);
                _split.Mean(k, new WeightedBandSink(Grid, wide, restored, isFirst && k == from), _cancellation);
                int done = k + 1 - from + (from == 0 ? used - finest : 0);
                Report("Restoring", 0.7 + (0.25 * done / used));
            }
        }
    }

    public void Dispose() => _split.Dispose();

    private void Report(string stage, double fraction) => _progress?.Report(new StageProgress(stage, fraction));

    private double GlobalGain(int band)
    {
        if (band >= Spectrum.UsedBands)
        {
            return 0;
        }

        double s = FrequencyBands.Frequency(band);
        double weight = Spectrum.Signals[band] / (Spectrum.Signals[band] + Spectrum.Noises[band]);
        return Math.Pow(weight, _options.Exponent) * Math.Exp((Spectrum.BFactor + WienerSpectrum.ProteinBFactor - _options.TargetBFactor) * s * s / 4);
    }

    private LocalSpectra Fit() => LocalSpectra.Fit(
        Bands, Spectrum, _statistics.Powers, _statistics.LocalNoises, Limits, share => Report("Fitting signal and noise", 0.45 + (0.25 * share)), _cancellation);

    private WienerNoise NoiseOf(LocalSpectra local) => new(Bands, Spectrum, local, _statistics, Grid, Limits, _cancellation);

    private double MeanSquare(float[] volume) => Mask.MeanProduct(volume, volume, Limits, _cancellation);

    // Of the mean of the half maps, which is nowhere in memory.
    private double MeanSquareBefore()
    {
        float[] first = _input.Half1.Load(_cancellation), second = _input.Half2.Load(_cancellation);
        return (MeanSquare(first) + (2 * Mask.MeanProduct(first, second, Limits, _cancellation)) + MeanSquare(second)) / 4;
    }

    // Section 10. What is positive in the molecule is added to each band as far as its weight left room.
    private void AddPositivity(LocalSpectra local, float[][] rows, float[] restored, float[] wide)
    {
        float[] soft = (_options.PositivityMask ?? _mask).CopyVoxels(_cancellation);
        double sum = 0;
        long count = 0;
        for (int i = 0; i < soft.Length; i++)
        {
            if (!MaskRule.Selects(soft[i]))
            {
                sum += restored[i];
                count++;
            }
        }

        float solvent = (float)(count == 0 ? 0 : sum / count);
        for (int i = 0; i < soft.Length; i++)
        {
            soft[i] = Math.Clamp(soft[i], 0, 1) * Math.Max(restored[i] - solvent, 0);
        }

        _split.Replace(soft, _cancellation);
        local.NoiseShares(rows, Limits, _cancellation);
        for (int k = 0; k < Bands.Count; k++)
        {
            Grid.Widen(rows[k], wide, Limits, _cancellation);
            _split.Mean(k, new WeightedBandSink(Grid, wide, restored, isFirst: false), _cancellation);
            Report("Adding positive density", 0.95 + (0.05 * (k + 1) / Bands.Count));
        }
    }

    // Section 9.
    private LocalWienerByProducts Describe(WienerNoise noise, float[] variance)
    {
        Report("Working out noise and confidence", 0.95);
        _split.Dispose();
        float[] deviation = Grid.Everywhere(variance, Limits, _cancellation);
        TensorPrimitives.Sqrt(deviation, deviation);
        float[] confidence = noise.Confidence(Restored, deviation);
        float[] resolution = Resolutions(noise);
        return new LocalWienerByProducts
        {
            LocalResolution = ByProduct("local resolution", resolution),
            NoiseDeviation = ByProduct("noise", ValuesOfInput(deviation)),
            Confidence = ByProduct("confidence", confidence),
        };
    }

    // 0 outside the mask, where it is the prior's opinion.
    private float[] Resolutions(WienerNoise noise) =>
        Grid.Resolutions(noise.ResolutionFrequency(), 2 * Bands.VoxelSize, CoarsestResolution, _mask, Limits, _cancellation);

    private CryoMap ByProduct(string what, float[] voxels)
    {
        var step = new HistoryEntry
        {
            Step = LocalWiener.StepName,
            Parameters = HistoryEntry.Values([("Output", what), .. _input.HalfMapParameters, ("Mask", MapLabel.SourceOf(_mask)), ("WindowWidth", _options.WindowWidth)]),
        };
        return new CryoMap(_input.Grid, voxels, $"{what} of {_input.First.Name}", [.. _input.First.History, step]);
    }
}
