using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Sharpening.AutoSharpening;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur autosharpen`: a map or two half maps in, one map out that is sharpened by a B factor that is searched for, by what the
/// halves agree on, or to the amplitudes of a model.</summary>
internal static class AutoSharpenCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var resolution = new Option<double>("--resolution") { Description = "Resolution of the map (Å).", Required = true, HelpName = "Å" };
        Option<string?> model = MapOptions.File("--model", "Atomic model (PDB or mmCIF; .gz and .bz2 too) whose amplitudes, with B = 0, the map gets.");
        var target = new Option<AutoSharpenTarget>("--target")
        {
            Description = "What the search looks for. One map, no model.",
            DefaultValueFactory = _ => AutoSharpenTarget.AdjustedSurfaceArea,
        };
        Option<int[]?> origin = Voxels("--box-origin", "First voxel of the box in which the search runs, or map and model are compared; found when left out. One map.");
        Option<int[]?> size = Voxels("--box-size", "Voxels of that box. One map.");
        var extrapolate = new Option<bool>("--extrapolate-weight")
        {
            Description = "Continue the weight beyond the shells along a line, as the published program does. Half maps, or a model.",
        };

        var command = new Command(
            "autosharpen",
            "Sharpens a map by the B factor that makes it most detailed while it still connects, half maps by what they agree on, or either to a model's amplitudes.");
        var common = MapOptions.AddTo(command);
        foreach (Option option in (Option[])[resolution, model, target, origin, size, extrapolate])
        {
            command.Add(option);
        }

        MapOptions.Require(command, origin, size);
        MapOptions.Require(command, size, origin);
        command.Validators.Add(result =>
        {
            bool halves = common.HasHalfMaps(result);
            bool modelled = MapOptions.IsGiven(result, model);
            Refuse(halves ? [target, origin, size] : [], "half maps");
            Refuse(modelled ? [target] : [], "a run with a model");
            Refuse(halves || modelled ? [] : [extrapolate], "one map without a model");

            void Refuse(Option[] options, string on)
            {
                foreach (Option option in options.Where(option => MapOptions.IsGiven(result, option)))
                {
                    result.AddError($"{option.Name} has no effect on {on}. Leave it out.");
                }
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, () => common.RunAsync(parsed, Sharpen, Summarise, cancellation)));
        return command;

        AutoSharpenResult Sharpen(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            MapOptions.WarnOfLoneHalf(input);
            var options = new AutoSharpenOptions
            {
                Resolution = parsed.GetValue(resolution),
                Target = parsed.GetValue(target),
                Box = parsed.GetValue(origin) is [int x, int y, int z] && parsed.GetValue(size) is [int sizeX, int sizeY, int sizeZ]
                    ? new VoxelBox(x, y, z, new GridSize(sizeX, sizeY, sizeZ))
                    : null,
                ExtrapolateWeight = parsed.GetValue(extrapolate),
                Limits = common.Limits(parsed),
            };
            AtomicModel? atoms = parsed.GetValue(model) is { } file ? ModelReader.Open(Path.GetFullPath(file), cancellationToken: cancellation) : null;
            return AutoSharpen.Run(input, options, atoms, progress, cancellation);
        }
    }

    private static string Summarise(AutoSharpenResult found)
    {
        string agreement = found.BestAgreement is { } best ? FormattableString.Invariant($", best agreement with the model {best:0.00}") : string.Empty;
        string area = found.Search is { } search ? FormattableString.Invariant($", adjusted surface area {search.AdjustedSurfaceArea:0.###}") : string.Empty;
        return FormattableString.Invariant($"Sharpening B {found.SharpeningB:0.##} Å², B of the result {found.BIso:0.##} Å²{area}{agreement}, kurtosis {found.Kurtosis:0.##}.");
    }

    private static Option<int[]?> Voxels(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, HelpName = "x y z" };
}
