using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LocalDeblur.Files;

namespace LocalDeblur.Maps.Mrc;

/// <summary>The voxels of a file as float32, in the order of the file.</summary>
internal sealed class MrcVoxelStream
{
    /// <summary>Voxels between two looks at the cancellation token.</summary>
    public const int ChunkLength = 1 << 18;

    private readonly CompressedFile _source;
    private readonly MrcHeader _header;
    private readonly bool _swap;
    private long _missing;

    /// <summary>Goes to the first voxel.</summary>
    /// <param name="source">The file, at its first byte.</param>
    /// <param name="header">Its header, of a mode that can be read.</param>
    /// <param name="firstVoxel">Voxel to begin with, in the order of the file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public MrcVoxelStream(CompressedFile source, MrcHeader header, long firstVoxel = 0, CancellationToken cancellationToken = default)
    {
        _source = source;
        _header = header;
        _swap = (header.ByteOrder == MrcByteOrder.LittleEndian) != BitConverter.IsLittleEndian;
        long offset = header.DataOffset + firstVoxel * header.BytesPerVoxel;
        _missing = header.DataOffset + (long)header.DataLength;
        _missing -= source.Skip(offset, cancellationToken);
    }

    /// <summary>Reads the next voxels.</summary>
    /// <param name="destination">Where they go; filled completely.</param>
    /// <param name="cancellationToken">Looked at once a chunk.</param>
    /// <exception cref="EngineException">MapTruncated with the number of missing bytes; MapFileInaccessible.</exception>
    public void Read(Span<float> destination, CancellationToken cancellationToken)
    {
        byte[]? buffer = _header.Mode == MrcMode.Float32 ? null : ArrayPool<byte>.Shared.Rent(ChunkLength * _header.BytesPerVoxel);
        try
        {
            while (!destination.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<float> chunk = destination[..Math.Min(ChunkLength, destination.Length)];
                Span<byte> bytes = buffer is null ? MemoryMarshal.AsBytes(chunk) : buffer.AsSpan(0, chunk.Length * _header.BytesPerVoxel);
                int read = _source.Fill(bytes);
                _missing -= read;
                if (read < bytes.Length)
                {
                    throw Truncated(_header, _source.Path, _missing);
                }

                Convert(bytes, chunk);
                destination = destination[chunk.Length..];
            }
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>The refusal of a file that ends too early.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="path">Its path.</param>
    /// <param name="missing">Bytes missing.</param>
    public static EngineException Truncated(MrcHeader header, string path, Int128 missing) => new(
        EngineError.MapTruncated,
        string.Create(
            CultureInfo.InvariantCulture,
            $"'{path}' is truncated: {missing} of {header.DataOffset + header.DataLength} bytes are missing ({header.Columns} × {header.Rows} × {header.Sections} "
                + $"voxels of {header.Mode} after {header.DataOffset} bytes of header). Copy or download it again."),
        path);

    /// <summary>The refusal of a file that is too short for what its header says, told before it is read.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="source">The file.</param>
    public static EngineException TooShort(MrcHeader header, CompressedFile source) => source.Compression == FileCompression.None
        ? Truncated(header, source.Path, header.DataOffset + header.DataLength - source.FileLength)
        : new(
            EngineError.MapTruncated,
            Say($"'{source.Path}' takes {source.FileLength} bytes ({source.Compression}), and its header speaks of {header.DataOffset + header.DataLength} ")
                + Say($"({header.Columns} × {header.Rows} × {header.Sections} voxels of {header.Mode}); expected at most {source.MostBytes} of a compressed file of that length. ")
                + "Copy or download it again; if it does hold that much, decompress it first.",
            source.Path);

    private void Convert(Span<byte> bytes, Span<float> values)
    {
        if (_swap)
        {
            Swap(bytes, _header.BytesPerVoxel);
        }

        switch (_header.Mode)
        {
            case MrcMode.Int8 when _header.HasUnsignedBytes:
                TensorPrimitives.ConvertTruncating<byte, float>(bytes, values);
                break;
            case MrcMode.Int8:
                TensorPrimitives.ConvertTruncating<sbyte, float>(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case MrcMode.Int16:
                TensorPrimitives.ConvertTruncating<short, float>(MemoryMarshal.Cast<byte, short>(bytes), values);
                break;
            case MrcMode.UInt16:
                TensorPrimitives.ConvertTruncating<ushort, float>(MemoryMarshal.Cast<byte, ushort>(bytes), values);
                break;
            case MrcMode.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values);
                break;
        }
    }

    private static void Swap(Span<byte> bytes, int width)
    {
        if (width == 2)
        {
            Span<short> words = MemoryMarshal.Cast<byte, short>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else if (width == 4)
        {
            Span<int> words = MemoryMarshal.Cast<byte, int>(bytes);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
