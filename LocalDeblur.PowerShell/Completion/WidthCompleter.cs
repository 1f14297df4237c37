namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes -K with the values in use.</summary>
public sealed class WidthCompleter() : ValueCompleter(
    ("0.025", "0.025 1/Å²: the published default"),
    ("0.01", "0.01 1/Å²: wider weights, for maps worse than 6 Å"),
    ("0.05", "0.05 1/Å²: narrower weights; the upper end of the useful range"));
