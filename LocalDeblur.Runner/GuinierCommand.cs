using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Plots;
using LocalDeblur.Shells;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur guinier`: maps in, a plot of their radial amplitude profiles out, with its numbers.</summary>
internal static class GuinierCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var maps = new Option<string[]>("--map", "-m")
        {
            Description = "Maps, each a line of the plot (MRC/CCP4; .gz and .bz2 too).",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            HelpName = ValueRules.Files,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Picture to write, .svg or .png; the numbers go beside it as .csv.",
            Required = true,
            HelpName = ValueRules.File,
        };
        Option<string?> mask = MapOptions.File("--mask", "Mask by which maps and model are multiplied first.");
        Option<string?> model = MapOptions.File("--model", "Atomic model whose profile is drawn dashed (PDB or mmCIF; .gz and .bz2 too).");
        Option<double[]?> fitRange = MapOptions.Range("--fit-range", "Range of a straight line through each profile (Å).");
        var counting = new Option<ShellCounting>("--counting")
        {
            Description = "FullTransform: each coefficient once. StoredCoefficients: as RELION counts.",
            DefaultValueFactory = _ => ShellCounting.FullTransform,
        };
        var title = new Option<string>("--title") { Description = "Title of the plot.", DefaultValueFactory = _ => "Guinier plot", HelpName = "text" };
        var coarsest = new Option<double>("--coarsest-resolution")
        {
            Description = "Resolution (Å) from which on shells are drawn, above 10.",
            DefaultValueFactory = _ => GuinierPlot.DefaultCoarsest,
            HelpName = "Å",
        };
        var unaligned = new Option<bool>("--no-alignment") { Description = "Draw the profiles where they are, without making them agree at low resolution." };
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var force = new Option<bool>("--force", "-f") { Description = "Replace the output where it exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or figures; warnings and errors only." };
        var command = new Command("guinier", "Plots the radial amplitude profiles of maps, and of a model to judge them by.")
        {
            maps, output, mask, model, fitRange, counting, title, coarsest, unaligned, threads, memory, force, quiet,
        };
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string picture = Path.GetFullPath(parsed.GetRequiredValue(output));
            PlotFile.RequireWritable(picture, parsed.GetValue(force));
            var options = new GuinierProfileOptions
            {
                Counting = parsed.GetValue(counting),
                FitRange = MapOptions.Range(parsed.GetValue(fitRange)),
                Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
            };
            GuinierProfile[] profiles = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                GuinierProfile[] measured = Measure(parsed.GetRequiredValue(maps), parsed.GetValue(mask), parsed.GetValue(model), options, progress, cancellation);
                GuinierProfile? drawnModel = Array.Find(measured, profile => profile.IsModel);
                LinePlot plot = GuinierPlot.Create(
                    [.. measured.Where(profile => !profile.IsModel)], parsed.GetRequiredValue(title), drawnModel, !parsed.GetValue(unaligned),
                    parsed.GetValue(coarsest));
                PlotFile.Write(plot, picture, parsed.GetValue(force));
                return measured;
            }).ConfigureAwait(false);
            if (!parsed.GetValue(quiet))
            {
                Report(profiles, options.FitRange, picture);
            }
        }));
        return command;
    }

    private static GuinierProfile[] Measure(
        string[] maps, string? mask, string? model, GuinierProfileOptions options, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        CryoMap? shape = mask is null ? null : MapOptions.Open(mask, null, null);
        MapGrid? grid = null;
        List<GuinierProfile> profiles = [];
        foreach (string file in maps)
        {
            CryoMap map = MapOptions.Open(file, null, null);
            MapOptions.Warn(map.History[^1]);
            grid ??= map.Grid;
            profiles.Add(GuinierProfile.Measure(map, shape, options, progress, cancellation));
        }

        if (model is not null)
        {
            AtomicModel atoms = ModelReader.Open(model, cancellationToken: cancellation);
            (GuinierProfile profile, CryoMap density) = GuinierProfile.MeasureModel(atoms, grid!, shape, options, progress, cancellation);
            MapOptions.Warn(density.History[^1]);
            profiles.Add(profile);
        }

        return [.. profiles];
    }

    private static void Report(GuinierProfile[] profiles, ResolutionRange? range, string picture)
    {
        GuinierProfile? model = Array.Find(profiles, profile => profile.IsModel);
        foreach (GuinierProfile profile in profiles)
        {
            string line = profile.Name + (profile.Fit is { } fit ? $": {fit}" : string.Empty);
            if (range is { } measured && model is not null && !profile.IsModel)
            {
                line += FormattableString.Invariant($", RMS log-ratio to the model {profile.ShapeDistance(model, measured.Coarsest, measured.Finest):0.000}");
            }

            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine($"Wrote {picture} and {Path.GetFileName(PlotFile.Table(picture))}");
    }
}
