using System.CommandLine;
using System.CommandLine.Parsing;
using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur fsc`: two half maps, or a table of another program, in; resolution, tables and a picture of the curves out.</summary>
internal static class FscCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var defaults = new FourierShellCorrelationOptions();
        Option<string?> half1 = MapOptions.File("--half1", "First half map of a reconstruction.");
        Option<string?> half2 = MapOptions.File("--half2", "Second half map of the same reconstruction.");
        Option<string?> table = MapOptions.File("--fsc", "Curves to read instead: .csv, RELION's postprocess.star, or .xml of the EMDB.");
        var outputs = new Option<string[]>("--output", "-o")
        {
            Description = "Files to write: .csv (all curves), .star (RELION's postprocess.star, with Guinier profiles where there are half maps), .xml (for the EMDB), "
                + ".svg or .png (a picture, with a table beside it).",
            AllowMultipleArgumentsPerToken = true,
            HelpName = ValueRules.Files,
        };
        Option<string?> mask = MapOptions.File("--mask", "Mask: 1 in the molecule, 0 outside, with a soft edge.");
        var counting = new Option<ShellCounting>("--counting")
        {
            Description = "StoredCoefficients: as RELION counts. FullTransform: each coefficient once.",
            DefaultValueFactory = _ => defaults.Counting,
        };
        var from = new Option<double?>("--randomise-from") { Description = "Resolution (Å) from which on phases are random, to correct for the mask.", HelpName = "Å" };
        var seed = new Option<int>("--seed") { Description = "Seed of the random phases.", DefaultValueFactory = _ => defaults.Seed, HelpName = "number" };
        Option<double?> voxelSize = MapOptions.EveryVoxelSize();
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var force = new Option<bool>("--force", "-f") { Description = "Replace outputs that exist." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or figures; warnings and errors only." };
        var command = new Command("fsc", "Measures the Fourier shell correlation of two half maps, or reads it, and writes it in other programs' formats.")
        {
            half1, half2, table, outputs, mask, counting, from, seed, voxelSize, threads, memory, force, quiet,
        };
        MapOptions.Require(command, from, mask);
        MapOptions.Require(command, seed, mask);
        command.Validators.Add(result => RequireOneInput(result, half1, half2, table));
        foreach (Option option in (Option[])[mask, counting, voxelSize])
        {
            MapOptions.Require(command, option, half1);
        }

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            bool overwrite = parsed.GetValue(force);
            string[] files = [.. (parsed.GetValue(outputs) ?? []).Select(Path.GetFullPath).Distinct()];
            Array.ForEach(files, file => RequireWritable(file, overwrite));
            FscResult curves = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                (FscResult found, GuinierTable? guinier) = Find(progress);
                HashSet<string> written = [];
                Array.ForEach(files, file => Write(found, guinier, file, overwrite, written));
                return found;
            }).ConfigureAwait(false);
            foreach (string warning in curves.Warnings)
            {
                RunnerLog.Warn(warning);
            }

            if (!parsed.GetValue(quiet))
            {
                Report(curves, files);
            }

            (FscResult Curves, GuinierTable? Guinier) Find(IProgress<StageProgress>? progress)
            {
                if (parsed.GetValue(table) is { } known)
                {
                    return (FscTable.Read(Path.GetFullPath(known)), null);
                }

                var options = new FourierShellCorrelationOptions
                {
                    Counting = parsed.GetValue(counting),
                    RandomiseFrom = parsed.GetValue(from),
                    Seed = parsed.GetValue(seed),
                    Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
                };
                double? voxel = parsed.GetValue(voxelSize);
                var halves = new Reconstruction(MapOptions.Open(parsed.GetValue(half1)!, voxel, null), MapOptions.Open(parsed.GetValue(half2)!, voxel, null));
                CryoMap? shape = parsed.GetValue(mask) is { } file ? MapOptions.Open(file, voxel, null) : null;
                FscResult measured = FourierShellCorrelation.Run(halves, shape, options, progress, cancellation);
                return (measured, Array.Exists(files, FscTable.HoldsProfiles) ? FscProfiles.Of(halves, measured, options.Limits, progress, cancellation) : null);
            }
        }));
        return command;
    }

    private static void RequireOneInput(CommandResult result, Option half1, Option half2, Option table)
    {
        bool isTable = MapOptions.IsGiven(result, table);
        (bool first, bool second) = (MapOptions.IsGiven(result, half1), MapOptions.IsGiven(result, half2));
        if (isTable ? first || second : !(first && second))
        {
            result.AddError("Give --half1 and --half2, the two halves of one reconstruction; or --fsc, a table of their correlation.");
        }
    }

    private static void RequireWritable(string file, bool overwrite)
    {
        if (PlotFile.IsPicture(file))
        {
            PlotFile.RequireWritable(file, overwrite);
        }
        else
        {
            FscTable.RequireWritable(file, overwrite);
        }
    }

    // The table beside a picture is that of all curves, which may be asked for too, or stand beside another picture.
    private static void Write(FscResult curves, GuinierTable? guinier, string file, bool overwrite, HashSet<string> written)
    {
        if (PlotFile.IsPicture(file))
        {
            bool mayReplace = overwrite || !written.Add(PlotFile.Table(file));
            PlotFile.Write(FscPlot.Create(curves, $"Fourier shell correlation: {curves}"), file, mayReplace, writer => FscTable.Write(curves, writer));
        }
        else if (written.Add(file))
        {
            FscTable.Write(curves, file, overwrite, guinier, Environment.CurrentDirectory);
        }
    }

    private static void Report(FscResult curves, string[] files)
    {
        foreach (string decision in curves.Decisions)
        {
            Console.Out.WriteLine(decision);
        }

        foreach (FscResolution resolution in curves.Resolutions)
        {
            Console.Out.WriteLine(resolution);
        }

        Console.Out.WriteLine($"Resolution {curves}");
        foreach (string file in files)
        {
            Console.Out.WriteLine($"Wrote {file}");
        }
    }
}
