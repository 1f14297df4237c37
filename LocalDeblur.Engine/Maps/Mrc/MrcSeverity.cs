namespace LocalDeblur.Maps.Mrc;

/// <summary>What a deviation of a map file from its format means for the reader.</summary>
public enum MrcSeverity
{
    /// <summary>Departs from the letter of MRC2014 or deserves a look; nothing follows from it.</summary>
    Information,
    /// <summary>The file is read, but something was guessed or a value in it misleads.</summary>
    Warning,
    /// <summary>The file is refused, or every operation on it would be.</summary>
    Error,
}
