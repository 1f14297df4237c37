using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>The voxels that LocScale works on, in blocks of eight along x, a few along y and a stack along z.</summary>
/// <remarks>Blocks follow from the mask alone, so that the result does not depend on threads.</remarks>
internal sealed class LocScaleBlocks
{
    /// <summary>Voxels of a block along x: the lanes of a vector.</summary>
    public const int Width = 8;

    /// <summary>Most voxels of a block along y.</summary>
    public const int Rows = 16;

    /// <summary>Most voxels of a block along z.</summary>
    public const int Planes = 64;

    /// <summary>Voxels of a mask above this are scaled.</summary>
    internal const float Threshold = 0.99f;

    private readonly float[] _mask;
    private readonly GridSize _size;
    private readonly int _margin;

    /// <summary>Finds the voxels.</summary>
    /// <param name="mask">The mask; voxels above 0.99 count, unless their window would leave the box.</param>
    /// <param name="size">Its size.</param>
    /// <param name="window">Edge of the window (voxels).</param>
    /// <param name="cancellationToken">Looked at once a plane.</param>
    public LocScaleBlocks(float[] mask, GridSize size, int window, CancellationToken cancellationToken)
    {
        _mask = mask;
        _size = size;
        _margin = window / 2;
        int yMinimum = int.MaxValue, yMaximum = -1, zMinimum = int.MaxValue, zMaximum = -1;
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                int count = IsInside(y, size.Y) && IsInside(z, size.Z) ? VolumeStatistics.CountAbove(Row(y, z), Threshold) : 0;
                if (count == 0)
                {
                    continue;
                }

                VoxelCount += count;
                (yMinimum, yMaximum) = (Math.Min(yMinimum, y), Math.Max(yMaximum, y));
                (zMinimum, zMaximum) = (Math.Min(zMinimum, z), z);
            }
        }

        if (VoxelCount > 0)
        {
            Divide(yMinimum, yMaximum + 1, zMinimum, zMaximum + 1, cancellationToken);
        }
    }

    /// <summary>A block: centre of its first window, and windows along y and z.</summary>
    public readonly record struct Block(int X, int Y, int Z, int Rows, int Planes);

    /// <summary>The blocks that hold at least one voxel.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>Number of voxels to work on.</summary>
    public long VoxelCount { get; }

    /// <summary>Which of the eight voxels from x on are to be worked on, lowest bit first.</summary>
    public byte Selection(int x, int y, int z)
    {
        int selection = 0;
        int start = Math.Max(x, _margin), end = Math.Min(x + Width, _size.X - _margin);
        for (int i = start; i < end; i++)
        {
            if (_mask[_size.Offset(i, y, z)] > Threshold)
            {
                selection |= 1 << (i - x);
            }
        }

        return (byte)selection;
    }

    // Stacks of equal height rather than full ones and a rest; blocks along x begin at the first voxel of their rows.
    private void Divide(int yStart, int yEnd, int zStart, int zEnd, CancellationToken cancellationToken)
    {
        int planes = EvenShare(zEnd - zStart, Planes);
        int rows = EvenShare(yEnd - yStart, Rows);
        for (int z = zStart; z < zEnd; z += planes)
        {
            for (int y = yStart; y < yEnd; y += rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Divide(y, Math.Min(y + rows, yEnd), z, Math.Min(z + planes, zEnd));
            }
        }
    }

    private void Divide(int yStart, int yEnd, int zStart, int zEnd)
    {
        var isUsed = new bool[_size.X];
        for (int z = zStart; z < zEnd; z++)
        {
            for (int y = yStart; y < yEnd; y++)
            {
                ReadOnlySpan<float> row = Row(y, z);
                for (int i = 0; i < row.Length; i++)
                {
                    isUsed[_margin + i] |= row[i] > Threshold;
                }
            }
        }

        for (int x = Array.IndexOf(isUsed, true); x >= 0;)
        {
            Blocks.Add(new Block(x, yStart, zStart, yEnd - yStart, zEnd - zStart));
            int next = x + Width;
            x = next < isUsed.Length ? Array.IndexOf(isUsed, true, next) : -1;
        }
    }

    private static int EvenShare(int length, int most)
    {
        int parts = (length + most - 1) / most;
        return (length + parts - 1) / parts;
    }

    private bool IsInside(int index, int length) => index >= _margin && index < length - _margin;

    private ReadOnlySpan<float> Row(int y, int z) =>
        _mask.AsSpan((int)_size.Offset(_margin, y, z), Math.Max(0, _size.X - (2 * _margin)));
}
