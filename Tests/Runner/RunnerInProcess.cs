using System.CommandLine;
using System.Text;
using LocalDeblur.Runner;

namespace LocalDeblur.Tests.Runner;

/// <summary>The runner without a process of its own, for what is tried hundreds of times. The exit code is what the process would end with.</summary>
internal static class RunnerInProcess
{
    private static readonly AsyncLocal<StringWriter?> Told = new();

    static RunnerInProcess()
    {
        Console.SetOut(new Divider(Console.Out));
        Console.SetError(new Divider(Console.Error));
    }

    /// <summary>Runs a command. A fault of the program is told with its trace, and ends with 1.</summary>
    /// <param name="arguments">The command line; paths are full.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<(int ExitCode, string Text)> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var text = new StringWriter();
        Told.Value = text;
        ParseResult parsed = RunnerCommand.Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return (2, string.Join('\n', parsed.Errors.Select(error => error.Message)));
        }

        int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = text, Error = text }, cancellation);
        lock (text)
        {
            return (code, text.ToString());
        }
    }

    // What a command under test tells is kept apart from what others tell at the same time.
    private sealed class Divider(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value)
        {
            if (Told.Value is { } text)
            {
                lock (text)
                {
                    text.Write(value);
                }
            }
            else
            {
                inner.Write(value);
            }
        }

        public override void Write(string? value)
        {
            foreach (char character in value ?? string.Empty)
            {
                Write(character);
            }
        }

        public override void WriteLine(string? value) => Write(value + "\n");
    }
}
