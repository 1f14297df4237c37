namespace LocalDeblur.PowerShell.Completion;

/// <summary>Completes -Rounds with the useful numbers and the word Automatic.</summary>
public sealed class RoundsCompleter() : ValueCompleter(
    ("1", "1: the default, and what the method's authors call supported by theory"),
    ("2", "2: the local resolution of the result is estimated once more"),
    (RoundCount.AutomaticWord, $"{RoundCount.AutomaticWord}: until the step size or the local resolution settles"));
