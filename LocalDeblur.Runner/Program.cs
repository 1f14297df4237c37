using System.CommandLine;
using System.Globalization;
using System.Text;
using LocalDeblur;
using LocalDeblur.Runner;

// Numbers on the command line and in every line of output are the same everywhere.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// So is its encoding. A console of Windows begins with a code page of its country, in which Å and ≥ become question marks, in files too.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

// Help and version are our own text; everything else may hold what stands in files.
PlainWriter.Install();

RootCommand root = RunnerCommand.Create();

string[] words = InvokedName.Complete(args, XmippCommand.Programs) switch { ["help", .. string[] command] => [.. command, "--help"], var given => given };

// A name that begins with @ is one like any other: there are no response files.
ParseResult parsed = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (words.Length == 0)
{
    // Whoever types the name alone wants to know what there is; a script that does has lost its arguments.
    root.Parse("--help").Invoke(new InvocationConfiguration { Output = PlainWriter.Output });
    return (int)ExitCode.Usage;
}

if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError problem in parsed.Errors)
    {
        Console.Error.WriteLine(problem.Message);
    }

    Console.Error.WriteLine("See 'localdeblur --help', or 'localdeblur COMMAND --help'.");
    RelionJob.FailWithout(args);
    return (int)ExitCode.Usage;
}

try
{
    RunnerLog.Begin(parsed);
}
catch (EngineException refusal)
{
    Console.Error.WriteLine($"{refusal.Error}: {refusal.Message}");
    return (int)ExitCode.InputRefused;
}

using var signals = new TerminationSignals();
try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = PlainWriter.Output, Error = PlainWriter.Error },
        signals.Token).ConfigureAwait(false);
}
catch (Exception exception) when (OutputClosedException.IsCause(exception))
{
    // Help and version; commands tell of theirs by themselves.
    Console.Error.WriteLine(new OutputClosedException(exception).Message);
    return (int)ExitCode.Usage;
}
catch (OperationCanceledException) when (signals.Received is { } ending)
{
    RunnerLog.Fail(new OperationCanceledException(), $"{(ending == ExitCode.Interrupted ? "Interrupted" : "Terminated")}; nothing half-written is left.");
    return (int)ending;
}
