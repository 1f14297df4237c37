using System.Runtime.InteropServices;

namespace LocalDeblur.Files;

/// <summary>Brings a folder to the disk, so that a name in it outlasts a loss of power; the runtime can do so for files only.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Brings the names in a folder to the disk. Where a system cannot, or refuses, nothing happens: the file is whole in any case.</summary>
    /// <param name="folder">Full path.</param>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            int handle = Open(folder, ReadOnly);
            if (handle >= 0)
            {
                _ = Synchronise(handle);
                _ = Close(handle);
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without the C library of POSIX.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronise(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
