using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.ExceptionServices;
using ICSharpCode.SharpZipLib.BZip2;

namespace LocalDeblur.Files;

/// <summary>
/// Takes the bytes of a file that is being written, and compresses them where the suffix of its name says so. <see cref="Complete"/> brings the last of them to
/// the file; without it, as after an interruption, nothing more is compressed or written.
/// </summary>
internal sealed class CompressedTarget : IDisposable
{
    private readonly Sink _sink;
    private readonly BZip2OutputStream? _blocks;
    private bool _isDone;

    /// <summary>Begins.</summary>
    /// <param name="file">The file, which stays open.</param>
    /// <param name="target">Path whose suffix tells the compression: .gz, .bz2 or neither.</param>
    /// <param name="cancellationToken">Stops the writing, also in the middle of what the compression makes of one block.</param>
    public CompressedTarget(FileStream file, string target, CancellationToken cancellationToken)
    {
        _sink = new Sink(file, cancellationToken);
        Stream = Path.GetExtension(target).ToUpperInvariant() switch
        {
            ".GZ" => new GZipStream(_sink, CompressionLevel.Optimal, leaveOpen: true),
            ".BZ2" => new Awaited(_blocks = new BZip2OutputStream(_sink) { IsStreamOwner = false }, cancellationToken),
            _ => _sink,
        };
    }

    /// <summary>Where the bytes go.</summary>
    public Stream Stream { get; }

    /// <summary>Compresses and writes what is left.</summary>
    public void Complete()
    {
        _isDone = true;
        Stream.Dispose();

        // The library for bzip2 keeps to itself that its last block could not be written.
        _sink.Failure?.Throw();
        _sink.WriteOut();
    }

    /// <summary>Gives up what has not been completed.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "The finalizer of the library's compressor would compress what is given up.")]
    public void Dispose()
    {
        if (_isDone)
        {
            return;
        }

        // Disposing of a compressor, or leaving it to the collector, would have it compress what it holds; for bzip2, a block that nobody waits for any more.
        _isDone = true;
        _sink.IsAbandoned = true;
        if (_blocks is not null)
        {
            GC.SuppressFinalize(_blocks);
        }
        else
        {
            Stream.Dispose();
        }
    }

    // Writes to a compressor beside the caller, who waits no longer than until an interruption: a block of voxels that are all the same takes bzip2 many seconds.
    private sealed class Awaited(Stream compressor, CancellationToken cancellationToken) : Forward
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            byte[] bytes = buffer.ToArray();
            RunLimits.Await(() => compressor.Write(bytes), cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                RunLimits.Await(compressor.Dispose, cancellationToken);
            }

            base.Dispose(disposing);
        }
    }

    // Gathers what compressors write byte by byte, and remembers why it could not be written.
    private sealed class Sink(FileStream file, CancellationToken cancellationToken) : Forward
    {
        private readonly byte[] _bytes = new byte[1 << 16];
        private int _count;

        public ExceptionDispatchInfo? Failure { get; private set; }

        public bool IsAbandoned { get; set; }

        public override void WriteByte(byte value)
        {
            if (_count == _bytes.Length)
            {
                WriteOut();
            }

            _bytes[_count++] = value;
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty && !IsAbandoned)
            {
                if (_count == _bytes.Length)
                {
                    WriteOut();
                }

                int length = Math.Min(buffer.Length, _bytes.Length - _count);
                buffer[..length].CopyTo(_bytes.AsSpan(_count));
                _count += length;
                buffer = buffer[length..];
            }
        }

        public void WriteOut()
        {
            int count = _count;
            _count = 0;
            if (IsAbandoned)
            {
                return;
            }

            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Write(_bytes, 0, count);
            }
            catch (Exception exception)
            {
                Failure ??= ExceptionDispatchInfo.Capture(exception);
                throw;
            }
        }
    }

    // A stream that is written to only, and whose end says when everything has to be where it belongs.
    private abstract class Forward : Stream
    {
        public sealed override bool CanRead => false;

        public sealed override bool CanSeek => false;

        public sealed override bool CanWrite => true;

        public sealed override long Length => throw new NotSupportedException();

        public sealed override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public abstract override void Write(ReadOnlySpan<byte> buffer);

        public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public sealed override void Flush()
        {
        }

        public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public sealed override void SetLength(long value) => throw new NotSupportedException();
    }
}
