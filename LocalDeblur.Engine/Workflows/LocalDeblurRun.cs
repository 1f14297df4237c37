using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;

namespace LocalDeblur.Workflows;

/// <summary>
/// A whole LocalDeblur run. By a local resolution that is given; or from the maps alone: makes a mask where none is given, estimates the local resolution by
/// MonoRes, and sharpens, once or in rounds in which the local resolution of the result is estimated anew.
/// </summary>
/// <remarks>Source: Ramírez-Aportela et al., Bioinformatics 36 (2020) 765–772, and the workflow its authors publish.</remarks>
public static class LocalDeblurRun
{
    /// <summary>Automatic rounds end when the step size changes by no more than this,</summary>
    private const double StepSizeChange = 0.2;

    /// <summary>or when the coarsest local resolution comes within this of two voxels (Å).</summary>
    private const double ResolutionRange = 0.75;

    /// <summary>A local resolution in a smaller share of the mask is chance.</summary>
    private const double LeastShare = 0.1;

    /// <summary>Share of a round that estimating the resolution takes, for the progress display.</summary>
    private const double ResolutionShare = 0.6;

    /// <summary>Share of the whole that making the mask takes, for the progress display.</summary>
    private const double MaskShare = 0.1;

    /// <summary>Sharpens a map, or the mean of two half maps.</summary>
    /// <param name="input">The map, whose noise is then taken from outside the mask, or the half maps: unfiltered, unsharpened.</param>
    /// <param name="mask">Where the molecule is (≥ 0.5); null to make a mask, or with a given local resolution for wherever that has a value.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The sharpened map and how its last sharpening went. The map's history gains an entry for the mask (where one was made), and for the local resolution
    /// and the sharpening of each round.
    /// </returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocalDeblurResult Run(
        Reconstruction input,
        CryoMap? mask = null,
        LocalDeblurRunOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        CryoMap map = input.First;
        options ??= new LocalDeblurRunOptions();
        RequireParameters(options);
        MonoResOptions scan = options.Resolution with { CoarsestResolution = options.CoarsestResolution ?? options.Resolution.CoarsestResolution };
        map.Grid.RequireCubicVoxels(map.Name);
        if (options.LocalResolution is { } given)
        {
            LocalDeblurOptions banked = WithBank(options, map.Grid);
            banked = banked with { Limits = banked.Limits.Beside(HeldBytes(input, options)) };
            return LocalDeblurSolver.Run(input.Mean(cancellationToken), given, mask, banked, progress, cancellationToken);
        }

        mask?.Grid.RequireSameAs(mask.Name, map.Grid, map.Name);

        var steps = new List<HistoryEntry>();
        RequireMemory(input, options);

        // As MonoRes reads masks: 1 from one half on, 0 below.
        List<string> doubts = [];
        CryoMap binary = mask is null ? MakeMask(input, options, steps, Part(0, MaskShare), cancellationToken) : PackedMask.Of(mask, cancellationToken, doubts);
        Reconstruction source = input;
        LocalDeblurResult? result = null;
        int limit = options.Rounds ?? LocalDeblurRunOptions.MaximumRounds;
        double roundShare = (1 - MaskShare) / limit;
        for (int round = 1; round <= limit; round++)
        {
            double begin = MaskShare + ((round - 1) * roundShare);

            // Half maps of a sharpened map do not exist: its noise is what lies outside the mask. The first input is held all the same.
            MonoResOptions estimate = source.HasHalves ? scan : scan with { NoiseFrom = MonoResNoise.OutsideMask };
            long held = HeldBytes(input, options);
            LocalDeblurOptions sharpening = options.Sharpening with { Limits = options.Sharpening.Limits.Beside(held) };
            if (round > 1)
            {
                estimate = estimate with { Limits = estimate.Limits.Beside(held) };
            }

            EstimatedResolution? shared = round == 1 ? options.Shared : null;
            CryoMap resolution = shared?.Map ?? Resolve(source, binary, doubts, estimate, shared, Part(begin, ResolutionShare * roundShare), cancellationToken);
            if (result is not null && options.Rounds is null && Stop(resolution, map) is { } reason)
            {
                return Ended(result, reason);
            }

            double previousStep = result?.StepSize ?? double.NaN;
            IProgress<StageProgress>? part = Part(begin + (ResolutionShare * roundShare), (1 - ResolutionShare) * roundShare);
            result = Sharpen(source, resolution, isShared: shared is not null, sharpening, steps, part, cancellationToken);
            steps.Clear();
            source = result.Map;
            if (options.Rounds is null && Math.Abs(result.StepSize - previousStep) <= StepSizeChange)
            {
                return Ended(
                    result,
                    string.Create(CultureInfo.InvariantCulture, $"The rounds end after {round}: the step size changed by no more than {StepSizeChange}."));
            }
        }

        return result!;

        IProgress<StageProgress>? Part(double from, double share) => ScaledProgress.Part(progress, from, share);
    }

    // By itself, so that nothing of a round is held in the next.
    private static LocalDeblurResult Sharpen(
        Reconstruction source,
        CryoMap resolution,
        bool isShared,
        LocalDeblurOptions options,
        List<HistoryEntry> steps,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        CryoMap current = source.Mean(cancellationToken);
        current = current.WithHistory([.. current.History, .. steps, resolution.History[^1]]);
        return isShared
            ? LocalDeblurSolver.Run(current, resolution, mask: null, options, progress, cancellationToken)
            : LocalDeblurSolver.RunTaking(current, resolution, options, progress, cancellationToken);
    }

    /// <summary>Refuses what a run cannot hold, all its steps at once and before anything is read, for whoever does more than the run and will not begin in vain.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="options">Parameters.</param>
    /// <exception cref="EngineException">InsufficientMemory. The figure in it is a limit that is enough for the run.</exception>
    public static void RequireMemory(Reconstruction input, LocalDeblurRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        RequireMemory(input, options, options.LocalResolution is null);
    }

    /// <summary>As above, where the local resolution is not there yet.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="options">Parameters.</param>
    /// <param name="isEstimated">Whether the local resolution is estimated; false where it is given.</param>
    internal static void RequireMemory(Reconstruction input, LocalDeblurRunOptions options, bool isEstimated)
    {
        long held = HeldBytes(input, options);
        long sharpening = LocalDeblurSolver.RequiredBytes(input.First, LocalDeblurSolver.UsualTerms, options.Sharpening, isCopied: true);
        long enough = isEstimated ? Math.Max(sharpening, MonoRes.MostBytes(input)) : sharpening;
        LocalDeblurSolver.RequireMemory(input.First, terms: 1, options.Sharpening, held: held, enough: enough);
        if (isEstimated)
        {
            MonoRes.RequireMemory(input, setBytes: 0, options.Resolution, held + enough);
        }
    }

    // What was read stays with the input: beside the mean of half maps, and beside the result of a round.
    private static long HeldBytes(Reconstruction input, LocalDeblurRunOptions options) =>
        input.HasHalves || options.Rounds != 1 ? sizeof(float) * input.Grid.Size.VoxelCount * input.Maps.Count : 0;

    private static void RequireParameters(LocalDeblurRunOptions options)
    {
        if (options.Rounds is < 1 or > LocalDeblurRunOptions.MaximumRounds)
        {
            throw EngineException.OutOfRange(
                EngineParameter.Rounds,
                Say($"{options.Rounds} rounds were asked for; expected 1 to {LocalDeblurRunOptions.MaximumRounds}, or automatic."));
        }

        if (options.LocalResolution is not null)
        {
            if (options.Rounds != 1)
            {
                throw new EngineException(
                    EngineError.ParameterOutOfRange,
                    "Rounds and a local resolution were both given, and a round begins with estimating the local resolution.")
                {
                    Advice = [new("leave the rounds out", EngineParameter.Rounds), new("leave the local resolution out", EngineParameter.LocalResolution)],
                };
            }

            if (options.CoarsestResolution is not null && options.Sharpening.Bank is not null)
            {
                throw new EngineException(
                    EngineError.ParameterOutOfRange,
                    "A coarsest resolution and a filter bank were both given, and a bank has a coarsest resolution of its own.")
                {
                    Advice =
                    [
                        new("leave the coarsest resolution out", EngineParameter.BankCoarsestResolution),
                        new("leave the bank out", EngineParameter.Bank),
                    ],
                };
            }

            return;
        }

        if (options.Sharpening.Bank is not null)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                "A filter bank was given without the local resolution that it was made for; expected both or neither.")
            {
                Advice =
                [
                    new("give the local resolution too", EngineParameter.LocalResolution),
                    new("leave the bank out, so that it follows from the estimated resolution", EngineParameter.Bank),
                ],
            };
        }
    }

    // The share that chance lets through is 5 % of the mask.
    private static CryoMap Resolve(
        Reconstruction map,
        CryoMap mask,
        List<string> doubts,
        MonoResOptions options,
        EstimatedResolution? shared,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        MonoResResult resolution = MonoRes.Run(map, mask, options, progress, cancellationToken);
        if (resolution.InsideVoxels < LeastShare * resolution.MaskVoxels)
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                Say($"Only {resolution.InsideVoxels} of the {resolution.MaskVoxels} voxels of the mask of '{map.Name}' have a local resolution, ")
                    + Say($"found from {resolution.EvaluatedResolutions[0]:0.##} Å on; expected most of them, and at least {100 * LeastShare:0} % to sharpen by."),
                map.First.Name)
            {
                Advice =
                [
                    new("let the scan begin coarser", EngineParameter.CoarsestResolution),
                    new("give a mask of the molecule", EngineParameter.Mask),
                    new("give the local resolution", EngineParameter.LocalResolution),
                ],
            };
        }

        // What was wrong with the mask is seen no more once it is packed.
        CryoMap found = resolution.LocalResolution;
        HistoryEntry step = found.History[^1];
        found = found.WithHistory([.. found.History.SkipLast(1), step with { Warnings = [.. doubts.Union(step.Warnings)] }]);
        if (shared is not null)
        {
            shared.Map = found;
            shared.Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        return found;
    }

    private static LocalDeblurOptions WithBank(LocalDeblurRunOptions options, MapGrid grid)
    {
        LocalDeblurOptions sharpening = options.Sharpening;
        return options.CoarsestResolution is { } coarsest
            ? sharpening with { Bank = FilterBank.Create(grid.Size, grid.VoxelSize, coarsest, sharpening.K, sharpening.RankTolerance) }
            : sharpening;
    }

    private static CryoMap MakeMask(
        Reconstruction input, LocalDeblurRunOptions options, List<HistoryEntry> steps, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        // Before anything is told: the maker of the mask asks the first by itself, and MonoRes both, behind the mask.
        input.RequireSound(cancellationToken);
        MonoRes.RequireNoise(input, cancellationToken);
        CryoMap made = MaskBuilder.Run(input, options.Masking, progress, cancellationToken).Map;
        steps.Add(made.History[^1]);

        return PackedMask.Of(made, cancellationToken);
    }

    private static string? Stop(CryoMap resolution, CryoMap map)
    {
        double coarsest = resolution.Maximum;
        return coarsest - (2 * map.VoxelSize) < ResolutionRange
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The rounds end: the local resolution of the result is {coarsest:0.##} Å or finer everywhere, within {ResolutionRange} Å of two voxels.")
            : null;
    }

    // The last step says why no other follows.
    private static LocalDeblurResult Ended(LocalDeblurResult result, string reason)
    {
        HistoryEntry last = result.Map.History[^1];
        string[] decisions = [.. result.Decisions, reason];
        return result with { Decisions = decisions, Map = result.Map.WithHistory([.. result.Map.History.SkipLast(1), last with { Decisions = decisions }]) };
    }
}
