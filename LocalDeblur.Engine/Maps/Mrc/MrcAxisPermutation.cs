namespace LocalDeblur.Maps.Mrc;

/// <summary>Brings voxels from the order of a file to x fastest, plane by plane of the file.</summary>
internal static class MrcAxisPermutation
{
    // 32 × 32 floats of source and destination fit the first-level cache together.
    private const int Tile = 32;

    /// <summary>Reads a volume in any axis order.</summary>
    /// <param name="voxels">The voxels in the order of the file.</param>
    /// <param name="header">Header of the file.</param>
    /// <param name="size">Voxels along x, y, z; of a stack, those of one volume.</param>
    /// <param name="destination">The volume, x fastest; filled completely.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static void Read(MrcVoxelStream voxels, MrcHeader header, GridSize size, Span<float> destination, CancellationToken cancellationToken)
    {
        MrcAxisOrder order = header.AxisOrder;
        if (order == MrcAxisOrder.Standard)
        {
            voxels.Read(destination, cancellationToken);
            return;
        }

        ReadOnlySpan<nint> strides = [1, size.X, (nint)size.X * size.Y];
        nint columnStride = strides[order.Column - 1];
        nint rowStride = strides[order.Row - 1];
        nint sectionStride = strides[order.Section - 1];
        int columns = header.Columns;
        int rows = header.Rows;

        // As many as the volume has along their axis, whatever that is: a stack has fewer than its header counts.
        int sections = order.Section switch { 1 => size.X, 2 => size.Y, _ => size.Z };

        // Bands of rows, so that one large section never needs a second volume.
        int band = (int)Math.Clamp(MrcVoxelStream.ChunkLength / (long)columns, 1, rows);
        float[] plane = new float[(long)band * columns];
        for (int section = 0; section < sections; section++)
        {
            for (int row = 0; row < rows; row += band)
            {
                int height = Math.Min(band, rows - row);
                Span<float> source = plane.AsSpan(0, height * columns);
                voxels.Read(source, cancellationToken);
                Scatter(source, columns, height, destination, section * sectionStride + row * rowStride, columnStride, rowStride);
            }
        }
    }

    private static void Scatter(ReadOnlySpan<float> source, int columns, int rows, Span<float> destination, nint start, nint columnStride, nint rowStride)
    {
        for (int rowTile = 0; rowTile < rows; rowTile += Tile)
        {
            int rowEnd = Math.Min(rowTile + Tile, rows);
            for (int columnTile = 0; columnTile < columns; columnTile += Tile)
            {
                int columnEnd = Math.Min(columnTile + Tile, columns);
                for (int row = rowTile; row < rowEnd; row++)
                {
                    ReadOnlySpan<float> line = source.Slice(row * columns + columnTile, columnEnd - columnTile);
                    nint target = start + row * rowStride + columnTile * columnStride;
                    foreach (float value in line)
                    {
                        destination[(int)target] = value;
                        target += columnStride;
                    }
                }
            }
        }
    }
}
