using System.Buffers.Binary;

namespace LocalDeblur.Maps.Mrc;

/// <summary>The header of the files we write: MRC2014, little endian, axis order 1, 2, 3.</summary>
internal static class MrcHeaderWriter
{
    private const int FormatVersion = 20141;

    /// <summary>Header and extended header.</summary>
    /// <param name="grid">Size, sampling, cell and place.</param>
    /// <param name="mode">Type of the voxels.</param>
    /// <param name="statistics">Statistics of the voxels as they will be written.</param>
    /// <param name="labels">At most ten.</param>
    /// <param name="source">Header whose space group and extended header, which holds its operators, are kept; or null.</param>
    public static byte[] Write(MapGrid grid, MrcMode mode, Numerics.VolumeStatistics statistics, IReadOnlyList<string> labels, MrcHeader? source)
    {
        ReadOnlySpan<byte> extended = source is null ? default : source.ExtendedHeader.Span;
        byte[] bytes = new byte[MrcHeader.Length + extended.Length];
        Integers(bytes, 0, grid.Size.X, grid.Size.Y, grid.Size.Z, (int)mode, grid.Start.X, grid.Start.Y, grid.Start.Z, grid.Sampling.X, grid.Sampling.Y, grid.Sampling.Z);
        Triple(bytes, 40, grid.Cell);
        Triple(bytes, 52, grid.Angles);
        Integers(bytes, 64, 1, 2, 3);
        Triple(bytes, 76, new AxisTriple(statistics.Minimum, statistics.Maximum, statistics.Mean));
        Integers(bytes, 88, source?.VolumeSpaceGroup ?? 1, extended.Length);
        ExtendedHeaderType(source).CopyTo(bytes.AsSpan(104));
        Integers(bytes, 108, FormatVersion);
        Triple(bytes, 196, grid.OriginField);
        "MAP DD\0\0"u8.CopyTo(bytes.AsSpan(208));
        Real(bytes, 216, statistics.StandardDeviation);
        Integers(bytes, 220, labels.Count);
        bytes.AsSpan(224, MrcHeader.MaximumLabels * MrcHeader.LabelLength).Fill((byte)' ');
        for (int i = 0; i < labels.Count; i++)
        {
            Label(bytes.AsSpan(224 + i * MrcHeader.LabelLength, MrcHeader.LabelLength), labels[i]);
        }

        extended.CopyTo(bytes.AsSpan(MrcHeader.Length));
        return bytes;
    }

    // Deposited maps carry symmetry operators in records of 80 characters, the CCP4 type, and often do not say so.
    private static ReadOnlySpan<byte> ExtendedHeaderType(MrcHeader? source)
    {
        if (source is null || source.ExtendedHeader.IsEmpty)
        {
            return default;
        }

        ReadOnlySpan<byte> extended = source.ExtendedHeader.Span;
        bool isText = extended.Length % MrcHeader.LabelLength == 0 && !extended.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        return source.ExtendedHeaderType.Length == 0 && isText ? "CCP4"u8 : source.Raw.Span.Slice(104, 4);
    }

    private static void Label(Span<byte> slot, string text)
    {
        for (int i = 0; i < Math.Min(text.Length, slot.Length); i++)
        {
            slot[i] = char.IsControl(text[i]) || text[i] > 0xff ? (byte)'?' : (byte)text[i];
        }
    }

    private static void Integers(byte[] bytes, int offset, params ReadOnlySpan<int> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset + 4 * i), values[i]);
        }
    }

    private static void Triple(byte[] bytes, int offset, AxisTriple values)
    {
        Real(bytes, offset, values.X);
        Real(bytes, offset + 4, values.Y);
        Real(bytes, offset + 8, values.Z);
    }

    private static void Real(byte[] bytes, int offset, double value) => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(offset), (float)value);
}
