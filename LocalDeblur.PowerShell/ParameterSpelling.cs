using System.Management.Automation;

namespace LocalDeblur.PowerShell;

/// <summary>How the module spells what the engine advises.</summary>
internal static class ParameterSpelling
{
    // Home is the cmdlet that a parameter belongs to where the running one cannot take it, for example all that is said about a file on import.
    private static readonly Dictionary<EngineParameter, (string? Home, string[] Names)> Spellings = new()
    {
        [EngineParameter.MapPath] = ("Import-CryoMap", ["Path"]),
        [EngineParameter.ModelPath] = ("Import-AtomicModel", ["Path"]),
        [EngineParameter.VoxelSize] = ("Import-CryoMap", ["VoxelSize"]),
        [EngineParameter.Origin] = ("Import-CryoMap", ["Origin"]),
        [EngineParameter.NonFiniteValue] = ("Import-CryoMap", ["NonFiniteValue"]),
        [EngineParameter.Index] = ("Import-CryoMap", ["Index"]),
        [EngineParameter.Threads] = (null, ["Threads"]),
        [EngineParameter.MemoryLimit] = (null, ["MemoryLimit"]),
        [EngineParameter.Overwrite] = (null, ["Force"]),
    };

    /// <summary>What to type for a parameter; null where the running cmdlet does not have it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="running">The cmdlet that refuses.</param>
    public static string? Of(EngineParameter parameter, CommandInfo running)
    {
        (string? home, string[] names) = Spellings[parameter];
        string typed = string.Join(", ", names.Select(name => $"-{name}"));
        return home is null ? names.All(running.Parameters.ContainsKey) ? typed : null
            : home == running.Name ? typed
            : $"{home} {typed}";
    }

    /// <summary>A refusal whose message says what to type.</summary>
    /// <param name="refusal">The engine's refusal.</param>
    /// <param name="running">The cmdlet that passes it on.</param>
    public static EngineException Spell(EngineException refusal, CommandInfo running) =>
        refusal.Advice.Count == 0 ? refusal : new EngineException(refusal.Error, refusal.MessageFor(parameter => Of(parameter, running)), refusal.Target, refusal);
}
