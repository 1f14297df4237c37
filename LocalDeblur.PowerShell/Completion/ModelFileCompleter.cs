using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using LocalDeblur.Models.Reading;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and model files.</summary>
public sealed class ModelFileCompleter : IArgumentCompleter
{
    /// <summary>Offers the folders and model files that begin with what was typed.</summary>
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
            .Where(result => result.ResultType == CompletionResultType.ProviderContainer || ModelReader.IsModel(result.ListItemText));
}
