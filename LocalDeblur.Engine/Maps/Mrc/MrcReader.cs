using System.Globalization;
using LocalDeblur.Files;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Reads MRC2014/CCP4 maps: plain, gzip or bzip2, of modes 0, 1, 2, 6 and 12, in either byte order and any axis order.</summary>
/// <remarks>No file is held open between calls. Safe to use from any thread.</remarks>
public static class MrcReader
{
    /// <summary>Name of the first step in the history of a map that comes from a file.</summary>
    public const string ImportStep = "Import";

    // 768 bytes for each of twenty thousand sections. Beside a small map a small one must do: what is written is not to be much longer than what was read.
    private const int LongestExtendedHeader = 1 << 24;
    private const int AlwaysAllowedExtendedHeader = 1 << 20;

    // What is read behind the last voxel of a compressed file, for the checksum at its end.
    internal const long MostTrailingBytes = 1 << 24;

    // A tenth of a millimetre (Å): a thousand times the longest cell, and float32, in which a header keeps places, still tells voxels apart.
    private const double FarthestPlace = 1e6;

    /// <summary>Reads the header and nothing else, so that it returns at once on a file of any size, compressed or not.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The header with its deviations; also for files whose voxels <see cref="Open"/> refuses, such as transforms and stacks.</returns>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, MapHeaderInvalid, MapTruncated (within the extended header).</exception>
    public static MrcHeader ReadHeader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using CompressedFile source = CompressedFile.Open(Path.GetFullPath(path), FileKind.Map);
        return ReadHeader(source);
    }

    /// <summary>
    /// Opens a map: reads and checks the header and, where the file is not compressed, its length. The voxels are read when they
    /// are first asked for; the file must not change until then.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the caller knows better than the header; or null.</param>
    /// <returns>A map whose history begins with the step "Import"; its warnings are the deviations of the header.</returns>
    /// <remarks>
    /// Reading the voxels later fails with MapFileNotFound, MapFileChanged, MapFileInaccessible or, where the file is compressed, MapTruncated.
    /// NaN and infinite voxels are kept unless a value to replace them is given.
    /// </remarks>
    /// <exception cref="EngineException">MapFileNotFound, MapFileInaccessible, MapHeaderInvalid, MapModeUnsupported, MapStackUnsupported,
    /// MapTruncated, MapSizeUnsupported, InsufficientMemory, VoxelSizeMissing or ParameterOutOfRange (an option).</exception>
    public static CryoMap Open(string path, MrcReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new MrcReadOptions();
        string fullPath = Path.GetFullPath(path);
        using CompressedFile source = CompressedFile.Open(fullPath, FileKind.Map);
        MrcHeader header = ReadHeader(source);
        RequireVolume(header, options, fullPath);
        MapGrid grid = header.ToGrid(options);
        RequireRoom(header, grid.Size, options, source);
        List<string> warnings = [.. header.Deviations.Where(deviation => deviation.Severity == MrcSeverity.Warning).Select(deviation => deviation.Message)];
        Int128 trailing = source.FileLength - (header.DataOffset + header.DataLength);
        if (source.Compression == FileCompression.None && trailing > 0)
        {
            warnings.Add(TrailingBytes(trailing));
        }

        var late = new LateWarnings(warnings);
        long length = source.FileLength;
        DateTime written = source.LastWriteTimeUtc;
        return new CryoMap(
            grid,
            cancellationToken => ReadVoxels(header, grid.Size, options, late, fullPath, length, written, cancellationToken),
            Path.GetFileName(fullPath),
            fullPath,
            [Import(header, options, fullPath, late)],
            header);
    }

    /// <summary>The header of an open file, which is left somewhere behind it.</summary>
    internal static MrcHeader ReadHeader(CompressedFile source)
    {
        byte[] raw = new byte[MrcHeader.Length];
        int read = source.Fill(raw);
        if (read < raw.Length)
        {
            string found = source.Compression == FileCompression.None ? "it has" : $"decompressed ({source.Compression}) it gives";
            throw new EngineException(
                EngineError.MapHeaderInvalid,
                Say($"'{source.Path}' is not a whole MRC2014/CCP4 map: ")
                    + Say($"{found} {read} bytes, and the header alone takes {MrcHeader.Length}. Give a density map in MRC2014 or CCP4 format, or copy the file again."),
                source.Path);
        }

        MrcHeader header = MrcHeaderParser.Parse(raw, source.Path) with { FileLength = source.FileLength, Compression = source.Compression };
        return header.ExtendedHeaderLength > 0 ? header with { ExtendedHeader = ReadExtendedHeader(source, header) } : header;
    }

    /// <summary>The first deviation for which the file is refused, as an exception; null where there is none.</summary>
    internal static EngineException? Refusal(MrcHeader header, string path)
    {
        MrcFinding? error = header.Deviations.FirstOrDefault(deviation => deviation.Severity == MrcSeverity.Error);
        return error is null ? null : new EngineException(error.Refusal, $"'{path}' cannot be read. {error.Message}", path);
    }

    /// <summary>What is said about bytes behind the last voxel.</summary>
    internal static string TrailingBytes(Int128 count) => count < MostTrailingBytes
        ? Say($"{count} bytes follow the last voxel; expected none. They are ignored.")
        : Say($"{MostTrailingBytes >> 20} MiB or more follow the last voxel; expected none. They are ignored, and where the file is compressed its checksum is not compared.");

    private static ReadOnlyMemory<byte> ReadExtendedHeader(CompressedFile source, MrcHeader header)
    {
        int length = header.ExtendedHeaderLength;
        if (header.DataOffset > source.MostBytes)
        {
            throw MrcVoxelStream.TooShort(header, source);
        }

        Int128 longest = Int128.Min(LongestExtendedHeader, Int128.Max(AlwaysAllowedExtendedHeader, header.DataLength));
        if (length > longest)
        {
            throw new EngineException(
                EngineError.MapHeaderInvalid,
                Say($"NSYMBT of '{source.Path}' says that the extended header takes {length} bytes; ")
                    + Say($"expected at most {longest} beside these voxels. The header is damaged; copy or download the file again."),
                source.Path);
        }

        // Grown as it is read: a compressed file may hold much less than its header says.
        byte[] bytes = new byte[Math.Min(length, 1 << 16)];
        int filled = 0;
        while (true)
        {
            filled += source.Fill(bytes.AsSpan(filled));
            if (filled < bytes.Length)
            {
                throw MrcVoxelStream.Truncated(header, source.Path, header.DataLength + length - filled);
            }

            if (filled == length)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
        }
    }

    private static void RequireVolume(MrcHeader header, MrcReadOptions options, string path)
    {
        if (MapFileName.IsStack(path))
        {
            throw new EngineException(
                EngineError.MapStackUnsupported,
                $"'{path}' is a stack of images by its suffix .mrcs; expected a volume. If it is a volume, rename it to .mrc.",
                path);
        }

        if (Refusal(header, path) is { } refusal)
        {
            throw refusal;
        }

        if (header.IsStack && options.Index is null)
        {
            throw new EngineException(
                EngineError.MapStackUnsupported,
                string.Create(CultureInfo.InvariantCulture, $"'{path}' is a stack of {header.VolumeCount} volumes (ISPG {header.SpaceGroup}); expected one volume."),
                path)
            {
                Advice =
                [
                    new(string.Create(CultureInfo.InvariantCulture, $"choose a volume by its index, 0 to {header.VolumeCount - 1}"), EngineParameter.Index),
                    new("save the volume as a file of its own"),
                ],
            };
        }

        if (options.Index is { } index && (index < 0 || index >= header.VolumeCount))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"'{path}' has no volume of index {index}; expected 0 to {header.VolumeCount - 1}."),
                path)
            {
                Advice = [new("choose another index", EngineParameter.Index)],
            };
        }

        if (options.NonFiniteValue is { } value && !float.IsFinite(value))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"The value to replace NaN and infinite voxels is {value}; expected a finite number."),
                path)
            {
                Advice = [new("give another value", EngineParameter.NonFiniteValue)],
            };
        }

        if (options.VoxelSize is > 0 and var voxelSize && !MapGrid.IsLikely(voxelSize))
        {
            throw new EngineException(EngineError.ParameterOutOfRange, Say($"The voxel size given for '{path}' is {voxelSize} Å; expected {MapGrid.LikelyEdges}."), path)
            {
                Advice = [new("give another voxel size", EngineParameter.VoxelSize)],
            };
        }

        if (options.Origin is { } origin && !(IsPlace(origin.X) && IsPlace(origin.Y) && IsPlace(origin.Z)))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange, Say($"The origin given for '{path}' is ({origin}) Å; expected three numbers between ±{FarthestPlace:0}."), path)
            {
                Advice = [new("give another origin", EngineParameter.Origin)],
            };
        }
    }

    private static bool IsPlace(double coordinate) => Math.Abs(coordinate) <= FarthestPlace;

    private static void RequireRoom(MrcHeader header, GridSize size, MrcReadOptions options, CompressedFile source)
    {
        Int128 bytes = header.DataOffset + header.DataLength;
        if (bytes > source.MostBytes)
        {
            throw MrcVoxelStream.TooShort(header, source);
        }

        Int128 voxels = (Int128)size.X * size.Y * size.Z;
        if (voxels > Array.MaxLength)
        {
            throw new EngineException(
                EngineError.MapSizeUnsupported,
                string.Create(CultureInfo.InvariantCulture, $"'{source.Path}' has {size} = {voxels} voxels; expected at most {Array.MaxLength}. Cut or bin the map first."),
                source.Path);
        }

        options.Limits.Require((long)voxels * sizeof(float), Say($"Reading '{source.Path}' ({size} voxels)"), source.Path, new("cut or bin the map"));
    }

    private static HistoryEntry Import(MrcHeader header, MrcReadOptions options, string path, LateWarnings warnings)
    {
        List<(string, object?)> parameters = [("Path", path)];
        List<string> decisions = [];
        if (options.VoxelSize is { } voxelSize)
        {
            parameters.Add(("VoxelSize", voxelSize));
            decisions.Add(string.Create(CultureInfo.InvariantCulture, $"The voxel size is {voxelSize} Å as given; the header says {header.Spacing} Å."));
        }

        if (options.Origin is { } origin)
        {
            parameters.Add(("Origin", origin));
            decisions.Add($"The map lies at ({origin}) Å as given; the header says ({header.ToGrid().Origin}) Å.");
        }

        if (options.NonFiniteValue is { } value)
        {
            parameters.Add(("NonFiniteValue", value));
        }

        if (options.Index is { } index)
        {
            parameters.Add(("Index", index));
        }

        return new HistoryEntry
        {
            Step = ImportStep,
            Telling = StepTelling.Never,
            Parameters = HistoryEntry.Values([.. parameters]),
            Figures = HistoryEntry.Values(
                ("Mode", header.Mode),
                ("ByteOrder", header.ByteOrder),
                ("AxisOrder", header.AxisOrder.ToString()),
                ("Compression", header.Compression),
                ("Bytes", header.FileLength)),
            Decisions = decisions,
            Warnings = warnings,
        };
    }

    private static float[] ReadVoxels(
        MrcHeader header, GridSize size, MrcReadOptions options, LateWarnings warnings, string path, long length, DateTime written, CancellationToken cancellationToken)
    {
        using CompressedFile source = CompressedFile.Open(path, FileKind.Map);
        if (source.FileLength != length || source.LastWriteTimeUtc != written)
        {
            throw new EngineException(
                EngineError.MapFileChanged,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' changed after its header was read: {length} bytes of {written:u} then, "
                        + $"{source.FileLength} bytes of {source.LastWriteTimeUtc:u} now. Import it again."),
                path);
        }

        float[] voxels;
        try
        {
            voxels = GC.AllocateUninitializedArray<float>((int)size.VoxelCount);
        }
        catch (OutOfMemoryException exception)
        {
            throw new EngineException(
                EngineError.InsufficientMemory,
                Say($"The voxels of '{path}' ({size}) take {size.VoxelCount * sizeof(float)} bytes of memory, ")
                    + "more than is free. Close other programs, or cut or bin the map.",
                path,
                exception);
        }

        var stream = new MrcVoxelStream(source, header, (options.Index ?? 0) * size.VoxelCount, cancellationToken);
        MrcAxisPermutation.Read(stream, header, size, voxels, cancellationToken);
        if (source.Compression != FileCompression.None && options.Index is null)
        {
            // Compressed data are checked against their checksum only where their end is read.
            long trailing = source.CountRest(MostTrailingBytes, cancellationToken);
            if (trailing > 0)
            {
                warnings.Add(TrailingBytes(trailing));
            }
        }

        if (options.NonFiniteValue is { } value)
        {
            long replaced = ReplaceNonFinite(voxels, value, cancellationToken);
            if (replaced > 0)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{replaced} of {size.VoxelCount} voxels were NaN or infinite and are now {value}."));
            }
        }

        return voxels;
    }

    private static long ReplaceNonFinite(float[] voxels, float value, CancellationToken cancellationToken)
    {
        long replaced = 0;
        for (int start = 0; start < voxels.Length; start += MrcVoxelStream.ChunkLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<float> chunk = voxels.AsSpan(start, Math.Min(MrcVoxelStream.ChunkLength, voxels.Length - start));
            foreach (ref float voxel in chunk)
            {
                if (!float.IsFinite(voxel))
                {
                    voxel = value;
                    replaced++;
                }
            }
        }

        return replaced;
    }
}
