using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LocalDeblur.PowerShell.Base;

/// <summary>A cmdlet that reads files, usually maps: -Path with wildcards, or -LiteralPath.</summary>
public abstract class PathCommand : MapCommand
{
    /// <summary>Name of the parameter set with -Path.</summary>
    protected const string PathSet = "Path";

    /// <summary>Name of the parameter set with -LiteralPath.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    /// <summary>Files; wildcards allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(Completion.InputFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] Path { get; set; } = [];

    /// <summary>Files, taken as they are typed.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(Completion.InputFileCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "How PowerShell binds lists.")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Id of the error where there is no file.</summary>
    private protected virtual EngineError NotFound => EngineError.MapFileNotFound;

    /// <summary>Handles each file of the call.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LiteralPathSet)
        {
            foreach (string path in LiteralPath)
            {
                if (TryResolveLiteral(path, out string? file, out ErrorRecord? error))
                {
                    ProcessFile(file);
                }
                else
                {
                    WriteError(error);
                }
            }

            return;
        }

        foreach (string pattern in Path)
        {
            foreach (string file in ExpandPattern(pattern, NotFound))
            {
                ProcessFile(file);
            }
        }
    }

    /// <summary>Handles one file.</summary>
    /// <param name="file">Its full path.</param>
    private protected abstract void ProcessFile(string file);
}
