using System.CommandLine;
using System.Text.RegularExpressions;

namespace LocalDeblur.Runner;

/// <summary>How the runner spells what the engine advises.</summary>
internal static partial class OptionSpelling
{
    // Those that are not simply their name: several options where it depends on the map, none where the shell does it, or nothing does.
    private static readonly Dictionary<EngineParameter, string[]> Exceptions = new()
    {
        [EngineParameter.MapPath] = [],
        [EngineParameter.ModelPath] = [],
        [EngineParameter.Overwrite] = ["--force"],
        [EngineParameter.VoxelSize] = ["--voxel-size", "--mask-voxel-size", "--local-resolution-voxel-size"],
        [EngineParameter.Origin] = ["--origin", "--mask-origin", "--local-resolution-origin"],
        [EngineParameter.Index] = [],
        [EngineParameter.DropHydrogens] = [],
        [EngineParameter.HalfMaps] = ["--half1", "--half2"],
        [EngineParameter.Bank] = [],
        [EngineParameter.BankCoarsestResolution] = ["--coarsest-resolution"],
        [EngineParameter.Threshold] = [],
        [EngineParameter.LowPassResolution] = ["--low-pass"],
        [EngineParameter.MinimumComponentVoxels] = [],
        [EngineParameter.ExtendVoxels] = [],
        [EngineParameter.SoftEdgeVoxels] = [],
        [EngineParameter.Box] = ["--box-origin", "--box-size"],
        [EngineParameter.AtomBFactor] = ["--b-factor"],
        [EngineParameter.ModelVoxelSize] = [],
        [EngineParameter.Margin] = [],
        [EngineParameter.ResidueRadius] = [],
        [EngineParameter.WindowReach] = [],
        [EngineParameter.TargetBFactor] = ["--target-b-factor"],
        [EngineParameter.ByProducts] = ["--write-all"],
        [EngineParameter.Methods] = ["--method"],
        [EngineParameter.PhantomVoxelSize] = [],
        [EngineParameter.FinestResolution] = [],
        [EngineParameter.NoiseFraction] = [],
    };

    /// <summary>Every option by which a parameter can be given, whatever the command: by default its name in small letters, as in --fit-range.</summary>
    /// <param name="parameter">The parameter.</param>
    public static IReadOnlyList<string> All(EngineParameter parameter) =>
        Exceptions.GetValueOrDefault(parameter) ?? [$"--{WordStart().Replace(parameter.ToString(), "-$0").ToLowerInvariant()}"];

    /// <summary>What to type for a parameter; null where the command has no option for it.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="running">The command that refuses.</param>
    public static string? Of(EngineParameter parameter, Command running)
    {
        string[] options = [.. All(parameter).Where(name => running.Options.Any(option => option.Name == name))];
        return options.Length == 0 ? null : string.Join(", ", options);
    }

    // A capital behind a small letter; a B factor is two words, though.
    [GeneratedRegex("(?<=[a-z]|^B)[A-Z]")]
    private static partial Regex WordStart();
}
