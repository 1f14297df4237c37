using System.CommandLine;
using System.Globalization;
using LocalDeblur.Runner;

// Numbers on the command line and in every line of output are the same everywhere.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var root = new RootCommand("Sharpens cryo-EM maps locally, by the LocalDeblur method. The same work as the PowerShell module, for machines without PowerShell.")
{
    SharpenCommand.Create(),
    ResolutionCommand.Create(),
    BFactorCommand.Create(),
    AutoSharpenCommand.Create(),
    LocScaleCommand.Create(),
    GuinierCommand.Create(),
    CompareCommand.Create(),
    ScoreCommand.Create(),
    DemoCommand.Create(),
};
ValueRules.AddTo(root);

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("See 'localdeblur --help', or 'localdeblur COMMAND --help'.");
    return (int)ExitCode.Usage;
}

return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
}).ConfigureAwait(false);
