using System.CommandLine;
using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models.Reading;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Workflows;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur locscale`: a map in, one map out whose amplitudes are, around every voxel, those of a model or a reference map.</summary>
internal static class LocScaleCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> reference = MapOptions.File("--reference", "Map whose amplitudes are taken over, instead of --model.");
        Option<string?> model = MapOptions.File("--model", "Atomic model whose density is the reference (PDB or mmCIF; .gz and .bz2 too).");
        var window = new Option<int?>("--window-voxels") { Description = "Edge of the window (voxels); 25 Å when left out.", HelpName = "count" };
        var averaging = new Option<LocScaleAveraging>("--averaging")
        {
            Description = "FullShells: whole shells. Octant: what the published program averages.",
            DefaultValueFactory = _ => LocScaleAveraging.FullShells,
        };
        var resolution = new Option<double?>("--resolution") { Description = "Finest detail of the model's density (Å); two voxels when left out.", HelpName = "Å" };
        var bFactor = new Option<double?>("--b-factor") { Description = "One B factor for all atoms (Å²), instead of the model's.", HelpName = "Å²" };
        var blur = new Option<double>("--blur") { Description = "Blur that is added to every B factor (Å²).", HelpName = "Å²" };

        var command = new Command("locscale", "Scales the amplitudes of a map, around every voxel, to those of a model or a reference map.");
        var common = MapOptions.AddTo(
            command,
            "Mask: voxels above 0.99 are scaled, the others become 0. Made from the map when left out.",
            mapDescription: "The map, as it is or sharpened (MRC/CCP4; .gz and .bz2 too).");
        foreach (Option option in (Option[])[reference, model, window, averaging, resolution, bFactor, blur])
        {
            command.Add(option);
        }

        foreach (Option option in (Option[])[resolution, bFactor, blur])
        {
            MapOptions.Require(command, option, model);
        }

        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, reference) == MapOptions.IsGiven(result, model))
            {
                result.AddError("Give --model or --reference, one of them.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, () => common.RunAsync(parsed, Scale, Summarise, cancellation)));
        return command;

        LocScaleResult Scale(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            LocScaleRun run;
            if (parsed.GetValue(reference) is { } file)
            {
                run = new LocScaleRun(MapOptions.Open(file, null, null));
            }
            else
            {
                var drawing = new ModelDensityOptions
                {
                    Resolution = parsed.GetValue(resolution),
                    BFactor = parsed.GetValue(bFactor),
                    Blur = parsed.GetValue(blur),
                    Limits = common.Limits(parsed),
                };
                run = new LocScaleRun(ModelReader.Open(parsed.GetValue(model)!, cancellationToken: cancellation), drawing);
            }

            var options = new LocScaleOptions
            {
                WindowVoxels = parsed.GetValue(window),
                Averaging = parsed.GetValue(averaging),
                Limits = common.Limits(parsed),
            };
            try
            {
                return run.Run(input, common.OpenMask(parsed), options, progress, cancellation);
            }
            finally
            {
                if (run.Density is { } density)
                {
                    MapOptions.Warn(density.History[^1]);
                }
            }
        }
    }

    private static string Summarise(LocScaleResult found) =>
        FormattableString.Invariant($"{found.ScaledVoxels} voxels scaled, window of {found.WindowVoxels} voxels ({found.Window:0.##} Å).");
}
