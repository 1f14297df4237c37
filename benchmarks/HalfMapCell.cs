using System.Numerics;
using LocalDeblur.Density;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Benchmarks;

/// <summary>How a molecule is blurred: the B factor (Å²) of an atom, 40 in the sharp truth.</summary>
internal enum CellBlur
{
    /// <summary>From 40 to 200 along z.</summary>
    Linear,

    /// <summary>From 40 in the middle to 200 outside.</summary>
    Radial,
}

/// <summary>Amplitude of the noise over the frequency s (1/Å).</summary>
internal enum CellNoise
{
    /// <summary>Everywhere the same.</summary>
    White,

    /// <summary>exp(−15 s²): falls like a protein of B = 60 Å².</summary>
    Falling,

    /// <summary>√s, as reconstructions from projections have it.</summary>
    Rising,
}

/// <summary>A kind of half maps whose truth is known: simulated density, blur and noise, with the seed all that changes from draw to draw.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Blur">The blur.</param>
/// <param name="Noise">The spectrum of the noise.</param>
internal sealed record HalfMapCell(string Name, CellBlur Blur, CellNoise Noise)
{
    private const double SharpBFactor = 40;
    private const double BlurredBFactor = 200;

    /// <summary>Whether the noise is stationary or grows outwards, to three times as much at the molecule's edge as in its middle.</summary>
    public bool Grows { get; init; }

    /// <summary>Share of the noise's variance that both halves have in common, 0 … 1.</summary>
    public double Common { get; init; }

    /// <summary>Whether a belt as of detergent lies about the molecule: a ring without detail, in both halves, in no model.</summary>
    public bool Belt { get; init; }

    /// <summary>Standard deviation of the noise of a half map in the molecule, over that of its signal there.</summary>
    public double Level { get; init; } = 0.7;

    /// <summary>Draws half maps of a model.</summary>
    /// <param name="model">The model, in the middle of the grid.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="draws">Number of pairs.</param>
    /// <param name="limits">Threads and memory. The result does not depend on them.</param>
    public (CryoMap Truth, Reconstruction[] Draws) Draw(AtomicModel model, MapGrid grid, int draws, RunLimits limits)
    {
        var drawing = new ModelDensityOptions { Limits = limits };
        (Vector3 centre, float reach, float low, float high) = Extent(model);
        CryoMap truth = ModelDensity.DrawReference(Blurred(model, _ => SharpBFactor), grid, drawing);
        float[] signal = ModelDensity.DrawReference(
            Blurred(model, atom => SharpBFactor + ((BlurredBFactor - SharpBFactor) * Share(Place(atom), centre, reach, low, high))), grid, drawing).CopyVoxels();
        float[] truthVoxels = truth.Load();
        double edge = 0.1 * truth.Maximum;
        bool[] inside = Array.ConvertAll(truthVoxels, value => value > edge);
        double level = Level * Deviation(signal, inside);
        if (Belt)
        {
            AddBelt(signal, grid, centre, reach, Deviation(signal, inside));
        }

        using var transform = new RealFft3D(grid.Size, limits);
        return (truth, [.. Enumerable.Range(0, draws).Select(draw =>
        {
            float[] common = DrawNoise(grid, centre, reach, inside, level, draw, 0, transform);
            CryoMap[] halves = [.. Enumerable.Range(1, 2).Select(half =>
            {
                float[] voxels = DrawNoise(grid, centre, reach, inside, level, draw, half, transform);
                for (int i = 0; i < voxels.Length; i++)
                {
                    voxels[i] = signal[i] + (float)((Math.Sqrt(1 - Common) * voxels[i]) + (Math.Sqrt(Common) * common[i]));
                }

                return new CryoMap(grid, voxels, $"draw{draw + 1}-half{half}");
            })];
            return new Reconstruction(halves[0], halves[1]);
        })]);
    }

    private static Vector3 Place(ModelAtom atom) => new((float)atom.X, (float)atom.Y, (float)atom.Z);

    private static AtomicModel Blurred(AtomicModel model, Func<ModelAtom, double> bFactor) =>
        new(model.Name, model.Atoms.Select(atom => atom with { BFactor = bFactor(atom) }));

    private static (Vector3 Centre, float Reach, float Low, float High) Extent(AtomicModel model)
    {
        Vector3[] places = [.. model.Atoms.Select(Place)];
        Vector3 centre = places.Aggregate(Vector3.Zero, (sum, place) => sum + (place / places.Length));
        return (centre, places.Max(place => Vector3.Distance(place, centre)), places.Min(place => place.Z), places.Max(place => place.Z));
    }

    private static double Deviation(float[] voxels, bool[] inside)
    {
        double[] chosen = [.. voxels.Where((_, i) => inside[i]).Select(value => (double)value)];
        double mean = chosen.Average();
        return Math.Sqrt(chosen.Average(value => (value - mean) * (value - mean)));
    }

    // A ring in the plane z = centre just outside the molecule's middle, with a smooth edge of 4 Å and half of the signal's deviation in it.
    private static void AddBelt(float[] voxels, MapGrid grid, Vector3 centre, float reach, double height)
    {
        ForEachVoxel(grid, (i, place) =>
        {
            Vector3 from = place - centre;
            double distance = Math.Sqrt(Math.Pow(Math.Sqrt((from.X * from.X) + (from.Y * from.Y)) - (0.85 * reach), 2) + (from.Z * from.Z));
            voxels[i] += (float)(0.5 * height * Math.Exp(-0.5 * Math.Pow(distance / 5, 4)));
        });
    }

    private static void ForEachVoxel(MapGrid grid, Action<int, Vector3> action)
    {
        int i = 0;
        for (int z = 0; z < grid.Size.Z; z++)
        {
            for (int y = 0; y < grid.Size.Y; y++)
            {
                for (int x = 0; x < grid.Size.X; x++)
                {
                    action(i++, new Vector3(x, y, z) * (float)grid.VoxelSize);
                }
            }
        }
    }

    private double Share(Vector3 place, Vector3 centre, float reach, float low, float high) => Blur switch
    {
        CellBlur.Linear => (place.Z - low) / (high - low),
        _ => Vector3.Distance(place, centre) / reach,
    };

    // Noise of this spectrum and place, with its standard deviation in the molecule.
    private float[] DrawNoise(MapGrid grid, Vector3 centre, float reach, bool[] inside, double level, int draw, int half, RealFft3D transform)
    {
        var random = new DeterministicRandom(1000 + draw, (ulong)half);
        float[] voxels = new float[grid.Size.VoxelCount];
        for (int i = 0; i < voxels.Length; i++)
        {
            voxels[i] = (float)random.NextNormal();
        }

        double perAngstrom = 1 / grid.VoxelSize;
        if (Noise != CellNoise.White)
        {
            using Spectrum spectrum = transform.AllocateSpectrum();
            using OctantFilter filter = OctantFilter.Create(grid.Size, u => (float)Amplitude(u * perAngstrom), 1);
            transform.Forward(voxels, spectrum);
            transform.Inverse(spectrum, filter, spectrum, voxels);
        }

        if (Grows)
        {
            ForEachVoxel(grid, (i, place) => voxels[i] *= 1 + (2 * (float)Math.Pow(Math.Min(1.2, Vector3.Distance(place, centre) / reach), 2)));
        }

        float scale = (float)(level / Deviation(voxels, inside));
        return Array.ConvertAll(voxels, value => scale * value);
    }

    private double Amplitude(double s) => Noise == CellNoise.Falling ? Math.Exp(-15 * s * s) : Math.Sqrt(s);
}
