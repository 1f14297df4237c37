namespace LocalDeblur.Files;

/// <summary>
/// A file that appears at its place whole or not at all: written beside the target under another name, brought to the disk, then renamed.
/// Disposing it before <see cref="Commit"/> leaves no trace, and an older file at the target as it was. A symbolic link is written through, and a file that is
/// replaced passes its permissions on.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
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
        string place = Follow(target);
        RequireDirectory(place);
        string temporary = TemporaryName.For(place);
        return new TemporaryFile(place, temporary, Open(temporary, target, 0));
    }

    /// <summary>A name for a temporary file, beside its target and hidden on most systems.</summary>
    /// <param name="target">Full path of the target.</param>
    public static string NameFor(string target) => TemporaryName.For(target);

    /// <summary>Removes what a process that was killed, here or elsewhere, left of a target. Only for who knows that no process writes it now.</summary>
    /// <param name="target">Full path of the target.</param>
    public static void RemoveLeftovers(string target)
    {
        try
        {
            string? folder = Path.GetDirectoryName(target);
            foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder).Where(file => TemporaryName.IsOf(file, target)) : [])
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(target, exception);
        }
    }

    /// <summary>
    /// Refuses a target that exists and may not be replaced, that is no file, or in whose place none can be written: tried with a file that is gone again at once.
    /// What dead processes have left there is removed.
    /// </summary>
    /// <param name="target">Full path.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="bytes">Room that the file will take at least; 0 where that is not known.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void RequireTarget(string target, bool overwrite, long bytes = 0)
    {
        string place = Follow(target);
        RequireDirectory(place);
        if (Directory.Exists(place))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{target}' cannot be written: it is a directory. Give the name of a file.", target);
        }

        if (RegularFile.IsPipeOrDevice(place))
        {
            throw new EngineException(EngineError.MapFileInaccessible, $"'{target}' cannot be written: it is a pipe or a device. Give the name of a file.", target);
        }

        if (!overwrite && File.Exists(place))
        {
            throw Exists(target, null);
        }

        TemporaryName.RemoveLeftOvers(Path.GetDirectoryName(place)!);
        string trial = TemporaryName.For(place);
        Open(trial, target, bytes).Dispose();
        File.Delete(trial);
    }

    /// <summary>Removes a file, if there is one.</summary>
    /// <param name="target">Full path.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public static void Remove(string target)
    {
        try
        {
            File.Delete(Follow(target));
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(target, exception);
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
            KeepPermissions();
            File.Move(_temporary, _target, overwrite);
            _committed = true;
            FolderSync.Flush(Path.GetDirectoryName(_target)!);
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
    /// <remarks>.NET calls the length out of range where a file grows beyond what its file system takes (EFBIG): 4 GB on FAT, or the limit of a shell.</remarks>
    public static bool IsDiskFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>The refusal of a target that a disk failure kept from being written.</summary>
    public static EngineException Unwritable(string target, Exception exception) => new(
        EngineError.MapFileInaccessible,
        exception is PathTooLongException
            ? $"'{target}' cannot be written: its name is longer than the file system allows. Give a shorter one."
            : $"'{target}' cannot be written: {exception.Message} Check the directory, its permissions and the free space on the disk.",
        target,
        exception);

    // A link stands for what it points at, also where that is not there yet.
    private static string Follow(string target)
    {
        try
        {
            return File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target;
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            return exception is PathTooLongException || !File.Exists(target) ? target : throw Unwritable(target, exception);
        }
    }

    private static FileStream Open(string temporary, string target, long bytes)
    {
        try
        {
            return new FileStream(
                temporary,
                new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0, PreallocationSize = bytes });
        }
        catch (Exception exception) when (IsDiskFailure(exception))
        {
            throw Unwritable(target, exception);
        }
    }

    private void KeepPermissions()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_target))
        {
            File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_target));
        }
    }

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
