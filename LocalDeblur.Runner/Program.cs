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

RootCommand root = RunnerCommand.Create();

ParseResult parsed = root.Parse(InvokedName.Complete(args, XmippCommand.Programs));
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
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
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        signals.Token).ConfigureAwait(false);
}
catch (OperationCanceledException) when (signals.Received is { } ending)
{
    RunnerLog.Fail(new OperationCanceledException(), $"{(ending == ExitCode.Interrupted ? "Interrupted" : "Terminated")}; nothing half-written is left.");
    return (int)ending;
}
