using System.Diagnostics;
using System.Text;

namespace LocalDeblur.Tests.Runner;

/// <summary>The runner as its users have it: a process with arguments, two streams and an exit code.</summary>
internal static class RunnerProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // What the runner writes on every system; other bytes throw.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string folder, IEnumerable<string> arguments, (string Line, Action<Process> Act)? when = null, IDictionary<string,
        string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "localdeblur.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = ListeningChild.Start(start);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = ReadErrorAsync(process, when);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The runner did not end within {Limit.TotalMinutes} minutes.");
        }

        return (process.ExitCode, await output, await error);
    }

    private static async Task<string> ReadErrorAsync(Process process, (string Line, Action<Process> Act)? when)
    {
        var text = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (when is { } trigger && line.Contains(trigger.Line, StringComparison.Ordinal))
            {
                when = null;
                trigger.Act(process);
            }
        }

        return text.ToString();
    }
}
