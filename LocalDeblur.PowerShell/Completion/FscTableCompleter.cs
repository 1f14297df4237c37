using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and tables of Fourier shell correlation.</summary>
public sealed class FscTableCompleter() : FileCompleter(FscTable.IsTable);
