using System.Diagnostics;
using System.Numerics.Tensors;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>LocalDeblur: sharpens a map by inverting the local blur that its local resolution describes.</summary>
/// <remarks>
/// Source: Ramírez-Aportela et al., Bioinformatics 36 (2020) 765–772. The reference formulation follows the program that the
/// authors publish, Xmipp's volume_local_sharpening, in its order of steps, constants and stopping rule.
/// </remarks>
internal static class LocalDeblurSolver
{
    /// <summary>No bank of the published parameters has a higher rank, so that memory for so many terms is enough.</summary>
    internal const int UsualTerms = 16;

    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "LocalDeblur";

    /// <summary>Sharpens one map.</summary>
    /// <param name="map">The unfiltered, unsharpened map V. Cubic voxels; finite values.</param>
    /// <param name="localResolution">Local resolution of every voxel (Å), on the map's grid; 0 or a recognised background outside.</param>
    /// <param name="mask">Where the molecule is (≥ 0.5), on the map's grid; elsewhere the resolution counts as 0. Or null.</param>
    /// <param name="options">Parameters; null for the published ones.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The sharpened map, on the same grid, and how the iteration went.</returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocalDeblurResult Run(
        CryoMap map,
        CryoMap localResolution,
        CryoMap? mask = null,
        LocalDeblurOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(localResolution);
        options ??= new LocalDeblurOptions();
        return Run(map, localResolution, mask, options, Prepare, progress, cancellationToken);

        ResolutionField Prepare() => ResolutionField.Prepare(localResolution, mask, options.Bank?.CoarsestResolution, cancellationToken);
    }

    /// <summary>As above, with a local resolution that was made for this alone and has no voxels afterwards: one volume less.</summary>
    /// <param name="map">The map.</param>
    /// <param name="localResolution">Local resolution (Å), 0 outside.</param>
    /// <param name="options">Parameters.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public static LocalDeblurResult RunTaking(
        CryoMap map, CryoMap localResolution, LocalDeblurOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        return Run(map, localResolution, mask: null, options, Prepare, progress, cancellationToken);

        ResolutionField Prepare() => ResolutionField.PrepareTaking(localResolution, options.Bank?.CoarsestResolution, cancellationToken);
    }

    private static LocalDeblurResult Run(
        CryoMap map,
        CryoMap localResolution,
        CryoMap? mask,
        LocalDeblurOptions options,
        Func<ResolutionField> prepare,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        RequireParameters(options);
        map.Grid.RequireCubicVoxels(map.Name);
        map.Grid.RequireSameAs(map.Name, localResolution.Grid, localResolution.Name);
        mask?.Grid.RequireSameAs(mask.Name, map.Grid, map.Name);
        options.Bank?.RequireFits(map);
        RequireMemory(map, terms: 1, options, enough: RequiredBytes(map, UsualTerms, options, isCopied: true));

        progress?.Report(new StageProgress("Reading maps", double.NaN));
        map.RequireFinite(cancellationToken);
        ResolutionField field = prepare();
        MaskRule.RequireSignalInside(map, field.Values, float.Epsilon, $"where '{localResolution.Name}' has a local resolution", cancellationToken);

        progress?.Report(new StageProgress("Preparing the filter bank", double.NaN));
        FilterBank bank = options.Bank ?? FilterBank.Create(map.Size, map.VoxelSize, Math.Max(field.Coarsest, 2 * map.VoxelSize), options.K, options.RankTolerance);
        float background = Background.Measure(map, field.Values, hasFloor: true, cancellationToken);
        long peakBytes = RequireMemory(map, bank.Rank, options, isCopied: background != 0);
        using var filter = new LocalFilter(bank, field, options.Limits);
        var observer = new IterationObserver(progress, options, bank.Rank);
        filter.AfterTransform = observer.CountTransform;

        CryoMap observed = Background.TakeOff(map, background, cancellationToken);
        Solution solution = options.Formulation == LocalDeblurFormulation.Paper
            ? PaperIteration.Run(observed, field, filter, options, observer, cancellationToken)
            : ReferenceIteration.Run(observed, field, filter, options, observer, cancellationToken);
        if (!double.IsFinite(VolumeStatistics.Sum(solution.Voxels)))
        {
            throw ReferenceIteration.Diverged(solution.StepSize, solution.Norms.Count, map);
        }

        if (background != 0)
        {
            TensorPrimitives.Add(solution.Voxels, background, solution.Voxels);
        }

        var found = new LocalDeblurResult
        {
            StepSize = solution.StepSize,
            Converged = solution.Converged,
            Bands = bank.Bands.Count,
            Rank = bank.Rank,
            Norms = solution.Norms.ToArray(),
            Floor = solution.Floor + background,
            OutsideStandardDeviation = solution.OutsideStandardDeviation,
            InsideVoxels = field.InsideCount,
            FinestResolution = field.Finest,
            CoarsestResolution = field.Coarsest,
            Cost = new RunCost(filter.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions =
            [
                .. field.Decisions,
                .. background == 0
                    ? []
                    : (string[])[Say($"The background of '{map.Name}', {background:G4} outside the molecule, was taken off before and added again afterwards.")],
                .. solution.Decisions,
                $"The transform runs on {filter.Threads} threads with {LocalFilter.CodePath} kernels.",
                .. options.Limits.Decisions,
            ],
            Warnings = [.. field.Warnings, .. WarnOfMap(map, field, options, cancellationToken), .. solution.Warnings],
        };
        return found with
        {
            Map = map.Derive(solution.Voxels, found.Entry(
                ("LocalResolution", localResolution.Path ?? localResolution.Name),
                ("Mask", MapLabel.SourceOf(mask)),
                ("CoarsestResolution", options.Bank?.CoarsestResolution),
                ("Formulation", options.Formulation.ToString()),
                ("K", bank.K),
                ("RankTolerance", bank.RankTolerance),
                ("StepSize", options.StepSize),
                ("MaximumIterations", options.MaximumIterations))),
        };
    }

    private static IEnumerable<string> WarnOfMap(CryoMap map, ResolutionField field, LocalDeblurOptions options, CancellationToken cancellationToken)
    {
        bool hasFloor = options.Formulation == LocalDeblurFormulation.Reference;
        if (hasFloor
            && AppliedMask.ShareOfOneValue(map, field.Values, cancellationToken) is var share
            && AppliedMask.WarningOfOutside(map, share, AppliedMask.MostForDeviation) is { } masked)
        {
            yield return masked + ", and the floor of the result, four standard deviations of the noise below 0, cuts off what is negative in the molecule. "
                + "Give the map, or the half maps, as the reconstruction left them.";
        }

        if (hasFloor && Background.WarningOfDarkMolecule(map, field.Values, "the floor of the result cuts off the molecule itself", cancellationToken) is { } dark)
        {
            yield return dark;
        }
    }

    private static void RequireParameters(LocalDeblurOptions options)
    {
        if (options.StepSize is { } step && (!(step > 0) || !double.IsFinite(step)))
        {
            throw Refuse(EngineParameter.StepSize, $"The step size is {step}; expected a positive number, usually 2 to 30, or none for the automatic one.");
        }

        if (options.MaximumIterations is < 1 or > 1000)
        {
            throw Refuse(EngineParameter.MaximumIterations, $"At most {options.MaximumIterations} iterations are allowed; expected 1 to 1000.");
        }
    }

    /// <summary>
    /// What the run holds at once: V, a copy where its background is taken off, the resolution, v and Hv, in the paper's form a vector for ‖H‖ too, and what the operator
    /// needs. Refused before it is allocated.
    /// </summary>
    internal static long RequireMemory(CryoMap map, int terms, LocalDeblurOptions options, bool isCopied = false, long held = 0, long enough = 0) =>
        options.Limits.Beside(held).Require(
            RequiredBytes(map, terms, options, isCopied),
            Say($"Sharpening '{map.Name}' ({map.Size} voxels)"),
            map.Name,
            enough: enough);

    /// <summary>What a run holds at once (bytes).</summary>
    /// <param name="map">The map.</param>
    /// <param name="terms">Rank of the bank.</param>
    /// <param name="options">Parameters.</param>
    /// <param name="isCopied">Whether a background is taken off.</param>
    internal static long RequiredBytes(CryoMap map, int terms, LocalDeblurOptions options, bool isCopied)
    {
        int volumes = (isCopied ? 1 : 0) + (options.Formulation == LocalDeblurFormulation.Paper ? 5 : 4);
        return (volumes * sizeof(float) * map.Size.VoxelCount) + LocalFilter.RequiredBytes(map.Size, terms);
    }

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));
}
