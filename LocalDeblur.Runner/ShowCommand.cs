using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;
using LocalDeblur.Terminals;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur show`: maps and curves in the terminal itself, for machines without a viewer.</summary>
internal static class ShowCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "Maps of one size, each shown by three slices; or a table of Fourier shell correlation (.csv, .star, .xml).",
            Arity = ArgumentArity.OneOrMore,
        };
        var view = new Option<MapView>("--view") { Description = "What of the maps is shown.", DefaultValueFactory = _ => MapView.Orthogonal };
        var position = new Option<int[]?>("--position")
        {
            Description = "Voxel through which the slices pass; the centre when left out.",
            Arity = new ArgumentArity(3, 3),
            AllowMultipleArgumentsPerToken = true,
            HelpName = "x y z",
        };
        var crop = new Option<double>("--crop") { Description = "Share of each edge that is shown.", DefaultValueFactory = _ => 1, HelpName = "share" };
        var isResolution = new Option<bool>("--resolution-map") { Description = "The maps are of local resolution (Å)." };
        var guinier = new Option<bool>("--guinier") { Description = "Show the maps' Guinier plot instead of slices." };
        var style = new Option<TerminalStyle?>("--style") { Description = "How; found out when left out." };
        var command = new Command("show", "Draws maps or curves in the terminal itself. Where output is no terminal, nothing is drawn.")
        {
            files, view, position, crop, isResolution, guinier, style,
        };
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, guinier) && ((Option[])[view, position, crop, isResolution]).FirstOrDefault(option => MapOptions.IsGiven(result, option)) is { } other)
            {
                result.AddError($"{other.Name} is about slices, and --guinier shows none. Leave one of them out.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, () =>
        {
            if (TerminalProbe.Find(parsed.GetValue(style), PlainWriter.Output) is not { } screen)
            {
                Console.Error.WriteLine("Nothing is drawn, since output is no terminal.");
                return Task.CompletedTask;
            }

            var options = new MapSliceOptions
            {
                View = parsed.GetValue(view),
                Position = parsed.GetValue(position) is [int x, int y, int z] ? (x, y, z) : null,
                Crop = parsed.GetValue(crop),
                IsResolution = parsed.GetValue(isResolution),
            };
            PlainWriter.Output.Write(Draw(parsed.GetRequiredValue(files), options, parsed.GetValue(guinier), screen, cancellation));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static string Draw(string[] files, MapSliceOptions options, bool isGuinier, TerminalScreen screen, CancellationToken cancellation)
    {
        if (!isGuinier && files is [var table] && FscTable.IsTable(table))
        {
            FscResult curves = FscTable.Read(Path.GetFullPath(table));
            return TerminalPicture.Plot(FscPlot.Create(curves, $"Fourier shell correlation: {curves}"), screen);
        }

        CryoMap[] maps = [.. files.Select(file => MapOptions.Open(file, null, null))];
        return isGuinier
            ? TerminalPicture.Plot(GuinierPlot.Create([.. maps.Select(map => GuinierProfile.Measure(map, cancellationToken: cancellation))], "Guinier plot"), screen)
            : TerminalPicture.Slices([.. maps.Select(map => new MapSliceRow(map.Name, map))], options, screen, cancellation);
    }
}
