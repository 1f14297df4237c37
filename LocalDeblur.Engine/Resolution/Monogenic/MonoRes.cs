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

    /// <summary>A smaller share of the mask with a local resolution is worth a warning.</summary>
    private const double LeastShare = 0.25;

    /// <summary>By default the scan begins at no more than this share of the box.</summary>
    private const double DefaultBoxShare = 0.25;

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
    /// The local resolution (Å), 0 outside, its range and how it was found. The memory that it takes is the input maps, five spectra, an octant filter three
    /// times, and the amplitudes of the voxels that are looked at.
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
        double limit = options.CoarsestResolution is null ? Math.Max(coarsest, DefaultBoxShare * first.Size.X * first.VoxelSize) : coarsest;
        options = options with { NoiseFrom = noiseFrom, CoarsestResolution = coarsest };
        RequireMemory(input, setBytes: 0, options);

        progress?.Report(new StageProgress("Reading maps", double.NaN));
        var run = new MonoResRun(input, mask, options, progress, cancellationToken);
        HalfMapRows rows = run.ReadRows(subtract: false);
        MonoResRegions regions = run.FindRegions(rows);
        input.RequireSound(cancellationToken);
        long maskVoxels = regions.MaskVoxels;
        var voxels = new MonoResVoxels(regions, first.Size, input.HasHalves);
        RequireVoxels(mask, voxels.Signal, voxels.Outside, noiseFrom, regions);
        long peakBytes = RequireMemory(input, voxels.Bytes, options);
        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        using var transform = new RealFft3D(first.Size, pool);
        MonoResScan scan = run.Scan(transform, rows, regions, voxels, limit);
        MonoResMaps maps = run.Smooth(scan, voxels.Signal, transform);
        MonoResSummary summary = MonoResSummary.Measure(maps.Resolution);
        var found = new MonoResResult
        {
            EvaluatedResolutions = scan.Evaluated.ToArray(),
            Finest = summary.Minimum,
            Median = summary.Median,
            Mean = summary.Mean,
            Coarsest = summary.Maximum,
            HistogramEdges = summary.Edges,
            HistogramCounts = summary.Counts,
            InsideVoxels = summary.Count,
            MaskVoxels = maskVoxels,
            NoiseVoxels = voxels.Noise.Count,
            Radius = regions.Radius,
            NoiseRadius = regions.NoiseRadius,
            Cost = new RunCost(pool.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = [.. decisions, .. run.Decisions],
            Warnings = [.. input.Warnings(cancellationToken), .. run.Warnings, .. WarnOfShare(summary.Count, maskVoxels, scan.Evaluated[0])],
        };
        return run.WithMaps(found, maps);
    }

    private static string[] WarnOfShare(long found, long mask, double begin) => found >= LeastShare * mask
        ? []
        :
        [
            Say($"Only {found} of the {mask} voxels of the mask ({100.0 * found / mask:0} %) have a local resolution: ")
                + Say($"the others are no stronger than the noise at {begin:0.##} Å, where the scan began. ")
                + "Begin coarser, or give a tighter mask.",
        ];

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

    /// <summary>Refuses maps that a run cannot hold.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="setBytes">What the voxels take that are looked at; 0 before they are known.</param>
    /// <param name="options">Parameters.</param>
    /// <param name="enough">What else is to fit (bytes), for the figure of a refusal.</param>
    /// <returns>What it holds (bytes).</returns>
    internal static long RequireMemory(Reconstruction input, long setBytes, MonoResOptions options, long enough = 0)
    {
        GridSize size = input.Grid.Size;
        // While the mask is read it is a volume beside its labels; afterwards there are none but the input maps.
        long reading = ((input.Maps.Count + 1L) * sizeof(float) * size.VoxelCount) + size.VoxelCount;
        return options.Limits.Require(
            Math.Max(reading, ScanBytes(input) + setBytes),
            Say($"The local resolution of '{input.First.Name}' ({size} voxels)"),
            input.First.Name,
            enough: Math.Max(enough, setBytes > 0 ? 0 : MostBytes(input)));
    }

    /// <summary>What a run holds at most, whatever the mask (bytes).</summary>
    /// <param name="input">The map, or the half maps.</param>
    internal static long MostBytes(Reconstruction input)
    {
        // Of a voxel that is both signal and noise: three amplitudes, a mark and a label.
        const int MostBytesOfVoxel = (3 * sizeof(float)) + 2;
        return ScanBytes(input) + (MostBytesOfVoxel * input.Grid.Size.VoxelCount);
    }

    private static long ScanBytes(Reconstruction input)
    {
        GridSize size = input.Grid.Size;
        return (input.Maps.Count * sizeof(float) * size.VoxelCount) + RealFft3D.SpectrumBytes(size)
            + MonogenicTransform.BytesFor(size) + MonogenicComponents.BytesFor(size) + (2 * OctantFilter.BytesFor(size));
    }

    /// <summary>Refuses two half maps that are one and the same. Nothing to one map, whose noise is elsewhere.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapWithoutSignal.</exception>
    internal static void RequireNoise(Reconstruction input, CancellationToken cancellationToken)
    {
        if (input.HasHalves && input.Half1.AsSpan(cancellationToken).SequenceEqual(input.Half2.AsSpan(cancellationToken)))
        {
            throw WithoutSignal(input.First, $"it equals the other half map, '{input.Half2.Name}', so that there is no noise to compare with");
        }
    }

    /// <summary>That a map has no local resolution.</summary>
    /// <param name="map">The map.</param>
    /// <param name="why">Why.</param>
    internal static EngineException WithoutSignal(CryoMap map, string why) =>
        new(
            EngineError.MapWithoutSignal,
            $"'{map.Name}' has no local resolution: {why}. Expected a map with density inside the mask and noise; check that the inputs belong together.",
            map.Name);

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));
}
