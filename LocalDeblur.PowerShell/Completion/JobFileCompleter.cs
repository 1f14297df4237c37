using LocalDeblur.Jobs;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and files of jobs, and not the states and histories that lie beside them.</summary>
public sealed class JobFileCompleter() : FileCompleter(
    name => name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(JobFile.StateSuffix, StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".history.json", StringComparison.OrdinalIgnoreCase));
