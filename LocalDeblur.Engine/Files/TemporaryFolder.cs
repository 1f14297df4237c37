namespace LocalDeblur.Files;

/// <summary>A folder that is filled beside its target and takes its name when it is whole. Until then, and where it fails or is interrupted, there is no target.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _target;
    private bool _isCommitted;

    private TemporaryFolder(string target, string path)
    {
        _target = target;
        Path = path;
    }

    /// <summary>The folder to fill.</summary>
    public string Path { get; }

    /// <summary>
    /// Refuses a target that is there and may not be replaced, or in whose place no folder can be. An empty folder may be replaced; one with files only where they are what
    /// an earlier call wrote: whatever else lies there would be lost.
    /// </summary>
    /// <param name="target">Full path.</param>
    /// <param name="overwrite">Whether a folder of an earlier call may be replaced.</param>
    /// <param name="isOurs">Says of the name of a file whether such a call writes it.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void RequireTarget(string target, bool overwrite, Predicate<string> isOurs)
    {
        string? parent = System.IO.Path.GetDirectoryName(target);
        if (parent is null || !Directory.Exists(parent))
        {
            throw new EngineException(
                EngineError.MapFileInaccessible,
                $"'{target}' cannot be made: the directory '{parent ?? target}' does not exist. Create it first, or give another path.",
                target);
        }

        if (File.Exists(target))
        {
            throw new EngineException(EngineError.MapFileExists, $"'{target}' is a file; expected the name of a new folder.", target) { Advice = [new("give another path")] };
        }

        string[] entries = Directory.Exists(target) ? Directory.GetFileSystemEntries(target) : [];
        if (entries.Length > 0 && !overwrite)
        {
            throw new EngineException(EngineError.MapFileExists, $"'{target}' exists already, and is not empty.", target)
            {
                Advice = [new("give another path"), new("allow the folder to be replaced", EngineParameter.Overwrite)],
            };
        }

        if (Array.Find(entries, entry => Directory.Exists(entry) || !isOurs(System.IO.Path.GetFileName(entry))) is { } foreign)
        {
            throw new EngineException(
                EngineError.MapFileExists,
                $"'{target}' is not replaced, since it has '{System.IO.Path.GetFileName(foreign)}', which would be lost.",
                target)
            {
                Advice = [new("give another path"), new("move it elsewhere")],
            };
        }
    }

    /// <summary>Makes the folder to fill.</summary>
    /// <param name="target">Full path of what it is to become.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public static TemporaryFolder Create(string target)
    {
        TemporaryName.RemoveLeftOvers(System.IO.Path.GetDirectoryName(target)!);
        string path = TemporaryName.For(target);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(target, exception);
        }

        return new TemporaryFolder(target, path);
    }

    /// <summary>Gives the folder its name. One that is there is replaced.</summary>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public void Commit()
    {
        try
        {
            FolderSync.Flush(Path);
            string? old = null;
            if (Directory.Exists(_target))
            {
                old = TemporaryName.For(_target);
                Directory.Move(_target, old);
            }

            Directory.Move(Path, _target);
            _isCommitted = true;
            FolderSync.Flush(System.IO.Path.GetDirectoryName(_target)!);
            if (old is not null)
            {
                Directory.Delete(old, recursive: true);
            }
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(_target, exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isCommitted)
        {
            return;
        }

        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            // The failure that brought us here is on its way to the caller; a left-over folder must not hide it.
        }
    }
}
