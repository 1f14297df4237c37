using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Plots;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur chimerax`: a script that shows a map in ChimeraX, coloured by its local resolution.</summary>
internal static class ChimeraXCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> map = MapOptions.File("--map", "Map whose surface is drawn.", "-m");
        map.Required = true;
        Option<string?> resolution = MapOptions.File("--local-resolution", "Local resolution (Å) that colours it: the filled one.", "-r");
        Option<string?> raw = MapOptions.File("--raw-map", "The map before sharpening, put beside it at the level that encloses as much.");
        (Option<double?> level, Option<double?> volume) = Surface();
        var output = new Option<string>("--output", "-o") { Description = "Script to write, .cxc.", Required = true, HelpName = ValueRules.File };
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var force = new Option<bool>("--force", "-f") { Description = "Replace a script that exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or level; warnings and errors only." };
        var command = new Command("chimerax", "Writes a script that shows a map in ChimeraX, coloured by its local resolution.")
        {
            map, resolution, raw, level, volume, output, threads, memory, force, quiet,
        };
        RequireOneSurface(command, level, volume);
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string script = Path.GetFullPath(parsed.GetRequiredValue(output));
            double found = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                var scene = new ChimeraXScene(MapOptions.Open(parsed.GetValue(map)!, null, null))
                {
                    LocalResolution = Opened(parsed.GetValue(resolution)),
                    RawMap = Opened(parsed.GetValue(raw)),
                    Level = parsed.GetValue(level),
                    EnclosedVolume = parsed.GetValue(volume),
                    Limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory))),
                };
                return ChimeraXScript.Write(scene, script, parsed.GetValue(force), progress, cancellation);
            }).ConfigureAwait(false);
            if (!parsed.GetValue(quiet))
            {
                Console.Out.WriteLine(FormattableString.Invariant($"The surface is at {found:G6}"));
                Console.Out.WriteLine($"Wrote {script}");
            }

            static CryoMap? Opened(string? file) => file is null ? null : MapOptions.Open(file, null, null);
        }));
        return command;
    }

    /// <summary>The options that say where the surface of a map is.</summary>
    public static (Option<double?> Level, Option<double?> Volume) Surface() => (
        new("--level") { Description = "Density of the surface; the one that encloses the volume when left out.", HelpName = "number" },
        new("--enclosed-volume")
        {
            Description = "Volume within the surface (Å³), 1210 for each kDa of protein; that of an automatic mask's threshold when left out, or less where noise would show.",
            HelpName = "Å³",
        });

    /// <summary>Makes it a usage error to give both.</summary>
    /// <param name="command">The command.</param>
    /// <param name="level">The density.</param>
    /// <param name="volume">The volume.</param>
    public static void RequireOneSurface(Command command, Option level, Option volume) => command.Validators.Add(result =>
    {
        if (MapOptions.IsGiven(result, level) && MapOptions.IsGiven(result, volume))
        {
            result.AddError("--level and --enclosed-volume both decide where the surface is. Give one of them.");
        }
    });
}
