using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders, and files of one kind.</summary>
public abstract class FileCompleter : IArgumentCompleter
{
    private readonly Predicate<string> _isOfKind;

    /// <summary>Remembers the kind.</summary>
    /// <param name="isOfKind">Whether a file is of it, by its name.</param>
    private protected FileCompleter(Predicate<string> isOfKind) => _isOfKind = isOfKind;

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
        IDictionary fakeBoundParameters) =>
        CompletionCompleters.CompleteFilename(wordToComplete)
            .Where(result => result.ResultType == CompletionResultType.ProviderContainer || _isOfKind(result.ListItemText));
}
