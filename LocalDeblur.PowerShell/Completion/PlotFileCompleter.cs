using LocalDeblur.Plots;

namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes folders and pictures.</summary>
public sealed class PlotFileCompleter() : FileCompleter(PlotFile.IsPicture);
