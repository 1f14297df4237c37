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
        var slices = new SliceOptions(crop: 1);
        var guinier = new Option<bool>("--guinier") { Description = "Show the maps' Guinier plot instead of slices." };
        var style = new Option<TerminalStyle?>("--style") { Description = "How; found out when left out." };
        var command = new Command("show", "Draws maps or curves in the terminal itself. Where output is no terminal, nothing is drawn.")
        {
            files, guinier, style,
        };
        slices.AddTo(command);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, guinier) && slices.All.FirstOrDefault(option => MapOptions.IsGiven(result, option)) is { } other)
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

            PlainWriter.Output.Write(Draw(parsed.GetRequiredValue(files), slices.Of(parsed), parsed.GetValue(guinier), screen, cancellation));
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
