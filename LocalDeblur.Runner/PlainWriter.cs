using System.Text;

namespace LocalDeblur.Runner;

/// <summary>
/// Standard output or error, to which text goes as plain text: nothing that stands in a file, or is a file's name, commands the terminal or makes a line of its own.
/// </summary>
/// <param name="inner">The stream itself.</param>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    private readonly TextWriter _inner = inner;

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <summary>The stream itself, for what draws on the terminal.</summary>
    /// <param name="writer">Standard output or error.</param>
    public static TextWriter Beneath(TextWriter writer) => writer is PlainWriter plain ? plain._inner : writer;

    /// <inheritdoc/>
    public override void Write(char value) => Pass(() => _inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Pass(() => _inner.Write(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Pass(() => _inner.WriteLine(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void Flush() => Pass(_inner.Flush);

    private static void Pass(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new OutputClosedException(exception);
        }
    }
}
