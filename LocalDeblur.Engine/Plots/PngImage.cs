using System.Buffers.Binary;
using System.IO.Compression;

namespace LocalDeblur.Plots;

/// <summary>A picture of 8 bits a channel, grey or colour, and its PNG file.</summary>
/// <remarks>
/// Format: PNG specification, third edition (W3C, 2025). Rows are filtered by difference from the row above, which suits interpolated maps;
/// no ancillary chunk is written, so the same pixels give the same file.
/// </remarks>
internal sealed class PngImage
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly uint[] CrcTable = MakeCrcTable();
    private readonly byte[] _pixels;

    /// <summary>A black picture.</summary>
    /// <param name="width">Pixels a row, 1 … 32768.</param>
    /// <param name="height">Rows, 1 … 32768.</param>
    /// <param name="channels">1 for grey, 3 for red, green, blue.</param>
    public PngImage(int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 32768);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 32768);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "1 (grey) or 3 (colour) channels.");
        }

        Width = width;
        Height = height;
        Channels = channels;
        _pixels = new byte[checked(width * height * channels)];
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for grey, 3 for red, green, blue.</summary>
    public int Channels { get; }

    /// <summary>One row, Width·Channels values, to read or to paint. Row 0 is the top.</summary>
    /// <param name="y">0 … Height−1.</param>
    public Span<byte> Row(int y) => _pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>Writes the PNG file.</summary>
    /// <param name="stream">Takes the bytes; stays open.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        header[8] = 8;
        header[9] = (byte)(Channels == 1 ? 0 : 2);
        header[10..].Clear();
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress());
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(data, Crc(type, uint.MaxValue)));
        stream.Write(word);
    }

    private static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (byte value in data)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : 0xEDB88320u ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }

    private byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            int length = Width * Channels;
            byte[] filtered = new byte[length + 1];
            ReadOnlySpan<byte> above = new byte[length];
            for (int y = 0; y < Height; y++)
            {
                ReadOnlySpan<byte> row = Row(y);
                filtered[0] = 2; // filter type "Up"
                for (int i = 0; i < length; i++)
                {
                    filtered[i + 1] = (byte)(row[i] - above[i]);
                }

                zlib.Write(filtered);
                above = row;
            }
        }

        return compressed.ToArray();
    }
}
