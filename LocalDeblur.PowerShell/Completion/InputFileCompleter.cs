using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and the files that a cmdlet reads: models for Import-AtomicModel, jobs for the cmdlets of jobs, maps for the others.</summary>
public sealed class InputFileCompleter : IArgumentCompleter
{
    private static readonly ModelFileCompleter Models = new();
    private static readonly JobFileCompleter Jobs = new();
    private static readonly MapFileCompleter Maps = new();

    /// <summary>Offers the folders and files that begin with what was typed.</summary>
    /// <param name="commandName">Name of the cmdlet.</param>
    /// <param name="parameterName">Name of the parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The command line.</param>
    /// <param name="fakeBoundParameters">Parameters typed so far.</param>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        IArgumentCompleter completer = Is("Import-AtomicModel") ? Models : Is("LocalDeblurJob") ? Jobs : Maps;
        return completer.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);

        bool Is(string end) => commandName?.EndsWith(end, StringComparison.OrdinalIgnoreCase) == true;
    }
}
