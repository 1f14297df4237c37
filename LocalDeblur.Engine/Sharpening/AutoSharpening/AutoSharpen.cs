using System.Diagnostics;
using System.Numerics.Tensors;
using LocalDeblur.Density;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>
/// AutoSharpen: sharpens a map as a whole by the B factor that makes its strongest density most detailed while it still connects; or two half maps by
/// what they agree on; or either to the amplitudes of a model.
/// </summary>
/// <remarks>
/// <para>Source: Terwilliger, Sobolev, Afonine and Adams, <i>Acta Cryst.</i> D74 (2018) 545; conventions of phenix.auto_sharpen, cctbx 2022.9.</para>
/// <para>One map: in a part of it that holds the molecule the fall-off with frequency is measured and made equal in all directions. B factors of the result
/// from −100 to 300 Å² in steps of 20 are tried there; the best is applied to the whole map, whose own anisotropy is removed in the same way. There is no
/// refinement between the steps, as in the published program.</para>
/// <para>The part: the box around the molecule, which is where the variance within a sphere of twice the resolution reaches 5 % of its maximum, with a
/// margin of that radius on all sides, up to which a molecule may have shaped the variance. The published program takes its box from the profiles of
/// the largest density along the axes instead, which noise elsewhere in the map widens.</para>
/// <para>Half maps: every shell is weighted by what the half maps agree on over its amplitude in their mean; there is nothing to search.</para>
/// <para>A model: around its atoms every shell gets the amplitude of the model with B = 0, as far as the half maps, or the map and the model, agree; the
/// weights are then applied to the whole map. The atoms scatter as they scatter electrons; the published program takes X-ray scattering factors, whose weights
/// differ by up to 15 %.</para>
/// </remarks>
public static class AutoSharpen
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "AutoSharpen";

    // Lets a resolution stated as two voxels pass whatever the rounding.
    private const double NyquistTolerance = 1e-3;
    private const double SuspiciousShare = 0.5;

    // Of map and model where they agree best; below, the published program does nothing.
    private static readonly double LeastAgreement = Math.Sqrt(0.05);

    // Å. From here on the range in which the fall-off is measured is shorter than the features of a protein's own profile.
    private const double CoarseResolution = 6;

    /// <summary>Sharpens one map, or the mean of two half maps.</summary>
    /// <param name="input">The map, or the half maps. Cubic voxels; finite values.</param>
    /// <param name="options">
    /// Its resolution, and parameters. The target has an effect on one map without a model; the box has none on half maps without a model, and with one is where
    /// maps and model are compared: around the model where it is null.
    /// </param>
    /// <param name="model">The model, fitted into the map, whose amplitudes the map gets; null for none. Its B factors do not count, nor atoms outside the box; hydrogens do.</param>
    /// <param name="progress">Told about the stages, one call at a time but from any of the threads; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The sharpened map on the same grid, mean 0, standard deviation 1, and what led to it.</returns>
    /// <exception cref="EngineException">
    /// The input cannot be used, or does not fit into the memory allowed; MapWithoutSignal for a flat map; ModelOutsideMap or ModelMismatch where the model is
    /// not in the map, ModelEmpty, ModelElementUnknown.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static AutoSharpenResult Run(Reconstruction input, AutoSharpenOptions options, AtomicModel? model = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        return model is not null ? ByModel(input, model, options, progress, cancellationToken)
            : input.HasHalves ? ByHalfMaps(input, options, progress, cancellationToken)
            : BySearch(input.First, options, progress, cancellationToken);
    }

    // The B factor that makes the strongest density most detailed while it still connects.
    private static AutoSharpenResult BySearch(CryoMap map, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        RequireParameters(map, options);
        long voxels = sizeof(float) * map.Size.VoxelCount;
        long output = voxels + RealFft3D.SpectrumBytes(map.Size) + OctantFilter.BytesFor(map.Size);
        long peak = RequireMemory(map, voxels + Math.Max(output, options.Box is null ? MoleculeRegion.RequiredBytes(map.Size) : 0), options);
        progress?.Report(new StageProgress("Looking for the molecule", 0));
        map.RequireFinite(cancellationToken);
        RequireSignal(map);

        var decisions = new List<string>();
        var warnings = new List<string>();
        ReadOnlyMemory<float> whole = map.Load(cancellationToken);
        double mapSolvent = double.NaN;
        VoxelBox box = options.Box ?? ChooseBox(map, whole, options, decisions, warnings, out mapSolvent, cancellationToken);
        float[] part = box.Cut(whole.Span, map.Size);
        if (Region(part, box.Size, map, options, cancellationToken) is not { } region)
        {
            throw new EngineException(EngineError.MapWithoutSignal, Say($"'{map.Name}' is flat in the box {box} in which the search is to run."), map.Name)
            {
                Advice = BoxAdvice("the molecule"),
            };
        }

        progress?.Report(new StageProgress("Trying B factors", 0.1));
        (int workers, long searchBytes) = Workers(map, box.Size, options);
        peak = Math.Max(peak, searchBytes);
        SharpeningSearch search = SharpeningSearch.Run(part, box.Size, map.VoxelSize, region.SolventFraction, options, workers, share => progress?.Report(new StageProgress("Trying B factors", 0.1 + (0.7 * share))), cancellationToken)
            ?? throw TooSmall(map, options, box);
        part = [];
        decisions.Add(Say($"The search runs in {box}, of which {100 * region.SolventFraction:0.#} % is solvent and whose B factor is {search.Map.Isotropic:0.##} Å² ({search.Map.Xx:0.#}, {search.Map.Yy:0.#}, {search.Map.Zz:0.#} along x, y, z)."));
        decisions.Add(Say($"B is {search.SharpeningB:0.##} Å²: {search.Tried[search.Best]:0.#} Å² has the largest {(options.Target == AutoSharpenTarget.Kurtosis ? "kurtosis" : "adjusted surface area")} of the {search.Tried.Length} tried."));
        if (search.Best == 0 || search.Best == search.Tried.Length - 1)
        {
            warnings.Add(Say($"The best B factor of the result, {search.Tried[search.Best]:0.#} Å², is at the end of those tried, so there may be a better one beyond. Look at the result, and check the resolution."));
        }

        if (!search.RegionWeightMeasured)
        {
            warnings.Add(Say($"Surface and number of regions do not both fall as the map is blurred, so the penalty on regions is a fixed {search.RegionWeight:0}. The choice of B is uncertain."));
        }

        if (options.Resolution > CoarseResolution)
        {
            warnings.Add(Say($"The B factor of the map is measured from 11.2 Å to {options.Resolution:0.##} Å alone, where a protein's own profile rises and falls, so {search.Map.Isotropic:0.#} Å² and with it the sharpening are uncertain. Compare the result with the map."));
        }

        progress?.Report(new StageProgress("Sharpening", 0.8));
        Func<double, double> weight = SharpeningFilter.Weight(options.Resolution, search.SharpeningB);
        (float[] sharpened, _, double finalB, double kurtosis) = Apply(map, whole, weight, options, cancellationToken);
        progress?.Report(new StageProgress("Sharpening", 1));
        var found = new AutoSharpenResult
        {
            SharpeningB = search.SharpeningB,
            BIso = search.Tried[search.Best],
            MapBIso = search.Map.Isotropic,
            Kurtosis = kurtosis,
            Box = box,
            Search = new AutoSharpenSearch
            {
                FinalBIso = finalB,
                AdjustedSurfaceArea = search.AdjustedAreas[search.Best],
                Kurtosis = search.Kurtoses[search.Best],
                RegionWeight = search.RegionWeight,
                SolventFraction = region.SolventFraction,
                MapSolventFraction = mapSolvent,
                TriedBIso = search.Tried,
                TriedSurfaceAreas = search.AdjustedAreas,
                TriedKurtoses = search.Kurtoses,
            },
            Cost = Cost(options, started, peak),
            Decisions = [.. decisions, .. options.Limits.Decisions],
            Warnings = warnings,
        };
        return found with
        {
            Map = map.Derive(sharpened, found.Entry(
                ("Resolution", options.Resolution),
                ("Target", options.Target.ToString()),
                ("Box", options.Box?.ToString()))),
        };
    }

    // The mean of two half maps, by what they agree on.
    private static AutoSharpenResult ByHalfMaps(Reconstruction halves, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        CryoMap firstHalf = halves.Half1;
        CryoMap secondHalf = halves.Half2;
        long started = Stopwatch.GetTimestamp();
        RequireParameters(firstHalf, options);
        GridSize size = firstHalf.Size;
        long peak = RequireMemory(firstHalf, (3 * sizeof(float) * size.VoxelCount) + (3 * RealFft3D.SpectrumBytes(size)) + OctantFilter.BytesFor(size), options);
        progress?.Report(new StageProgress("Comparing the half maps", 0));
        halves.RequireFinite(cancellationToken);
        CryoMap mean = halves.Mean(cancellationToken);
        RequireSignal(mean);

        var frequencies = new FrequencyGrid(size, firstHalf.VoxelSize);
        using var transform = new RealFft3D(size, options.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using Spectrum first = transform.AllocateSpectrum();
        using Spectrum second = transform.AllocateSpectrum();
        WilsonFit fit = Prepare(mean, mean.Load(cancellationToken), transform, spectrum, frequencies, options, cancellationToken);
        Prepare(firstHalf, firstHalf.Load(cancellationToken), transform, first, frequencies, options, cancellationToken);
        Prepare(secondHalf, secondHalf.Load(cancellationToken), transform, second, frequencies, options, cancellationToken);
        progress?.Report(new StageProgress("Comparing the half maps", 0.5));
        ShellWeight weight = ShellWeight.FromHalfMaps(spectrum, first, second, null, frequencies, SharpeningFilter.Cutoff(options.Resolution), options, cancellationToken)
            ?? throw new EngineException(
                EngineError.MapWithoutSignal,
                Say($"'{firstHalf.Name}' and '{secondHalf.Name}' have shells without power up to {options.Resolution:0.##} Å, or are the same there up to a sign; ")
                    + "expected two noisy half maps.",
                firstHalf.Name)
            {
                Advice = [new("give half maps that are not filtered", EngineParameter.HalfMaps), new("give a coarser resolution", EngineParameter.Resolution)],
            };

        progress?.Report(new StageProgress("Sharpening", 0.8));
        (float[] sharpened, double finalB, double kurtosis) = Finish(mean, transform, spectrum, frequencies, weight.At, options, cancellationToken);
        progress?.Report(new StageProgress("Sharpening", 1));
        AutoSharpenResult found = InShells(fit.Isotropic, finalB, kurtosis, weight) with
        {
            Cost = Cost(options, started, peak),
            Decisions = [Say($"Amplitudes are weighted by what the half maps agree on in {weight.Weights.Length} shells; the fall-off of the map goes from {fit.Isotropic:0.#} to {finalB:0.#} Å²."), .. options.Limits.Decisions],
            Warnings = [.. halves.Warnings(cancellationToken), .. Silent(weight, "the half maps")],
        };
        return found with
        {
            Map = mean.Derive(sharpened, found.Entry([.. halves.HalfMapParameters, ("Resolution", options.Resolution), ("ExtrapolateWeight", options.ExtrapolateWeight)])),
        };
    }

    // One map, or the mean of two half maps, to the amplitudes of a model.
    private static AutoSharpenResult ByModel(Reconstruction input, AtomicModel model, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        CryoMap map = input.First;
        long started = Stopwatch.GetTimestamp();
        RequireParameters(map, options);
        ModelAtom[] atoms = ModelDensity.RequireAtoms(model);
        ModelDensity.RequireInside(model, atoms, map.Grid);
        VoxelBox box = options.Box ?? ModelSurroundings.Bound([.. atoms.Where(atom => ModelDensity.IsInside(atom, map.Grid))], map.Grid);
        MapGrid part = box.On(map.Grid);
        if (!atoms.Any(atom => ModelDensity.IsInside(atom, part)))
        {
            throw new EngineException(
                EngineError.ModelOutsideMap,
                Say($"No atom of '{model.Name}' lies in the box in which map and model are to be compared, {box}."),
                model.Path ?? model.Name)
            {
                Advice = BoxAdvice("the model"),
            };
        }

        AtomicModel inside = model.Where(atom => atom.Occupancy != 0 && ModelDensity.IsInside(atom, part));
        GridSize size = map.Size;
        long held = (input.HasHalves ? 3 : 1) * sizeof(float) * size.VoxelCount;
        long applying = (sizeof(float) * size.VoxelCount) + RealFft3D.SpectrumBytes(size) + OctantFilter.BytesFor(size);
        long peak = RequireMemory(map, held + Math.Max(applying, ModelWeight.RequiredBytes(box.Size)), options);
        progress?.Report(new StageProgress("Comparing with the model", 0));
        input.RequireFinite(cancellationToken);
        CryoMap whole = input.Mean(cancellationToken);
        RequireSignal(whole);

        progress?.Report(new StageProgress("Comparing with the model", 0.1));
        ShellWeight weight = ModelWeight.Measure(whole, input, inside, box, options, cancellationToken)
            ?? throw new EngineException(
                EngineError.MapWithoutSignal,
                Say($"'{map.Name}' has shells without power up to {options.Resolution:0.##} Å around '{model.Name}' ({box}); expected an unfiltered map of the model's molecule."),
                map.Name)
            {
                Advice = [new("give a coarser resolution", EngineParameter.Resolution), new("check the map")],
            };
        if (weight.BestAgreement < LeastAgreement)
        {
            throw new EngineException(
                EngineError.ModelMismatch,
                Say($"'{model.Name}' and '{map.Name}' hardly agree: their best correlation in a shell is {weight.BestAgreement:0.00}; expected at least {LeastAgreement:0.00}."),
                model.Path ?? model.Name)
            {
                Advice = [new("fit the model into this map"), new("read the map with the origin that the model was built for", EngineParameter.Origin)],
            };
        }

        progress?.Report(new StageProgress("Sharpening", 0.7));
        (float[] sharpened, double mapB, double finalB, double kurtosis) = Apply(whole, whole.Load(cancellationToken), weight.At, options, cancellationToken);
        progress?.Report(new StageProgress("Sharpening", 1));
        string judge = input.HasHalves ? "the half maps agree" : Say($"map and model agree, at best {weight.BestAgreement:0.00}");
        List<string> warnings = [.. model.Warnings, .. input.Warnings(cancellationToken)];
        if (inside.Atoms.Count < atoms.Length)
        {
            warnings.Add(Say($"{atoms.Length - inside.Atoms.Count} of {atoms.Length} atoms lie outside the box {box} and do not count."));
        }

        warnings.AddRange(Silent(weight, input.HasHalves ? "the half maps" : "map and model"));
        AutoSharpenResult found = InShells(mapB, finalB, kurtosis, weight) with
        {
            BestAgreement = weight.BestAgreement,
            Box = box,
            Cost = Cost(options, started, peak),
            Decisions = [.. model.Decisions, Say($"Amplitudes are those of '{model.Name}' with B = 0 in {weight.Weights.Length} shells, as far as {judge}, measured in {box}; the fall-off of the map goes from {mapB:0.#} to {finalB:0.#} Å². Scores by the same model are no independent test."), .. options.Limits.Decisions],
            Warnings = warnings,
        };
        return found with
        {
            Map = whole.Derive(sharpened, found.Entry(
            [
                .. input.HalfMapParameters,
                ("Model", model.Path ?? model.Name),
                ("Resolution", options.Resolution),
                ("Box", options.Box?.ToString()),
                ("ExtrapolateWeight", options.ExtrapolateWeight),
            ])),
        };
    }

    // What is found by a run that weights shells.
    private static AutoSharpenResult InShells(double mapB, double finalB, double kurtosis, ShellWeight weight) => new()
    {
        SharpeningB = mapB - finalB,
        BIso = finalB,
        MapBIso = mapB,
        Kurtosis = kurtosis,
        Shells = new AutoSharpenShells(weight.Resolutions, weight.Correlations, weight.Weights),
    };

    private static RunCost Cost(AutoSharpenOptions options, long started, long peak) =>
        new(options.Limits.AllowedThreads, Stopwatch.GetElapsedTime(started).TotalSeconds, peak);

    private static IEnumerable<string> Silent(ShellWeight weight, string judges)
    {
        // The decay beyond the last good shell ends at 0 in the last, whatever was measured there.
        int silent = weight.Weights[..^1].Count(value => value < 1e-3);
        return silent > 0 ? [Say($"In {silent} of {weight.Weights.Length} shells {judges} do not agree, and the weight is about 0 there. A coarser resolution may fit the map better.")] : [];
    }

    private static VoxelBox ChooseBox(CryoMap map, ReadOnlyMemory<float> whole, AutoSharpenOptions options, List<string> decisions, List<string> warnings, out double solventFraction, CancellationToken cancellationToken)
    {
        MoleculeRegion region = MoleculeRegion.Find(whole, map.Size, map.VoxelSize, options.Resolution, options.Limits, cancellationToken) ?? throw Flat(map);
        solventFraction = region.SolventFraction;
        double radius = MoleculeRegion.SphereResolutions * options.Resolution;
        VoxelBox box = region.Bound((int)Math.Round(radius / map.VoxelSize), cancellationToken);
        decisions.Add(Say($"The molecule is taken to be where the variance within {radius:0.##} Å reaches 5 % of its maximum, {100 * (1 - solventFraction):0.#} % of the map; the box around it has a margin of that radius."));
        if (1 - solventFraction > SuspiciousShare)
        {
            warnings.Add(Say($"The molecule seems to take {100 * (1 - solventFraction):0} % of the map, which is usually less: the map may be noisy, or cut to the molecule. Give the box of the search if it should be another."));
        }

        return box;
    }

    // Transform without anisotropy.
    private static WilsonFit Prepare(CryoMap map, ReadOnlyMemory<float> voxels, RealFft3D transform, Spectrum spectrum, FrequencyGrid frequencies, AutoSharpenOptions options, CancellationToken cancellationToken)
    {
        transform.Forward(voxels, spectrum, cancellationToken);
        WilsonFit fit = WilsonFit.Measure(spectrum, frequencies, options.Resolution, null, options.Limits, cancellationToken)
            ?? throw TooSmall(map, options, VoxelBox.Whole(map.Size));
        fit.RemoveAnisotropy(spectrum, frequencies, SharpeningFilter.Cutoff(options.Resolution), options.Limits, cancellationToken);
        return fit;
    }

    private static (float[] Voxels, double MapB, double FinalB, double Kurtosis) Apply(CryoMap map, ReadOnlyMemory<float> voxels, Func<double, double> weight, AutoSharpenOptions options, CancellationToken cancellationToken)
    {
        var frequencies = new FrequencyGrid(map.Size, map.VoxelSize);
        using var transform = new RealFft3D(map.Size, options.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        WilsonFit fit = Prepare(map, voxels, transform, spectrum, frequencies, options, cancellationToken);
        (float[] sharpened, double finalB, double kurtosis) = Finish(map, transform, spectrum, frequencies, weight, options, cancellationToken);
        return (sharpened, fit.Isotropic, finalB, kurtosis);
    }

    private static (float[] Voxels, double FinalB, double Kurtosis) Finish(CryoMap map, RealFft3D transform, Spectrum spectrum, FrequencyGrid frequencies, Func<double, double> weight, AutoSharpenOptions options, CancellationToken cancellationToken)
    {
        double finalB = WilsonFit.Measure(spectrum, frequencies, options.Resolution, weight, options.Limits, cancellationToken)?.Isotropic ?? double.NaN;
        using OctantFilter filter = SharpeningFilter.Create(map.Size, map.VoxelSize, options.Resolution, weight, transform.Pool);
        float[] voxels = new float[map.Size.VoxelCount];
        transform.Inverse(spectrum, filter, spectrum, voxels, cancellationToken);
        VolumeStatistics statistics = VolumeStatistics.Measure(voxels);
        if (!(statistics.StandardDeviation > 0))
        {
            throw Flat(map);
        }

        TensorPrimitives.Subtract(voxels, (float)statistics.Mean, voxels);
        TensorPrimitives.Multiply(voxels, (float)(1 / statistics.StandardDeviation), voxels);
        return (voxels, finalB, VolumeStatistics.Kurtosis(voxels));
    }

    private static MoleculeRegion? Region(float[] part, GridSize size, CryoMap map, AutoSharpenOptions options, CancellationToken cancellationToken) =>
        MoleculeRegion.Find(part, size, map.VoxelSize, options.Resolution, options.Limits, cancellationToken);

    // As many B factors at a time as there are threads and memory allows.
    private static (int Workers, long Bytes) Workers(CryoMap map, GridSize box, AutoSharpenOptions options)
    {
        long held = sizeof(float) * (map.Size.VoxelCount + box.VoxelCount);
        int workers = options.Limits.AllowedThreads;
        while (workers > 1 && held + SharpeningSearch.RequiredBytes(box, workers) > options.Limits.AllowedMemory)
        {
            workers--;
        }

        return (workers, RequireMemory(map, held + Math.Max(SharpeningSearch.RequiredBytes(box, workers), MoleculeRegion.RequiredBytes(box)), options));
    }

    private static void RequireParameters(CryoMap map, AutoSharpenOptions options)
    {
        map.Grid.RequireCubicVoxels(map.Name);
        if (!(options.Resolution > 0) || !double.IsFinite(options.Resolution))
        {
            throw Refuse(EngineParameter.Resolution, $"The resolution is {options.Resolution} Å; expected a positive number, at least two voxels ({2 * map.VoxelSize:0.###} Å).");
        }

        if (options.Resolution < 2 * map.VoxelSize * (1 - NyquistTolerance))
        {
            throw Refuse(
                EngineParameter.Resolution,
                $"The resolution is {options.Resolution:0.###} Å; expected at least {2 * map.VoxelSize:0.###} Å, two voxels of '{map.Name}'.");
        }

        if (!Enum.IsDefined(options.Target))
        {
            throw new EngineException(EngineError.ParameterOutOfRange, Say($"The target is number {(int)options.Target}; expected AdjustedSurfaceArea or Kurtosis."));
        }

        if (options.Box is { } box && !box.IsInside(map.Size))
        {
            throw Refuse(EngineParameter.Box, $"The box of the search is {box}; expected one inside the {map.Size} voxels of '{map.Name}'.");
        }
    }

    private static void RequireSignal(CryoMap map)
    {
        if (!(map.StandardDeviation > 0))
        {
            throw Flat(map);
        }
    }

    private static long RequireMemory(CryoMap map, long needed, AutoSharpenOptions options) =>
        options.Limits.Require(needed, Say($"Sharpening '{map.Name}' ({map.Size} voxels)"), map.Name);

    private static EngineException Flat(CryoMap map) =>
        new(EngineError.MapWithoutSignal, Say($"'{map.Name}' has the same value, {map.Mean:G5}, in every voxel, or nothing at the resolution asked for; expected the density of a molecule. Check that it is the map that was meant."), map.Name);

    /// <summary>That the fall-off cannot be measured in a box.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">Its resolution.</param>
    /// <param name="box">The box.</param>
    internal static EngineException TooSmall(CryoMap map, AutoSharpenOptions options, VoxelBox box) =>
        new(
            EngineError.ParameterOutOfRange,
            Say($"The B factor of '{map.Name}' is measured between 11.2 Å and the resolution, {options.Resolution:0.##} Å, where the box {box} has too few Fourier coefficients."),
            map.Name)
        {
            Advice = [new("give a finer resolution", EngineParameter.Resolution), new("give a larger box", EngineParameter.Box)],
        };

    private static Advice[] BoxAdvice(string content) => [new($"give a box that holds {content}", EngineParameter.Box), new("give none, so that one is chosen")];

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));
}
