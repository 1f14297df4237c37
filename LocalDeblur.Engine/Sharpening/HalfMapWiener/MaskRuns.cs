using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>The voxels of a mask from one half on, as runs along x, for sums over them in a fixed order.</summary>
internal sealed class MaskRuns
{
    private readonly (int Start, int Length)[][] _planes;

    /// <summary>Finds the runs.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="size">Its size.</param>
    public MaskRuns(ReadOnlySpan<float> mask, GridSize size)
    {
        _planes = new (int, int)[size.Z][];
        PlaneVoxels = size.X * size.Y;
        for (int z = 0; z < size.Z; z++)
        {
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
    public long Count { get; }

    private int PlaneVoxels { get; }

    /// <summary>Mean over the mask of the product of two volumes.</summary>
    /// <param name="first">One value a voxel.</param>
    /// <param name="second">As many; the same for the mean square.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public double MeanProduct(float[] first, float[] second, RunLimits limits, CancellationToken cancellationToken) =>
        Sum(z => PlaneSum(first, second, z), limits, cancellationToken) / Count;

    /// <summary>Mean of a volume over the mask.</summary>
    /// <param name="volume">One value a voxel.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public double Mean(float[] volume, RunLimits limits, CancellationToken cancellationToken) => Sum(z => PlaneSum(volume, null, z), limits, cancellationToken) / Count;

    private double Sum(Func<int, double> plane, RunLimits limits, CancellationToken cancellationToken)
    {
        double[] sums = new double[_planes.Length];
        limits.ForEach(sums.Length, z => sums[z] = plane(z), cancellationToken);
        double sum = 0;
        foreach (double one in sums)
        {
            sum += one;
        }

        return sum;
    }

    private double PlaneSum(float[] first, float[]? second, int z)
    {
        double sum = 0;
        foreach ((int start, int length) in _planes[z])
        {
            int from = (int)((long)z * PlaneVoxels) + start;
            ReadOnlySpan<float> a = first.AsSpan(from, length);
            ReadOnlySpan<float> b = second.AsSpan(second is null ? 0 : from, second is null ? 0 : length);
            for (int i = 0; i < a.Length; i++)
            {
                sum += b.IsEmpty ? a[i] : (double)a[i] * b[i];
            }
        }

        return sum;
    }
}
