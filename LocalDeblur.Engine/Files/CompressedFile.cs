using System.Buffers.Binary;
using System.IO.Compression;
using ICSharpCode.SharpZipLib.Checksum;

namespace LocalDeblur.Files;

/// <summary>The bytes of a file, decompressed where the file is compressed. Every failure to read is an <see cref="EngineException"/>.</summary>
internal sealed class CompressedFile : IDisposable
{
    // The densest that gzip can be is 1032 : 1. bzip2 makes 40 bytes of 45.9 million equal ones: hours of work of a file of a megabyte. A mask of a sphere in a box
    // of a thousand voxels, the emptiest map of use, comes to a few ten thousand : 1.
    private const int GzipLimit = 1100;
    private const int Bzip2Limit = 100_000;

    // What may come of any file, however short it is: small maps of nothing but zeros are a test of many programs.
    private const int AlwaysAllowedBytes = 1 << 26;

    private readonly FileKind _kind;
    private readonly FileStream _file;
    private readonly WatchedStream _compressed;
    private readonly Stream _bytes;

    private CompressedFile(string path, FileKind kind, FileStream file)
    {
        _kind = kind;
        Path = path;
        _file = file;
        FileLength = file.Length;
        LastWriteTimeUtc = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        Compression = Recognise(file);
        _compressed = new WatchedStream(new BufferedStream(file, 1 << 16));
        _bytes = Compression switch
        {
            FileCompression.Gzip => new GZipStream(_compressed, CompressionMode.Decompress),
            FileCompression.Bzip2 => new Bzip2Streams(_compressed, FileLength),
            _ => file,
        };
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Length of the file on disk (bytes).</summary>
    public long FileLength { get; }

    /// <summary>When the file was last written.</summary>
    public DateTime LastWriteTimeUtc { get; }

    /// <summary>How the file is compressed.</summary>
    public FileCompression Compression { get; }

    /// <summary>True once a compressed file was found to end in the middle.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>Most bytes that are read of the file, decompressed; for a plain file exactly what it holds.</summary>
    public Int128 MostBytes => Compression switch
    {
        FileCompression.Gzip => (Int128)FileLength * GzipLimit,
        FileCompression.Bzip2 => AlwaysAllowedBytes + (Int128)FileLength * Bzip2Limit,
        _ => FileLength,
    };

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="kind">What it is expected to hold.</param>
    /// <exception cref="EngineException">The kind's errors.</exception>
    public static CompressedFile Open(string path, FileKind kind)
    {
        FileStream? file = null;
        RegularFile.Require(path, kind.Inaccessible, kind.Name);
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            if (!file.CanSeek)
            {
                throw RegularFile.Refuse(path, kind.Inaccessible, kind.Name);
            }

            return new CompressedFile(path, kind, file);
        }
        catch (Exception exception)
        {
            file?.Dispose();
            throw exception switch
            {
                EngineException => exception,
                FileNotFoundException or DirectoryNotFoundException =>
                    new EngineException(kind.NotFound, $"The {kind.Name} '{path}' does not exist.", path, exception) { Advice = WaysToFind(path, kind) },
                _ => Unreadable(path, kind, exception),
            };
        }
    }

    // No file name is likely to have one of these characters: where the last part of the path does, several files were meant.
    private static Advice[] WaysToFind(string path, FileKind kind) => System.IO.Path.GetFileName(path.AsSpan()).ContainsAny('*', '?')
        ? [new("check the path, in which * and ? are taken literally here"), new("read the files that a pattern matches first", kind.Pattern)]
        : [new("check the path")];

    /// <summary>Reads until the destination is full or the file ends.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    /// <exception cref="EngineException">The kind's error where the disk fails or the compressed data are damaged.</exception>
    public int Fill(Span<byte> destination)
    {
        int filled = 0;
        try
        {
            while (filled < destination.Length)
            {
                int read = _bytes.Read(destination[filled..]);
                if (read <= 0)
                {
                    break;
                }

                filled += read;
            }
        }
        catch (Exception) when (_compressed.WasExhausted)
        {
            // The decompressor wanted more than there is: the file was cut off, and the caller knows what is missing.
            WasCutOff = true;
            return filled;
        }
        catch (Exception exception) when (Compression != FileCompression.None && exception is not OutOfMemoryException)
        {
            // The decompressors answer damaged data with exceptions of many kinds.
            throw new EngineException(
                _kind.Inaccessible,
                $"'{Path}' cannot be decompressed ({Compression}): {exception.Message} The file is damaged; copy or download it again.",
                Path,
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, _kind, exception);
        }

        return filled;
    }

    /// <summary>Passes over bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many there were; of a plain file, all.</returns>
    public long Skip(long count, CancellationToken cancellationToken = default)
    {
        if (Compression == FileCompression.None)
        {
            _file.Seek(count, SeekOrigin.Current);
            return count;
        }

        byte[] rest = new byte[(int)Math.Min(count, 1 << 16)];
        long skipped = 0;
        while (skipped < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(rest.Length, count - skipped);
            int read = Fill(rest.AsSpan(0, wanted));
            skipped += read;
            if (read < wanted)
            {
                break;
            }
        }

        return skipped;
    }

    /// <summary>Reads what is left and counts it, up to a limit. At the end of a compressed file its checksum is compared.</summary>
    /// <param name="most">Bytes after which it is given up: behind a few bytes of a compressed file there may be gigabytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Bytes; <paramref name="most"/> where there are as many, or more.</returns>
    public long CountRest(long most, CancellationToken cancellationToken)
    {
        long count = Skip(most, cancellationToken);
        if (count < most)
        {
            // The decompressors compare checksums when they are asked for what is not there.
            Fill(new byte[1]);
        }

        return count;
    }

    /// <summary>
    /// True where bytes are the whole content of the file. The runtime takes a gzip file that was cut off for one that ends, so the length and the checksum at its
    /// end are compared with the bytes; of a file of several members, those of the last one.
    /// </summary>
    /// <param name="bytes">All that <see cref="Fill"/> gave.</param>
    /// <exception cref="EngineException">The kind's error where the disk fails.</exception>
    public bool IsWhole(ArraySegment<byte> bytes)
    {
        if (Compression != FileCompression.Gzip)
        {
            return !WasCutOff;
        }

        Span<byte> trailer = stackalloc byte[8];
        try
        {
            if (FileLength < trailer.Length || RandomAccess.Read(_file.SafeFileHandle, trailer, FileLength - trailer.Length) < trailer.Length)
            {
                return false;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(Path, _kind, exception);
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        if (length > bytes.Count)
        {
            return false;
        }

        var checksum = new Crc32();
        checksum.Update(bytes[(bytes.Count - (int)length)..]);
        return checksum.Value == BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    /// <summary>
    /// Refuses a gzip file whose last bytes, which hold checksum and length, do not fit what it gave: the runtime takes a file that was cut off there for one that ends.
    /// Of a file of several members they are those of the last one, which is read once more.
    /// </summary>
    /// <param name="length">All bytes that it gave.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">The kind's error.</exception>
    public void RequireTrailer(long length, CancellationToken cancellationToken)
    {
        Span<byte> trailer = stackalloc byte[8];
        if (Compression != FileCompression.Gzip)
        {
            return;
        }

        bool isRead = RandomAccess.Read(_file.SafeFileHandle, trailer, FileLength - trailer.Length) == trailer.Length;
        uint last = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        bool isWhole = isRead
            && (last == (uint)length || (last < length && ChecksumFrom(length - last, cancellationToken) == BinaryPrimitives.ReadUInt32LittleEndian(trailer)));
        if (!isWhole)
        {
            throw new EngineException(
                _kind.Inaccessible, Say($"'{Path}' gives {length} bytes, decompressed; its end says otherwise. The file is damaged; copy or download it again."), Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        _file.Dispose();
    }

    // Of all that the file gives from a place on.
    private long ChecksumFrom(long start, CancellationToken cancellationToken)
    {
        using CompressedFile again = Open(Path, _kind);
        again.Skip(start, cancellationToken);
        var checksum = new Crc32();
        byte[] chunk = new byte[1 << 16];
        for (int read = again.Fill(chunk); read > 0; read = again.Fill(chunk))
        {
            cancellationToken.ThrowIfCancellationRequested();
            checksum.Update(new ArraySegment<byte>(chunk, 0, read));
        }

        return checksum.Value;
    }

    private static FileCompression Recognise(FileStream file)
    {
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return magic[..read] switch
        {
            [0x1f, 0x8b, 8, ..] => FileCompression.Gzip,
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9'] => FileCompression.Bzip2,
            _ => FileCompression.None,
        };
    }

    private static EngineException Unreadable(string path, FileKind kind, Exception exception) => new(
        kind.Inaccessible,
        $"'{path}' cannot be read: {exception.Message} Check that it is a file, that you may read it, and that no other program holds it.",
        path,
        exception);
}
