using System.CommandLine;
using LocalDeblur.Sharpening;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur autosharpen`: a map or two half maps in, one map out that is sharpened by a B factor that is searched for.</summary>
internal static class AutoSharpenCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var resolution = new Option<double>("--resolution") { Description = "Resolution of the map (Å).", Required = true, HelpName = "Å" };
        var target = new Option<AutoSharpenTarget>("--target") { Description = "What the search looks for. One map.", DefaultValueFactory = _ => AutoSharpenTarget.AdjustedSurfaceArea };
        Option<int[]?> origin = Voxels("--box-origin", "First voxel of the box in which the search runs; found when left out. One map.");
        Option<int[]?> size = Voxels("--box-size", "Voxels of that box. One map.");
        var extrapolate = new Option<bool>("--extrapolate-weight") { Description = "Continue the weight beyond the shells along a line, as the published program does. Half maps." };

        var command = new Command("autosharpen", "Sharpens a map by the B factor that makes it most detailed while it still connects, or half maps by what they agree on.");
        var common = MapOptions.AddTo(command);
        foreach (Option option in (Option[])[resolution, target, origin, size, extrapolate])
        {
            command.Add(option);
        }

        MapOptions.Require(command, origin, size);
        MapOptions.Require(command, size, origin);
        command.Validators.Add(result =>
        {
            bool halves = common.HasHalfMaps(result);
            foreach (Option option in (halves ? (Option[])[target, origin, size] : [extrapolate]).Where(option => MapOptions.IsGiven(result, option)))
            {
                result.AddError($"{option.Name} has no effect on {(halves ? "half maps" : "one map")}. Leave it out.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(() => common.RunAsync(parsed, Sharpen, Summarise, cancellation)));
        return command;

        CryoMap Sharpen(ParseResult parsed, CryoMap map, CryoMap? secondHalf, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            var options = new AutoSharpenOptions
            {
                Resolution = parsed.GetValue(resolution),
                Target = parsed.GetValue(target),
                Box = parsed.GetValue(origin) is [int x, int y, int z] && parsed.GetValue(size) is [int sizeX, int sizeY, int sizeZ] ? new VoxelBox(x, y, z, new GridSize(sizeX, sizeY, sizeZ)) : null,
                ExtrapolateWeight = parsed.GetValue(extrapolate),
                Threads = common.Threads(parsed),
                MemoryLimit = common.MemoryLimit(parsed),
            };
            return secondHalf is null ? AutoSharpen.Run(map, options, progress, cancellation) : AutoSharpen.Run(map, secondHalf, options, progress, cancellation);
        }
    }

    private static string Summarise(CryoMap sharpened)
    {
        IReadOnlyDictionary<string, object?> figures = sharpened.History[^1].Figures;
        string area = figures.TryGetValue("AdjustedSurfaceArea", out object? value) ? FormattableString.Invariant($", adjusted surface area {value:0.###}") : string.Empty;
        return FormattableString.Invariant($"Sharpening B {figures["SharpeningB"]:0.##} Å², B of the result {figures["BIso"]:0.##} Å²{area}, kurtosis {figures["Kurtosis"]:0.##}.");
    }

    private static Option<int[]?> Voxels(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, HelpName = "x y z" };
}
