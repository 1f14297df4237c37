using LocalDeblur.Files;
using LocalDeblur.Maps.Mrc;

namespace LocalDeblur.Jobs.Watching;

/// <summary>A map that another program may still be writing, looked at now and then.</summary>
/// <param name="path">Full path of the file.</param>
internal sealed class Arrival(string path)
{
    private (long Bytes, DateTime Written)? _last;
    private int _still;
    private bool? _isWhole;

    /// <summary>Why it is not whole, once it was still for long enough; else null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks at the file.</summary>
    /// <param name="stillPolls">How many looks on end have to find it unchanged.</param>
    /// <param name="cancellationToken">Stops the reading of a compressed file.</param>
    /// <returns>Whether it is whole: unchanged for so long, and as long as its header says.</returns>
    public bool Look(int stillPolls, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            Reset();
            return false;
        }

        if (_last != (file.Length, file.LastWriteTimeUtc))
        {
            Reset();
            _last = (file.Length, file.LastWriteTimeUtc);
            return false;
        }

        _still++;
        return _still >= stillPolls && (_isWhole ??= IsWhole(cancellationToken));
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _last = null;
        _still = 0;
        _isWhole = null;
        Problem = null;
    }

    // Of a plain file the header says how long it is; a compressed one is read to its end, where its checksum and length have to stand.
    private bool IsWhole(CancellationToken cancellationToken)
    {
        try
        {
            using CompressedFile source = CompressedFile.Open(path, FileKind.Map);
            MrcHeader header = MrcReader.ReadHeader(source);
            if (MrcReader.Refusal(header, path) is { } refusal)
            {
                throw refusal;
            }

            Int128 expected = header.DataOffset + header.DataLength;
            long most = (long)Int128.Min(header.DataLength + MrcReader.MostTrailingBytes, long.MaxValue);
            Int128 found = source.Compression == FileCompression.None ? source.FileLength : header.DataOffset + source.CountRest(most, cancellationToken);
            if (found < expected || source.WasCutOff)
            {
                throw MrcVoxelStream.Truncated(header, path, Int128.Max(expected - found, 0));
            }

            // What goes on for gigabytes behind the voxels was not read to its end.
            if (found < header.DataOffset + most)
            {
                source.RequireTrailer((long)found, cancellationToken);
            }

            return true;
        }
        catch (EngineException refusal)
        {
            Problem = refusal.Message;
            return false;
        }
    }
}
