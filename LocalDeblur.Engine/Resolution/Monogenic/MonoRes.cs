using System.Diagnostics;
using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Monogenic;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>
/// MonoRes: the local resolution of a map, as the finest at which the amplitude of its monogenic signal still exceeds that of the noise.
/// </summary>
/// <remarks>
/// Source: Vilas et al., Structure 26 (2018) 337–344. Order of steps, constants and stopping rules follow the program that the
/// authors publish, Xmipp's resolution_monogenic_signal. Its three ways of use are: one map (noise outside the mask); two half maps with
/// noise from <see cref="MonoResNoise.Halves"/>; two half maps with noise from <see cref="MonoResNoise.OutsideMask"/>, usually with
/// <see cref="MonoResOptions.GaussianNoise"/>.
/// </remarks>
public static class MonoRes
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "MonoRes";

    /// <summary>The scan begins here where nothing else is said (Å).</summary>
    public const double DefaultCoarsestResolution = 18;

    /// <summary>Shortest edge of a box that can be worked on (voxels).</summary>
    public const int SmallestBox = 16;

    private const double CoarsestStep = 10;
    private const double FinestSignificance = 0.9999;

    /// <summary>With large voxels the scan begins at this many of them.</summary>
    private const double DefaultVoxels = 6;

    /// <summary>By default the scan begins at no more than this share of the box.</summary>
    private const double DefaultBoxShare = 0.25;

    /// <summary>Voxels within this of the finest resolution tried (Å) count where the median is taken.</summary>
    private const double MedianTolerance = 0.001;

    private const double HistogramStep = 0.25;

    /// <summary>
    /// Estimates the local resolution of one map, with the noise outside the mask; or of a reconstruction from its half maps: the map is then their mean,
    /// and the noise half their difference.
    /// </summary>
    /// <param name="input">The map, or the half maps: unfiltered and unsharpened. Cubic voxels; finite values.</param>
    /// <param name="mask">1 or more in the molecule, on the same grid. A soft edge counts as outside.</param>
    /// <param name="options">Parameters; null for the published ones.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The local resolution (Å), 0 outside, its range and how it was found. The memory that it takes is, for each input map, the map, its spectrum and
    /// four more, an octant filter three times, and the amplitudes of the voxels that are looked at; where the memory allowed is less, half maps share their four.
    /// </returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static MonoResResult Run(
        Reconstruction input,
        CryoMap mask,
        MonoResOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(mask);
        options ??= new MonoResOptions();
        CryoMap first = input.First;
        long started = Stopwatch.GetTimestamp();
        var decisions = new List<string>();
        RequireInput(input, mask, options);
        MonoResNoise noiseFrom = options.NoiseFrom ?? (input.HasHalves ? MonoResNoise.Halves : MonoResNoise.OutsideMask);
        double coarsest = RequireParameters(input, noiseFrom, options, decisions);
        RequireMemory(input, setBytes: 0, options);

        progress?.Report(new StageProgress("Reading maps", double.NaN));
        HalfMapRows signalRows = ReadRows(input, subtract: false, cancellationToken);
        MonoResRegions regions = MonoResRegions.Read(mask, decisions, cancellationToken);
        long maskVoxels = regions.MaskVoxels;
        regions.IgnoreBeyondReconstruction(signalRows, cancellationToken);
        if (options.ExclusionMask is { } exclusion)
        {
            regions.Exclude(exclusion, cancellationToken);
        }

        if (noiseFrom == MonoResNoise.Halves)
        {
            regions.IgnoreOutside();
        }

        VoxelSet signal = VoxelSet.Create(regions.Labels, first.Size, MonoResRegions.Inside, MonoResRegions.Inside);
        VoxelSet noise = VoxelSet.Create(regions.Labels, first.Size, MonoResRegions.Outside, input.HasHalves ? MonoResRegions.Inside : MonoResRegions.Outside);
        VoxelSet outside = !input.HasHalves ? noise : VoxelSet.Create(regions.Labels, first.Size, MonoResRegions.Outside, MonoResRegions.Outside);
        RequireVoxels(mask, signal, outside, noiseFrom, regions);
        // Refinement moves voxels of the mask to the noise, so this is the most there can be.
        long amplitudes = (input.HasHalves ? noise.Count : signal.Count + (long)outside.Count) + (2L * signal.Count);
        long peakBytes = RequireMemory(input, (amplitudes * sizeof(float)) + signal.Count + signal.Bytes + noise.Bytes + outside.Bytes + regions.Labels.LongLength, options);
        bool keepsBoth = input.HasHalves && peakBytes + MonogenicComponents.BytesFor(first.Size) <= options.Limits.AllowedMemory;
        if (keepsBoth)
        {
            peakBytes += MonogenicComponents.BytesFor(first.Size);
        }
        else if (input.HasHalves)
        {
            decisions.Add("Both maps share their work memory, since there is not enough for each to have its own: slower, with the same result.");
        }

        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        using var transform = new RealFft3D(first.Size, pool);
        MonoResScan scan;
        using (var monogenic = new MonogenicTransform(first.Size, pool))
        using (var components = new MonogenicComponents(first.Size))
        using (Spectrum map = transform.AllocateSpectrum())
        {
            transform.Forward(signalRows, map, cancellationToken);
            if (noiseFrom == MonoResNoise.OutsideMask)
            {
                progress?.Report(new StageProgress("Refining the mask", double.NaN));
                RefineMask(monogenic, map, components, signal, outside, regions, pool, cancellationToken);
                decisions.Add(Say($"The mask was refined: {regions.MaskVoxels} of its {signal.Count} voxels are stronger than the outside."));
                signal = VoxelSet.Create(regions.Labels, first.Size, MonoResRegions.Inside, MonoResRegions.Inside);
                if (!input.HasHalves)
                {
                    noise = VoxelSet.Create(regions.Labels, first.Size, MonoResRegions.Outside, MonoResRegions.Outside);
                }

                if (signal.Count == 0)
                {
                    throw WithoutSignal(first, "inside the mask it is no stronger than outside");
                }
            }

            using Spectrum? difference = input.HasHalves ? transform.AllocateSpectrum() : null;
            if (difference is not null)
            {
                transform.Forward(ReadRows(input, subtract: true, cancellationToken), difference, cancellationToken);
            }

            scan = new MonoResScan(first.Grid, options, coarsest, signal, regions.MaskVoxels, pool);
            using MonogenicComponents? differenceComponents = keepsBoth ? new MonogenicComponents(first.Size) : null;
            scan.Run(monogenic, map, components, difference, differenceComponents ?? components, noise, progress, cancellationToken);
        }

        decisions.Add(Say($"The molecule reaches {regions.Radius} voxels from the centre; noise is looked for up to {regions.NoiseRadius}."));
        decisions.Add(scan.StopReason);
        decisions.Add($"The transform runs on {pool.Threads} threads with {RealFft3D.CodePath} kernels.");
        decisions.AddRange(options.Limits.Decisions);
        progress?.Report(new StageProgress("Smoothing the resolution map", double.NaN));
        Finished finished = Finish(first, scan, signal, options, transform, cancellationToken);

        var found = new MonoResResult
        {
            EvaluatedResolutions = scan.Evaluated.ToArray(),
            Finest = finished.Summary.Minimum,
            Median = finished.Summary.Median,
            Mean = finished.Summary.Mean,
            Coarsest = finished.Summary.Maximum,
            HistogramEdges = finished.Summary.Edges,
            HistogramCounts = finished.Summary.Counts,
            InsideVoxels = finished.Summary.Count,
            MaskVoxels = maskVoxels,
            NoiseVoxels = noise.Count,
            Radius = regions.Radius,
            NoiseRadius = regions.NoiseRadius,
            Cost = new RunCost(pool.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = decisions,
        };
        return found with
        {
            Map = Output("local resolution", finished.Resolution),
            Filled = finished.Filled is null ? null : Output("filled local resolution", finished.Filled),
            RefinedMask = finished.Mask is null ? null : Output("refined mask", finished.Mask),
        };

        CryoMap Output(string kind, float[] voxels)
        {
            HistoryEntry step = found.Entry(
                ("Output", kind),
                ("SecondHalfMap", input.SecondSource),
                ("Mask", MapLabel.SourceOf(mask)),
                ("ExclusionMask", MapLabel.SourceOf(options.ExclusionMask)),
                ("CoarsestResolution", coarsest),
                ("Step", options.Step),
                ("Significance", options.Significance),
                ("NoiseFrom", noiseFrom.ToString()),
                ("GaussianNoise", options.GaussianNoise));
            return new CryoMap(first.Grid, voxels, $"{kind} of {first.Name}", [.. first.History, step], first.Header);
        }
    }

    // The maps are scaled by a power of two, which changes no digit, so that their squares neither overflow nor vanish.
    private static HalfMapRows ReadRows(Reconstruction input, bool subtract, CancellationToken cancellationToken)
    {
        CryoMap first = input.First;
        input.RequireFinite(cancellationToken);
        double deviation = input.Maps.Max(map => map.StandardDeviation);
        if (!(deviation > 0))
        {
            throw WithoutSignal(first, "every voxel is the same");
        }

        float[] one = first.Load(cancellationToken);
        float[]? two = input.HasHalves ? input.Half2.Load(cancellationToken) : null;
        if (subtract && one.AsSpan().SequenceEqual(two))
        {
            throw WithoutSignal(first, $"it equals the other half map, '{input.Half2.Name}', so that there is no noise to compare with");
        }

        float factor = (float)Math.ScaleB(input.HasHalves ? 0.5 : 1, Math.Clamp(-Math.ILogB(deviation), -120, 120));
        return new HalfMapRows(one, two, subtract, factor, first.Size);
    }

    private static void RefineMask(
        MonogenicTransform monogenic, Spectrum map, MonogenicComponents components, VoxelSet signal, VoxelSet outside, MonoResRegions regions,
        WorkerPool pool, CancellationToken cancellationToken)
    {
        (Func<double, float> gaussian, double cutoff) = MonoResFilters.Gaussian(MonoResFilters.MaskWidth);
        using OctantFilter nothing = OctantFilter.Create(map.Size, static _ => 0, 0, pool);
        using OctantFilter smoothing = OctantFilter.Create(map.Size, gaussian, cutoff, pool);
        float[] inside = new float[signal.Count];
        float[] background = new float[outside.Count];
        monogenic.Amplitude(map, components, nothing, smoothing, new VoxelSet.Sink(signal, inside, outside, background), cancellationToken);
        float threshold = OrderStatistic.Select(background, Math.Min(background.Length - 1, (int)(background.Length * MonoResOptions.DefaultSignificance)));
        regions.Refine(signal, inside, threshold);
    }

    // Fills the background with the median, smooths, and keeps what the smoothing did not make coarser or finer than two voxels.
    private static Finished Finish(CryoMap map, MonoResScan scan, VoxelSet signal, MonoResOptions options, RealFft3D transform, CancellationToken cancellationToken)
    {
        float last = (float)scan.Evaluated[^1];
        float[] found = Array.FindAll(scan.Resolutions, value => value > last - MedianTolerance);
        if (found.Length == 0)
        {
            throw WithoutSignal(map, Say($"no voxel of the mask exceeds the noise at any of the {scan.Evaluated.Count} resolutions tried"));
        }

        float fill = OrderStatistic.Select(found, found.Length / 2);

        float[] resolution = new float[map.Size.VoxelCount];
        signal.Scatter<float>(scan.Resolutions, resolution);
        float[] filled = new float[resolution.Length];
        for (int i = 0; i < filled.Length; i++)
        {
            filled[i] = resolution[i] >= last ? resolution[i] : fill;
        }

        using (Spectrum spectrum = transform.AllocateSpectrum())
        {
            (Func<double, float> gaussian, double cutoff) = MonoResFilters.Gaussian(MonoResFilters.MapWidth);
            using OctantFilter smoothing = OctantFilter.Create(map.Size, gaussian, cutoff, transform.Pool);
            transform.Forward(filled, spectrum, cancellationToken);
            transform.Inverse(spectrum, smoothing, spectrum, filled, cancellationToken);
        }

        float[]? mask = options.WithRefinedMask ? new float[resolution.Length] : null;
        float twoVoxels = (float)(2 * map.VoxelSize);
        for (int i = 0; i < resolution.Length; i++)
        {
            if (!(resolution[i] >= last))
            {
                resolution[i] = 0;
                continue;
            }

            if (mask is not null)
            {
                mask[i] = 1;
            }

            if (filled[i] > resolution[i] || filled[i] < twoVoxels)
            {
                filled[i] = resolution[i];
            }

            resolution[i] = filled[i];
        }

        return new Finished(resolution, options.WithFilledMap ? filled : null, mask, Summarise(resolution));
    }

    private static Summary Summarise(float[] resolution)
    {
        float[] values = Array.FindAll(resolution, static value => value > 0);
        VolumeStatistics statistics = VolumeStatistics.Measure(values);
        double start = Math.Floor(statistics.Minimum / HistogramStep) * HistogramStep;
        int bins = (int)Math.Floor((statistics.Maximum - start) / HistogramStep) + 1;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => start + (i * HistogramStep))];
        long[] counts = new long[bins];
        foreach (float value in values)
        {
            counts[Math.Min(bins - 1, (int)((value - start) / HistogramStep))]++;
        }

        return new Summary(values.LongLength, statistics.Minimum, OrderStatistic.Select(values, values.Length / 2), statistics.Mean, statistics.Maximum, edges, counts);
    }

    private static void RequireInput(Reconstruction input, CryoMap mask, MonoResOptions options)
    {
        CryoMap first = input.First;
        first.Grid.RequireCubicVoxels(first.Name);
        mask.Grid.RequireSameAs(mask.Name, first.Grid, first.Name);
        options.ExclusionMask?.Grid.RequireSameAs(options.ExclusionMask.Name, first.Grid, first.Name);
        GridSize size = first.Size;
        if (Math.Min(size.X, Math.Min(size.Y, size.Z)) < SmallestBox)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, Say($"'{first.Name}' has {size} voxels; MonoRes needs at least {SmallestBox} along each axis."), first.Name);
        }
    }

    private static double RequireParameters(Reconstruction input, MonoResNoise noiseFrom, MonoResOptions options, List<string> decisions)
    {
        CryoMap first = input.First;
        if (!(options.Step >= MonoResOptions.SmallestStep) || options.Step > CoarsestStep)
        {
            throw Refuse(EngineParameter.Step, $"The step of the scan is {options.Step} Å; expected {MonoResOptions.SmallestStep} to {CoarsestStep} Å.");
        }

        if (!(options.Significance >= 0.5) || options.Significance > FinestSignificance)
        {
            throw Refuse(EngineParameter.Significance, $"The significance is {options.Significance}; expected 0.5 to {FinestSignificance}.");
        }

        if (noiseFrom == MonoResNoise.Halves && !input.HasHalves)
        {
            throw new EngineException(EngineError.ParameterOutOfRange, $"The noise is to come from the half maps, and one map was given, '{first.Name}'.")
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps), new("take the noise from outside the mask", EngineParameter.NoiseFrom)],
            };
        }

        double edge = first.Size.X * first.VoxelSize;
        if (options.CoarsestResolution is not { } coarsest)
        {
            coarsest = Math.Min(Math.Max(DefaultCoarsestResolution, DefaultVoxels * first.VoxelSize), Math.Max(DefaultBoxShare * edge, 3 * first.VoxelSize));
            decisions.Add(Say($"The scan begins at {coarsest:0.###} Å."));
        }

        return coarsest > 2 * first.VoxelSize && coarsest <= edge
            ? coarsest
            : throw Refuse(
                EngineParameter.CoarsestResolution,
                $"The coarsest resolution is {coarsest} Å; expected more than two voxels ({2 * first.VoxelSize:0.###} Å) and at most the width of the box ({edge:0.###} Å).");
    }

    private static void RequireVoxels(CryoMap mask, VoxelSet signal, VoxelSet outside, MonoResNoise noiseFrom, MonoResRegions regions)
    {
        if (signal.Count == 0)
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"No voxel of the mask '{mask.Name}' is left: ")
                    + Say($"each of its {regions.MaskVoxels} is {regions.NoiseRadius} voxels or more from the centre of the box, or in the exclusion mask."),
                mask.Name)
            {
                Advice = [new("centre the molecule in its box"), new("give another mask", EngineParameter.Mask)],
            };
        }

        if (noiseFrom == MonoResNoise.OutsideMask && outside.Count == 0)
        {
            throw new EngineException(
                EngineError.MaskCoversMap,
                Say($"The mask '{mask.Name}' leaves no voxel outside within {regions.NoiseRadius} voxels of the centre of the box, where the noise would be taken from."),
                mask.Name)
            {
                Advice = [new("give a tighter mask", EngineParameter.Mask), new("give both half maps, whose difference is the noise", EngineParameter.HalfMaps)],
            };
        }
    }

    private static long RequireMemory(Reconstruction input, long setBytes, MonoResOptions options)
    {
        CryoMap map = input.First;
        GridSize size = map.Size;
        int maps = input.Maps.Count;
        // While the mask is read it is a volume beside its labels; afterwards there are none but the input maps.
        long reading = ((maps + 1L) * sizeof(float) * size.VoxelCount) + size.VoxelCount;
        long scanning = (maps * ((sizeof(float) * size.VoxelCount) + RealFft3D.SpectrumBytes(size)))
            + MonogenicTransform.BytesFor(size) + MonogenicComponents.BytesFor(size) + (2 * OctantFilter.BytesFor(size)) + setBytes;
        return options.Limits.Require(Math.Max(reading, scanning), Say($"The local resolution of '{map.Name}' ({size} voxels)"), map.Name);
    }

    private static EngineException WithoutSignal(CryoMap map, string why) =>
        new(
            EngineError.MapWithoutSignal,
            $"'{map.Name}' has no local resolution: {why}. Expected a map with density inside the mask and noise; check that the inputs belong together.",
            map.Name);

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));

    private sealed record Finished(float[] Resolution, float[]? Filled, float[]? Mask, Summary Summary);

    private sealed record Summary(long Count, double Minimum, double Median, double Mean, double Maximum, double[] Edges, long[] Counts);
}
