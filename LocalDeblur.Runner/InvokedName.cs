namespace LocalDeblur.Runner;

/// <summary>The name by which the process was started, which a link gives it.</summary>
internal static class InvokedName
{
    /// <summary>The file of this program.</summary>
    public static string ProgramFile { get; } = OperatingSystem.IsWindows() ? "localdeblur.exe" : "localdeblur";

    /// <summary>The arguments, with the name of the command that a link stands for before them.</summary>
    /// <param name="arguments">Arguments of the process.</param>
    /// <param name="commands">Commands that a link can stand for.</param>
    public static string[] Complete(string[] arguments, IReadOnlyList<string> commands) =>
        Read() is { } name && commands.Contains(name) ? [name, .. arguments] : arguments;

    // .NET tells the program's own file and no link to it; on Linux the system has the words as they were typed.
    private static string? Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            string line = File.ReadAllText("/proc/self/cmdline");
            return Path.GetFileName(line[..Math.Max(0, line.IndexOf('\0', StringComparison.Ordinal))]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
