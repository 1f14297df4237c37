using ICSharpCode.SharpZipLib.BZip2;

namespace LocalDeblur.Files;

/// <summary>
/// What all bzip2 streams of a file hold, one behind the other: programs that compress on several processors write many, and so does <c>cat a.bz2 b.bz2</c>.
/// What stands behind the last stream and is no other is passed over. As <c>bzip2 -d</c> reads a file.
/// </summary>
internal sealed class Bzip2Streams : Stream
{
    // Each stream takes 5 MB of memory anew and so a millisecond, however short it is: a file of nothing but short ones would take minutes.
    private const int MostShortStreams = 256;
    private const int BytesPerStream = 4096;

    private readonly WatchedStream _source;
    private BZip2InputStream? _stream;
    private long _streamsLeft;

    /// <summary>Begins with the first stream.</summary>
    /// <param name="source">The compressed bytes, which begin with a stream.</param>
    /// <param name="length">How many they are.</param>
    public Bzip2Streams(WatchedStream source, long length)
    {
        _source = source;
        _streamsLeft = MostShortStreams + (length / BytesPerStream);
        _stream = Next();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = 0;
        while (_stream is not null && count > 0 && (read = _stream.Read(buffer, offset, count)) <= 0)
        {
            _stream = IsBeforeStream() ? Next() : null;
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    // The library takes bytes one by one and ends at a whole one, so that the next stream begins where it stopped.
    private BZip2InputStream Next() => --_streamsLeft >= 0
        ? new BZip2InputStream(_source) { IsStreamOwner = false }
        : throw new InvalidDataException("It holds thousands of bzip2 streams that are next to empty.");

    private bool IsBeforeStream()
    {
        Span<byte> magic = stackalloc byte[4];
        return magic[.._source.Peek(magic)] is [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9'];
    }
}
