using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening;

/// <summary>LocScale: scales the amplitudes of a map, around every voxel, to those of a reference map.</summary>
/// <remarks>
/// <para>
/// For a voxel of the mask, a cube of w voxels around it is cut from the map and from the reference. Their amplitudes |F| are
/// averaged in shells ⌊|k|⌋ = 0 … ⌊w/2⌋, every coefficient of the map is multiplied by the ratio of the averages (linear between
/// shells at |k| = 0, 1 …, constant beyond the last, 0 where the map has no amplitude), and the voxel gets the value that the
/// cube then has there. No taper and no mean removed. Voxels that are not scaled are 0.
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

    /// <summary>Scales one map.</summary>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="reference">The map whose amplitudes are taken over, on the same grid: an atomic model's density, or any map.</param>
    /// <param name="mask">Voxels above 0.99 are scaled, unless they lie within half a window of the box's edge. On the same grid.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The scaled map on the same grid, 0 where nothing was scaled. The last entry of its history has, as figures: WindowVoxels,
    /// Window (Å), ScaledVoxels, EdgeVoxels (in the mask, but too near the edge of the box), Threads, Seconds, and PeakBytes:
    /// what volumes and windows took at once, at most.
    /// </returns>
    /// <exception cref="EngineException">
    /// ParameterOutOfRange (the window, or one larger than the box), MapSizeMismatch, VoxelSizeMismatch, MapOriginMismatch,
    /// VoxelSizeMissing, VoxelSizeAnisotropic, MapNotFinite, MapWithoutSignal, MaskEmpty (also where all of it is too near the
    /// edge), or InsufficientMemory.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static CryoMap Run(
        CryoMap map,
        CryoMap reference,
        CryoMap mask,
        LocScaleOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(mask);
        options ??= new LocScaleOptions();
        long started = Stopwatch.GetTimestamp();
        map.Grid.RequireCubicVoxels(map.Name);
        map.Grid.RequireSameAs(map.Name, reference.Grid, reference.Name);
        map.Grid.RequireSameAs(map.Name, mask.Grid, mask.Name);
        int window = RequireWindow(map, options);
        using var pool = new WorkerPool(RequireThreads(options));
        long peakBytes = RequireMemory(map, window, pool.Threads, options);

        progress?.Report(new StageProgress("Reading maps", double.NaN));
        RequireSignal(map, cancellationToken);
        RequireSignal(reference, cancellationToken);
        mask.RequireFinite(cancellationToken);
        var blocks = new LocScaleBlocks(mask.Load(cancellationToken), map.Size, window, cancellationToken);
        RequireVoxels(blocks, mask, window);

        float[] result = Scale(map, reference, blocks, window, options, pool, progress, cancellationToken);
        return map.Derive(result, Describe(map, reference, mask, options, window, blocks, pool.Threads, peakBytes, Stopwatch.GetElapsedTime(started)));
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

    private static HistoryEntry Describe(
        CryoMap map,
        CryoMap reference,
        CryoMap mask,
        LocScaleOptions options,
        int window,
        LocScaleBlocks blocks,
        int threads,
        long peakBytes,
        TimeSpan elapsed)
    {
        string? chosen = options.WindowVoxels is null
            ? string.Create(CultureInfo.InvariantCulture, $"The window has {window} voxels ({window * map.VoxelSize:0.##} Å): {LocScaleOptions.DefaultWindow} Å rounded up to an even number.")
            : null;
        string? edge = blocks.EdgeCount > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{blocks.EdgeCount} voxels of the mask '{mask.Name}' lie within {window / 2} voxels of the edge of the box, where the window would leave it. They are 0 in the result, as in the published program. Use a smaller window, or pad the maps.")
            : null;
        return new HistoryEntry
        {
            Step = StepName,
            Parameters = HistoryEntry.Values(
                ("Reference", Models.ModelDensity.Source(reference) ?? reference.Path ?? reference.Name),
                ("ReferenceDensity", Models.ModelDensity.Describe(reference)),
                ("Mask", MapLabel.SourceOf(mask)),
                ("WindowVoxels", options.WindowVoxels),
                ("Averaging", options.Averaging.ToString())),
            Figures = HistoryEntry.Values(
                ("WindowVoxels", window),
                ("Window", window * map.VoxelSize),
                ("ScaledVoxels", blocks.VoxelCount),
                ("EdgeVoxels", blocks.EdgeCount),
                ("Threads", threads),
                ("Seconds", elapsed.TotalSeconds),
                ("PeakBytes", peakBytes)),
            Decisions = chosen is null ? [] : [chosen],
            Warnings = edge is null ? [] : [edge],
        };
    }

    private static int RequireWindow(CryoMap map, LocScaleOptions options)
    {
        if (options.WindowVoxels is < LocScaleOptions.MinimumWindowVoxels or > LocScaleOptions.MaximumWindowVoxels)
        {
            throw Refuse(EngineError.ParameterOutOfRange, $"The window has {options.WindowVoxels} voxels; expected {LocScaleOptions.MinimumWindowVoxels} to {LocScaleOptions.MaximumWindowVoxels}, usually about 25 Å.");
        }

        int window = options.WindowVoxels ?? DefaultWindow(map);
        int shortest = Math.Min(map.Size.X, Math.Min(map.Size.Y, map.Size.Z));
        return shortest > 2 * (window / 2)
            ? window
            : throw Refuse(EngineError.ParameterOutOfRange, $"The window has {window} voxels and '{map.Name}' has {map.Size}; expected a window smaller than the box. Give a smaller one with -WindowVoxels (--window-voxels).", map.Name);
    }

    internal static int DefaultWindow(CryoMap map)
    {
        // A voxel of 24.99999 Å, or one of 1.0000001 Å, must not add two voxels.
        double voxels = Math.Ceiling((LocScaleOptions.DefaultWindow / map.VoxelSize) - 1e-4);
        double even = Math.Clamp(voxels + (voxels % 2), 0, 2 * LocScaleOptions.MaximumWindowVoxels);
        return even is >= LocScaleOptions.MinimumWindowVoxels and <= LocScaleOptions.MaximumWindowVoxels
            ? (int)even
            : throw Refuse(EngineError.ParameterOutOfRange, $"The default window of {LocScaleOptions.DefaultWindow} Å would have {even} voxels of {map.VoxelSize:0.###} Å; expected {LocScaleOptions.MinimumWindowVoxels} to {LocScaleOptions.MaximumWindowVoxels}. Give the window with -WindowVoxels (--window-voxels).", map.Name);
    }

    private static int RequireThreads(LocScaleOptions options) => options.Threads >= 0
        ? options.Threads
        : throw Refuse(EngineError.ParameterOutOfRange, $"The number of threads is {options.Threads}; expected 0 (one a processor) or more.");

    // The three input volumes, the result, and what each thread works in. Refused before it is allocated.
    private static long RequireMemory(CryoMap map, int window, int threads, LocScaleOptions options)
    {
        long needed = (4 * sizeof(float) * map.Size.VoxelCount) + (threads * LocScaleWork.RequiredBytes(window));
        long allowed = options.MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return needed <= allowed
            ? needed
            : throw Refuse(EngineError.InsufficientMemory, $"Scaling '{map.Name}' ({map.Size} voxels) with a window of {window} voxels on {threads} threads takes {needed:N0} bytes and {allowed:N0} may be used. Use fewer threads, raise -MemoryLimit (--memory-limit), or run it on a machine with more memory.", map.Name);
    }

    private static void RequireSignal(CryoMap map, CancellationToken cancellationToken)
    {
        map.RequireFinite(cancellationToken);
        if (map.Minimum == map.Maximum)
        {
            throw Refuse(EngineError.MapWithoutSignal, $"Every voxel of '{map.Name}' is {map.Minimum}; expected a map with a signal.", map.Name);
        }
    }

    private static void RequireVoxels(LocScaleBlocks blocks, CryoMap mask, int window)
    {
        if (blocks.VoxelCount > 0) return;
        throw blocks.EdgeCount == 0
            ? Refuse(EngineError.MaskEmpty, $"The mask '{mask.Name}' selects no voxel: none is above 0.99. Give a mask whose inside is 1.", mask.Name)
            : Refuse(EngineError.MaskEmpty, $"All {blocks.EdgeCount} voxels that the mask '{mask.Name}' selects lie within {window / 2} voxels of the edge of the box, where a window of {window} voxels would leave it. Use a smaller window, or pad the maps.", mask.Name);
    }

    private static EngineException Refuse(EngineError error, FormattableString message, string? target = null) =>
        new(error, message.ToString(CultureInfo.InvariantCulture), target);
}
