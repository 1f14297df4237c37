using System.Runtime.Intrinsics;
using LocalDeblur.Maps;

namespace LocalDeblur.Bands;

/// <summary>The voxels of a mask from one half on, as runs along x, for sums over them in a fixed order.</summary>
internal sealed class MaskRuns
{
    private readonly (int Start, int Length)[][] _planes;
    private readonly int[] _before;

    /// <summary>Finds the runs.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="size">Its size.</param>
    public MaskRuns(ReadOnlySpan<float> mask, GridSize size)
    {
        _planes = new (int, int)[size.Z][];
        _before = new int[size.Z];
        PlaneVoxels = size.X * size.Y;
        for (int z = 0; z < size.Z; z++)
        {
            _before[z] = Count;
            var runs = new List<(int, int)>();
            ReadOnlySpan<float> plane = mask.Slice((int)size.Offset(0, 0, z), PlaneVoxels);
            for (int start = 0; start < plane.Length; start++)
            {
                int end = start;
                while (end < plane.Length && MaskRule.Selects(plane[end]))
                {
                    end++;
                }

                if (end > start)
                {
                    runs.Add((start, end - start));
                    Count += end - start;
                    start = end;
                }
            }

            _planes[z] = [.. runs];
        }
    }

    /// <summary>Voxels in the mask.</summary>
    public int Count { get; }

    private int PlaneVoxels { get; }

    /// <summary>The runs of a plane, each by the number of its first voxel in the plane and its length; one may go on in the next row.</summary>
    /// <param name="z">Plane.</param>
    public ReadOnlySpan<(int Start, int Length)> Plane(int z) => _planes[z];

    /// <summary>Mean over the mask of the product of two volumes.</summary>
    /// <param name="first">One value a voxel.</param>
    /// <param name="second">As many; the same for the mean square.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public double MeanProduct(float[] first, float[] second, RunLimits limits, CancellationToken cancellationToken) =>
        Mean(first, second, isGathered: false, limits, cancellationToken);

    /// <summary>Mean over the mask of the product of a volume and what was gathered of another.</summary>
    /// <param name="volume">One value a voxel.</param>
    /// <param name="gathered">One value a voxel of the mask.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public double MeanProductOfGathered(float[] volume, float[] gathered, RunLimits limits, CancellationToken cancellationToken) =>
        Mean(volume, gathered, isGathered: true, limits, cancellationToken);

    /// <summary>The values of a volume in the mask, in the order of the voxels.</summary>
    /// <param name="volume">One value a voxel.</param>
    /// <param name="gathered">Takes one value a voxel of the mask.</param>
    /// <param name="limits">Threads to use.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Gather(float[] volume, float[] gathered, RunLimits limits, CancellationToken cancellationToken) => limits.ForEach(
        _planes.Length,
        z =>
        {
            int next = _before[z];
            foreach ((int start, int length) in _planes[z])
            {
                volume.AsSpan((z * PlaneVoxels) + start, length).CopyTo(gathered.AsSpan(next));
                next += length;
            }
        },
        cancellationToken);

    private double Mean(float[] first, float[] second, bool isGathered, RunLimits limits, CancellationToken cancellationToken)
    {
        double[] sums = new double[_planes.Length];
        limits.ForEach(sums.Length, z => sums[z] = PlaneSum(first, second, isGathered, z), cancellationToken);
        double sum = 0;
        foreach (double one in sums)
        {
            sum += one;
        }

        return sum / Count;
    }

    private double PlaneSum(float[] first, float[] second, bool isGathered, int z)
    {
        Vector256<double> fours = Vector256<double>.Zero;
        double rest = 0;
        int next = _before[z];
        foreach ((int start, int length) in _planes[z])
        {
            int from = (z * PlaneVoxels) + start;
            int other = isGathered ? next : from;
            next += length;
            int i = 0;
            for (; i <= length - SampleLanes.Count; i += SampleLanes.Count)
            {
                fours += SampleLanes.Load(first, from + i) * SampleLanes.Load(second, other + i);
            }

            for (; i < length; i++)
            {
                rest += (double)first[from + i] * second[other + i];
            }
        }

        return Vector256.Sum(fours) + rest;
    }
}
