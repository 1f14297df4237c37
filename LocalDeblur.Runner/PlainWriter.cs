using System.Text;

namespace LocalDeblur.Runner;

/// <summary>
/// Standard output or error, to which text goes as plain text: nothing that stands in a file, or is a file's name, commands the terminal or makes a line of its own.
/// </summary>
/// <param name="inner">The stream itself.</param>
/// <param name="isResult">Whether what is told is what was asked for. What goes to standard error is in histories and logs too: where nobody takes it, the work goes on.</param>
internal sealed class PlainWriter(TextWriter inner, bool isResult) : TextWriter
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
        Console.SetOut(new PlainWriter(Output, isResult: true));
        Console.SetError(new PlainWriter(Error, isResult: false));
    }

    /// <inheritdoc/>
    public override void Write(char value) => Pass(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Pass(() => inner.Write(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Pass(() => inner.WriteLine(PlainText.Of(value)));

    /// <inheritdoc/>
    public override void Flush() => Pass(inner.Flush);

    private void Pass(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (OutputClosedException.IsCause(exception))
        {
            if (isResult)
            {
                throw new OutputClosedException(exception);
            }
        }
    }
}
