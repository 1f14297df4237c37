using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>What MonoRes calls each voxel: 1 signal, 0 outside the mask, −1 ignored.</summary>
internal sealed class MonoResRegions
{
    /// <summary>Label of a voxel that is left out of everything.</summary>
    public const sbyte Ignored = -1;

    /// <summary>Label of a voxel outside the mask.</summary>
    public const sbyte Outside = 0;

    /// <summary>Label of a voxel of the mask.</summary>
    public const sbyte Inside = 1;

    /// <summary>A shell whose variance is below this share of the last one's has no noise: the reconstruction ends there.</summary>
    private const double Cliff = 0.01;

    /// <summary>What the first shell's variance is compared with.</summary>
    private const double SmallestVariance = 1e-38;

    private readonly GridSize _size;

    private MonoResRegions(GridSize size, sbyte[] labels, long maskVoxels, int radius)
    {
        _size = size;
        Labels = labels;
        MaskVoxels = maskVoxels;
        Radius = radius;
        NoiseRadius = size.X / 2;
    }

    /// <summary>Label of each voxel, x fastest.</summary>
    public sbyte[] Labels { get; }

    /// <summary>Voxels of the mask as given, or as refined: what shares of the signal refer to.</summary>
    public long MaskVoxels { get; private set; }

    /// <summary>Distance of the mask's farthest voxel from the centre of the box (voxels, rounded down).</summary>
    public int Radius { get; }

    /// <summary>Distance from the centre from which on voxels are ignored (voxels).</summary>
    public int NoiseRadius { get; private set; }

    /// <summary>Reads the mask. Its values are cut to integers: 1 and more is inside.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="decisions">Told what a soft mask became.</param>
    /// <param name="warnings">Told what the mask seems to be where it seems to be none: here its voxels are in memory for the last time.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MaskEmpty, or MapNotFinite.</exception>
    public static MonoResRegions Read(CryoMap mask, List<string> decisions, List<string> warnings, CancellationToken cancellationToken)
    {
        GridSize size = mask.Size;
        ReadOnlySpan<float> values = mask.IsLoaded ? mask.AsSpan(cancellationToken) : mask.CopyVoxels(cancellationToken);
        sbyte[] labels = new sbyte[values.Length];
        (int cx, int cy, int cz) = Centre(size);
        long count = 0, soft = 0, farthest = 0;
        for (int z = 0, i = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                long square = (long)(z - cz) * (z - cz) + (long)(y - cy) * (y - cy);
                for (int x = 0; x < size.X; x++, i++)
                {
                    float value = values[i];
                    if (value >= 1)
                    {
                        labels[i] = Inside;
                        count++;
                        farthest = Math.Max(farthest, square + ((long)(x - cx) * (x - cx)));
                    }
                    else if (value > 0)
                    {
                        soft++;
                    }
                    else if (!float.IsFinite(value))
                    {
                        mask.RequireFinite(cancellationToken);
                    }
                }
            }
        }

        if (count == 0)
        {
            throw MaskRule.Empty(mask, "of 1 or more");
        }

        warnings.AddRange(MaskRule.Doubts(mask.Name, size, values, TensorPrimitives.Min(values), TensorPrimitives.Max(values)));
        if (soft > 0)
        {
            decisions.Add(Say($"{soft} voxels of the soft edge of the mask '{mask.Name}', below 1, are taken as outside; {count} are inside."));
        }

        return new MonoResRegions(size, labels, count, (int)Math.Sqrt(farthest));
    }

    /// <summary>
    /// Looks outwards from the mask for the shell in which the reconstruction ends, and ignores everything from there on: beyond it
    /// there is no noise to compare with.
    /// </summary>
    /// <param name="map">Rows of the map.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void IgnoreBeyondReconstruction(HalfMapRows map, CancellationToken cancellationToken)
    {
        int limit = _size.X / 2;
        if (Radius < limit)
        {
            double[] variances = ShellVariances(map, Radius, limit, cancellationToken);
            double last = SmallestVariance;
            for (int radius = Radius; radius < limit; radius++)
            {
                double variance = variances[radius - Radius];
                if (variance / last < Cliff)
                {
                    limit = radius - 1;
                    break;
                }

                last = variance;
            }
        }

        NoiseRadius = limit;
        IgnoreBeyond(limit);
    }

    /// <summary>Voxels that are labelled as inside now.</summary>
    public long CountInside() => Labels.AsSpan().Count(Inside);

    /// <summary>Ignores voxels of the mask that an exclusion mask marks.</summary>
    /// <param name="exclusion">1 or more where nothing is to be measured.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public void Exclude(CryoMap exclusion, CancellationToken cancellationToken)
    {
        float[] values = exclusion.CopyVoxels(cancellationToken);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= 1 && Labels[i] == Inside)
            {
                Labels[i] = Ignored;
            }
        }
    }

    /// <summary>Whether the map has more than one value inside the mask, and if not, which. One voxel does not tell.</summary>
    /// <param name="map">Rows of the map.</param>
    /// <param name="only">The value that is seen first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public bool VariesInside(HalfMapRows map, out float only, CancellationToken cancellationToken)
    {
        only = float.NaN;
        long count = 0;
        float[] scratch = new float[_size.X];
        for (int z = 0; z < _size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < _size.Y; y++)
            {
                ReadOnlySpan<sbyte> labels = Labels.AsSpan((int)_size.Offset(0, y, z), _size.X);
                int x = labels.IndexOf(Inside);
                ReadOnlySpan<float> row = x < 0 ? [] : map.Row(y, z, scratch);
                for (; x >= 0 && x < row.Length; x++)
                {
                    if (labels[x] != Inside)
                    {
                        continue;
                    }

                    if (count++ > 0 && row[x] != only)
                    {
                        return true;
                    }

                    only = row[x];
                }
            }
        }

        return count < 2;
    }

    /// <summary>Ignores everything outside the mask.</summary>
    public void IgnoreOutside() => Labels.AsSpan().Replace(Outside, Ignored);

    /// <summary>Takes weak voxels out of the mask.</summary>
    /// <param name="inside">The voxels of the mask.</param>
    /// <param name="amplitudes">Their amplitudes.</param>
    /// <param name="threshold">Voxels below it go.</param>
    public void Refine(VoxelSet inside, ReadOnlySpan<float> amplitudes, float threshold)
    {
        sbyte[] labels = new sbyte[amplitudes.Length];
        long kept = 0;
        for (int i = 0; i < amplitudes.Length; i++)
        {
            if (amplitudes[i] < threshold)
            {
                continue;
            }

            labels[i] = Inside;
            kept++;
        }

        inside.Scatter<sbyte>(labels, Labels);
        MaskVoxels = kept;
    }

    /// <summary>Mean of the map outside the mask, 0 where there is no outside; and the share of one and the same value there.</summary>
    /// <param name="map">Rows of the map.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public (float Mean, double ShareOfOneValue) LookOutside(HalfMapRows map, CancellationToken cancellationToken)
    {
        double sum = 0;
        long count = 0;
        var one = new AppliedMask.OneValue();
        float[] scratch = new float[_size.X];
        for (int z = 0; z < _size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < _size.Y; y++)
            {
                ReadOnlySpan<float> row = map.Row(y, z, scratch);
                ReadOnlySpan<sbyte> labels = Labels.AsSpan((int)_size.Offset(0, y, z), _size.X);
                for (int x = 0; x < row.Length; x++)
                {
                    if (labels[x] == Outside)
                    {
                        sum += row[x];
                        count++;
                        one.Add(row[x]);
                    }
                }
            }
        }

        return (count > 0 ? (float)(sum / count) : 0, one.Share);
    }

    private static (int X, int Y, int Z) Centre(GridSize size) => (size.X / 2, size.Y / 2, size.Z / 2);

    // Everything at the distance of the limit or farther.
    private void IgnoreBeyond(int limit)
    {
        (int cx, int cy, int cz) = Centre(_size);
        for (int z = 0; z < _size.Z; z++)
        {
            for (int y = 0; y < _size.Y; y++)
            {
                Span<sbyte> row = Labels.AsSpan((int)_size.Offset(0, y, z), _size.X);
                long square = (long)(z - cz) * (z - cz) + (long)(y - cy) * (y - cy);
                long rest = ((long)limit * limit) - square;
                if (rest <= 0)
                {
                    row.Fill(Ignored);
                    continue;
                }

                // The largest distance along x that still lies inside: d² < rest.
                int reach = (int)Math.Sqrt(rest - 1);
                row[..Math.Clamp(cx - reach, 0, row.Length)].Fill(Ignored);
                row[Math.Clamp(cx + reach + 1, 0, row.Length)..].Fill(Ignored);
            }
        }
    }

    // Population variance of the map in the shells r … r+1, r = first … end−1.
    private double[] ShellVariances(HalfMapRows map, int first, int end, CancellationToken cancellationToken)
    {
        (int cx, int cy, int cz) = Centre(_size);
        int shells = end - first;
        long[] counts = new long[shells];
        double[] sums = new double[shells];
        double[] squares = new double[shells];
        float[] scratch = new float[_size.X];
        long inner = (long)first * first, outer = (long)end * end;
        for (int z = 0; z < _size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < _size.Y; y++)
            {
                long square = (long)(z - cz) * (z - cz) + (long)(y - cy) * (y - cy);
                if (square >= outer)
                {
                    continue;
                }

                ReadOnlySpan<float> row = map.Row(y, z, scratch);
                for (int x = 0; x < row.Length; x++)
                {
                    long r = square + ((long)(x - cx) * (x - cx));
                    if (r < inner || r >= outer)
                    {
                        continue;
                    }

                    int i = (int)Math.Sqrt(r) - first;
                    counts[i]++;
                    sums[i] += row[x];
                    squares[i] += (double)row[x] * row[x];
                }
            }
        }

        double[] variances = new double[shells];
        for (int i = 0; i < shells; i++)
        {
            double mean = sums[i] / counts[i];
            variances[i] = Math.Max(0, (squares[i] / counts[i]) - (mean * mean));
        }

        return variances;
    }
}
