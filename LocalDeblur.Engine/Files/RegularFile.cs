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
