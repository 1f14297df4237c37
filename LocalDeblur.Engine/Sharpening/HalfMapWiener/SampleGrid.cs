using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

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

    /// <summary>The row of a map that is interpolated, trilinearly, between samples. Voxels beyond the last sample repeat it.</summary>
    /// <param name="samples">A value for each sample, x fastest.</param>
    /// <param name="y">Row.</param>
    /// <param name="z">Plane.</param>
    /// <param name="line">Scratch for as many values as there are samples along x.</param>
    /// <param name="row">Takes a value for each voxel of the row.</param>
    public void Interpolate(ReadOnlySpan<float> samples, int y, int z, Span<float> line, Span<float> row)
    {
        (int lowY, double shareY) = Place(y, Size.Y);
        (int lowZ, double shareZ) = Place(z, Size.Z);
        int highY = Math.Min(lowY + 1, Size.Y - 1);
        int highZ = Math.Min(lowZ + 1, Size.Z - 1);
        ReadOnlySpan<float> a = Row(samples, lowY, lowZ);
        ReadOnlySpan<float> b = Row(samples, highY, lowZ);
        ReadOnlySpan<float> c = Row(samples, lowY, highZ);
        ReadOnlySpan<float> d = Row(samples, highY, highZ);
        float ofA = (float)((1 - shareY) * (1 - shareZ));
        float ofB = (float)(shareY * (1 - shareZ));
        float ofC = (float)((1 - shareY) * shareZ);
        float ofD = (float)(shareY * shareZ);
        for (int x = 0; x < line.Length; x++)
        {
            line[x] = (ofA * a[x]) + (ofB * b[x]) + (ofC * c[x]) + (ofD * d[x]);
        }

        int last = line.Length - 1;
        for (int x = 0; x < row.Length; x++)
        {
            int below = _below[x];
            float low = line[below];
            row[x] = low + (_share[x] * (line[Math.Min(below + 1, last)] - low));
        }
    }

    private static int Ceiling(int voxels, int step) => (voxels + step - 1) / step;

    private int Count(int voxels) => Ceiling(voxels, Step);

    private ReadOnlySpan<float> Row(ReadOnlySpan<float> samples, int y, int z) => samples.Slice(((z * Size.Y) + y) * Size.X, Size.X);

    private (int Below, double Share) Place(int voxel, int samples)
    {
        double place = Math.Min((double)voxel / Step, samples - 1);
        int below = Math.Max(0, Math.Min((int)place, samples - 2));
        return (below, place - below);
    }
}
