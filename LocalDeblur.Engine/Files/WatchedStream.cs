namespace LocalDeblur.Files;

/// <summary>Passes bytes on and remembers whether more were asked for than there are: what tells a file that was cut off from one that is damaged.</summary>
/// <param name="source">The bytes; can go back in them.</param>
internal sealed class WatchedStream(Stream source) : Stream
{
    /// <summary>True once a reader was turned away at the end.</summary>
    public bool WasExhausted { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Looks at the next bytes and leaves them where they are.</summary>
    /// <param name="bytes">Where they go.</param>
    /// <returns>How many there are; fewer than asked for only at the end, which nobody was turned away at.</returns>
    public int Peek(Span<byte> bytes)
    {
        int read = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        source.Seek(-read, SeekOrigin.Current);
        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        WasExhausted |= read == 0 && !buffer.IsEmpty;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        int value = source.ReadByte();
        WasExhausted |= value < 0;
        return value;
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
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
