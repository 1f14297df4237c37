using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ICSharpCode.SharpZipLib.BZip2;
using LocalDeblur.Files;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Writes MRC2014 maps: little endian, axis order 1, 2, 3, mode 2 or 12, plain or compressed by the suffix of the name.</summary>
/// <remarks>
/// Kept from the file a map descends from: ORIGIN, start indices, sampling, cell, space group, labels, and the extended header byte for byte.
/// A label that says what was done is appended; where that makes eleven, the oldest but the first drops. An extended header of
/// unstated type that consists of text records is marked CCP4. Statistics are computed from the voxels as written, in double precision.
/// </remarks>
public static class MrcWriter
{
    private const float LargestHalf = 65504;

    // Voxels between two looks at the cancellation: bzip2 takes a tenth of a second for a quarter of a megabyte.
    private const int WriteLength = 1 << 16;

    /// <summary>Writes a map, and its history beside it. The files appear whole or not at all; an older file stays until then.</summary>
    /// <param name="map">The map. May be one that was opened from <paramref name="path"/> and not yet loaded.</param>
    /// <param name="path">Target: .mrc, .map, .ccp4 or .rec, each also with .gz or .bz2.</param>
    /// <param name="options">Type of the voxels and whether to overwrite; or null.</param>
    /// <param name="progress">Told the share that is written; or null.</param>
    /// <param name="cancellationToken">Stops the writing and leaves no trace.</param>
    /// <exception cref="EngineException">MapFileNameUnsupported, MapFileExists, MapFileInaccessible, MapModeUnsupported (a mode that is not
    /// written, or values beyond ±65504 for Float16), MapNotFinite, or what the reading of the map's own file is refused for.</exception>
    public static void Write(
        CryoMap map, string path, MrcWriteOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new MrcWriteOptions();
        string target = Path.GetFullPath(path);
        string history = MapFileName.History(target);
        RequireWritable(target, options);

        // Before the target is touched: it may be the file that these voxels are still in.
        float[] voxels = map.Load(cancellationToken);
        map.RequireFinite(cancellationToken);
        VolumeStatistics statistics = options.Mode == MrcMode.Float16
            ? MeasureHalves(map, voxels, target, cancellationToken)
            : new VolumeStatistics(map.Minimum, map.Maximum, map.Mean, map.StandardDeviation, 0);
        List<string> labels = MrcLabels.Append(map.Header?.Labels ?? [], MrcLabels.Describe(map.History));
        byte[] header = MrcHeaderWriter.Write(map.Grid, options.Mode, statistics, labels, map.Header);

        using TemporaryFile file = TemporaryFile.Create(target);
        using TemporaryFile? historyFile = options.WriteHistory ? TemporaryFile.Create(history) : null;
        try
        {
            using (Stream? compressed = Compress(file.Stream, target))
            {
                Stream stream = compressed ?? file.Stream;
                stream.Write(header);
                WriteVoxels(stream, voxels, options.Mode, $"Writing {Path.GetFileName(target)}", progress, cancellationToken);
            }

            if (historyFile is not null)
            {
                MapHistoryJson.Write(historyFile.Stream, map, target);
            }
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(target, exception);
        }

        cancellationToken.ThrowIfCancellationRequested();
        file.Commit(options.Overwrite);
        historyFile?.Commit(options.Overwrite);
    }

    /// <summary>Refuses a target that cannot be written, so that a long run need not end with that news.</summary>
    /// <param name="path">Target, as for <see cref="Write"/>.</param>
    /// <param name="options">As for <see cref="Write"/>; or null.</param>
    /// <exception cref="EngineException">MapFileNameUnsupported, MapFileExists, MapFileInaccessible or MapModeUnsupported.</exception>
    public static void RequireWritable(string path, MrcWriteOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new MrcWriteOptions();
        string target = Path.GetFullPath(path);
        RequireName(target);
        RequireMode(options.Mode, target);
        TemporaryFile.RequireTarget(target, options.Overwrite);
        if (options.WriteHistory)
        {
            TemporaryFile.RequireTarget(MapFileName.History(target), options.Overwrite);
        }
    }

    private static void RequireName(string target)
    {
        if (!MapFileName.IsMap(target))
        {
            throw new EngineException(
                EngineError.MapFileNameUnsupported,
                $"'{target}' is not a name for a map; expected .mrc, .map, .ccp4 or .rec, each also with .gz or .bz2. Give a name with one of these suffixes.",
                target);
        }
    }

    private static void RequireMode(MrcMode mode, string target)
    {
        if (mode is not (MrcMode.Float32 or MrcMode.Float16))
        {
            throw new EngineException(
                EngineError.MapModeUnsupported,
                $"'{target}' cannot be written as {mode}; expected Float32 or Float16. Choose one of these.",
                target);
        }
    }

    private static Stream? Compress(FileStream file, string target) => Path.GetExtension(target).ToUpperInvariant() switch
    {
        ".GZ" => new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true),
        ".BZ2" => new BZip2OutputStream(file) { IsStreamOwner = false },
        _ => null,
    };

    private static void WriteVoxels(
        Stream stream, float[] voxels, MrcMode mode, string stage, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        bool direct = mode == MrcMode.Float32 && BitConverter.IsLittleEndian;
        byte[] buffer = direct ? [] : new byte[WriteLength * sizeof(float)];
        for (int start = 0; start < voxels.Length; start += WriteLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new StageProgress(stage, (double)start / voxels.Length));
            ReadOnlySpan<float> chunk = voxels.AsSpan(start, Math.Min(WriteLength, voxels.Length - start));
            stream.Write(direct ? MemoryMarshal.AsBytes(chunk) : Convert(chunk, mode, buffer));
        }

        progress?.Report(new StageProgress(stage, 1));
    }

    private static ReadOnlySpan<byte> Convert(ReadOnlySpan<float> chunk, MrcMode mode, byte[] buffer)
    {
        if (mode == MrcMode.Float16)
        {
            Span<Half> halves = MemoryMarshal.Cast<byte, Half>(buffer.AsSpan())[..chunk.Length];
            TensorPrimitives.ConvertToHalf(chunk, halves);
            if (!BitConverter.IsLittleEndian)
            {
                Span<short> words = MemoryMarshal.Cast<Half, short>(halves);
                BinaryPrimitives.ReverseEndianness(words, words);
            }

            return MemoryMarshal.AsBytes(halves);
        }

        Span<int> swapped = MemoryMarshal.Cast<byte, int>(buffer.AsSpan())[..chunk.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(chunk), swapped);
        return MemoryMarshal.AsBytes(swapped);
    }

    /// <summary>Statistics of the values after rounding to half precision.</summary>
    private static VolumeStatistics MeasureHalves(CryoMap map, float[] voxels, string target, CancellationToken cancellationToken)
    {
        if (map.Minimum < -LargestHalf || map.Maximum > LargestHalf)
        {
            throw new EngineException(
                EngineError.MapModeUnsupported,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{target}' cannot be written as Float16: '{map.Name}' has values from {map.Minimum} to {map.Maximum}, and the type ends at ±{LargestHalf}. "
                        + $"Write it as Float32."),
                target);
        }

        var measure = new RunningStatistics();
        Half[] halves = new Half[Math.Min(MrcVoxelStream.ChunkLength, voxels.Length)];
        float[] rounded = new float[halves.Length];
        for (int start = 0; start < voxels.Length; start += halves.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(halves.Length, voxels.Length - start);
            TensorPrimitives.ConvertToHalf(voxels.AsSpan(start, length), halves);
            TensorPrimitives.ConvertToSingle(halves.AsSpan(0, length), rounded);
            measure.Add(rounded.AsSpan(0, length));
        }

        return measure.Result;
    }
}
