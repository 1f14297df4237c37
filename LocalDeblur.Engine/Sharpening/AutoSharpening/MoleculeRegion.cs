using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>Where a map varies: the molecule, as against the solvent, from the variance within a sphere about each voxel.</summary>
/// <remarks>
/// (V − mean)² is averaged over a sphere of twice the resolution, without frequencies beyond the resolution and without its mean; the molecule is where the
/// result reaches 5 % of its maximum. As in the published program.
/// </remarks>
internal sealed class MoleculeRegion
{
    /// <summary>Radius of the sphere over the resolution.</summary>
    public const double SphereResolutions = 2;

    private const double ThresholdShare = 0.05;

    // A part this much smaller than the largest is taken for noise when the box is chosen.
    private const double PartShare = 0.1;

    private readonly bool[] _inside;
    private readonly GridSize _size;

    private MoleculeRegion(bool[] inside, GridSize size)
    {
        _inside = inside;
        _size = size;
        SolventFraction = inside.Count(voxel => !voxel) / (double)inside.Length;
    }

    /// <summary>Share of the voxels that are not molecule, 0 … 1.</summary>
    public double SolventFraction { get; }

    /// <summary>Bytes that finding the region takes beside the map.</summary>
    /// <param name="size">Size of the map.</param>
    public static long RequiredBytes(GridSize size) => ((sizeof(float) + (2 * sizeof(bool))) * size.VoxelCount) + RealFft3D.SpectrumBytes(size) + OctantFilter.BytesFor(size);

    /// <summary>Finds the molecule.</summary>
    /// <param name="voxels">The map.</param>
    /// <param name="size">Its size.</param>
    /// <param name="voxelSize">Edge of a voxel (Å).</param>
    /// <param name="resolution">Its resolution (Å).</param>
    /// <param name="limits">Of these the threads.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>Null where the map varies nowhere.</returns>
    public static MoleculeRegion? Find(ReadOnlyMemory<float> voxels, GridSize size, double voxelSize, double resolution, RunLimits limits, CancellationToken cancellationToken)
    {
        double mean = VolumeStatistics.Sum(voxels.Span) / voxels.Length;
        double scale = 2 * Math.PI * SphereResolutions * resolution / voxelSize;
        float[] variance = new float[voxels.Length];
        using var transform = new RealFft3D(size, limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using OctantFilter sphere = OctantFilter.Create(size, u => Sphere(scale * u), voxelSize / resolution, transform.Pool);
        transform.Forward(new SquaredRows(voxels, (float)mean, size), spectrum, cancellationToken);
        transform.Inverse(spectrum, sphere, spectrum, variance, cancellationToken);
        double highest = VolumeStatistics.Measure(variance).Maximum;
        if (!(highest > 0))
        {
            return null;
        }

        double threshold = ThresholdShare * highest;
        return new MoleculeRegion(Array.ConvertAll(variance, value => value >= threshold), size);
    }

    /// <summary>Mean of the map in the molecule, and in the rest; NaN for a part that is empty.</summary>
    /// <param name="voxels">The map.</param>
    public (double Molecule, double Solvent) Means(ReadOnlySpan<float> voxels)
    {
        double molecule = 0, rest = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (_inside[i])
            {
                molecule += voxels[i];
            }
            else
            {
                rest += voxels[i];
            }
        }

        double outside = SolventFraction * voxels.Length;
        return (molecule / (voxels.Length - outside), rest / outside);
    }

    /// <summary>The box around the largest connected part and those at least a tenth of it.</summary>
    /// <param name="margin">Voxels to add on each side, as far as the map goes.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public VoxelBox Bound(int margin, CancellationToken cancellationToken)
    {
        bool[] inside = (bool[])_inside.Clone();
        var parts = new ConnectedComponents(inside, _size, cancellationToken);
        double least = PartShare * parts.Sizes.Values.Max();
        parts.Keep(inside, part => parts.Sizes[part] >= least);
        (int x, int toX, int y, int toY, int z, int toZ) = Extent.Of(inside, _size);
        x = Math.Max(0, x - margin);
        y = Math.Max(0, y - margin);
        z = Math.Max(0, z - margin);
        return new VoxelBox(
            x,
            y,
            z,
            new GridSize(
                Math.Min(_size.X, toX + margin) - x,
                Math.Min(_size.Y, toY + margin) - y,
                Math.Min(_size.Z, toZ + margin) - z));
    }

    // Transform of a sphere of radius R at t = 2π·s·R, without the mean.
    private static float Sphere(double t) => t == 0 ? 0 : (float)(3 * (Math.Sin(t) - (t * Math.Cos(t))) / (t * t * t));

    private readonly struct SquaredRows(ReadOnlyMemory<float> volume, float mean, GridSize size) : IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
        {
            ReadOnlySpan<float> row = volume.Span.Slice((int)size.Offset(0, y, z), size.X);
            for (int x = 0; x < row.Length; x++)
            {
                float deviation = row[x] - mean;
                scratch[x] = deviation * deviation;
            }

            return scratch[..row.Length];
        }
    }
}
