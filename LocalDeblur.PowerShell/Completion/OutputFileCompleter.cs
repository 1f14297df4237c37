using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and the files that a cmdlet exports: maps for Export-CryoMap, tables for Export-FscTable, pictures for the others.</summary>
public sealed class OutputFileCompleter : IArgumentCompleter
{
    private static readonly PlotFileCompleter Plots = new();
    private static readonly MapFileCompleter Maps = new();
    private static readonly FscTableCompleter Tables = new();

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
        IArgumentCompleter completer = Is("Export-CryoMap") ? Maps : Is("Export-FscTable") ? Tables : Plots;
        return completer.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);

        bool Is(string cmdlet) => commandName?.EndsWith(cmdlet, StringComparison.OrdinalIgnoreCase) == true;
    }
}
