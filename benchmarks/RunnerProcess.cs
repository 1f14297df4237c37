using System.Diagnostics;

namespace LocalDeblur.Benchmarks;

/// <summary>The runner as a process of its own, from file to file.</summary>
internal static class RunnerProcess
{
    /// <summary>Runs a command and returns what it says of its time and memory.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="InvalidOperationException">The command failed; with what it said.</exception>
    public static string Cost(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "localdeblur.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text.Split('\n').Single(line => line.Contains("CPU s", StringComparison.Ordinal)).TrimEnd()
            : throw new InvalidOperationException(errors.GetAwaiter().GetResult());
    }
}
