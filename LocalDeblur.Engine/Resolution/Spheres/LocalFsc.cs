using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Resolution.Spheres;

/// <summary>
/// Local resolution from the Fourier shell correlation of two half maps in soft spheres: the scheme of RELION's postprocess with --locres.
/// </summary>
/// <remarks>
/// Spheres lie one sampling distance apart about the middle of the box, with half of it as radius and all of it as soft edge, as long as their
/// centres keep a radius from the sphere (in a box that is no cube: the ellipsoid) inscribed to the box. In each, FSC as in
/// <see cref="FourierShellCorrelation"/>, over the frequencies of the whole box; the local resolution is that of the last shell before the first below
/// 0.143, at most the coarsest asked for. A voxel gets Σm/Σ(m/r) over the spheres, with m their weight there and r their resolution; 0 where no sphere reaches.
/// A background away from 0 is taken off before, which the published program does not do: there a constant added to both half maps counts as what they have in common.
/// Each sphere's curve is computed exactly, but from the lines of the transform through its window alone and only as far as it takes (<c>WindowShells</c>).
/// </remarks>
public static class LocalFsc
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "LocalFsc";

    // Voxels from one sphere to the next below which the scheme means nothing.
    private const int LeastSpacing = 2;

    /// <summary>Measures the local resolution.</summary>
    /// <param name="halves">Both half maps. Cubic voxels; finite values.</param>
    /// <param name="mask">
    /// Where the local resolution is wanted (≥ 0.5), on the same grid: the result is 0 elsewhere, and spheres that do not reach it are left out, which changes
    /// nothing inside. Null for everywhere.
    /// </param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The local resolution (Å), on the same grid, and its range. It does not depend on the number of threads.
    /// </returns>
    /// <exception cref="EngineException">The input cannot be used, does not fit together, or needs more memory than allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocalFscResult Run(
        Reconstruction halves,
        CryoMap? mask = null,
        LocalFscOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(halves);
        options ??= new LocalFscOptions();
        halves.RequireHalves(StepName);
        CryoMap firstHalf = halves.Half1;
        firstHalf.Grid.RequireCubicVoxels(firstHalf.Name);
        mask?.Grid.RequireSameAs(mask.Name, firstHalf.Grid, firstHalf.Name);
        SphereGrid grid = PlaceSpheres(firstHalf, options);
        using var pool = new WorkerPool(options.Limits.AllowedThreads);
        RequireMemory(firstHalf, mask, grid, pool.Threads, options);

        const string Reading = "Local resolution: reading maps";
        progress?.Report(new StageProgress(Reading, 0));
        if (mask is not null)
        {
            MaskRule.RequireSignalInside(halves, mask, cancellationToken);
        }

        halves.RequireSound(cancellationToken);
        Reconstruction scaled = GreyValues.Times(halves, GreyValues.FactorOf(halves.Maps), cancellationToken);
        float[] first = scaled.Half1.Load(cancellationToken);
        float[] second = scaled.Half2.Load(cancellationToken);
        (float First, float Second) backgrounds = (Background.Measure(scaled.Half1, cancellationToken), Background.Measure(scaled.Half2, cancellationToken));
        bool[]? inside = mask is null ? null : Inside(mask, cancellationToken);
        (int X, int Y, int Z)[] centres = [.. grid.Centres.Where(centre => inside is null || Touches(grid, centre, inside))];
        cancellationToken.ThrowIfCancellationRequested();
        if (centres.Length == 0)
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"No sphere reaches the mask '{mask!.Name}': it lies in the corners of the box, outside the largest sphere that fits into it."),
                mask.Name)
            {
                Advice = [new("give a mask of the molecule", EngineParameter.Mask), new("give a shorter sampling distance", EngineParameter.SamplingDistance)],
            };
        }

        double edge = firstHalf.Size.Longest * firstHalf.VoxelSize;
        int? start = options.RandomiseBeyond is { } resolution ? FourierShellCorrelation.ShellOf(edge, resolution) : null;
        (float[] First, float[] Second)? random = null;
        if (start is { } from && from <= firstHalf.Size.Longest / 2)
        {
            progress?.Report(new StageProgress("Local resolution: random phases", 0));
            random = Randomise(firstHalf.Size, first, second, from, pool, options, cancellationToken);
        }

        using var shells = new WindowShells(firstHalf.Size, WindowWidth(grid), options.Counting, pool);
        var work = new Spheres(shells, grid, centres, first, second, random, start ?? int.MaxValue, pool.Threads) { Backgrounds = backgrounds };
        try
        {
            work.Probe();
            const int Batch = 64;
            for (int begin = 0; begin < centres.Length; begin += Batch)
            {
                progress?.Report(new StageProgress(Say($"Local resolution: sphere {begin + 1} of {centres.Length}"), (double)begin / centres.Length));
                work.Begin = begin;
                pool.Run(Math.Min(Batch, centres.Length - begin), work, cancellationToken);
            }
        }
        finally
        {
            work.Dispose();
        }

        double[] resolutions = [.. work.LastShells.Select(shell => Math.Min(options.CoarsestResolution, edge / shell))];
        float[] voxels = Interpolate(grid, centres, resolutions, inside, pool, cancellationToken);
        progress?.Report(new StageProgress("Local resolution", 1));
        string[] takenOff = [.. Background.Decisions((scaled.Half1, backgrounds.First), (scaled.Half2, backgrounds.Second))];
        return Describe(halves, mask, options, grid, centres.Length, random is null ? null : start, edge, voxels, inside, takenOff);
    }

    private static LocalFscResult Describe(
        Reconstruction halves, CryoMap? mask, LocalFscOptions options, SphereGrid grid, int spheres, int? randomisedFrom, double edge, float[] voxels,
        bool[]? inside, string[] takenOff)
    {
        long missed = inside is null ? 0 : Enumerable.Range(0, voxels.Length).LongCount(i => inside[i] && voxels[i] == 0);
        float[] values = new float[voxels.Count(value => value > 0)];
        int filled = 0;
        foreach (float value in voxels)
        {
            if (value > 0)
            {
                values[filled++] = value;
            }
        }

        Array.Sort(values);
        var found = new LocalFscResult
        {
            Spheres = spheres,
            RadiusVoxels = grid.Radius,
            SpacingVoxels = grid.Spacing,
            RandomisedFrom = randomisedFrom,
            InsideVoxels = values.LongLength,
            Finest = values.Length > 0 ? values[0] : double.NaN,
            Median = values.Length > 0 ? values[values.Length / 2] : double.NaN,
            Coarsest = values.Length > 0 ? values[^1] : double.NaN,
            Decisions =
            [
                Say($"{spheres} of {grid.Centres.Count} spheres were measured, {grid.Spacing} voxels apart, ")
                    + Say($"of radius {grid.Radius} voxels and with a soft edge of {grid.Spacing} voxels."),
                randomisedFrom is { } start
                    ? Say($"Phases were random from shell {start} ({edge / start:0.##} Å) on, seed {options.Seed}, to correct for the masks of the spheres.")
                    : "Nothing was corrected for the masks of the spheres.",
                .. takenOff,
                .. options.Limits.Decisions,
            ],
            Warnings =
            [
                .. halves.Warnings(),
                .. MaskRule.Doubts(mask, CancellationToken.None),
                .. missed == 0 ? [] : (string[])[Say($"{missed} voxels of the mask lie beyond every sphere, in the corners of the box, and have no local resolution.")],
            ],
        };
        return found with
        {
            Map = halves.Half1.Derive(voxels, found.Entry(
                ("SecondHalfMap", halves.SecondSource),
                ("Mask", MapLabel.SourceOf(mask)),
                ("SamplingDistance", options.SamplingDistance),
                ("RandomiseBeyond", options.RandomiseBeyond),
                ("CoarsestResolution", options.CoarsestResolution),
                ("Seed", options.Seed),
                ("Counting", options.Counting.ToString()))),
        };
    }

    private static SphereGrid PlaceSpheres(CryoMap map, LocalFscOptions options)
    {
        Require(
            options.SamplingDistance > 0 && double.IsFinite(options.SamplingDistance),
            EngineParameter.SamplingDistance,
            "sampling distance (Å)",
            options.SamplingDistance,
            "a positive number");
        Require(
            options.CoarsestResolution > 0 && double.IsFinite(options.CoarsestResolution),
            EngineParameter.CoarsestResolution,
            "coarsest resolution (Å)",
            options.CoarsestResolution,
            "a positive number");
        Require(
            options.RandomiseBeyond is not { } resolution || (resolution > 0 && double.IsFinite(resolution)),
            EngineParameter.RandomiseBeyond,
            "resolution from which on phases are random (Å)",
            options.RandomiseBeyond,
            "a positive number, or none");
        double voxels = options.SamplingDistance / map.VoxelSize;
        int shortest = Math.Min(map.Size.X, Math.Min(map.Size.Y, map.Size.Z));
        if (!(voxels >= LeastSpacing) || voxels > shortest)
        {
            throw Refuse();
        }

        int spacing = (int)Math.Floor(voxels + 0.5);
        int radius = (int)Math.Floor((0.5 * voxels) + 0.5);
        if ((shortest / 2) - radius < 1)
        {
            throw Refuse();
        }

        var grid = new SphereGrid(map.Size, spacing, radius);
        return grid.Centres.Count > 0 ? grid : throw Refuse();

        EngineException Refuse() => EngineException.OutOfRange(
            EngineParameter.SamplingDistance,
            Say($"A sampling distance of {options.SamplingDistance:0.###} Å is {voxels:0.#} voxels of '{map.Name}' ({map.Size}); ")
                + Say($"expected at least {LeastSpacing} voxels, and few enough that a sphere of that diameter fits between the middle and the edge of the box."),
            map.Name);

        static void Require(bool holds, EngineParameter parameter, string name, double? value, string expected)
        {
            if (!holds)
            {
                throw EngineException.OutOfRange(parameter, Say($"The {name} is {value}; expected {expected}."));
            }
        }
    }

    private static bool[] Inside(CryoMap mask, CancellationToken cancellationToken)
    {
        mask.RequireFinite(cancellationToken);
        bool[] inside = Array.ConvertAll(mask.Load(cancellationToken), MaskRule.Selects);
        return Array.IndexOf(inside, true) >= 0 ? inside : throw MaskRule.Empty(mask);
    }

    private static bool Touches(SphereGrid grid, (int X, int Y, int Z) centre, bool[] inside)
    {
        (int x0, int nx) = grid.Window(centre.X, grid.Size.X);
        (int y0, int ny) = grid.Window(centre.Y, grid.Size.Y);
        (int z0, int nz) = grid.Window(centre.Z, grid.Size.Z);
        for (int z = z0; z < z0 + nz; z++)
        {
            for (int y = y0; y < y0 + ny; y++)
            {
                int across = ((y - centre.Y) * (y - centre.Y)) + ((z - centre.Z) * (z - centre.Z));
                int offset = (int)grid.Size.Offset(0, y, z);
                for (int x = x0; x < x0 + nx; x++)
                {
                    if (inside[offset + x] && across + ((x - centre.X) * (x - centre.X)) < grid.Reach * grid.Reach)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static (float[] First, float[] Second) Randomise(
        GridSize size, float[] first, float[] second, int from, WorkerPool pool, LocalFscOptions options, CancellationToken cancellationToken)
    {
        using var transform = new RealFft3D(size, pool);
        using Spectrum spectrum = transform.AllocateSpectrum();
        return (Apply(first, 1), Apply(second, 2));

        float[] Apply(float[] voxels, int map)
        {
            transform.Forward(voxels, spectrum, cancellationToken);
            PhaseRandomisation.Apply(spectrum, from, options.Seed, map, options.Limits, cancellationToken);
            float[] result = new float[voxels.Length];
            transform.Inverse(spectrum, result, cancellationToken);
            return result;
        }
    }

    // Σm/Σ(m/r), each plane by itself and its spheres in order, so that the sums do not depend on the threads.
    private static float[] Interpolate(SphereGrid grid, (int X, int Y, int Z)[] centres, double[] resolutions, bool[]? inside, WorkerPool pool, CancellationToken cancellationToken)
    {
        GridSize size = grid.Size;
        float[] voxels = new float[size.VoxelCount];
        int plane = size.X * size.Y;
        pool.Run(
            size.Z,
            z =>
            {
                double[] weight = new double[plane];
                double[] inverse = new double[plane];
                ReadOnlySpan<double> weights = grid.Weights;
                for (int i = 0; i < centres.Length; i++)
                {
                    (int X, int Y, int Z) centre = centres[i];
                    int dz = (z - centre.Z) * (z - centre.Z);
                    if (dz >= grid.Reach * grid.Reach)
                    {
                        continue;
                    }

                    double frequency = 1 / resolutions[i];
                    (int x0, int nx) = grid.Window(centre.X, size.X);
                    (int y0, int ny) = grid.Window(centre.Y, size.Y);
                    for (int y = y0; y < y0 + ny; y++)
                    {
                        int across = dz + ((y - centre.Y) * (y - centre.Y));
                        for (int x = x0; x < x0 + nx; x++)
                        {
                            int square = across + ((x - centre.X) * (x - centre.X));
                            if (square < weights.Length)
                            {
                                weight[x + (y * size.X)] += weights[square];
                                inverse[x + (y * size.X)] += weights[square] * frequency;
                            }
                        }
                    }
                }

                Span<float> target = voxels.AsSpan(z * plane, plane);
                for (int i = 0; i < plane; i++)
                {
                    bool wanted = weight[i] > 0 && (inside is null || inside[(z * plane) + i]);
                    target[i] = wanted ? (float)(weight[i] / inverse[i]) : 0;
                }
            },
            cancellationToken);
        return voxels;
    }

    private static int WindowWidth(SphereGrid grid) => Math.Min((2 * grid.Reach) - 1, grid.Size.Longest);

    // Both maps, the result, its values in order, and what the spheres need; with random phases two maps more and a transform.
    private static void RequireMemory(CryoMap map, CryoMap? mask, SphereGrid grid, int threads, LocalFscOptions options)
    {
        long voxels = map.Size.VoxelCount;
        long needed = (4 * sizeof(float) * voxels)
            + (mask is null ? 0 : (sizeof(float) + sizeof(bool)) * voxels)
            + (options.RandomiseBeyond is null ? 0 : (2 * sizeof(float) * voxels) + RealFft3D.SpectrumBytes(map.Size))
            + WindowShells.RequiredBytes(map.Size, WindowWidth(grid), threads);
        options.Limits.Require(
            needed,
            Say($"The local resolution of '{map.Name}' ({map.Size} voxels) on {threads} threads"),
            map.Name,
            new("use fewer threads", EngineParameter.Threads));
    }

    /// <summary>Finds the last shell of each sphere before its curve falls below the threshold.</summary>
    private sealed class Spheres : IIndexedWork, IDisposable
    {
        private readonly WindowShells _shells;
        private readonly SphereGrid _grid;
        private readonly (int X, int Y, int Z)[] _centres;
        private readonly float[] _first;
        private readonly float[] _second;
        private readonly (float[] First, float[] Second)? _random;
        private readonly int _correctedFrom;
        private readonly WindowShells.Workspace[] _workspaces;
        private int[] _limits = [];

        public Spheres(
            WindowShells shells, SphereGrid grid, (int X, int Y, int Z)[] centres, float[] first, float[] second,
            (float[] First, float[] Second)? random, int start, int threads)
        {
            _shells = shells;
            _grid = grid;
            _centres = centres;
            _first = first;
            _second = second;
            _random = random;
            _correctedFrom = random is null ? int.MaxValue : start + 2;
            LastShells = new int[centres.Length];
            _workspaces = [.. Enumerable.Range(0, threads).Select(_ => shells.CreateWorkspace())];
            foreach (WindowShells.Workspace workspace in _workspaces)
            {
                workspace.Use(grid);
            }
        }

        /// <summary>What is taken off the maps before a sphere cuts them.</summary>
        public (float First, float Second) Backgrounds { get; init; }

        /// <summary>Sphere that piece 0 stands for.</summary>
        public int Begin { get; set; }

        /// <summary>The shells found.</summary>
        public int[] LastShells { get; }

        /// <summary>Measures the sphere in the middle in full, to learn how far the others are likely to reach. Their result does not depend on it, only the work.</summary>
        public void Probe()
        {
            int last = _shells.Count - 1;
            _limits = [last];
            int reached = Find(_centres[_centres.Length / 2], _workspaces[0]);

            // First as far as solvent reaches, then as far as the molecule does, then by halves more.
            var limits = new List<int> { Math.Min(last, Math.Max(6, reached / 3)) };
            for (int next = Math.Max(limits[0] + 4, (reached * 8 / 7) + 2); limits[^1] < last; next = next * 3 / 2)
            {
                limits.Add(Math.Min(last, next));
            }

            _limits = [.. limits];
        }

        public void Execute(int index, int worker) => LastShells[Begin + index] = Find(_centres[Begin + index], _workspaces[worker]);

        public void Dispose()
        {
            foreach (WindowShells.Workspace workspace in _workspaces)
            {
                workspace.Dispose();
            }
        }

        private int Find((int X, int Y, int Z) centre, WindowShells.Workspace workspace)
        {
            int done = 0;
            foreach (int limit in _limits)
            {
                double[] masked = workspace.Correlation;
                _shells.Measure(_first, _second, Backgrounds, _grid, centre, limit, workspace, masked);
                int shell = done + 1;
                for (; shell <= limit && shell < _correctedFrom; shell++)
                {
                    if (!(masked[shell] >= FscResult.Threshold))
                    {
                        return shell - 1;
                    }
                }

                if (shell <= limit)
                {
                    double[] randomised = workspace.Randomised;
                    _shells.Measure(_random!.Value.First, _random.Value.Second, Backgrounds, _grid, centre, limit, workspace, randomised);
                    for (; shell <= limit; shell++)
                    {
                        if (!((masked[shell] - randomised[shell]) / (1 - randomised[shell]) >= FscResult.Threshold))
                        {
                            return shell - 1;
                        }
                    }
                }

                done = limit;
            }

            return done;
        }
    }
}
