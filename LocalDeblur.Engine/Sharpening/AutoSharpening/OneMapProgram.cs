using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>AutoSharpen of one map: the B factor that makes the strongest density most detailed while it still connects.</summary>
/// <param name="map">The map.</param>
/// <param name="options">Parameters.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal sealed class OneMapProgram(CryoMap map, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    : AutoSharpenProgram(map, options, progress, cancellationToken)
{
    private const double SuspiciousShare = 0.5;

    // Å. From here on the range in which the fall-off is measured is shorter than the features of a protein's own profile.
    private const double CoarseResolution = 6;

    // Of the whole map; NaN where the box was given.
    private double _mapSolvent = double.NaN;

    /// <inheritdoc/>
    public override AutoSharpenResult Run()
    {
        // The box of the search may turn out to be all of the map.
        long region = MoleculeRegion.RequiredBytes(Map.Size);
        RequireMemory(
            MapBytes + Math.Max(WeightingBytes, Options.Box is null ? region : 0),
            (2 * MapBytes) + Math.Max(SharpeningSearch.RequiredBytes(Map.Size, workers: 1), region));
        Report("Looking for the molecule", 0);
        Map.RequireFinite(CancellationToken);
        AutoSharpen.RequireSignal(Map);
        VoxelBox box = Options.Box ?? FindMolecule();
        (SharpeningSearch search, double solvent) = TryBFactors(box);
        TellChoice(search, box, solvent);
        WarnOfUncertainty(search);

        Report("Sharpening", 0.8);
        (SharpenedVoxels sharpened, _) = Apply(Map, SharpeningFilter.Weight(Options.Resolution, search.SharpeningB));
        Report("Sharpening", 1);
        return Conclude(
            Found(search, sharpened, box, solvent),
            Map,
            sharpened.Voxels,
            ("Resolution", Options.Resolution),
            ("Target", Options.Target.ToString()),
            ("Box", Options.Box?.ToString()));
    }

    // The box around the molecule, which is where the map varies.
    private VoxelBox FindMolecule()
    {
        MoleculeRegion region = MoleculeRegion.Find(Map.Load(CancellationToken), Map.Size, Map.VoxelSize, Options.Resolution, Options.Limits, CancellationToken)
            ?? throw AutoSharpen.Flat(Map);
        _mapSolvent = region.SolventFraction;
        double share = 1 - _mapSolvent;
        double radius = MoleculeRegion.SphereResolutions * Options.Resolution;
        VoxelBox box = region.Bound((int)Math.Round(radius / Map.VoxelSize), CancellationToken);
        Decisions.Add(
            Say($"The molecule is taken to be where the variance within {radius:0.##} Å reaches 5 % of its maximum, {100 * share:0.#} % of the map; ")
                + "the box around it has a margin of that radius.");
        if (share > SuspiciousShare)
        {
            Warnings.Add(
                Say($"The molecule seems to take {100 * share:0} % of the map, which is usually less: ")
                    + "the map may be noisy, or cut to the molecule. Give the box of the search if it should be another.");
        }

        return box;
    }

    // In the box: its solvent, and then the B factors, as many at a time as there are threads and memory allows.
    private (SharpeningSearch Search, double SolventFraction) TryBFactors(VoxelBox box)
    {
        float[] part = box.Cut(Map.AsSpan(CancellationToken), Map.Size);
        if (MoleculeRegion.Find(part, box.Size, Map.VoxelSize, Options.Resolution, Options.Limits, CancellationToken) is not { } region)
        {
            throw new EngineException(EngineError.MapWithoutSignal, Say($"'{Map.Name}' is flat in the box {box} in which the search is to run."), Map.Name)
            {
                Advice = AutoSharpen.BoxAdvice("the molecule"),
            };
        }

        Warnings.AddRange(MaskRule.DoubtsOfDensity(Map));
        (double molecule, double rest) = region.Means(part);
        if (Background.IsDark(molecule, rest, Map))
        {
            Warnings.Add(Background.Dark(Map, molecule, rest, "the search looks for connected density in the solvent"));
        }

        Report("Trying B factors", 0.1);
        int workers = Workers(box.Size);
        SharpeningSearch search = SharpeningSearch.Run(
            part, box.Size, Map.VoxelSize, region.SolventFraction, Options, workers, share => Report("Trying B factors", 0.1 + (0.7 * share)), CancellationToken)
            ?? throw AutoSharpen.TooSmall(Map, Options, box);
        return (search, region.SolventFraction);
    }

    private int Workers(GridSize box)
    {
        long held = MapBytes + (sizeof(float) * box.VoxelCount);
        int workers = Options.Limits.AllowedThreads;
        while (workers > 1 && held + SharpeningSearch.RequiredBytes(box, workers) > Options.Limits.AllowedMemory)
        {
            workers--;
        }

        RequireMemory(held + Math.Max(SharpeningSearch.RequiredBytes(box, workers), MoleculeRegion.RequiredBytes(box)));
        return workers;
    }

    private void TellChoice(SharpeningSearch search, VoxelBox box, double solvent)
    {
        Decisions.Add(
            Say($"The search runs in {box}: {100 * solvent:0.#} % of it is solvent, and its B factor is ")
                + Say($"{search.Map.Isotropic:0.##} Å² ({search.Map.Xx:0.#}, {search.Map.Yy:0.#}, {search.Map.Zz:0.#} along x, y, z)."));
        string target = Options.Target == AutoSharpenTarget.Kurtosis ? "kurtosis" : "adjusted surface area";
        Decisions.Add(
            Say($"The map is sharpened by B = {search.SharpeningB:0.##} Å²: of the {search.Tried.Length} B factors that were tried for the result, ")
                + Say($"{search.Tried[search.Best]:0.#} Å² has the largest {target}."));
    }

    private void WarnOfUncertainty(SharpeningSearch search)
    {
        if (search.Best == 0 || search.Best == search.Tried.Length - 1)
        {
            Warnings.Add(
                Say($"The best B factor of the result, {search.Tried[search.Best]:0.#} Å², is at the end of those tried, ")
                    + "so there may be a better one beyond. Look at the result, and check the resolution.");
        }

        if (!search.RegionWeightMeasured)
        {
            Warnings.Add(
                "Surface and number of regions do not both fall as the map is blurred, "
                    + Say($"so the penalty on regions is a fixed {search.RegionWeight:0}. The choice of B is uncertain."));
        }

        if (Options.Resolution > CoarseResolution)
        {
            Warnings.Add(
                Say($"The B factor of the map is measured from 11.2 Å to {Options.Resolution:0.##} Å alone, where a protein's own profile rises and falls, ")
                    + Say($"so {search.Map.Isotropic:0.#} Å² and with it the sharpening are uncertain. Compare the result with the map."));
        }
    }

    private AutoSharpenResult Found(SharpeningSearch search, SharpenedVoxels sharpened, VoxelBox box, double solvent) => new()
    {
        SharpeningB = search.SharpeningB,
        BIso = search.Tried[search.Best],
        MapBIso = search.Map.Isotropic,
        Kurtosis = sharpened.Kurtosis,
        Box = box,
        Search = new AutoSharpenSearch
        {
            FinalBIso = sharpened.BIso,
            AdjustedSurfaceArea = search.AdjustedAreas[search.Best],
            Kurtosis = search.Kurtoses[search.Best],
            RegionWeight = search.RegionWeight,
            SolventFraction = solvent,
            MapSolventFraction = _mapSolvent,
            TriedBIso = search.Tried,
            TriedSurfaceAreas = search.AdjustedAreas,
            TriedKurtoses = search.Kurtoses,
        },
    };
}
