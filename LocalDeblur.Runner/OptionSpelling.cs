using System.CommandLine;

namespace LocalDeblur.Runner;

/// <summary>How the runner spells what the engine advises.</summary>
internal static class OptionSpelling
{
    // Several where it depends on the map; none where the shell, or nothing, does it.
    private static readonly Dictionary<EngineParameter, string[]> Spellings = new()
    {
        [EngineParameter.MapPath] = [],
        [EngineParameter.ModelPath] = [],
        [EngineParameter.VoxelSize] = ["--voxel-size", "--mask-voxel-size", "--local-resolution-voxel-size"],
        [EngineParameter.Origin] = ["--origin", "--mask-origin", "--local-resolution-origin"],
        [EngineParameter.NonFiniteValue] = ["--non-finite-value"],
        [EngineParameter.Index] = [],
        [EngineParameter.Threads] = ["--threads"],
        [EngineParameter.MemoryLimit] = ["--memory-limit"],
        [EngineParameter.Overwrite] = ["--force"],
    };

    /// <summary>Every option by which a parameter can be given, whatever the command.</summary>
    /// <param name="parameter">The parameter.</param>
    public static IReadOnlyList<string> All(EngineParameter parameter) => Spellings[parameter];

    /// <summary>What to type for a parameter; null where the command has no option for it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="running">The command that refuses.</param>
    public static string? Of(EngineParameter parameter, Command running)
    {
        string[] options = [.. Spellings[parameter].Where(name => running.Options.Any(option => option.Name == name))];
        return options.Length == 0 ? null : string.Join(", ", options);
    }
}
