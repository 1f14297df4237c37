using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and map files.</summary>
public sealed class MapFileCompleter : IArgumentCompleter
{
    private static readonly string[] Suffixes = [".mrc", ".map", ".ccp4", ".rec"];
    private static readonly string[] Packings = [".gz", ".bz2"];

    /// <summary>Offers the folders and map files that begin with what was typed.</summary>
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
            .Where(result => result.ResultType == CompletionResultType.ProviderContainer || IsMapFile(result.ListItemText));

    /// <summary>Whether a file's name is that of a map, packed or not.</summary>
    /// <param name="name">The file name.</param>
    internal static bool IsMapFile(string name)
    {
        string? packing = Array.Find(Packings, suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
        string bare = packing is null ? name : name[..^packing.Length];
        return Array.Exists(Suffixes, suffix => bare.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }
}
