namespace LocalDeblur;

/// <summary>
/// Input that the engine refuses. The message is complete for a person: what is wrong, in which file or map,
/// found versus expected, and what to do.
/// </summary>
public sealed class EngineException : Exception
{
    /// <summary>Creates the refusal.</summary>
    /// <param name="error">What kind of refusal; its name is the error id.</param>
    /// <param name="message">The complete message.</param>
    /// <param name="target">File or map it is about, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public EngineException(EngineError error, string message, string? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Error = error;
        Target = target;
    }

    /// <summary>Kind of refusal.</summary>
    public EngineError Error { get; }

    /// <summary>File or map the refusal is about; null where there is none.</summary>
    public string? Target { get; }
}
