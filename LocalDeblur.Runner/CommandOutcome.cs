using System.CommandLine;
using LocalDeblur.Files;

namespace LocalDeblur.Runner;

/// <summary>Turns the ways in which a command can end into messages and exit codes.</summary>
internal static class CommandOutcome
{
    /// <summary>Runs a command's work.</summary>
    /// <param name="command">The command, whose options a message can advise.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="OperationCanceledException">A signal ended it; which one, the program's start knows.</exception>
    public static Task<int> OfAsync(Command command, Func<Task> work) => OfAsync(command, async () =>
    {
        await work().ConfigureAwait(false);
        RunnerLog.Current?.Log.Write(new LogEntry("end") { Job = command.Name, Fraction = 1 });
        return ExitCode.Success;
    });

    /// <summary>Runs a command's work, which writes the log itself and says how it ended.</summary>
    /// <param name="command">The command, whose options a message can advise.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="OperationCanceledException">A signal ended it; which one, the program's start knows.</exception>
    public static async Task<int> OfAsync(Command command, Func<Task<ExitCode>> work)
    {
        try
        {
            return (int)await work().ConfigureAwait(false);
        }
        catch (OutputClosedException closed)
        {
            await Console.Error.WriteLineAsync(closed.Message).ConfigureAwait(false);
            return (int)ExitCode.Usage;
        }
        catch (EngineException refusal)
        {
            return Tell(refusal, command);
        }
        catch (OutOfMemoryException)
        {
            var refusal = new EngineException(EngineError.InsufficientMemory, "The system has no more free memory.")
            {
                Advice = [new("limit the memory of the run", EngineParameter.MemoryLimit), new("close other programs"), new("use a machine with more memory")],
            };
            return Tell(refusal, command);
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or OperationCanceledException))
        {
            RunnerLog.Fail(fault, $"A fault of the program, please report it: {fault}");
            return (int)ExitCode.InternalError;
        }
    }

    private static int Tell(EngineException refusal, Command command)
    {
        RunnerLog.Fail(refusal, $"{refusal.Error}: {refusal.MessageFor(parameter => OptionSpelling.Of(parameter, command))}");
        return (int)ExitCodes.Of(refusal);
    }
}
