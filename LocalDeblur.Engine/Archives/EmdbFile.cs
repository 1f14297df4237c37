using LocalDeblur.Files;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Numerics;

namespace LocalDeblur.Archives;

/// <summary>A map of an entry: where it is and what the entry says of it. The archive publishes no checksums; this is what there is to tell one file from another.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="Folder">Folder of the entry that has it.</param>
internal sealed record EmdbFile(string Name, string Folder)
{
    // Of the range of values: the archive states float32 rounded, and means that were summed in float32.
    private const double Tolerance = 1e-3;

    /// <summary>The statistics of a map, by the names of the header and in words, in the order of <see cref="Statistics"/>.</summary>
    public static readonly IReadOnlyList<(string InHeader, string InWords)> StatisticNames =
        [("minimum", "smallest value"), ("maximum", "largest value"), ("average", "mean"), ("std", "standard deviation")];

    /// <summary>Length of the file, decompressed (1000 bytes); null where it is not stated.</summary>
    public double? Kilobytes { get; init; }

    /// <summary>Smallest and largest value, mean and standard deviation of the voxels; null for what is not stated. Empty for none.</summary>
    public IReadOnlyList<double?> Statistics { get; init; } = [];

    /// <summary>Checks a file: it decompresses without a fault and has the length and the voxels that the entry says.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadFailure">It is not the file.</exception>
    public void Check(string path, CancellationToken cancellationToken)
    {
        try
        {
            (long length, VolumeStatistics found) = Measure(path, cancellationToken);
            if (Kilobytes is { } stated && Math.Abs((length / 1000.0) - stated) > 1)
            {
                throw Invalid(Say($"it has {length} bytes, decompressed; expected {stated} thousand"));
            }

            Compare([found.Minimum, found.Maximum, found.Mean, found.StandardDeviation]);
        }
        catch (EngineException refusal) when (refusal.Error is not EngineError.InsufficientMemory)
        {
            throw new DownloadFailure(DownloadFailure.Kind.Invalid, refusal.Message.TrimEnd('.'), refusal);
        }
    }

    // Voxel by voxel as they come: a map need not fit into the memory to be checked.
    private static (long Length, VolumeStatistics Statistics) Measure(string path, CancellationToken cancellationToken)
    {
        MrcHeader header = MrcReader.ReadHeader(path);
        if (MrcReader.Refusal(header, path) is { } refusal)
        {
            throw refusal;
        }

        using CompressedFile source = CompressedFile.Open(path, FileKind.Map);
        var stream = new MrcVoxelStream(source, header, 0, cancellationToken);
        var statistics = new RunningStatistics();
        float[] chunk = new float[MrcVoxelStream.ChunkLength];
        long rest = (long)header.Columns * header.Rows * header.Sections;
        while (rest > 0)
        {
            Span<float> voxels = chunk.AsSpan(0, (int)Math.Min(chunk.Length, rest));
            stream.Read(voxels, cancellationToken);
            statistics.Add(voxels);
            rest -= voxels.Length;
        }

        long length = (long)(header.DataOffset + header.DataLength) + source.CountRest(MrcReader.MostTrailingBytes, cancellationToken);
        source.RequireTrailer(length, cancellationToken);
        return (length, statistics.Result);
    }

    private void Compare(double[] found)
    {
        if (Statistics is not [{ } minimum, { } maximum, ..])
        {
            return;
        }

        for (int i = 0; i < found.Length; i++)
        {
            if (Statistics[i] is { } stated && !(Math.Abs(found[i] - stated) <= Tolerance * Math.Max(maximum - minimum, Math.Abs(stated))))
            {
                throw Invalid(Say($"the {StatisticNames[i].InWords} of its voxels is {found[i]:G6}; expected {stated:G6}, as the entry says"));
            }
        }
    }

    private static DownloadFailure Invalid(string message) => new(DownloadFailure.Kind.Invalid, message);
}
