using System.CommandLine;
using LocalDeblur.Archives;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur deposit`: the files of a deposition in the EMDB, in one folder.</summary>
internal static class DepositCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> map = Needed(MapOptions.File("--map", "The primary map, usually a sharpened one.", "-m"));
        Option<string?> half1 = Needed(MapOptions.File("--half1", "First half map, as it left the reconstruction; copied byte for byte."));
        Option<string?> half2 = Needed(MapOptions.File("--half2", "Second half map of the same reconstruction."));
        Option<string?> mask = MapOptions.File("--mask", "Mask in which the correlation was measured; made when left out.");
        Option<string?> fsc = MapOptions.File("--fsc", "Curves that were measured before: .csv, RELION's postprocess.star or .xml; measured when left out.");
        (Option<double?> level, Option<double?> volume) = ChimeraXCommand.Surface();
        var accept = new Option<bool>("--accept-half-maps") { Description = "Take half maps that are the same, masked or do not fit together. The README says so." };
        var output = new Option<string>("--output", "-o") { Description = "Folder to make.", Required = true, HelpName = ValueRules.Folder };
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var force = new Option<bool>("--force", "-f") { Description = "Replace the folder of an earlier deposition." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or figures; warnings and errors only." };
        var command = new Command("deposit", "Puts the files of a deposition in the EMDB into one folder: maps, mask, curve, picture, and a README with the figures to type in.")
        {
            map, half1, half2, mask, fsc, level, volume, accept, output, threads, memory, force, quiet,
        };
        ChimeraXCommand.RequireOneSurface(command, level, volume);
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            EmdbDepositionResult made = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                var options = new EmdbDepositionOptions
                {
                    Mask = parsed.GetValue(mask) is { } file ? MapOptions.Open(file, null, null) : null,
                    Fsc = parsed.GetValue(fsc) is { } table ? FscTable.Read(Path.GetFullPath(table)) : null,
                    Level = parsed.GetValue(level),
                    EnclosedVolume = parsed.GetValue(volume),
                    AcceptHalfMaps = parsed.GetValue(accept),
                    Overwrite = parsed.GetValue(force),
                    Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
                };
                var halves = new Reconstruction(MapOptions.Open(parsed.GetValue(half1)!, null, null), MapOptions.Open(parsed.GetValue(half2)!, null, null));
                CryoMap primary = MapOptions.Open(parsed.GetValue(map)!, null, null);
                return EmdbDeposition.Write(primary, halves, parsed.GetRequiredValue(output), options, progress, cancellation);
            }).ConfigureAwait(false);
            made.Warnings.ToList().ForEach(RunnerLog.Warn);
            if (!parsed.GetValue(quiet))
            {
                made.Decisions.ToList().ForEach(Console.Out.WriteLine);
                Console.Out.WriteLine($"Wrote {made.Folder} with {string.Join(", ", made.Files)}");
            }
        }));
        return command;
    }

    private static Option<string?> Needed(Option<string?> option)
    {
        option.Required = true;
        return option;
    }
}
