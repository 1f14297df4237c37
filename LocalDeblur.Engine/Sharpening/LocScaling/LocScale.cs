using System.Diagnostics;
using System.Numerics.Tensors;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>LocScale: scales the amplitudes of a map, around every voxel, to those of a reference map.</summary>
/// <remarks>
/// <para>
/// For a voxel of the mask, a cube of w voxels around it is cut from the map and from the reference. Their amplitudes |F| are averaged in shells ⌊|k|⌋ =
/// 0 … ⌊w/2⌋, every coefficient of the map is multiplied by the ratio of the averages (linear between shells at |k| = 0, 1 …, constant beyond the last, 0
/// where the map has no amplitude), and the voxel gets the value that the cube then has there. No taper and no mean removed, but for a background of the
/// map or the reference away from 0. Voxels that are not scaled are 0; where a cube leaves the box, both maps are 0 there.
/// </para>
/// <para>
/// Here a step along z renews one plane of the cube instead of transforming all of it, for eight cubes at once, and the inverse
/// transform is a sum over shells. Computed in float32: the error is about 1e-7 of the map's spread in the cube times the largest
/// ratio of the averages.
/// </para>
/// <para>Source: Jakobi, Wilmanns and Sachse, eLife 6 (2017) e27131; details as in the published program, LocScale 2.</para>
/// </remarks>
public static class LocScale
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "LocScale";

    // Models of something else correlate with a map by less than 0.01; one in its place by 0.15 and more, also where it explains a part of the mask only.
    private const double LeastCorrelation = 0.05;

    // Of the run, for the progress display.
    private const double MaskShare = 0.1;

    /// <summary>Scales one map.</summary>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="reference">The map whose amplitudes are taken over, on the same grid: an atomic model's density, or any map.</param>
    /// <param name="mask">Voxels above 0.99 are scaled. On the same grid; null to make a mask from the map, as <see cref="MaskBuilder"/> does.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The scaled map on the same grid, 0 where nothing was scaled, and what was measured. The map's history gains an entry for the mask too, where one was made.
    /// </returns>
    /// <exception cref="EngineException">
    /// ParameterOutOfRange (the window, or one larger than the box), MapSizeMismatch, VoxelSizeMismatch, MapOriginMismatch,
    /// VoxelSizeMissing, VoxelSizeAnisotropic, MapNotFinite, MapWithoutSignal, MaskEmpty, MapSizeUnsupported, or
    /// InsufficientMemory.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocScaleResult Run(
        CryoMap map,
        CryoMap reference,
        CryoMap? mask = null,
        LocScaleOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reference);
        options ??= new LocScaleOptions();
        long started = Stopwatch.GetTimestamp();
        map.Grid.RequireCubicVoxels(map.Name);
        map.Grid.RequireSameAs(map.Name, reference.Grid, reference.Name);
        mask?.Grid.RequireSameAs(mask.Name, map.Grid, map.Name);
        int window = RequireWindow(map, options);
        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        long peakBytes = RequireMemory(map, 4 * sizeof(float) * map.Size.VoxelCount, window, pool.Threads, options);

        progress?.Report(new StageProgress("Reading maps", double.NaN));
        RequireSignal(map, cancellationToken);
        RequireSignal(reference, cancellationToken);
        string[] doubts = [.. MaskRule.DoubtsOfDensity(map), .. MaskRule.DoubtsOfDensity(reference)];
        float factor = GreyValues.FactorOf(reference);
        map = GreyValues.Times(map, GreyValues.FactorOf(map), cancellationToken);
        reference = GreyValues.Times(reference, factor, cancellationToken);
        HistoryEntry? masking = null;
        if (mask is null)
        {
            mask = MaskBuilder.Run(map, new MaskOptions { Limits = options.Limits }, ScaledProgress.Part(progress, 0, MaskShare), cancellationToken).Map;
            masking = mask.History[^1];
            progress = ScaledProgress.Part(progress, MaskShare, 1 - MaskShare);
        }

        mask.RequireFinite(cancellationToken);
        MaskRule.RequireSignalInside(map, mask, cancellationToken);
        float background = Background.Measure(map, mask.AsSpan(cancellationToken), hasFloor: false, cancellationToken);
        float ofReference = Background.Measure(reference, mask.AsSpan(cancellationToken), hasFloor: false, cancellationToken);
        string[] takenOff = [.. Background.Decisions((map, background), (reference, ofReference))];
        long copies = takenOff.Length * sizeof(float) * map.Size.VoxelCount;
        peakBytes = RequireMemory(map, (4 * sizeof(float) * map.Size.VoxelCount) + copies, window, pool.Threads, options);
        map = Background.TakeOff(map, background, cancellationToken);
        reference = Background.TakeOff(reference, ofReference, cancellationToken);
        double correlation = Correlation(map.AsSpan(cancellationToken), reference.AsSpan(cancellationToken), mask.AsSpan(cancellationToken));
        var frame = new ZeroFrame(map.Size, window / 2);
        long edge = frame.CountReaching(mask, LocScaleBlocks.Threshold, cancellationToken);
        bool isFramed = edge > 0;
        if (isFramed)
        {
            peakBytes = RequireMemory(map, (sizeof(float) * ((4 * map.Size.VoxelCount) + (4 * RequireArray(frame, map)))) + copies, window, pool.Threads, options);
        }

        CryoMap wide = Framed(map);
        var blocks = new LocScaleBlocks(Framed(mask).Load(cancellationToken), wide.Size, window, cancellationToken);
        if (blocks.VoxelCount == 0)
        {
            throw MaskRule.Empty(mask, "above 0.99");
        }

        float[] scaled = Scale(wide, Framed(reference), blocks, window, options, pool, progress, cancellationToken);
        if (isFramed)
        {
            scaled = frame.Crop(new CryoMap(wide.Grid, scaled, map.Name), cancellationToken);
        }

        TensorPrimitives.Multiply(scaled, 1 / factor, scaled);
        LocScaleResult described = Describe(options, window, map.VoxelSize, blocks.VoxelCount, edge, takenOff, correlation);
        LocScaleResult found = described with
        {
            Warnings = [.. doubts, .. MaskRule.Doubts(mask, cancellationToken), .. described.Warnings],
            Cost = new RunCost(pool.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
        };
        return found with
        {
            Map = (masking is null ? map : map.WithHistory([.. map.History, masking])).Derive(scaled, found.Entry(
                ("Reference", ModelDensity.Source(reference) ?? reference.Path ?? reference.Name),
                ("ReferenceDensity", ModelDensity.Describe(reference)),
                ("Mask", MapLabel.SourceOf(mask)),
                ("WindowVoxels", options.WindowVoxels),
                ("Averaging", options.Averaging.ToString()))),
        };

        // Windows may leave the box, where there is nothing.
        CryoMap Framed(CryoMap inner) => isFramed ? frame.Pad(inner, cancellationToken) : inner;
    }

    private static unsafe float[] Scale(
        CryoMap map,
        CryoMap reference,
        LocScaleBlocks blocks,
        int window,
        LocScaleOptions options,
        WorkerPool pool,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        var result = new float[map.Size.VoxelCount];
        using var work = new LocScaleWork(blocks, map.Size, window, options.Averaging, pool.Threads, progress, cancellationToken);
        fixed (float* source = map.Load(cancellationToken), target = reference.Load(cancellationToken), values = result)
        {
            work.Map = source;
            work.Reference = target;
            work.Result = values;
            pool.Run(blocks.Blocks.Count, work, cancellationToken);
        }

        return result;
    }

    private static LocScaleResult Describe(LocScaleOptions options, int window, double voxelSize, long scaled, long atEdge, string[] takenOff, double correlation)
    {
        List<string> decisions = [.. takenOff];
        if (options.WindowVoxels is null)
        {
            decisions.Add(Say($"The window has {window} voxels ({window * voxelSize:0.##} Å): {LocScaleOptions.DefaultWindow} Å rounded up to an even number."));
        }

        if (atEdge > 0)
        {
            decisions.Add(
                Say($"{atEdge} of {scaled} voxels lie within {window / 2} voxels of the edge of the box, so that the window reaches beyond it; the maps count as 0 there."));
        }

        return new LocScaleResult
        {
            WindowVoxels = window,
            Window = window * voxelSize,
            ScaledVoxels = scaled,
            EdgeVoxels = atEdge,
            ReferenceCorrelation = correlation,
            Decisions = [.. decisions, .. options.Limits.Decisions],
            Warnings = !(correlation < LeastCorrelation)
                ? []
                : [Say($"Map and reference hardly correlate where the map was scaled ({correlation:0.00}), so the result has the amplitudes of something that is not there. ")
                    + "Check that the reference, or its model, was fitted into this map."],
        };
    }

    private static int RequireWindow(CryoMap map, LocScaleOptions options)
    {
        if (options.WindowVoxels is < LocScaleOptions.MinimumWindowVoxels or > LocScaleOptions.MaximumWindowVoxels)
        {
            throw EngineException.OutOfRange(
                EngineParameter.WindowVoxels,
                Say($"The window has {options.WindowVoxels} voxels; expected {LocScaleOptions.MinimumWindowVoxels} to ")
                    + Say($"{LocScaleOptions.MaximumWindowVoxels}, usually about 25 Å."));
        }

        int window = options.WindowVoxels ?? DefaultWindow(map);
        int shortest = Math.Min(map.Size.X, Math.Min(map.Size.Y, map.Size.Z));
        return shortest > 2 * (window / 2)
            ? window
            : throw EngineException.OutOfRange(
                EngineParameter.WindowVoxels,
                Say($"The window has {window} voxels and '{map.Name}' has {map.Size}; expected a window smaller than the box."),
                map.Name);
    }

    internal static int DefaultWindow(CryoMap map)
    {
        // A voxel of 24.99999 Å, or one of 1.0000001 Å, must not add two voxels.
        double voxels = Math.Ceiling((LocScaleOptions.DefaultWindow / map.VoxelSize) - 1e-4);
        double even = Math.Clamp(voxels + (voxels % 2), 0, 2 * LocScaleOptions.MaximumWindowVoxels);
        return even is >= LocScaleOptions.MinimumWindowVoxels and <= LocScaleOptions.MaximumWindowVoxels
            ? (int)even
            : throw EngineException.OutOfRange(
                EngineParameter.WindowVoxels,
                Say($"The default window of {LocScaleOptions.DefaultWindow} Å would have {even} voxels of {map.VoxelSize:0.###} Å; ")
                    + Say($"expected {LocScaleOptions.MinimumWindowVoxels} to {LocScaleOptions.MaximumWindowVoxels}."),
                map.Name);
    }

    /// <summary>Refuses a map that scaling cannot hold, before anything is read; whether a frame is needed turns out later.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">Parameters.</param>
    internal static void RequireMemory(CryoMap map, LocScaleOptions options)
    {
        map.Grid.RequireCubicVoxels(map.Name);
        int window = RequireWindow(map, options);
        long volumes = 4 * sizeof(float) * map.Size.VoxelCount;
        long framed = volumes + (4 * sizeof(float) * new ZeroFrame(map.Size, window / 2).OuterVoxelCount);
        RequireMemory(map, volumes, window, options.Limits.AllowedThreads, options, framed);
    }

    // The input volumes and the result, within their frames where they get one, and what each thread works in. Refused before it is allocated.
    private static long RequireMemory(CryoMap map, long volumes, int window, int threads, LocScaleOptions options, long enough = 0)
    {
        long workspace = threads * LocScaleWork.RequiredBytes(window);
        long needed = volumes + workspace;
        return options.Limits.Require(
            needed,
            Say($"Scaling '{map.Name}' ({map.Size} voxels) with a window of {window} voxels on {threads} threads"),
            map.Name,
            new("use fewer threads", EngineParameter.Threads),
            enough + workspace);
    }

    private static long RequireArray(ZeroFrame frame, CryoMap map) => frame.OuterVoxelCount <= Array.MaxLength
        ? frame.OuterVoxelCount
        : throw Refuse(
            EngineError.MapSizeUnsupported,
            $"'{map.Name}' ({map.Size}) would have {frame.OuterVoxelCount} voxels with the {frame.Width} of 0 around it that the mask needs; expected at most {Array.MaxLength}.",
            map.Name,
            new("give a mask that stays half a window away from the edge", EngineParameter.Mask),
            new("give a smaller window", EngineParameter.WindowVoxels));

    private static void RequireSignal(CryoMap map, CancellationToken cancellationToken)
    {
        map.RequireFinite(cancellationToken);
        if (map.Minimum == map.Maximum)
        {
            throw Refuse(EngineError.MapWithoutSignal, $"Every voxel of '{map.Name}' is {map.Minimum}; expected a map with a signal.", map.Name);
        }
    }

    // Over the voxels that are scaled.
    private static double Correlation(ReadOnlySpan<float> map, ReadOnlySpan<float> reference, ReadOnlySpan<float> mask)
    {
        var sums = default(PearsonSums);
        for (int i = 0; i < mask.Length; i++)
        {
            if (mask[i] > LocScaleBlocks.Threshold)
            {
                sums.Add(map[i], reference[i]);
            }
        }

        return sums.Correlation;
    }

    private static EngineException Refuse(EngineError error, FormattableString message, string target, params Advice[] advice) =>
        new(error, Say(message), target) { Advice = advice };
}
