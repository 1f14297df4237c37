using System.Globalization;

namespace LocalDeblur.Maps;

/// <summary>Number of voxels along each axis of a volume. x is the fastest axis in memory.</summary>
/// <param name="X">Voxels along x (columns once the file's axis order is undone), at least 1.</param>
/// <param name="Y">Voxels along y (rows), at least 1.</param>
/// <param name="Z">Voxels along z (sections), at least 1.</param>
public readonly record struct GridSize(int X, int Y, int Z)
{
    /// <summary>Total number of voxels, X·Y·Z, in 64 bits.</summary>
    public long VoxelCount => (long)X * Y * Z;

    /// <summary>Longest edge, in voxels.</summary>
    public int Longest => Math.Max(X, Math.Max(Y, Z));

    /// <summary>Offset of voxel (x, y, z) in a volume stored with x fastest.</summary>
    /// <param name="x">0 … X−1.</param>
    /// <param name="y">0 … Y−1.</param>
    /// <param name="z">0 … Z−1.</param>
    public long Offset(int x, int y, int z) => x + (long)X * (y + (long)Y * z);

    /// <summary>For example <c>64 × 64 × 48</c>, whatever the culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X} × {Y} × {Z}");
}
