using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>How far a set of voxels reaches.</summary>
internal static class Extent
{
    /// <summary>First voxel and the one after the last along each axis.</summary>
    /// <param name="inside">The set; not empty.</param>
    /// <param name="size">Size of the box.</param>
    public static (int X, int ToX, int Y, int ToY, int Z, int ToZ) Of(ReadOnlySpan<bool> inside, GridSize size)
    {
        int x = size.X, y = size.Y, z = size.Z, toX = 0, toY = 0, toZ = 0;
        for (int k = 0; k < size.Z; k++)
        {
            for (int j = 0; j < size.Y; j++)
            {
                ReadOnlySpan<bool> row = inside.Slice((int)size.Offset(0, j, k), size.X);
                int first = row.IndexOf(true);
                if (first < 0)
                {
                    continue;
                }

                x = Math.Min(x, first);
                toX = Math.Max(toX, row.LastIndexOf(true) + 1);
                y = Math.Min(y, j);
                toY = Math.Max(toY, j + 1);
                z = Math.Min(z, k);
                toZ = k + 1;
            }
        }

        return (x, toX, y, toY, z, toZ);
    }
}
