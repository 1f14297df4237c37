using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps.Mrc;

/// <summary>Checks map files against numbered rules: those of MRC2014, and those that the reader and the operations put up.</summary>
/// <remarks>The rules on the header are the ones by which the reader warns and refuses; the tolerances of the statistics are those of the program mrcfile 1.4.</remarks>
public static class MrcRules
{
    private const double RelativeTolerance = 0.01;
    private const double AbsoluteTolerance = 1e-8;

    /// <summary>The rules by number.</summary>
    internal static IReadOnlyList<MrcRule> Table { get; } = MrcRule.All;

    /// <summary>Checks one file, header and voxels. Voxels are read once, in pieces; memory does not depend on the size of the map.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The findings. A file that cannot be read as a map has a finding of severity Error.</returns>
    /// <exception cref="EngineException">MapFileNotFound, or MapFileInaccessible where the file cannot be opened.</exception>
    public static MrcReport Check(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string fullPath = Path.GetFullPath(path);
        using CompressedFile source = CompressedFile.Open(fullPath, FileKind.Map);
        var findings = new List<MrcFinding>();
        MrcHeader? header = null;
        try
        {
            header = MrcReader.ReadHeader(source);
            findings.AddRange(header.Deviations);
            if (MrcReader.Refusal(header, fullPath) is null)
            {
                using CompressedFile again = CompressedFile.Open(fullPath, FileKind.Map);
                CheckVoxels(again, header, findings, cancellationToken);
            }
        }
        catch (EngineException exception)
        {
            MrcRule rule = exception.Error == EngineError.MapTruncated ? MrcRule.FileSize : MrcRule.Readable;
            findings.Add(rule.Error(exception.Message, exception.Error));
        }

        return new MrcReport
        {
            Path = fullPath,
            Header = header,
            Findings = new ReadOnlyCollection<MrcFinding>([.. findings.OrderBy(finding => finding.Rule)]),
        };
    }

    private static void CheckVoxels(CompressedFile source, MrcHeader header, List<MrcFinding> findings, CancellationToken cancellationToken)
    {
        Int128 bytes = header.DataOffset + header.DataLength;
        if (bytes > source.MostBytes)
        {
            throw MrcVoxelStream.TooShort(header, source);
        }

        var stream = new MrcVoxelStream(source, header, cancellationToken: cancellationToken);
        var measure = new RunningStatistics();
        long count = (long)header.Columns * header.Rows * header.Sections;
        float[] piece = new float[Math.Min(MrcVoxelStream.ChunkLength, count)];
        for (long start = 0; start < count; start += piece.Length)
        {
            Span<float> values = piece.AsSpan(0, (int)Math.Min(piece.Length, count - start));
            stream.Read(values, cancellationToken);
            measure.Add(values);
        }

        long trailing = source.Compression == FileCompression.None ? source.FileLength - (long)bytes : source.CountRest(MrcReader.MostTrailingBytes, cancellationToken);
        if (trailing > 0)
        {
            findings.Add(MrcRule.FileSize.Warning(MrcReader.TrailingBytes(trailing)));
        }

        VolumeStatistics statistics = measure.Result;
        if (statistics.NonFinite > 0)
        {
            findings.Add(MrcRule.Finite.Error(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{statistics.NonFinite} of {count} voxels are NaN or infinite; expected numbers. Repair the map, or replace these voxels by a number when the map is read."),
                EngineError.MapNotFinite));
        }
        else
        {
            findings.AddRange(CompareStatistics(header, statistics));
        }
    }

    // Undetermined by the format: DMAX below DMIN, DMEAN below both, RMS negative.
    private static IEnumerable<MrcFinding> CompareStatistics(MrcHeader header, VolumeStatistics voxels)
    {
        float minimum = header.StatedMinimum;
        float maximum = header.StatedMaximum;
        if (!float.IsFinite(minimum) || !float.IsFinite(maximum) || !float.IsFinite(header.StatedMean) || !float.IsFinite(header.StatedRms))
        {
            yield return MrcRule.Statistics.Warning("DMIN, DMAX, DMEAN or RMS is NaN or infinite; expected numbers.");
            yield break;
        }

        if (minimum <= maximum && minimum != (float)voxels.Minimum && !(minimum == maximum && minimum == 0))
        {
            yield return Wrong("DMIN", minimum, voxels.Minimum);
        }

        if (minimum <= maximum && maximum != (float)voxels.Maximum && !(minimum == maximum && maximum == 0))
        {
            yield return Wrong("DMAX", maximum, voxels.Maximum);
        }

        if (header.StatedMean > Math.Min(minimum, maximum) && !IsClose(header.StatedMean, voxels.Mean))
        {
            yield return Wrong("DMEAN", header.StatedMean, voxels.Mean);
        }

        if (header.StatedRms >= 0 && !IsClose(header.StatedRms, voxels.StandardDeviation))
        {
            yield return Wrong("RMS", header.StatedRms, voxels.StandardDeviation);
        }
    }

    private static MrcFinding Wrong(string field, float stated, double found) => MrcRule.Statistics.Warning(
        string.Create(CultureInfo.InvariantCulture, $"{field} is {stated}, but the voxels give {found:G9}. Nothing is computed from the header's value."));

    private static bool IsClose(double stated, double found) => Math.Abs(found - stated) <= AbsoluteTolerance + RelativeTolerance * Math.Abs(stated);
}
