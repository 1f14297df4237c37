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
        var slices = new SliceOptions(defaults.Crop);
        var count = new Option<int>("--count") { Description = "Slices of a montage, 1 to 99.", DefaultValueFactory = _ => defaults.Count, HelpName = "count" };
        var palette = new Option<MapPalette?>("--palette") { Description = "Colours; grey, or Viridis for resolutions, when left out." };
        var minimum = new Option<double?>("--minimum") { Description = "Value at the dark end of the scale.", HelpName = "number" };
        var maximum = new Option<double?>("--maximum") { Description = "Value at the bright end of the scale.", HelpName = "number" };
        var width = new Option<int>("--width") { Description = "Smallest width of the picture (pixels).", DefaultValueFactory = _ => defaults.MinimumWidth, HelpName = "pixels" };
        var force = new Option<bool>("--force", "-f") { Description = "Replace a picture that exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Say nothing but warnings and errors." };
        var command = new Command("slices", "Draws slices or projections of maps as one picture.")
        {
            files, output, count, palette, minimum, maximum, width, force, quiet,
        };
        slices.AddTo(command);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, count) && result.GetValue(slices.View) != MapView.Montage)
            {
                result.AddError("--count is the number of slices of a montage. Give --view Montage, or leave --count out.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string picture = Path.GetFullPath(parsed.GetRequiredValue(output));
            MapSliceOptions options = slices.Of(parsed) with
            {
                Count = parsed.GetValue(count),
                Palette = parsed.GetValue(palette),
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
