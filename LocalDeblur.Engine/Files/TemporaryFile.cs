namespace LocalDeblur.Files;

/// <summary>
/// A file that appears at its place whole or not at all: written beside the target under another name, brought to the disk, then renamed.
/// Disposing it before <see cref="Commit"/> leaves no trace, and an older file at the target as it was.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private const string Suffix = ".tmp";
    private const int GuidDigits = 32;

    private readonly string _target;
    private readonly string _temporary;
    private bool _committed;

    private TemporaryFile(string target, string temporary, FileStream stream)
    {
        _target = target;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>Where the content goes.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="target">Full path at which it is to appear.</param>
    /// <exception cref="EngineException">MapFileInaccessible where its directory does not exist or cannot be written to.</exception>
    public static TemporaryFile Create(string target)
    {
        RequireDirectory(target);
        string temporary = NameFor(target);
        try
        {
            return new TemporaryFile(target, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(target, exception);
        }
    }

    /// <summary>A name for a temporary file, beside its target and hidden on most systems.</summary>
    /// <param name="target">Full path of the target.</param>
    public static string NameFor(string target) => Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{Suffix}");

    /// <summary>Removes what a process that was killed left of a target. Only for who knows that no process writes it now.</summary>
    /// <param name="target">Full path of the target.</param>
    public static void RemoveLeftovers(string target)
    {
        string beginning = $".{Path.GetFileName(target)}.";
        string? folder = Path.GetDirectoryName(target);
        try
        {
            foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
            {
                string name = Path.GetFileName(file);
                if (name.Length == beginning.Length + GuidDigits + Suffix.Length
                    && name.StartsWith(beginning, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(target, exception);
        }
    }

    /// <summary>Refuses a target that exists and may not be replaced, or whose place cannot hold a file.</summary>
    /// <param name="target">Full path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void RequireTarget(string target, bool overwrite)
    {
        RequireDirectory(target);
        if (Directory.Exists(target))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{target}' cannot be written: it is a directory. Give the name of a file.", target);
        }

        if (!overwrite && File.Exists(target))
        {
            throw Exists(target, null);
        }
    }

    /// <summary>Brings the content to the disk and renames the file.</summary>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public void Commit(bool overwrite)
    {
        try
        {
            Stream.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(_temporary, _target, overwrite);
            _committed = true;
        }
        catch (IOException exception) when (!overwrite && File.Exists(_target))
        {
            throw Exists(_target, exception);
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(_target, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            // The failure that brought us here is on its way to the caller already.
        }

        if (_committed)
        {
            return;
        }

        try
        {
            File.Delete(_temporary);
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            // As above; a left-over temporary file must not hide it.
        }
    }

    /// <summary>True for what a disk or its permissions can answer.</summary>
    public static bool IsDiskFailure(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The refusal of a target that a disk failure kept from being written.</summary>
    public static EngineException Unwritable(string target, Exception exception) => new(
        EngineError.MapFileInaccessible,
        $"'{target}' cannot be written: {exception.Message} Check the directory, its permissions and the free space on the disk.",
        target,
        exception);

    private static void RequireDirectory(string target)
    {
        string? directory = Path.GetDirectoryName(target);
        if (!Directory.Exists(directory))
        {
            throw new EngineException(
                EngineError.MapFileInaccessible,
                $"'{target}' cannot be written: the directory '{directory ?? target}' does not exist. Create it first, or give another path.",
                target);
        }
    }

    private static EngineException Exists(string target, Exception? exception) => new(
        EngineError.MapFileExists,
        $"'{target}' exists already.",
        target,
        exception)
    {
        Advice = [new("give another path"), new("allow the file to be replaced", EngineParameter.Overwrite)],
    };
}
