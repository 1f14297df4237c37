using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LocalDeblur.Files;

/// <summary>
/// Names of temporary files. They carry machine and process, so that a later run can tell what a process that was killed has left behind from what another one is
/// writing just now.
/// </summary>
internal static partial class TemporaryName
{
    // A pipe or link of this name has no business here, and a file without bytes, or a folder, may be an instant old: on a shared disk, clocks differ.
    private static readonly TimeSpan EmptyIsOld = TimeSpan.FromHours(1);

    /// <summary>A new name beside a target, as long as the target's at least: where it can be written, so can the target.</summary>
    /// <param name="target">Full path.</param>
    public static string For(string target)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $".localdeblur-{Machine()}-{Environment.ProcessId}-{Tag(target)}{Guid.NewGuid():N}");
        int missing = Encoding.UTF8.GetByteCount(Path.GetFileName(target)) - name.Length - Suffix.Length;
        return Path.Combine(Path.GetDirectoryName(target)!, $"{name}{new string('0', Math.Max(0, missing))}{Suffix}");
    }

    /// <summary>True for a name that this made for a target, in whatever process and on whatever machine.</summary>
    /// <param name="path">Path or name of a file.</param>
    /// <param name="target">The target.</param>
    public static bool IsOf(string path, string target) => Form().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups["target"].Value == Tag(target);

    /// <summary>Removes the files and folders that dead processes of this machine have left in a folder.</summary>
    /// <param name="folder">Full path.</param>
    public static void RemoveLeftOvers(string folder)
    {
        string machine = Machine();
        try
        {
            var all = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory };
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles($".localdeblur-{machine}-*{Suffix}", all))
            {
                if (IsOfTheDead(file.Name) && IsUnused(file))
                {
                    file.Delete();
                }
            }

            all.AttributesToSkip = FileAttributes.ReparsePoint;
            foreach (DirectoryInfo unfinished in new DirectoryInfo(folder).EnumerateDirectories($".localdeblur-{machine}-*{Suffix}", all))
            {
                if (IsOfTheDead(unfinished.Name) && DateTime.UtcNow - unfinished.LastWriteTimeUtc > EmptyIsOld)
                {
                    unfinished.Delete(recursive: true);
                }
            }
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            // A folder that cannot be listed, or in which others' files cannot be removed: what matters is the file that is to be written now.
        }

        bool IsOfTheDead(string name) => Form().Match(name) is { Success: true } match && match.Groups["machine"].Value == machine
            && int.TryParse(match.Groups["process"].ValueSpan, CultureInfo.InvariantCulture, out int process) && !IsRunning(process);
    }

    private const string Suffix = ".tmp";

    // Other characters than these would have to be told from the hyphens between the parts.
    private static string Machine() => string.Concat(Environment.MachineName.Take(32).Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_'));

    // Tells targets of one folder apart; the names themselves could be too long. By FNV-1a: on Linux the runtime's cryptography needs a library that is not everywhere.
    private static string Tag(string target)
    {
        const ulong Start = 14695981039346656037;
        const ulong Prime = 1099511628211;
        ulong hash = Encoding.UTF8.GetBytes(Path.GetFileName(target)).Aggregate(Start, (sum, letter) => unchecked((sum ^ letter) * Prime));
        return (hash >> 16).ToString("x12", CultureInfo.InvariantCulture);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return true;
        }
    }

    // A process of another container can have the same machine's name and a number that is unknown here, but it holds its file locked.
    private static bool IsUnused(FileInfo file)
    {
        if (file.Length == 0)
        {
            return DateTime.UtcNow - file.LastWriteTimeUtc > EmptyIsOld;
        }

        try
        {
            using var handle = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.None);
            return true;
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            return false;
        }
    }

    [GeneratedRegex(@"^\.localdeblur-(?<machine>[A-Za-z0-9_]+)-(?<process>[0-9]+)-(?<target>[0-9a-f]{12})[0-9a-f]{32,}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
