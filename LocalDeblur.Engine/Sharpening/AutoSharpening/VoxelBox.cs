using System.Globalization;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>A part of a map: a box of whole voxels.</summary>
/// <param name="X">First voxel along x, 0 or more.</param>
/// <param name="Y">First voxel along y, 0 or more.</param>
/// <param name="Z">First voxel along z, 0 or more.</param>
/// <param name="Size">Voxels along x, y, z, at least 1 each.</param>
public readonly record struct VoxelBox(int X, int Y, int Z, GridSize Size)
{
    /// <summary>The box of all voxels of a map.</summary>
    /// <param name="size">Size of the map.</param>
    public static VoxelBox Whole(GridSize size) => new(0, 0, 0, size);

    /// <summary>True when every voxel of the box is one of a map.</summary>
    /// <param name="size">Size of the map.</param>
    public bool IsInside(GridSize size) =>
        X >= 0 && Y >= 0 && Z >= 0 && Size.X >= 1 && Size.Y >= 1 && Size.Z >= 1 &&
        (long)X + Size.X <= size.X && (long)Y + Size.Y <= size.Y && (long)Z + Size.Z <= size.Z;

    /// <summary>For example <c>45 × 46 × 43 from (19, 19, 19)</c>, whatever the culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size} from ({X}, {Y}, {Z})");

    /// <summary>The grid of the box by itself, where it lies in space.</summary>
    /// <param name="whole">Grid of the map that it is part of.</param>
    internal MapGrid On(MapGrid whole) => new(
        Size,
        whole.Spacing,
        new AxisTriple(whole.Origin.X + (X * whole.Spacing.X), whole.Origin.Y + (Y * whole.Spacing.Y), whole.Origin.Z + (Z * whole.Spacing.Z)));

    /// <summary>Copies the voxels of the box.</summary>
    /// <param name="volume">The map they are part of, x fastest.</param>
    /// <param name="size">Its size, in which the box lies.</param>
    internal float[] Cut(ReadOnlySpan<float> volume, GridSize size)
    {
        float[] part = new float[Size.VoxelCount];
        Cut(volume, size, part);
        return part;
    }

    /// <summary>Copies the voxels of the box to where there is room.</summary>
    /// <param name="volume">The map they are part of, x fastest.</param>
    /// <param name="size">Its size, in which the box lies.</param>
    /// <param name="part">Takes the voxels of the box.</param>
    internal void Cut(ReadOnlySpan<float> volume, GridSize size, Span<float> part)
    {
        for (int z = 0; z < Size.Z; z++)
        {
            for (int y = 0; y < Size.Y; y++)
            {
                volume.Slice((int)size.Offset(X, Y + y, Z + z), Size.X).CopyTo(part[(int)Size.Offset(0, y, z)..]);
            }
        }
    }
}
