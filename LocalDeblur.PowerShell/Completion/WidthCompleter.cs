using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes -K with the values in use, each with what it is for.</summary>
public sealed class WidthCompleter : IArgumentCompleter
{
    private static readonly (string Value, string Use)[] Values =
    [
        ("0.025", "the published default"),
        ("0.01", "wider weights, for maps worse than 6 Å"),
        ("0.05", "narrower weights; the upper end of the useful range"),
    ];

    /// <summary>Offers the values that begin with what was typed.</summary>
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
            .Where(entry => entry.Value.StartsWith(wordToComplete ?? string.Empty, StringComparison.Ordinal))
            .Select(entry => new CompletionResult(entry.Value, entry.Value, CompletionResultType.ParameterValue, $"{entry.Value} 1/Å²: {entry.Use}"));
}
