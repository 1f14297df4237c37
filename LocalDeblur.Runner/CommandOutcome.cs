using System.CommandLine;

namespace LocalDeblur.Runner;

/// <summary>Turns the ways in which a command can end into messages and exit codes.</summary>
internal static class CommandOutcome
{
    /// <summary>Runs a command's work.</summary>
    /// <param name="command">The command, whose options a message can advise.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="OperationCanceledException">A signal ended it; which one, the program's start knows.</exception>
    public static async Task<int> OfAsync(Command command, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return (int)ExitCode.Success;
        }
        catch (EngineException refusal)
        {
            return await TellAsync(refusal, command).ConfigureAwait(false);
        }
        catch (OutOfMemoryException)
        {
            var refusal = new EngineException(EngineError.InsufficientMemory, "The system has no more free memory.")
            {
                Advice = [new("limit the memory of the run", EngineParameter.MemoryLimit), new("close other programs"), new("use a machine with more memory")],
            };
            return await TellAsync(refusal, command).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or OperationCanceledException))
        {
            await Console.Error.WriteLineAsync($"A fault of the program, please report it: {fault}").ConfigureAwait(false);
            return (int)ExitCode.InternalError;
        }
    }

    private static async Task<int> TellAsync(EngineException refusal, Command command)
    {
        await Console.Error.WriteLineAsync($"{refusal.Error}: {refusal.MessageFor(parameter => OptionSpelling.Of(parameter, command))}").ConfigureAwait(false);
        return (int)(refusal.Error == EngineError.InsufficientMemory ? ExitCode.InsufficientMemory : ExitCode.InputRefused);
    }
}
