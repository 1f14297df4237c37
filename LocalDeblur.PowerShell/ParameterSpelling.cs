using System.Management.Automation;

namespace LocalDeblur.PowerShell;

/// <summary>How the module spells what the engine advises.</summary>
internal static class ParameterSpelling
{
    // Those that are not simply "-" and their name. Home is the cmdlet that takes a parameter where the running one cannot, as Import-CryoMap all that is said
    // about a file when it is read.
    private static readonly Dictionary<EngineParameter, (string? Home, string[] Names)> Exceptions = new()
    {
        [EngineParameter.MapPath] = ("Import-CryoMap", ["Path"]),
        [EngineParameter.ModelPath] = ("Import-AtomicModel", ["Path"]),
        [EngineParameter.Overwrite] = (null, ["Force"]),
        [EngineParameter.VoxelSize] = ("Import-CryoMap", ["VoxelSize"]),
        [EngineParameter.Origin] = ("Import-CryoMap", ["Origin"]),
        [EngineParameter.NonFiniteValue] = ("Import-CryoMap", ["NonFiniteValue"]),
        [EngineParameter.Index] = ("Import-CryoMap", ["Index"]),
        [EngineParameter.DropHydrogens] = ("Import-AtomicModel", ["DropHydrogens"]),
        [EngineParameter.HalfMaps] = (null, ["HalfMap1", "HalfMap2"]),
        [EngineParameter.Bank] = (null, ["FilterBank"]),
        [EngineParameter.BankCoarsestResolution] = ("New-FilterBank", ["CoarsestResolution"]),
        [EngineParameter.Threshold] = ("New-CryoMask", ["Threshold"]),
        [EngineParameter.Box] = (null, ["BoxOrigin", "BoxSize"]),
        [EngineParameter.AtomBFactor] = (null, ["BFactor"]),
        [EngineParameter.ModelVoxelSize] = ("ConvertTo-CryoMap", ["VoxelSize"]),
        [EngineParameter.ByProducts] = (null, ["All"]),
        [EngineParameter.Methods] = (null, ["Method"]),
        [EngineParameter.TimeLimit] = ("New-LocalDeblurJob", ["TimeLimit"]),
        [EngineParameter.PhantomVoxelSize] = ("New-CryoPhantom", ["VoxelSize"]),
    };

    /// <summary>What to type for a parameter; null where the running cmdlet does not have it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="running">The cmdlet that refuses.</param>
    public static string? Of(EngineParameter parameter, CommandInfo running)
    {
        (string? home, string[] names) = Exceptions.GetValueOrDefault(parameter, (null, [parameter.ToString()]));
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
