using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes -Rounds with the useful numbers and the word Automatic.</summary>
public sealed class RoundsCompleter : IArgumentCompleter
{
    private static readonly (string Value, string Use)[] Values =
    [
        ("1", "the default, and what the method's authors call supported by theory"),
        ("2", "the local resolution of the result is estimated once more"),
        (RoundCount.AutomaticWord, "until the step size or the local resolution settles"),
    ];

    /// <summary>Offers what begins with what was typed.</summary>
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
        Values
            .Where(entry => entry.Value.StartsWith(wordToComplete ?? string.Empty, StringComparison.OrdinalIgnoreCase))
            .Select(entry => new CompletionResult(entry.Value, entry.Value, CompletionResultType.ParameterValue, $"{entry.Value}: {entry.Use}"));
}
