using LocalDeblur.Jobs;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes the kinds of stages of a job.</summary>
public sealed class StageCompleter() : ValueCompleter([.. JobStage.Kinds.Select(kind => (kind, kind))]);
