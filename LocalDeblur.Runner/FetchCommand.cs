using System.CommandLine;
using LocalDeblur.Archives;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur fetch`: the files of entries of the EMDB.</summary>
internal static class FetchCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var ids = new Argument<string[]>("entries") { Description = "Accession codes, as in EMD-5778.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "Folder for the files.", DefaultValueFactory = _ => ".", HelpName = "folder" };
        var halves = new Option<bool>("--half-maps") { Description = "Fetch the half maps too." };
        var mask = new Option<bool>("--mask") { Description = "Fetch the masks too." };
        var model = new Option<bool>("--model") { Description = "Fetch the atomic models too." };
        var server = new Option<string[]>("--server") { Description = "Servers to ask instead of the public ones.", AllowMultipleArgumentsPerToken = true, HelpName = "addresses" };
        var force = new Option<bool>("--force", "-f") { Description = "Replace files that exist. Without it, those that are whole are kept." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress or summary; warnings and errors only." };
        var command = new Command("fetch", "Fetches maps, half maps, masks and models of the EMDB. What was interrupted goes on where it ended.")
        {
            ids, output, halves, mask, model, server, force, quiet,
        };
        server.Validators.Add(result =>
        {
            foreach (string address in result.Tokens.Select(token => token.Value).Where(address => !Uri.TryCreate(address, UriKind.Absolute, out _)))
            {
                result.AddError($"--server is '{address}'; expected an address such as https://files.wwpdb.org/pub/emdb/structures.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            bool isQuiet = parsed.GetValue(quiet);
            var options = new EmdbFetchOptions
            {
                HalfMaps = parsed.GetValue(halves),
                Mask = parsed.GetValue(mask),
                Model = parsed.GetValue(model),
                Servers = [.. (parsed.GetValue(server) ?? []).Select(address => new Uri(address))],
                Overwrite = parsed.GetValue(force),
            };
            foreach (string id in parsed.GetRequiredValue(ids))
            {
                EmdbEntry entry = await ProgressDisplay
                    .RunAsync(isQuiet, progress => EmdbArchive.Save(id, parsed.GetRequiredValue(output), options, progress, cancellation))
                    .ConfigureAwait(false);
                foreach (string warning in entry.Warnings)
                {
                    RunnerLog.Warn($"{entry.Id}: {warning}");
                }

                if (!isQuiet)
                {
                    Report(entry);
                }
            }
        }));
        return command;
    }

    private static void Report(EmdbEntry entry)
    {
        Console.Out.WriteLine(entry);
        Console.Out.WriteLine(string.Join(", ", Figures(entry)));
        foreach (string file in entry.Files)
        {
            Console.Out.WriteLine($"Wrote {file}");
        }
    }

    private static IEnumerable<string> Figures(EmdbEntry entry)
    {
        yield return entry.Resolution is { } resolution ? FormattableString.Invariant($"resolution {resolution} Å") : "no resolution stated";
        yield return entry.VoxelSize is { } voxelSize ? FormattableString.Invariant($"voxel size {voxelSize} Å") : "no voxel size stated";
        yield return entry.ContourLevel is { } level ? FormattableString.Invariant($"contour level {level}") : "no contour level stated";
    }
}
