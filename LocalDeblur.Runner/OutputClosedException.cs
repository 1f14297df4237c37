namespace LocalDeblur.Runner;

/// <summary>What is to be told cannot be written: the caller has closed the standard output.</summary>
/// <param name="cause">What the system says.</param>
internal sealed class OutputClosedException(Exception cause) : Exception(
    $"The standard output cannot be written to ({cause.Message.TrimEnd('.')}). Leave it open, or send it to a file.", cause)
{
    /// <summary>Whether that is what a failure to write says.</summary>
    /// <param name="exception">The failure.</param>
    public static bool IsCause(Exception exception) => exception is IOException or UnauthorizedAccessException or ObjectDisposedException;
}
