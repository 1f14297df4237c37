using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Phantom;

/// <summary>
/// A protein-like map whose truth is known: a molecule of α-helices, sharp (<see cref="DrawTruth"/>), and as a reconstruction would show it
/// (<see cref="DrawHalfMap"/>): blurred from core to far end as its local resolution falls, with noise.
/// </summary>
/// <remarks>
/// <para>An atom of weight f in a place of resolution d is the Gaussian f·(2πσ²)^(−3/2)·exp(−r²/2σ²) with σ = d/(π√2) ≈ 0.225 d, whose transform
/// f·exp(−(d·s)²) falls to 1/e at the frequency s = 1/d (the convention of ChimeraX <c>molmap</c>), the same as a B factor of 4d²: 36 Å² at 3 Å,
/// 256 Å² at 8 Å. Variances add under convolution, so the blurred map is the truth passed through a local Gaussian low-pass of variance
/// σ(d)² − σ(d_finest)²; every atom keeps its integral.</para>
/// <para>The noise is normal and independent between the half maps. Its spectrum falls gently towards Nyquist, as interpolation makes it do in a reconstruction:
/// white noise smoothed along each axis by (1/8, 3/4, 1/8), an amplitude factor of ¾ + ¼·cos 2πu an axis. It fills the whole box.</para>
/// <para>Maps are drawn when asked for and not kept, so that the caller needs memory for one at a time. The same options give the same voxels for any number of
/// threads, and on any machine up to the rounding of its exponential and logarithm. Safe to share between threads.</para>
/// </remarks>
public sealed class HelixPhantom
{
    // Planes that one thread draws at a time: fixed, so that nothing depends on the number of threads.
    private const int SlabPlanes = 8;

    // The tables of a Gaussian end here; beyond it lies less than 1e-5 of an axis' integral.
    private const double GaussianReach = 4.5;

    // Every place within this distance of an atom is inside the mask (Å).
    private const double MaskReach = 5;
    private const float NoiseSide = 0.125f;
    private const float NoiseCentre = 0.75f;

    private readonly Molecule _molecule;
    private readonly Lock _gate = new();
    private double _signalDeviation = double.NaN;

    /// <summary>Builds the molecule. No map is drawn yet.</summary>
    /// <param name="options">What to make; null for the defaults.</param>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    public HelixPhantom(PhantomOptions? options = null)
    {
        Options = options ?? new PhantomOptions();
        Options.Validate();
        Grid = new MapGrid(new GridSize(Options.Size, Options.Size, Options.Size), Options.VoxelSize);
        _molecule = new Molecule(Options);
        Atoms = new ReadOnlyCollection<PhantomAtom>(_molecule.Atoms);
    }

    /// <summary>What it is made with.</summary>
    public PhantomOptions Options { get; }

    /// <summary>Grid of every map of the phantom.</summary>
    public MapGrid Grid { get; }

    /// <summary>The atoms, helix by helix.</summary>
    internal ReadOnlyCollection<PhantomAtom> Atoms { get; }

    /// <summary>The truth: every atom at the finest resolution, no noise.</summary>
    /// <param name="progress">Told about each slab, one at a time, from the threads that draw; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops between two slabs.</param>
    public CryoMap DrawTruth(IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Map("truth", "truth", DrawDensity("Drawing the truth", _ => Options.FinestResolution, progress, cancellationToken));

    /// <summary>The signal of both half maps: every atom at its local resolution, no noise.</summary>
    /// <param name="progress">Told about each slab, one at a time, from the threads that draw; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops between two slabs.</param>
    public CryoMap DrawSignal(IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Map("signal", "signal", DrawDensity("Drawing the signal", atom => atom.Resolution, progress, cancellationToken));

    /// <summary>One of two half maps: the signal and noise of its own, √2 times as strong as in the mean of both.</summary>
    /// <param name="number">1 or 2.</param>
    /// <param name="progress">Told about each slab, one at a time, from the threads that draw; null where nobody listens.</param>
    /// <param name="cancellationToken">Stops between two slabs.</param>
    public CryoMap DrawHalfMap(int number, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 2);
        RequireMemory(volumes: 2);
        string stage = $"Drawing half map {number.ToString(CultureInfo.InvariantCulture)}";
        float[] signal = DrawDensity(stage, atom => atom.Resolution, progress, cancellationToken);
        double deviation = SignalDeviation(signal, cancellationToken);
        AddNoise(signal, number, Math.Sqrt(2) * Options.NoiseFraction * deviation, cancellationToken);
        return Map($"half{number.ToString(CultureInfo.InvariantCulture)}", "half map", signal);
    }

    /// <summary>The mask: 1 within 5 Å of an atom, 0 elsewhere.</summary>
    /// <param name="cancellationToken">Stops between two slabs.</param>
    public CryoMap DrawMask(CancellationToken cancellationToken = default) => Map("mask", "mask", MarkMask(cancellationToken));

    /// <summary>The true local resolution (Å) inside the mask, 0 outside.</summary>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public CryoMap DrawLocalResolution(CancellationToken cancellationToken = default)
    {
        float[] voxels = MarkMask(cancellationToken);
        int n = Options.Size;
        Options.Limits.ForEach(n, z =>
        {
            for (int y = 0; y < n; y++)
            {
                Span<float> row = voxels.AsSpan((int)Grid.Size.Offset(0, y, z), n);
                for (int x = 0; x < n; x++)
                {
                    if (row[x] > 0)
                    {
                        row[x] = (float)_molecule.ResolutionAt(new Vector3(x, y, z) * (float)Options.VoxelSize);
                    }
                }
            }
        }, cancellationToken);
        return Map("local-resolution", "local resolution", voxels);
    }

    /// <summary>
    /// The atoms as a model with the names of chemistry: each helix a chain, from A on. The B factor, 4·d² of the finest resolution d, is that
    /// of the truth, in which all atoms are equally sharp.
    /// </summary>
    public AtomicModel BuildModel() => new("phantom-model", Enumerable.Range(0, Atoms.Count).Select(ModelAtom));

    /// <summary>Refuses to draw what does not fit into the memory allowed.</summary>
    /// <param name="volumes">Maps that are held at once.</param>
    /// <exception cref="EngineException">InsufficientMemory.</exception>
    internal void RequireMemory(int volumes) =>
        Options.Limits.Require(volumes * sizeof(float) * Grid.Size.VoxelCount, $"Drawing a phantom of {Grid.Size} voxels", "phantom", new("make it smaller"));

    private static double Sigma(double resolution) => resolution / (Math.PI * Math.Sqrt(2));

    // 0 is A, 25 is Z, 26 is AA, as the columns of a table are named.
    private static string ChainName(int helix) => (helix >= 26 ? ChainName((helix / 26) - 1) : "") + (char)('A' + (helix % 26));

    private ModelAtom ModelAtom(int index)
    {
        AtomSite site = _molecule.Sites[index];
        Vector3 position = Atoms[index].Position;
        string name = HelixBuilder.AtomName(site);
        PeriodicTable.TryFind(name[..1], out (string Symbol, int Number) element);
        return new ModelAtom
        {
            Serial = index + 1,
            Name = name,
            Element = element.Symbol,
            AtomicNumber = element.Number,
            ResidueName = HelixBuilder.ResidueName(site),
            Chain = ChainName(site.Helix),
            ResidueNumber = site.Residue + 1,
            X = position.X,
            Y = position.Y,
            Z = position.Z,
            BFactor = 4 * Options.FinestResolution * Options.FinestResolution,
        };
    }

    private CryoMap Map(string name, string what, float[] voxels) => new(
        Grid,
        voxels,
        $"phantom-{name}",
        [
            new HistoryEntry
            {
                Step = "Phantom",
                Parameters = HistoryEntry.Values(
                    ("What", what),
                    ("Size", Options.Size),
                    ("VoxelSize", Options.VoxelSize),
                    ("Seed", Options.Seed),
                    ("FinestResolution", Options.FinestResolution),
                    ("CoarsestResolution", Options.CoarsestResolution),
                    ("NoiseFraction", Options.NoiseFraction)),
                Figures = HistoryEntry.Values(("Atoms", Atoms.Count)),
                Decisions = [.. Options.Limits.Decisions],
            },
        ]);

    private float[] DrawDensity(string stage, Func<PhantomAtom, double> resolution, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        RequireMemory(volumes: 1);
        float[] voxels = new float[Grid.Size.VoxelCount];
        int slabs = (Options.Size + SlabPlanes - 1) / SlabPlanes;
        int done = 0;
        var told = new Lock();
        Options.Limits.ForEach(slabs, slab =>
        {
            DrawSlab(voxels, slab * SlabPlanes, Math.Min(Options.Size, (slab + 1) * SlabPlanes), resolution);
            lock (told)
            {
                progress?.Report(new StageProgress(stage, (double)++done / slabs));
            }
        }, cancellationToken);
        return voxels;
    }

    // Atoms in their order, so that each voxel's sum is the same however the slabs are shared out.
    private void DrawSlab(float[] voxels, int zBegin, int zEnd, Func<PhantomAtom, double> resolution)
    {
        int n = Options.Size;
        int longest = (int)(2 * GaussianReach * Sigma(Options.CoarsestResolution) / Options.VoxelSize) + 3;
        Span<float> tableX = stackalloc float[longest];
        Span<float> tableY = stackalloc float[longest];
        Span<float> tableZ = stackalloc float[longest];
        foreach (PhantomAtom atom in _molecule.Atoms)
        {
            double sigma = Sigma(resolution(atom)) / Options.VoxelSize;
            double centreZ = atom.Position.Z / Options.VoxelSize;
            if (centreZ + (GaussianReach * sigma) < zBegin - 1 || centreZ - (GaussianReach * sigma) > zEnd)
            {
                continue;
            }

            (int firstX, int countX) = Tabulate(atom.Position.X / Options.VoxelSize, sigma, tableX);
            (int firstY, int countY) = Tabulate(atom.Position.Y / Options.VoxelSize, sigma, tableY);
            (int firstZ, int countZ) = Tabulate(centreZ, sigma, tableZ);

            // Weight per Å³: the integral over space is the weight, whatever the voxel size.
            double scale = atom.Weight / Math.Pow(Options.VoxelSize, 3);
            int lowX = Math.Max(0, firstX);
            int highX = Math.Min(n, firstX + countX);
            if (lowX >= highX)
            {
                continue;
            }

            ReadOnlySpan<float> factors = tableX.Slice(lowX - firstX, highX - lowX);
            for (int z = Math.Max(zBegin, firstZ); z < Math.Min(zEnd, firstZ + countZ); z++)
            {
                for (int y = Math.Max(0, firstY); y < Math.Min(n, firstY + countY); y++)
                {
                    Span<float> row = voxels.AsSpan((int)Grid.Size.Offset(lowX, y, z), factors.Length);
                    TensorPrimitives.MultiplyAdd(factors, (float)(scale * tableZ[z - firstZ] * tableY[y - firstY]), row, row);
                }
            }
        }
    }

    // A Gaussian along one axis, scaled to a sum of exactly 1, so that an atom's integral does not depend on its place between the voxels.
    private static (int First, int Count) Tabulate(double centre, double sigma, Span<float> table)
    {
        int first = (int)Math.Ceiling(centre - (GaussianReach * sigma));
        int count = (int)Math.Floor(centre + (GaussianReach * sigma)) - first + 1;
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            double distance = (first + i - centre) / sigma;
            double value = Math.Exp(-0.5 * distance * distance);
            sum += value;
            table[i] = (float)value;
        }

        for (int i = 0; i < count; i++)
        {
            table[i] = (float)(table[i] / sum);
        }

        return (first, count);
    }

    private float[] MarkMask(CancellationToken cancellationToken)
    {
        RequireMemory(volumes: 1);
        float[] voxels = new float[Grid.Size.VoxelCount];
        int n = Options.Size;
        double reach = MaskReach / Options.VoxelSize;
        int slabs = (n + SlabPlanes - 1) / SlabPlanes;
        Options.Limits.ForEach(slabs, slab =>
        {
            int zEnd = Math.Min(n, (slab + 1) * SlabPlanes);
            foreach (PhantomAtom atom in _molecule.Atoms)
            {
                Vector3 centre = atom.Position / (float)Options.VoxelSize;
                for (int z = Math.Max(slab * SlabPlanes, (int)Math.Ceiling(centre.Z - reach)); z < zEnd && z <= centre.Z + reach; z++)
                {
                    for (int y = Math.Max(0, (int)Math.Ceiling(centre.Y - reach)); y < n && y <= centre.Y + reach; y++)
                    {
                        double chord = (reach * reach) - Square(z - centre.Z) - Square(y - centre.Y);
                        if (chord < 0)
                        {
                            continue;
                        }

                        double half = Math.Sqrt(chord);
                        int low = Math.Max(0, (int)Math.Ceiling(centre.X - half));
                        int high = Math.Min(n - 1, (int)Math.Floor(centre.X + half));
                        if (low <= high)
                        {
                            voxels.AsSpan((int)Grid.Size.Offset(low, y, z), high - low + 1).Fill(1);
                        }
                    }
                }
            }
        }, cancellationToken);
        return voxels;
    }

    private static double Square(double value) => value * value;

    // Deviation of the signal inside the mask; measured once, from the first signal drawn.
    private double SignalDeviation(float[] signal, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (double.IsNaN(_signalDeviation))
            {
                float[] mask = MarkMask(cancellationToken);
                long count = 0;
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < mask.Length; i++)
                {
                    if (mask[i] > 0)
                    {
                        count++;
                        sum += signal[i];
                        squares += (double)signal[i] * signal[i];
                    }
                }

                double mean = sum / count;
                _signalDeviation = Math.Sqrt((squares / count) - (mean * mean));
            }

            return _signalDeviation;
        }
    }

    // Each plane has a random stream of its own, so that the planes can be drawn in any order.
    private void AddNoise(float[] signal, int number, double deviation, CancellationToken cancellationToken)
    {
        if (deviation == 0)
        {
            return;
        }

        int n = Options.Size;
        int plane = n * n;
        float[] noise = new float[signal.Length];
        Options.Limits.ForEach(n, z =>
        {
            var random = new DeterministicRandom(Options.Seed, ((ulong)number << 32) | (uint)z);
            Span<float> values = noise.AsSpan(z * plane, plane);
            foreach (ref float value in values)
            {
                value = (float)random.NextNormal();
            }

            for (int y = 0; y < n; y++)
            {
                Smooth(values.Slice(y * n, n), n, 1, 1);
            }

            Smooth(values, n, n, n);
        }, cancellationToken);

        // What the three passes leave of the variance of white noise.
        double kept = Math.Pow((2 * NoiseSide * NoiseSide) + (NoiseCentre * NoiseCentre), 3);
        float scale = (float)(deviation / Math.Sqrt(kept));
        Options.Limits.ForEach(n, y =>
        {
            Smooth(noise.AsSpan(y * n), n, plane, n);
            for (int z = 0; z < n; z++)
            {
                Span<float> row = signal.AsSpan((z * plane) + (y * n), n);
                TensorPrimitives.MultiplyAdd(noise.AsSpan((z * plane) + (y * n), n), scale, row, row);
            }
        }, cancellationToken);
    }

    // (1/8, 3/4, 1/8) along one periodic axis, in place: 'rows' rows of 'length' values, 'stride' apart.
    private static void Smooth(Span<float> values, int rows, int stride, int length)
    {
        Span<float> first = stackalloc float[length];
        Span<float> previous = stackalloc float[length];
        Span<float> current = stackalloc float[length];
        values[..length].CopyTo(first);
        values.Slice((rows - 1) * stride, length).CopyTo(previous);
        for (int row = 0; row < rows; row++)
        {
            Span<float> target = values.Slice(row * stride, length);
            target.CopyTo(current);
            ReadOnlySpan<float> next = row + 1 < rows ? values.Slice((row + 1) * stride, length) : first;
            for (int i = 0; i < length; i++)
            {
                target[i] = (NoiseSide * (previous[i] + next[i])) + (NoiseCentre * current[i]);
            }

            current.CopyTo(previous);
        }
    }
}
