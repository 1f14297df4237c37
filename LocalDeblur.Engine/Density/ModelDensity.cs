using System.Diagnostics;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Density;

/// <summary>The density with which an atomic model scatters electrons, on the grid of a map.</summary>
/// <remarks>
/// <para>ρ(r) = Σ over atoms of occupancy·Σᵢ aᵢ·(4π/(bᵢ+B))^{3/2}·exp(−4π²r²/(bᵢ+B)), with the five Gaussians of <see cref="ScatteringFactors"/>. Its integral
/// over an atom is occupancy·Σ aᵢ (Å), so a voxel is in 1/Å². The solvent around the molecule, and charges, are not modelled.</para>
/// <para>Sources: Peng et al., Acta Cryst. A52 (1996) 257–276; the convention is that of gemmi's DensityCalculatorE.</para>
/// </remarks>
public static class ModelDensity
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "ModelDensity";

    // Below this σ, in voxels, the sum of an atom's samples depends by more than about 1 % on where it lies between the voxels.
    private const double LeastSigma = 0.5;

    // Largest share of a coefficient that may have folded back from beyond Nyquist, where the sampling is corrected.
    private const double Aliasing = 1e-4;

    // Undoing a blur multiplies the rounding of a float; by this much it is still below 1e-4 of the peak.
    private const double MostAmplification = 1000;

    // An atom with a higher one is an error of the file: it would be spread over the whole box.
    private const double MostBFactor = 100_000;

    // Of a frequency on the edge, whose square is rounded.
    private const double EdgeTolerance = 1e-9;

    /// <summary>Computes the density of a model.</summary>
    /// <param name="model">The model. Hydrogens in it count; atoms with occupancy 0 do not. Negative B factors count as 0.</param>
    /// <param name="grid">Where to: size, voxel size and place in space. Cubic voxels, cell angles of 90°.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The density. The last entry of its history has, as figures: Atoms, AtomsInside (their centres), SamplingBlur (Å², which was undone), MeanBFactor (Å², blur
    /// included), Threads, Seconds.
    /// </returns>
    /// <exception cref="EngineException">ModelOutsideMap, ModelEmpty (no occupied atom), ModelElementUnknown, ParameterOutOfRange, VoxelSizeMissing, VoxelSizeAnisotropic,
    /// CellAnglesUnsupported, MapSizeUnsupported or InsufficientMemory.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static CryoMap Calculate(
        AtomicModel model,
        MapGrid grid,
        ModelDensityOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(grid);
        options ??= new ModelDensityOptions();
        long started = Stopwatch.GetTimestamp();
        grid.RequireCubicVoxels("the map of the density");
        options.Validate(grid);
        RequireMemory(model, grid, options);

        ModelAtom[] atoms = RequireAtoms(model);
        int inside = RequireInside(model, atoms, grid);
        double[] bFactors = [.. atoms.Select(atom => BFactor(model, atom, options))];
        var warnings = new List<string>();
        if (inside < atoms.Length)
        {
            string fate = options.Periodic ? "they are counted on the other side, as in a crystal" : "only the part of their density that reaches into it counts";
            warnings.Add(Say($"{atoms.Length - inside} of {atoms.Length} atoms lie outside the box; {fate}."));
        }

        double samplingBlur = SamplingBlur(bFactors.Min(), grid.VoxelSize, options);
        double leastBFactor = 8 * Math.PI * Math.PI * Math.Pow(LeastSigma * grid.VoxelSize, 2);
        int narrow = bFactors.Count(value => value + samplingBlur < leastBFactor);
        if (narrow > 0)
        {
            warnings.Add(
                Say($"{narrow} of {atoms.Length} atoms have B factors below {leastBFactor:0.#} Å², too sharp for voxels of {grid.VoxelSize:0.###} Å: ")
                    + "their density depends on where between the voxels they lie. Add a blur, or give a resolution.");
        }

        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        float[] voxels = new float[grid.Size.VoxelCount];
        IProgress<StageProgress>? painting = progress is null || options.Resolution is null ? progress : new ScaledProgress(progress, 0, 0.7);
        PaintedAtom[] painted = Place(atoms, bFactors, samplingBlur, grid, options);
        var painter = new DensityPainter(painted, grid, voxels, options.Accuracy, pool.Threads, painting, cancellationToken);
        pool.Run(painter.Slabs, painter, cancellationToken);
        if (options.Resolution is { } resolution)
        {
            progress?.Report(new StageProgress("Removing detail beyond the resolution", 0.7));
            LowPass(voxels, grid, resolution, samplingBlur, pool, cancellationToken);
        }

        var step = new HistoryEntry
        {
            Step = StepName,
            Telling = StepTelling.Never,
            Parameters = HistoryEntry.Values(
                ("Model", model.Path ?? model.Name),
                ("BFactor", options.BFactor),
                ("Blur", options.Blur),
                ("Resolution", options.Resolution),
                ("CorrectSampling", options.CorrectSampling),
                ("Periodic", options.Periodic),
                ("Accuracy", options.Accuracy)),
            Figures = HistoryEntry.Values(
                ("Atoms", atoms.Length),
                ("AtomsInside", inside),
                ("SamplingBlur", samplingBlur),
                ("MeanBFactor", bFactors.Average()),
                ("Threads", pool.Threads),
                ("Seconds", Stopwatch.GetElapsedTime(started).TotalSeconds)),
            Decisions = [.. model.Decisions, .. options.Limits.Decisions],
            Warnings = [.. model.Warnings, .. warnings],
        };
        return new CryoMap(grid, voxels, model.Name, [step]);
    }

    /// <summary>Draws a model as the reference of a map: on the map's grid, with every detail that its voxels can hold, unless the options state a resolution.</summary>
    /// <param name="model">The model.</param>
    /// <param name="grid">The map's grid. Cubic voxels.</param>
    /// <param name="options">How; null for the defaults. A resolution of null means two voxels.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The density, as from <see cref="Calculate"/>.</returns>
    /// <exception cref="EngineException">As from <see cref="Calculate"/>.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static CryoMap DrawReference(
        AtomicModel model,
        MapGrid grid,
        ModelDensityOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        grid.RequireCubicVoxels("the map of the density");
        options ??= new ModelDensityOptions();
        return Calculate(model, grid, options with { Resolution = options.Resolution ?? 2 * grid.VoxelSize }, progress, cancellationToken);
    }

    /// <summary>Path or name of the model that a map was drawn from; null for a map that was not.</summary>
    /// <param name="map">The map.</param>
    internal static string? Source(CryoMap map) => map.History is [.., { Step: StepName } drawn] ? (string?)drawn.Parameters["Model"] : null;

    /// <summary>How a map was drawn from a model, in a few words; null for a map that was not.</summary>
    /// <param name="map">The map.</param>
    internal static string? Describe(CryoMap map)
    {
        if (map.History is not [.., { Step: StepName } drawn])
        {
            return null;
        }

        IReadOnlyDictionary<string, object?> values = drawn.Parameters;
        string bFactors = values["BFactor"] is { } one ? Say($"a B factor of {one} Å² for all atoms") : "the B factors of the model";
        string resolution = values["Resolution"] is { } finest ? Say($"detail to {finest:0.###} Å") : "no limit of resolution";
        return Say($"density of the model, {bFactors}, a blur of {values["Blur"]} Å², {resolution}");
    }

    private static double BFactor(AtomicModel model, ModelAtom atom, ModelDensityOptions options)
    {
        double value = (options.BFactor ?? Math.Max(0, atom.BFactor)) + options.Blur;
        if (value > MostBFactor)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"Atom {atom} of '{model.Name}' has a B factor of {value:G6} Å²; expected at most {MostBFactor} Å²."),
                model.Path ?? model.Name)
            {
                Advice = [new("correct the model"), new("give one B factor for all atoms", EngineParameter.AtomBFactor)],
            };
        }

        return value >= 0
            ? value
            : throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"With a blur of {options.Blur} Å², atom {atom} of '{model.Name}' has a B factor of {value:0.##} Å²; expected none below 0."),
                model.Path ?? model.Name)
            {
                Advice = [new(Say($"give a blur of at least {options.Blur - value:0.##} Å²"), EngineParameter.Blur)],
            };
    }

    /// <summary>The atoms that scatter: those whose occupancy is not 0.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="EngineException">ModelEmpty where there is none.</exception>
    internal static ModelAtom[] RequireAtoms(AtomicModel model)
    {
        ModelAtom[] atoms = [.. model.Atoms.Where(atom => atom.Occupancy != 0)];
        return atoms.Length > 0
            ? atoms
            : throw new EngineException(
                EngineError.ModelEmpty,
                $"Every atom of '{model.Name}' has occupancy 0; expected some above 0. Correct the occupancies.",
                model.Path ?? model.Name);
    }

    /// <summary>Refuses a model of which nothing is in a box.</summary>
    /// <param name="model">The model, for the message.</param>
    /// <param name="atoms">Atoms that count.</param>
    /// <param name="grid">The box.</param>
    /// <returns>How many of the atoms have their centre in a voxel of the box.</returns>
    /// <exception cref="EngineException">ModelOutsideMap where none has.</exception>
    internal static int RequireInside(AtomicModel model, IEnumerable<ModelAtom> atoms, MapGrid grid)
    {
        AxisTriple origin = grid.Origin;
        AxisTriple spacing = grid.Spacing;
        GridSize size = grid.Size;
        int inside = atoms.Count(atom => IsInside(atom, grid));
        return inside > 0
            ? inside
            : throw new EngineException(
                EngineError.ModelOutsideMap,
                Say($"No atom of '{model.Name}' lies in the box of the map. The model extends from ({model.Minimum}) to ({model.Maximum}) Å, ") +
                Say($"the box from ({origin}) to ({origin.X + (size.X * spacing.X):0.##}, {origin.Y + (size.Y * spacing.Y):0.##}, {origin.Z + (size.Z * spacing.Z):0.##}) Å."),
                model.Path ?? model.Name)
            {
                Advice = [new("fit the model into the map"), new("read the map with the origin that the model was built for", EngineParameter.Origin)],
            };
    }

    /// <summary>Whether an atom has its centre in a voxel of a box.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="grid">The box.</param>
    internal static bool IsInside(ModelAtom atom, MapGrid grid) =>
        Inside((atom.X - grid.Origin.X) / grid.Spacing.X, grid.Size.X) &&
        Inside((atom.Y - grid.Origin.Y) / grid.Spacing.Y, grid.Size.Y) &&
        Inside((atom.Z - grid.Origin.Z) / grid.Spacing.Z, grid.Size.Z);

    // A voxel is around its centre.
    private static bool Inside(double index, int length) => index >= -0.5 && index < length - 0.5;

    /// <summary>
    /// Blur that makes the density smooth enough for its voxels (Å²). A coefficient at frequency s has that of 1/h − s folded upon it, which B weakens by
    /// exp(−B/4·((1/h − s)² − s²)); asked for is B at the resolution's frequency.
    /// </summary>
    private static double SamplingBlur(double leastBFactor, double voxelSize, ModelDensityOptions options)
    {
        if (options.Resolution is not { } resolution || !options.CorrectSampling)
        {
            return 0;
        }

        double most = 4 * Math.Log(MostAmplification) * resolution * resolution;
        double room = (1 / voxelSize) - (2 / resolution);
        double needed = room > 0 ? -4 * Math.Log(Aliasing) * voxelSize / room : double.PositiveInfinity;
        return Math.Clamp(needed - leastBFactor, 0, most);
    }

    private static PaintedAtom[] Place(ModelAtom[] atoms, double[] bFactors, double samplingBlur, MapGrid grid, ModelDensityOptions options)
    {
        var reaches = new Dictionary<(int Element, double BFactor), double>();
        var placed = new List<PaintedAtom>(atoms.Length);
        AxisTriple origin = grid.Origin;
        AxisTriple spacing = grid.Spacing;
        GridSize size = grid.Size;
        for (int i = 0; i < atoms.Length; i++)
        {
            ModelAtom atom = atoms[i];
            ScatteringFactors factors = ScatteringFactors.Of(atom.AtomicNumber);
            double bFactor = bFactors[i] + samplingBlur;

            // Rounded up, so that few of them have to be found.
            (int, double) key = (atom.AtomicNumber, Math.Ceiling(bFactor));
            if (!reaches.TryGetValue(key, out double reach))
            {
                reach = AtomShape.Reach(factors, key.Item2, options.Accuracy);
                reaches.Add(key, reach);
            }

            double x = Index(atom.X - origin.X, spacing.X, size.X, options.Periodic);
            double y = Index(atom.Y - origin.Y, spacing.Y, size.Y, options.Periodic);
            double z = Index(atom.Z - origin.Z, spacing.Z, size.Z, options.Periodic);
            (int FirstX, int LastX) = Images(x, reach / spacing.X, size.X, options.Periodic);
            (int FirstY, int LastY) = Images(y, reach / spacing.Y, size.Y, options.Periodic);
            (int FirstZ, int LastZ) = Images(z, reach / spacing.Z, size.Z, options.Periodic);
            for (int iz = FirstZ; iz <= LastZ; iz++)
            {
                for (int iy = FirstY; iy <= LastY; iy++)
                {
                    for (int ix = FirstX; ix <= LastX; ix++)
                    {
                        placed.Add(new PaintedAtom(x + ((double)ix * size.X), y + ((double)iy * size.Y), z + ((double)iz * size.Z), reach, bFactor, atom.Occupancy, factors));
                    }
                }
            }
        }

        return [.. placed];
    }

    // Place in voxels; in a periodic box that of the image within it.
    private static double Index(double distance, double spacing, int length, bool periodic)
    {
        double index = distance / spacing;
        return periodic ? index - (length * Math.Floor(index / length)) : index;
    }

    // Boxes to go along an axis so that the atom touches this one.
    private static (int First, int Last) Images(double place, double reach, int length, bool periodic) =>
        periodic ? ((int)Math.Ceiling((-reach - place) / length), (int)Math.Floor((length - 1 + reach - place) / length)) : (0, 0);

    private static void LowPass(float[] voxels, MapGrid grid, double resolution, double samplingBlur, WorkerPool pool, CancellationToken cancellationToken)
    {
        double voxelSize = grid.VoxelSize;
        double cutoff = voxelSize / resolution * (1 + EdgeTolerance);
        double quarter = samplingBlur / (4 * voxelSize * voxelSize);
        using var fft = new RealFft3D(grid.Size, pool);
        using Spectrum spectrum = fft.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(grid.Size, u => (float)Math.Exp(quarter * u * u), cutoff, pool);
        fft.Forward(voxels, spectrum, cancellationToken);
        fft.Inverse(spectrum, filter, spectrum, voxels, cancellationToken);
    }

    private static void RequireMemory(AtomicModel model, MapGrid grid, ModelDensityOptions options)
    {
        if (grid.Size.VoxelCount > Array.MaxLength)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, Say($"A density of {grid.Size} voxels was asked for; expected at most {Array.MaxLength} voxels."))
            {
                Advice = [new("use larger voxels", EngineParameter.ModelVoxelSize), new("use a smaller box")],
            };
        }

        long needed = sizeof(float) * grid.Size.VoxelCount;
        needed += options.Resolution is null ? 0 : RealFft3D.SpectrumBytes(grid.Size) + OctantFilter.BytesFor(grid.Size);
        options.Limits.Require(needed, Say($"The density of '{model.Name}' on {grid.Size} voxels"), model.Path ?? model.Name, new("use a smaller box or larger voxels"));
    }
}
