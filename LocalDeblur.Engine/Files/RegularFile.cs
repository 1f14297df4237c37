using System.Formats.Tar;

namespace LocalDeblur.Files;

/// <summary>Tells files on a disk from pipes and devices without opening them: to open a pipe can wait for ever, and a device may have no end.</summary>
internal static class RegularFile
{
    /// <summary>True for a pipe, a device or a socket.</summary>
    /// <param name="path">Full path; a symbolic link stands for what it points at.</param>
    public static bool IsPipeOrDevice(string path)
    {
        try
        {
            FileSystemInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);

            // What has bytes is on a disk. Of the rest the runtime tells the kind only to those who archive it.
            return file is FileInfo { Exists: true, Length: 0 } && !IsRegular(file.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot even be looked at is refused where it is opened.
            return false;
        }
    }

    /// <summary>Refuses what is no file on a disk. The system says of a folder that access to it is denied, which sends people to look for rights.</summary>
    /// <param name="path">Full path; what does not exist passes.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="expected">What it should be: "table".</param>
    /// <exception cref="EngineException">The refusal.</exception>
    public static void Require(string path, EngineError error, string expected)
    {
        if (Directory.Exists(path))
        {
            throw new EngineException(error, $"'{path}' is a folder; expected a {expected}. Give a file in it.", path);
        }

        if (IsPipeOrDevice(path))
        {
            throw Refuse(path, error, expected);
        }
    }

    /// <summary>That something is a pipe, a device or a socket.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="error">The refusal.</param>
    /// <param name="expected">What it should be.</param>
    public static EngineException Refuse(string path, EngineError error, string expected) =>
        new(error, $"'{path}' is not a regular file; expected a {expected} on disk. Save it as a file first.", path);

    private static bool IsRegular(string path)
    {
        using var archive = new MemoryStream();
        try
        {
            using var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
            writer.WriteEntry(path, "file");
        }
        catch (IOException)
        {
            // There are no sockets in archives.
            return false;
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
    }
}
