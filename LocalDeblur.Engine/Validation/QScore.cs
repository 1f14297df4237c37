using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Validation;

/// <summary>Q-score: how much the map around each atom looks like the peak of an atom that is well resolved.</summary>
/// <remarks>
/// <para>Around every atom but hydrogens lie 20 shells of radius 0.1 … 2.0 Å with 32 points each. A point counts where no other atom is nearer; others are
/// not replaced. Q is Pearson's correlation of the density at the points that count with a Gaussian exp(−r²/(2·0.6²)) of their distance from the atom.
/// A constant factor of the map, or one added to it, does not matter.</para>
/// <para>Density is interpolated between eight voxels; points beyond the centres of the outermost voxels do not count. Occupancy and B factors play no part,
/// and atoms of occupancy 0 are scored like others. The map's place in space is that of its header.</para>
/// <para>Source: Pintilie et al., <i>Nat. Methods</i> 17 (2020) 328–334. The points, and that they are not replaced, follow cctbx (2026), whose scores these are
/// to 5·10⁻⁵; the authors' own program looks for other points where some are lost, so that its scores differ.</para>
/// </remarks>
public static class QScore
{
    /// <summary>Radius of the outermost shell (Å).</summary>
    public const double OuterRadius = 2;

    /// <summary>Standard deviation of the Gaussian that atoms are compared with (Å).</summary>
    public const double ReferenceWidth = 0.6;

    private const int ShellCount = 20;
    private const int PointCount = 32;
    private const int Chunk = 64;
    private static readonly AxisTriple[] Directions = Spiral();

    /// <summary>Scores a model in a map.</summary>
    /// <param name="model">The model. Hydrogen and deuterium are left out.</param>
    /// <param name="map">The map. Cubic voxels; finite values.</param>
    /// <param name="options">Parameters; null for the published ones and no expected score.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The scores, the same for any number of threads.</returns>
    /// <exception cref="EngineException">
    /// ModelEmpty (no atom but hydrogens), ModelOutsideMap, MapWithoutSignal, MapNotFinite, ParameterOutOfRange, or a grid without cubic voxels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static QScoreResult Measure(
        AtomicModel model,
        CryoMap map,
        QScoreOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(map);
        options ??= new QScoreOptions();
        options.Validate();
        map.Grid.RequireCubicVoxels(map.Name);
        options.Limits.Require(sizeof(float) * map.Size.VoxelCount, Say($"The Q-score of '{map.Name}' ({map.Size} voxels)"), map.Name);
        map.RequireFinite(cancellationToken);
        ModelAtom[] atoms = [.. model.HeavyAtoms];
        if (atoms.Length == 0)
        {
            throw new EngineException(EngineError.ModelEmpty, $"'{model.Name}' has only hydrogen atoms; expected at least one other atom.", model.Path ?? model.Name);
        }

        int inside = ModelDensity.RequireInside(model, atoms, map.Grid);
        if (map.Minimum == map.Maximum)
        {
            throw new EngineException(EngineError.MapWithoutSignal, Say($"Every voxel of '{map.Name}' is {map.Minimum}; expected a map with contrast."), map.Name);
        }

        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        var work = new Work(atoms, new MapSampler(map, cancellationToken), pool.Threads, progress);
        pool.Run((atoms.Length + Chunk - 1) / Chunk, work, cancellationToken);

        var warnings = new List<string>();
        if (inside < atoms.Length)
        {
            warnings.Add(Say($"{atoms.Length - inside} of {atoms.Length} atoms lie outside the box of '{map.Name}'."));
        }

        int unscored = work.Scores.Count(double.IsNaN);
        if (unscored > 0)
        {
            warnings.Add(Say($"{unscored} of {atoms.Length} atoms have no score, because the map around them is missing or constant; the means leave them out."));
        }

        return new QScoreResult(model, [.. atoms.Select((atom, index) => new QScoreAtom(atom, work.Scores[index]))])
        {
            Map = MapLabel.Of(map),
            Model = model.Name,
            Resolution = options.Resolution,
            Expected = options.Resolution is { } resolution ? Expected(model, resolution) : null,
            Warnings = warnings,
        };
    }

    /// <summary>Mean Q-score of protein that is deposited at a resolution: 1.1192 − 0.1775·d.</summary>
    /// <param name="resolution">Resolution d (Å).</param>
    /// <remarks>
    /// The line that the authors of the score drew through models and maps of the EMDB, for the reference width of 0.6 Å; their program mapq reports it.
    /// It describes deposited maps, most of them sharpened, between about 1.5 and 5 Å.
    /// </remarks>
    public static double ExpectedForProtein(double resolution) => 1.1192 - (0.1775 * resolution);

    /// <summary>Mean Q-score of nucleic acid that is deposited at a resolution: 0.9973 − 0.1377·d.</summary>
    /// <param name="resolution">Resolution d (Å).</param>
    /// <remarks>As <see cref="ExpectedForProtein"/>.</remarks>
    public static double ExpectedForNucleicAcid(double resolution) => 0.9973 - (0.1377 * resolution);

    private static double? Expected(AtomicModel model, double resolution)
    {
        int protein = 0;
        int nucleic = 0;
        foreach (ModelResidue residue in model.Residues)
        {
            int heavy = residue.Atoms.Count(atom => !atom.IsHydrogen);
            if (residue.Find("CA") is { AtomicNumber: 6 } && residue.Find("N") is not null)
            {
                protein += heavy;
            }
            else if (residue.Find("C1'") is not null || residue.Find("C1*") is not null)
            {
                nucleic += heavy;
            }
        }

        return protein + nucleic > 0
            ? ((protein * ExpectedForProtein(resolution)) + (nucleic * ExpectedForNucleicAcid(resolution))) / (protein + nucleic)
            : null;
    }

    // From pole to pole, each point turned on by the angle that keeps the distance to the one before.
    private static AxisTriple[] Spiral()
    {
        const double Turn = 3.6;
        var directions = new AxisTriple[PointCount];
        double theta = 0;
        for (int k = 0; k < PointCount; k++)
        {
            double height = -1 + (2.0 * k / (PointCount - 1));
            if (k is > 0 and < PointCount - 1)
            {
                theta += Turn / Math.Sqrt(PointCount * (1 - (height * height)));
            }

            double phi = Math.Acos(height);
            directions[k] = new AxisTriple(Math.Sin(phi) * Math.Cos(theta), Math.Sin(phi) * Math.Sin(theta), Math.Cos(phi));
        }

        return directions;
    }

    private sealed class Work(ModelAtom[] atoms, MapSampler map, int workers, IProgress<StageProgress>? progress) : IIndexedWork
    {
        private readonly AtomNeighbours _neighbours = new(atoms, 2 * OuterRadius);
        private readonly List<(AxisTriple Way, double Square)>[] _found = [.. Enumerable.Range(0, workers).Select(_ => new List<(AxisTriple, double)>())];
        private int _done;

        public double[] Scores { get; } = new double[atoms.Length];

        public void Execute(int index, int worker)
        {
            int end = Math.Min((index + 1) * Chunk, atoms.Length);
            for (int i = index * Chunk; i < end; i++)
            {
                Scores[i] = Score(i, _found[worker]);
            }

            int done = Interlocked.Add(ref _done, end - (index * Chunk));
            if (worker == 0)
            {
                progress?.Report(new StageProgress("Q-score", (double)done / atoms.Length));
            }
        }

        private double Score(int index, List<(AxisTriple Way, double Square)> found)
        {
            ModelAtom atom = atoms[index];
            _neighbours.Collect(index, found);
            var sums = new PearsonSums();
            double first = double.NaN;
            bool varies = false;
            for (int shell = 1; shell <= ShellCount; shell++)
            {
                double radius = shell * OuterRadius / ShellCount;
                double reference = Math.Exp(-radius * radius / (2 * ReferenceWidth * ReferenceWidth));
                foreach (AxisTriple direction in Directions)
                {
                    if (IsOwn(direction, radius, found)
                        && map.TrySample(atom.X + (radius * direction.X), atom.Y + (radius * direction.Y), atom.Z + (radius * direction.Z), out double density))
                    {
                        if (sums.Count == 0)
                        {
                            first = density;
                        }

                        // Relative to one of them, so that little is lost where a map is far from zero.
                        varies |= density != first;
                        sums.Add(density - first, reference);
                    }
                }
            }

            return varies ? sums.Correlation : double.NaN;
        }

        // A point at r·d is nearer to the atom at v than to its own where |r·d − v| < r, that is d·v > v²/(2r).
        private static bool IsOwn(AxisTriple direction, double radius, List<(AxisTriple Way, double Square)> found)
        {
            foreach ((AxisTriple way, double square) in found)
            {
                if (square >= 4 * radius * radius)
                {
                    return true;
                }

                if (2 * radius * ((direction.X * way.X) + (direction.Y * way.Y) + (direction.Z * way.Z)) > square)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
