using System.Numerics;
using System.Numerics.Tensors;
using LocalDeblur.Maps;

namespace LocalDeblur.Bands;

/// <summary>Every q-th voxel of a map, q about 3 Å: where weights are worked out. Between them they are interpolated.</summary>
internal sealed class SampleGrid
{
    private const double Spacing = 3;

    private readonly int[] _below;
    private readonly float[] _share;

    /// <summary>The samples of a map.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="voxelSize">Edge of its voxels (Å).</param>
    public SampleGrid(GridSize size, double voxelSize)
    {
        Map = size;
        Step = Math.Max(1, (int)Math.Floor((Spacing / voxelSize) + 0.5));
        Size = new GridSize(Count(size.X), Count(size.Y), Count(size.Z));
        _below = new int[size.X];
        _share = new float[size.X];
        for (int x = 0; x < size.X; x++)
        {
            (_below[x], double share) = Place(x, Size.X);
            _share[x] = (float)share;
        }
    }

    /// <summary>Size of the map.</summary>
    public GridSize Map { get; }

    /// <summary>Voxels from one sample to the next.</summary>
    public int Step { get; }

    /// <summary>Samples along each axis.</summary>
    public GridSize Size { get; }

    /// <summary>Length of an array that <see cref="Widen"/> fills.</summary>
    public int WideCount => checked(Map.X * Size.Y * Size.Z);

    /// <summary>Interpolates along x: the rows of samples at every voxel of x. Voxels beyond the last sample repeat it.</summary>
    /// <param name="samples">A value for each sample, x fastest.</param>
    /// <param name="wide">Takes a value for each voxel along x and each sample along y and z.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Widen(float[] samples, float[] wide, RunLimits limits, CancellationToken cancellationToken) => limits.ForEach(
        Size.Z,
        z =>
        {
            for (int line = z * Size.Y; line < (z + 1) * Size.Y; line++)
            {
                ReadOnlySpan<float> source = samples.AsSpan(line * Size.X, Size.X);
                Span<float> target = wide.AsSpan(line * Map.X, Map.X);
                for (int x = 0; x < target.Length; x++)
                {
                    float low = source[_below[x]];
                    target[x] = low + (_share[x] * (source[Math.Min(_below[x] + 1, source.Length - 1)] - low));
                }
            }
        },
        cancellationToken);

    /// <summary>A row of a map, interpolated along y and z.</summary>
    /// <param name="wide">What <see cref="Widen"/> filled.</param>
    /// <param name="y">Row.</param>
    /// <param name="z">Plane.</param>
    /// <param name="row">Takes a value for each voxel of the row.</param>
    public void Interpolate(ReadOnlySpan<float> wide, int y, int z, Span<float> row)
    {
        (int lowY, double shareY) = Place(y, Size.Y);
        (int lowZ, double shareZ) = Place(z, Size.Z);
        int highY = Math.Min(lowY + 1, Size.Y - 1);
        int highZ = Math.Min(lowZ + 1, Size.Z - 1);
        ReadOnlySpan<float> a = Row(wide, lowY, lowZ);
        ReadOnlySpan<float> b = Row(wide, highY, lowZ);
        ReadOnlySpan<float> c = Row(wide, lowY, highZ);
        ReadOnlySpan<float> d = Row(wide, highY, highZ);
        float ofA = (float)((1 - shareY) * (1 - shareZ));
        float ofB = (float)(shareY * (1 - shareZ));
        float ofC = (float)((1 - shareY) * shareZ);
        float ofD = (float)(shareY * shareZ);
        int x = 0;
        for (; x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            ((new Vector<float>(a[x..]) * ofA) + (new Vector<float>(b[x..]) * ofB) + (new Vector<float>(c[x..]) * ofC) + (new Vector<float>(d[x..]) * ofD)).CopyTo(row[x..]);
        }

        for (; x < row.Length; x++)
        {
            row[x] = (a[x] * ofA) + (b[x] * ofB) + (c[x] * ofC) + (d[x] * ofD);
        }
    }

    /// <summary>Interpolates samples to every voxel.</summary>
    /// <param name="samples">A value for each sample, x fastest.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public float[] Everywhere(float[] samples, RunLimits limits, CancellationToken cancellationToken)
    {
        float[] volume = GC.AllocateUninitializedArray<float>((int)Map.VoxelCount);
        float[] wide = GC.AllocateUninitializedArray<float>(WideCount);
        Widen(samples, wide, limits, cancellationToken);
        limits.ForEach(
            Map.Z,
            z =>
            {
                for (int y = 0; y < Map.Y; y++)
                {
                    Interpolate(wide, y, z, volume.AsSpan((int)Map.Offset(0, y, z), Map.X));
                }
            },
            cancellationToken);
        return volume;
    }

    /// <summary>The local resolution at every voxel, from a frequency at every sample.</summary>
    /// <param name="frequencies">One a sample (Å⁻¹), above 0.</param>
    /// <param name="finest">Finer ones become this (Å).</param>
    /// <param name="coarsest">Coarser ones become this (Å).</param>
    /// <param name="mask">Where it is wanted (≥ 0.5); 0 elsewhere. Null for everywhere.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public float[] Resolutions(float[] frequencies, double finest, double coarsest, CryoMap? mask, RunLimits limits, CancellationToken cancellationToken)
    {
        float[] values = Everywhere(frequencies, limits, cancellationToken);
        float[]? inside = mask?.Load(cancellationToken);
        int plane = Map.X * Map.Y;
        limits.ForEach(
            Map.Z,
            z =>
            {
                for (int i = z * plane; i < (z + 1) * plane; i++)
                {
                    values[i] = inside is null || MaskRule.Selects(inside[i]) ? Math.Clamp(1 / values[i], (float)finest, (float)coarsest) : 0;
                }
            },
            cancellationToken);
        return values;
    }

    /// <summary>How much each sample counts in the mean, over a mask, of what is interpolated between samples: they add up to 1.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public double[] MeanWeights(MaskRuns mask, CancellationToken cancellationToken)
    {
        double[] weights = new double[Size.VoxelCount];
        double[] line = new double[Size.X];
        for (int z = 0; z < Map.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (int lowZ, double shareZ) = Place(z, Size.Z);
            int y = -1;
            foreach ((int start, int length) in mask.Plane(z))
            {
                for (int i = start; i < start + length; i++)
                {
                    if (i / Map.X != y)
                    {
                        AddLine();
                        y = i / Map.X;
                    }

                    int x = i % Map.X;
                    line[_below[x]] += 1 - (double)_share[x];
                    line[Math.Min(_below[x] + 1, line.Length - 1)] += _share[x];
                }
            }

            AddLine();

            void AddLine()
            {
                if (y < 0)
                {
                    return;
                }

                (int lowY, double shareY) = Place(y, Size.Y);
                Add(lowY, lowZ, (1 - shareY) * (1 - shareZ));
                Add(Math.Min(lowY + 1, Size.Y - 1), lowZ, shareY * (1 - shareZ));
                Add(lowY, Math.Min(lowZ + 1, Size.Z - 1), (1 - shareY) * shareZ);
                Add(Math.Min(lowY + 1, Size.Y - 1), Math.Min(lowZ + 1, Size.Z - 1), shareY * shareZ);
                Array.Clear(line);
            }
        }

        return weights;

        void Add(int y, int z, double factor)
        {
            Span<double> row = weights.AsSpan(((z * Size.Y) + y) * Size.X, Size.X);
            TensorPrimitives.MultiplyAdd(line, factor / mask.Count, row, row);
        }
    }

    private static int Ceiling(int voxels, int step) => (voxels + step - 1) / step;

    private int Count(int voxels) => Ceiling(voxels, Step);

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> wide, int y, int z) => wide.Slice(((z * Size.Y) + y) * Map.X, Map.X);

    private (int Below, double Share) Place(int voxel, int samples)
    {
        double place = Math.Min((double)voxel / Step, samples - 1);
        int below = Math.Max(0, Math.Min((int)place, samples - 2));
        return (below, place - below);
    }
}
