using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>The steps of a local Wiener restoration, and what they share.</summary>
internal sealed class LocalWienerWork : IDisposable
{
    private readonly Reconstruction _input;
    private readonly CryoMap _mask;
    private readonly LocalWienerOptions _options;
    private readonly IProgress<StageProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly BandSplit _split;
    private BandStatistics _statistics = null!;

    public LocalWienerWork(Reconstruction input, CryoMap mask, LocalWienerOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        _input = input;
        _mask = mask;
        _options = options;
        _progress = progress;
        _cancellation = cancellationToken;
        Bands = new WienerBands(input.First.VoxelSize, options.WindowWidth);
        Grid = new SampleGrid(input.Grid.Size, input.First.VoxelSize);
        Mask = new MaskRuns(mask.AsSpan(cancellationToken), input.Grid.Size);
        _split = new BandSplit(input, Bands, options.Limits, cancellationToken);
    }

    public WienerBands Bands { get; }

    public SampleGrid Grid { get; }

    public MaskRuns Mask { get; }

    public WienerSpectrum Spectrum { get; private set; } = null!;

    public int Threads => _split.Threads;

    private RunLimits Limits => _options.Limits;

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
            _split, Mask, local, Grid.Size.VoxelCount, _options.ByProducts, Limits, share => Report("Measuring signal and noise", 0.45 * share), _cancellation);
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
            double filter = 1 / WienerBands.Frequency(Spectrum.FilteredFrom);
            yield return Say($"The half maps were low-pass filtered at about {filter:0.##} Å, and nothing finer is restored. Unfiltered half maps are better.");
        }

        double share = (double)Mask.Count / Grid.Map.VoxelCount;
        if (share > 0.5)
        {
            yield return Say($"The mask '{_mask.Name}' fills {100 * share:0} % of the box, so that what it calls the molecule is mostly solvent.")
                + " Give a mask of the molecule alone.";
        }

        if (ZeroShare() is var zeros && zeros > 0.1)
        {
            yield return Say($"The half maps are exactly 0 in {100 * zeros:0} % of the box: they were masked, and their noise at the edge of the mask is unknown.")
                + " Half maps as they leave the reconstruction are better.";
        }

        if (!Spectrum.IsFiltered && Spectrum.Crossing == Bands.Count && Spectrum.MeasuredWeights[^1] > 0.9)
        {
            yield return "The half maps agree to the finest detail that their voxels hold. If the voxels are not that coarse, the halves share noise, which counts as signal here.";
        }
    }

    // One weight a shell for the whole map.
    public float[] RestoreGlobally()
    {
        Report("Restoring", 0.5);
        double[] gains = [.. Enumerable.Range(0, Bands.Count).Select(GlobalGain)];
        float[] restored = new float[Grid.Map.VoxelCount];
        _split.Filtered(gains, restored, _cancellation);
        Report("Restoring", 1);
        return restored;
    }

    // Sections 6 to 10: weights at the samples, interpolated to every voxel, band by band.
    public (float[] Restored, LocalWienerByProducts? ByProducts) RestoreLocally()
    {
        LocalSpectra local = LocalSpectra.Fit(
            Bands, Spectrum, _statistics.Powers, _statistics.LocalNoises, Limits, share => Report("Fitting signal and noise", 0.45 + (0.25 * share)), _cancellation);
        float[][] gains = _statistics.Powers;
        Fill(gains, Spectrum.UsedBands, (k, sample) => Math.Pow(local.Weight(k, sample), _options.Exponent) * local.Restoration(k, sample, _options.TargetBFactor));
        float[]? detail = _options.ByProducts ? new float[Grid.Map.VoxelCount] : null;
        float[] restored = new float[Grid.Map.VoxelCount];
        for (int k = 0; k < Spectrum.UsedBands; k++)
        {
            _split.Mean(k, new WeightedBandSink(Grid, gains[k], restored, isFirst: k == 0, k >= WienerNoise.DetailBand ? detail : null), _cancellation);
            Report("Restoring", 0.7 + (0.25 * (k + 1) / Spectrum.UsedBands));
        }

        if (_options.Positivity)
        {
            AddPositivity(local, gains, restored);
        }

        return (restored, detail is null ? null : Describe(local, gains, restored, detail));
    }

    public void Dispose() => _split.Dispose();

    private void Report(string stage, double fraction) => _progress?.Report(new StageProgress(stage, fraction));

    private double GlobalGain(int band)
    {
        if (band >= Spectrum.UsedBands)
        {
            return 0;
        }

        double s = WienerBands.Frequency(band);
        double weight = Spectrum.Signals[band] / (Spectrum.Signals[band] + Spectrum.Noises[band]);
        return Math.Pow(weight, _options.Exponent) * Math.Exp((Spectrum.BFactor + WienerSpectrum.ProteinBFactor - _options.TargetBFactor) * s * s / 4);
    }

    private void Fill(float[][] rows, int bands, Func<int, int, double> value)
    {
        Limits.ForEachBlock(
            rows[0].Length,
            (from, to) =>
            {
                for (int k = 0; k < bands; k++)
                {
                    for (int sample = from; sample < to; sample++)
                    {
                        rows[k][sample] = (float)value(k, sample);
                    }
                }
            },
            _cancellation);
    }

    // Section 10. What is positive in the molecule is added to each band as far as its weight left room.
    private void AddPositivity(LocalSpectra local, float[][] rows, float[] restored)
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
        Fill(rows, Bands.Count, (k, sample) => 1 - local.Weight(k, sample));
        for (int k = 0; k < Bands.Count; k++)
        {
            _split.Mean(k, new WeightedBandSink(Grid, rows[k], restored, isFirst: false, null), _cancellation);
            Report("Adding positive density", 0.95 + (0.05 * (k + 1) / Bands.Count));
        }
    }

    // Section 9.
    private LocalWienerByProducts Describe(LocalSpectra local, float[][] gains, float[] restored, float[] detail)
    {
        Report("Working out noise and confidence", 0.95);
        var noise = new WienerNoise(Bands, Spectrum, local, _statistics, Grid, Limits, _cancellation);
        int used = Spectrum.UsedBands;
        float[] variance = noise.Everywhere(noise.Variance(gains, 0, used), value => value);
        double after = Mask.Mean(variance, Limits, _cancellation) / Mask.MeanProduct(restored, restored, Limits, _cancellation);
        double detailAfter = Share(noise.Variance(gains, WienerNoise.DetailBand, used), detail);

        // Before: the mean of the half maps, all of it and its detail.
        _split.Filtered([.. Enumerable.Repeat(1.0, Bands.Count)], detail, _cancellation);
        double before = Share(noise.Variance(null, 0, Bands.Count), detail);
        _split.Filtered([.. Enumerable.Range(0, Bands.Count).Select(k => k >= WienerNoise.DetailBand ? 1.0 : 0)], detail, _cancellation);
        double detailBefore = Share(noise.Variance(null, WienerNoise.DetailBand, Bands.Count), detail);

        float[] deviation = variance;
        TensorPrimitives.Sqrt(variance, deviation);
        float finest = (float)(2 * Bands.VoxelSize);
        float[] resolution = noise.Everywhere(noise.ResolutionFrequency(), frequency => Math.Clamp(1 / frequency, finest, 20));
        ReadOnlySpan<float> mask = _mask.AsSpan(_cancellation);
        for (int i = 0; i < resolution.Length; i++)
        {
            resolution[i] = MaskRule.Selects(mask[i]) ? resolution[i] : 0;
        }

        return new LocalWienerByProducts
        {
            LocalResolution = ByProduct("local resolution", resolution),
            NoiseDeviation = ByProduct("noise", deviation),
            Confidence = ByProduct("confidence", noise.Confidence(restored, deviation)),
            NoiseShareBefore = before,
            DetailNoiseShareBefore = detailBefore,
            NoiseShareAfter = after,
            DetailNoiseShareAfter = detailAfter,
        };

        double Share(float[] samples, float[] volume) =>
            Mask.Mean(noise.Everywhere(samples, value => value), Limits, _cancellation) / Mask.MeanProduct(volume, volume, Limits, _cancellation);
    }

    private CryoMap ByProduct(string what, float[] voxels)
    {
        var step = new HistoryEntry
        {
            Step = LocalWiener.StepName,
            Parameters = HistoryEntry.Values([("Output", what), .. _input.HalfMapParameters, ("Mask", MapLabel.SourceOf(_mask)), ("WindowWidth", _options.WindowWidth)]),
        };
        return new CryoMap(_input.Grid, voxels, $"{what} of {_input.First.Name}", [.. _input.First.History, step]);
    }

    // Solvent that was set to 0 has one value in both half maps.
    private double ZeroShare()
    {
        ReadOnlySpan<float> first = _input.Half1.AsSpan(_cancellation);
        ReadOnlySpan<float> second = _input.Half2.AsSpan(_cancellation);
        long zeros = 0;
        for (int i = 0; i < first.Length; i++)
        {
            zeros += first[i] == 0 && second[i] == 0 ? 1 : 0;
        }

        return (double)zeros / first.Length;
    }
}
