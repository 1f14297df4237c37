using System.CommandLine;
using LocalDeblur.Files;

namespace LocalDeblur.Runner;

/// <summary>The log of the process, where one was asked for, and the warnings that every command tells.</summary>
internal sealed class RunnerLog
{
    private const string StandardError = "-";

    private RunnerLog(RunLog log, string command, bool isStandardError)
    {
        Log = log;
        Command = command;
        IsStandardError = isStandardError;
    }

    /// <summary>The option that asks for one, of every command.</summary>
    public static Option<string?> PathOption { get; } = new("--log-path")
    {
        Description = "Note what happens as JSON lines, behind what is in this file already; - for standard error.",
        Recursive = true,
        HelpName = "file",
    };

    /// <summary>The log of the process; null where none was asked for.</summary>
    public static RunnerLog? Current { get; private set; }

    /// <summary>The lines.</summary>
    public RunLog Log { get; }

    /// <summary>Name of the command.</summary>
    public string Command { get; }

    /// <summary>Whether the lines go to standard error, so that nothing else should.</summary>
    public bool IsStandardError { get; }

    /// <summary>Begins the log that the command line asks for, if it does.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="EngineException">MapFileInaccessible.</exception>
    public static void Begin(ParseResult parsed)
    {
        if (parsed.GetValue(PathOption) is { } path)
        {
            bool isStandardError = path == StandardError;
            Current = new RunnerLog(isStandardError ? RunLog.To(Console.OpenStandardError()) : RunLog.Append(path), parsed.CommandResult.Command.Name, isStandardError);
        }
    }

    /// <summary>Tells a warning: to people on standard error, and to the log.</summary>
    /// <param name="warning">A sentence.</param>
    public static void Warn(string warning)
    {
        if (Current is { } log)
        {
            log.Log.Write(new LogEntry("warning") { Job = log.Command, Message = warning });
        }

        if (Current is not { IsStandardError: true })
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }
    }

    /// <summary>Tells why the command ends: to people on standard error, and to the log.</summary>
    /// <param name="failure">What it ends for.</param>
    /// <param name="text">As people are told.</param>
    public static void Fail(Exception failure, string text)
    {
        bool isLogged = true;
        try
        {
            Current?.Log.Write(new LogEntry("error") { Job = Current.Command, ErrorId = ExitCodes.ErrorId(failure), Message = text });
        }
        catch (EngineException)
        {
            // It may be the log that cannot be written.
            isLogged = false;
        }

        if (!isLogged || Current is not { IsStandardError: true })
        {
            // A trace has lines of its own; what a refusal quotes has none.
            foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
            {
                Console.Error.WriteLine(line);
            }
        }
    }
}
