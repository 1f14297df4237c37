using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes a parameter with the values in use, each with what it is for.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    private readonly (string Value, string ToolTip)[] _values;

    /// <summary>Remembers the values.</summary>
    /// <param name="values">Values as they are typed, with what is shown beside each, in the order to offer them.</param>
    private protected ValueCompleter(params (string Value, string ToolTip)[] values) => _values = values;

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
        _values
            .Where(entry => entry.Value.StartsWith(wordToComplete ?? string.Empty, StringComparison.OrdinalIgnoreCase))
            .Select(entry => new CompletionResult(entry.Value, entry.Value, CompletionResultType.ParameterValue, entry.ToolTip));
}
