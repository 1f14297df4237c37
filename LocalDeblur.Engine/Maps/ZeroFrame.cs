using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>Zeros around a box, so that what reaches beyond its edge finds room.</summary>
internal sealed class ZeroFrame
{
    private readonly GridSize _inner;
    private readonly GridSize _outer;

    /// <summary>Describes a frame.</summary>
    /// <param name="inner">Size of the box.</param>
    /// <param name="width">Voxels on every side.</param>
    public ZeroFrame(GridSize inner, int width)
    {
        _inner = inner;
        _outer = new GridSize(inner.X + (2 * width), inner.Y + (2 * width), inner.Z + (2 * width));
        Width = width;
    }

    /// <summary>Voxels on every side.</summary>
    public int Width { get; }

    /// <summary>Voxels of the box with the frame.</summary>
    public long OuterVoxelCount => _outer.VoxelCount;

    /// <summary>How many voxels above a threshold lie within the width of the frame from the edge of the box.</summary>
    /// <param name="mask">A mask of the box.</param>
    /// <param name="threshold">What counts is above.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public long CountReaching(CryoMap mask, float threshold, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = mask.AsSpan(cancellationToken);
        int edge = Math.Min(Width, _inner.X);
        int middle = Math.Max(edge, _inner.X - Width);
        long count = 0;
        for (int z = 0; z < _inner.Z; z++)
        {
            bool isOuterPlane = z < Width || z >= _inner.Z - Width;
            for (int y = 0; y < _inner.Y; y++)
            {
                ReadOnlySpan<float> row = voxels.Slice((int)_inner.Offset(0, y, z), _inner.X);
                bool isOuterRow = isOuterPlane || y < Width || y >= _inner.Y - Width;
                count += isOuterRow
                    ? VolumeStatistics.CountAbove(row, threshold)
                    : VolumeStatistics.CountAbove(row[..edge], threshold) + VolumeStatistics.CountAbove(row[middle..], threshold);
            }
        }

        return count;
    }

    /// <summary>The map in the middle of zeros. Its place in space is not kept.</summary>
    /// <param name="map">A map of the box.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public CryoMap Pad(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        float[] padded = new float[_outer.VoxelCount];
        for (int z = 0; z < _inner.Z; z++)
        {
            for (int y = 0; y < _inner.Y; y++)
            {
                voxels.Slice((int)_inner.Offset(0, y, z), _inner.X).CopyTo(padded.AsSpan((int)_outer.Offset(Width, y + Width, z + Width)));
            }
        }

        return new CryoMap(new MapGrid(_outer, map.VoxelSize), padded, map.Name, map.History);
    }

    /// <summary>The voxels of the box out of a map with the frame.</summary>
    /// <param name="map">A map of the outer size.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public float[] Crop(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> padded = map.AsSpan(cancellationToken);
        float[] voxels = new float[_inner.VoxelCount];
        for (int z = 0; z < _inner.Z; z++)
        {
            for (int y = 0; y < _inner.Y; y++)
            {
                padded.Slice((int)_outer.Offset(Width, y + Width, z + Width), _inner.X).CopyTo(voxels.AsSpan((int)_inner.Offset(0, y, z)));
            }
        }

        return voxels;
    }
}
