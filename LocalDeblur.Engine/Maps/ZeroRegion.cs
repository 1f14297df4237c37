namespace LocalDeblur.Maps;

/// <summary>Where a map is exactly zero as a mask makes it so: in rows of many voxels. A zero that noise or whole numbers happen to hit stands alone.</summary>
internal static class ZeroRegion
{
    // Zeros in a row that noise is not expected to hit. Noise of whole numbers with a deviation of 4, of which a tenth are zeros, hits them once in a map of 464³ voxels.
    private const int RowLength = 8;

    /// <summary>Share of a map's voxels that lie in such rows along x.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>0 … 1.</returns>
    public static double Share(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        GridSize size = map.Size;
        long count = 0;
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                count += CountRows(voxels.Slice((int)size.Offset(0, y, z), size.X));
            }
        }

        return (double)count / size.VoxelCount;
    }

    private static long CountRows(ReadOnlySpan<float> row)
    {
        long count = 0;
        while (row.IndexOf(0f) is >= 0 and var start)
        {
            row = row[start..];
            int length = row.IndexOfAnyExcept(0f);
            length = length < 0 ? row.Length : length;
            count += length >= RowLength ? length : 0;
            row = row[length..];
        }

        return count;
    }
}
