namespace LocalDeblur.Archives;

/// <summary>Why one server did not give a file.</summary>
/// <param name="kind">What kind of failure.</param>
/// <param name="message">What was found, as in "the server answers 503".</param>
/// <param name="cause">The cause, or null.</param>
internal sealed class DownloadFailure(DownloadFailure.Kind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Kinds of failure.</summary>
    public enum Kind
    {
        /// <summary>The server has no such file.</summary>
        Absent,

        /// <summary>The server cannot be reached, or does not give the file now.</summary>
        Unreachable,

        /// <summary>What came is not the file.</summary>
        Invalid,
    }

    /// <summary>What kind of failure.</summary>
    public Kind What { get; } = kind;

    /// <summary>Whether the same server may answer otherwise soon.</summary>
    public bool IsPassing { get; init; }

    /// <summary>How long the server asks to wait; null where it does not say.</summary>
    public TimeSpan? Pause { get; init; }
}
