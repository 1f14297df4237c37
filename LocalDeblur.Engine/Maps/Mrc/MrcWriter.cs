using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
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

    // Voxels between two looks at the cancellation and two words of progress.
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
        RequireWritable(target, options, map.Grid);

        // Before the target is touched: it may be the file that these voxels are still in.
        float[] voxels = map.Load(cancellationToken);
        map.RequireNumbers(cancellationToken);
        VolumeStatistics statistics = options.Mode == MrcMode.Float16
            ? MeasureHalves(map, voxels, target, cancellationToken)
            : new VolumeStatistics(map.Minimum, map.Maximum, map.Mean, map.StandardDeviation, 0);
        List<string> labels = MrcLabels.Append(map.Header?.Labels ?? [], MrcLabels.Describe(map.History));
        byte[] header = MrcHeaderWriter.Write(map.Grid, options.Mode, statistics, labels, map.Header);

        using TemporaryFile file = TemporaryFile.Create(target);
        using TemporaryFile? historyFile = options.WriteHistory ? TemporaryFile.Create(history) : null;
        try
        {
            using (var content = new CompressedTarget(file.Stream, target, cancellationToken))
            {
                content.Stream.Write(header);
                WriteVoxels(content.Stream, voxels, options.Mode, $"Writing {Path.GetFileName(target)}", progress, cancellationToken);
                content.Complete();
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
        if (options.Overwrite)
        {
            // First of all, so that whatever ends the process now, a new map never lies beside an old history.
            TemporaryFile.Remove(history);
        }

        file.Commit(options.Overwrite);
        historyFile?.Commit(options.Overwrite);
    }

    /// <summary>
    /// Refuses a target that cannot be written, so that a long run need not end with that news: a name that is none or too long, a folder that may not be written to,
    /// a pipe or device, a file that exists, a disk or quota without room as far as the system tells.
    /// </summary>
    /// <param name="path">Target, as for <see cref="Write"/>.</param>
    /// <param name="options">As for <see cref="Write"/>; or null.</param>
    /// <param name="grid">Grid of the map, of which room is asked for where it is not compressed; null where it is not known yet.</param>
    /// <remarks>Left-over temporary files of processes that are dead are removed from the folder.</remarks>
    /// <exception cref="EngineException">MapFileNameUnsupported, MapFileExists, MapFileInaccessible or MapModeUnsupported.</exception>
    public static void RequireWritable(string path, MrcWriteOptions? options = null, MapGrid? grid = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new MrcWriteOptions();
        string target = Path.GetFullPath(path);
        RequireName(target);
        RequireMode(options.Mode, target);
        int voxelBytes = options.Mode == MrcMode.Float16 ? sizeof(short) : sizeof(float);
        bool isPlain = !MapFileName.IsCompressed(target);
        TemporaryFile.RequireTarget(target, options.Overwrite, isPlain && grid is not null ? MrcHeader.Length + (grid.Size.VoxelCount * voxelBytes) : 0);

        // Also where none is written: the one that is there would be of another map.
        TemporaryFile.RequireTarget(MapFileName.History(target), options.Overwrite);
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
