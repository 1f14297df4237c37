using System.Text;

namespace LocalDeblur.Files;

/// <summary>Writes pictures and tables so that a file appears whole or not at all, and an older one stays as it was when something fails.</summary>
public static class ResultFile
{
    /// <summary>Refuses a file that could not be written in the end, before what it holds is computed.</summary>
    /// <param name="path">Where; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void RequireWritable(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TemporaryFile.RequireTarget(Path.GetFullPath(path), overwrite);
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="path">Where; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        TemporaryFile.RequireTarget(target, overwrite);
        using TemporaryFile file = TemporaryFile.Create(target);
        try
        {
            // Not disposed: that would close the file before its content is brought to the disk.
            var buffered = new BufferedStream(file.Stream);
            write(buffered);
            buffered.Flush();
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(target, exception);
        }

        file.Commit(overwrite);
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">Where; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="EngineException">MapFileExists or MapFileInaccessible.</exception>
    public static void WriteText(string path, bool overwrite, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, overwrite, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            write(writer);
        });
    }
}
