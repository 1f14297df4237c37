using System.Text;

namespace LocalDeblur.Runner;

/// <summary>
/// Standard output or error, to which text goes as plain text: nothing that stands in a file, or is a file's name, commands the terminal or makes a line of its own.
/// </summary>
/// <param name="inner">The stream itself.</param>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    /// <summary>Standard output itself, for what draws on the terminal and for our own text.</summary>
    public static TextWriter Output { get; private set; } = Console.Out;

    /// <summary>Standard error itself, as <see cref="Output"/>.</summary>
    public static TextWriter Error { get; private set; } = Console.Error;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Makes everything that goes to standard output and error from now on plain.</summary>
    public static void Install()
    {
        (Output, Error) = (Console.Out, Console.Error);
        Console.SetOut(new PlainWriter(Output));
        Console.SetError(new PlainWriter(Error));
    }

    /// <inheritdoc/>
    public override void Write(char value) => Pass(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Pass(() => inner.Write(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Pass(() => inner.WriteLine(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void Flush() => Pass(inner.Flush);

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
