using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Plots;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur slices`: slices or projections of maps as one picture.</summary>
internal static class SlicesCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var defaults = new MapSliceOptions();
        var files = new Argument<string[]>("files") { Description = "Maps of one size, each a row of the picture.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "Picture to write, .png.", Required = true, HelpName = ValueRules.File };
        var view = new Option<MapView>("--view") { Description = "What of the maps is shown.", DefaultValueFactory = _ => MapView.Orthogonal };
        var position = new Option<int[]?>("--position")
        {
            Description = "Voxel through which the slices pass; the centre when left out.",
            Arity = new ArgumentArity(3, 3),
            AllowMultipleArgumentsPerToken = true,
            HelpName = "x y z",
        };
        var count = new Option<int>("--count") { Description = "Slices of a montage, 1 to 99.", DefaultValueFactory = _ => defaults.Count, HelpName = "count" };
        var palette = new Option<MapPalette?>("--palette") { Description = "Colours; grey, or Viridis for resolutions, when left out." };
        var isResolution = new Option<bool>("--resolution-map") { Description = "The maps are of local resolution (Å)." };
        var minimum = new Option<double?>("--minimum") { Description = "Value at the dark end of the scale.", HelpName = "number" };
        var maximum = new Option<double?>("--maximum") { Description = "Value at the bright end of the scale.", HelpName = "number" };
        var crop = new Option<double>("--crop") { Description = "Share of each edge that is shown.", DefaultValueFactory = _ => defaults.Crop, HelpName = "share" };
        var width = new Option<int>("--width") { Description = "Smallest width of the picture (pixels).", DefaultValueFactory = _ => defaults.MinimumWidth, HelpName = "pixels" };
        var force = new Option<bool>("--force", "-f") { Description = "Replace a picture that exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say nothing but warnings and errors." };
        var command = new Command("slices", "Draws slices or projections of maps as one picture.")
        {
            files, output, view, position, count, palette, isResolution, minimum, maximum, crop, width, force, quiet,
        };
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, count) && result.GetValue(view) != MapView.Montage)
            {
                result.AddError("--count is the number of slices of a montage. Give --view Montage, or leave --count out.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string picture = Path.GetFullPath(parsed.GetRequiredValue(output));
            var options = new MapSliceOptions
            {
                View = parsed.GetValue(view),
                Position = parsed.GetValue(position) is [int x, int y, int z] ? (x, y, z) : null,
                Count = parsed.GetValue(count),
                Palette = parsed.GetValue(palette),
                IsResolution = parsed.GetValue(isResolution),
                Crop = parsed.GetValue(crop),
                MinimumWidth = parsed.GetValue(width),
            };
            await ProgressDisplay.RunAsync(parsed.GetValue(quiet), _ =>
            {
                CryoMap[] maps = [.. parsed.GetRequiredValue(files).Select(file => MapOptions.Open(file, null, null))];
                MapSliceRow[] rows = [.. maps.Select(map => new MapSliceRow(map.Name, map, parsed.GetValue(minimum), parsed.GetValue(maximum)))];
                MapSlices.Write(rows, picture, parsed.GetValue(force), options, cancellation);
                MapOptions.Warn([.. maps.Select(map => map.History[^1])]);
                return true;
            }).ConfigureAwait(false);
            if (!parsed.GetValue(quiet))
            {
                Console.Out.WriteLine($"Wrote {picture}");
            }
        }));
        return command;
    }
}
