using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that writes a file, as Export-Csv does: to -Path, whose wildcards stand for something that exists, or to -LiteralPath.</summary>
public abstract class ExportCommand : ModelCommand
{
    /// <summary>Name of the parameter set with -Path.</summary>
    protected const string PathSet = "Path";

    /// <summary>Name of the parameter set with -LiteralPath.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    /// <summary>What to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(Completion.OutputFileCompleter))]
    public string Path { get; set; } = string.Empty;

    /// <summary>What to write, taken as it is typed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.OutputFileCompleter))]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Replaces a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Never replaces a file, even with -Force.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Returns what was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Whether a file that exists is replaced.</summary>
    private protected bool MayReplace => Force && !NoClobber;

    /// <summary>The path as the user gave it.</summary>
    private protected string GivenPath => ParameterSetName == LiteralPathSet ? LiteralPath : Path;

    /// <summary>The full path of what is to be written.</summary>
    /// <param name="resolved">The full path.</param>
    /// <param name="error">Why there is none.</param>
    private protected bool TryResolveTarget([NotNullWhen(true)] out string? resolved, [NotNullWhen(false)] out ErrorRecord? error)
    {
        if (ParameterSetName == LiteralPathSet || !WildcardPattern.ContainsWildcardCharacters(Path))
        {
            return TryResolveLiteral(GivenPath, out resolved, out error);
        }

        // Wildcards make no name for a new file: they stand for the one file or folder that they match.
        resolved = null;
        if (!TryExpand(Path, out string[] matches, out error))
        {
            return false;
        }

        if (matches is [string match])
        {
            resolved = match;
            return true;
        }

        error = ErrorRecords.TargetPatternUnresolved(Path, matches.Length);
        return false;
    }
}
