using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Resolution.Monogenic;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur xmipp_resolution_monogenic_signal`: the published program of MonoRes by its own name and command line, as Scipion calls it.</summary>
internal static class XmippResolutionCommand
{
    /// <summary>Name of the published program.</summary>
    public const string Name = "xmipp_resolution_monogenic_signal";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var map = new Option<string>("--vol") { Description = "Map, or first half map (name, or name:mrc).", Required = true, HelpName = "file" };
        Option<string?> half2 = MapOptions.File("--vol2", "Second half map.");
        var mask = new Option<string>("--mask") { Description = "Where the molecule is (1 or more).", Required = true, HelpName = "file" };
        Option<string?> exclusion = MapOptions.File("--maskExcl", "What of the mask is left out.");
        var sampling = new Option<double>("--sampling_rate") { Description = "Voxel size (Å), whatever the headers say.", Required = true, HelpName = "Å" };
        var finest = new Option<double>("--minRes") { Description = "Changes nothing: the scan ends at two voxels.", HelpName = "Å" };
        var coarsest = new Option<double>("--maxRes") { Description = "Coarsest resolution (Å), where the scan begins.", Required = true, HelpName = "Å" };
        var step = new Option<double>("--step") { Description = "Step of the scan (Å), at least 0.25.", DefaultValueFactory = _ => MonoResOptions.SmallestStep, HelpName = "Å" };
        var output = new Option<string>("-o") { Description = "Folder that receives the maps; those that exist are replaced.", Required = true, HelpName = "folder" };
        var significance = new Option<double>("--significance")
        {
            Description = "Share of the noise that a voxel must exceed.",
            DefaultValueFactory = _ => MonoResOptions.DefaultSignificance,
            HelpName = "share",
        };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => 4, HelpName = "count" };
        var halves = new Option<bool>("--noiseonlyinhalves") { Description = "Take the noise inside the mask alone. With --vol2." };
        var gaussian = new Option<bool>("--gaussian") { Description = "Take the noise for Gaussian." };
        var command = new Command(Name, "MonoRes with the command line and the files of Xmipp's program of this name.")
        {
            map, half2, mask, exclusion, sampling, finest, coarsest, step, output, significance, threads, halves, gaussian,
        };
        MapOptions.Require(command, halves, half2);
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
            bool hasHalves = parsed.GetValue(half2) is not null, inHalves = parsed.GetValue(halves);
            XmippFiles.Note(parsed, (finest, "the scan ends at two voxels, here as in the published program"));
            if (hasHalves && !inHalves)
            {
                XmippFiles.Note(parsed, (exclusion, "with two half maps it needs --noiseonlyinhalves, here as in the published program"));
            }

            if (parsed.GetValue(step) < MonoResOptions.SmallestStep)
            {
                Console.Error.WriteLine(
                    FormattableString.Invariant($"Note: --step is taken for {MonoResOptions.SmallestStep} Å, the smallest step, here as in the published program."));
            }

            string[] targets = [.. ((string[])["monoresResolutionMap", "monoresResolutionChimera", "refinedMask", "meanMap"]).Select(name => Path.Combine(folder, name + ".mrc"))];
            Array.ForEach(targets, target => MrcWriter.RequireWritable(target, XmippFiles.Writing));
            var options = new MonoResOptions
            {
                CoarsestResolution = parsed.GetValue(coarsest),
                Step = Math.Max(parsed.GetValue(step), MonoResOptions.SmallestStep),
                Significance = parsed.GetValue(significance),
                NoiseFrom = inHalves ? MonoResNoise.Halves : MonoResNoise.OutsideMask,
                GaussianNoise = parsed.GetValue(gaussian),
                WithFilledMap = true,
                WithRefinedMask = true,
                Limits = RunLimits.OfProcess(parsed.GetValue(threads), memory: null),
            };
            MonoResResult found = await ProgressDisplay.RunAsync(quiet: false, progress =>
            {
                string? excluded = hasHalves && !inHalves ? null : parsed.GetValue(exclusion);
                CryoMap?[] maps = XmippFiles.Open(
                    parsed.GetValue(sampling), parsed.GetRequiredValue(map), parsed.GetValue(half2), parsed.GetRequiredValue(mask), excluded);
                Reconstruction input = maps[1] is { } second ? new Reconstruction(maps[0]!, second) : new Reconstruction(maps[0]!);
                MonoResResult made = MonoRes.Run(input, maps[2]!, options with { ExclusionMask = maps[3] }, progress, cancellation);
                CryoMap?[] results = [made.LocalResolution, made.Filled, made.RefinedMask, hasHalves ? input.Mean(cancellation) : null];
                foreach ((CryoMap? result, string target) in results.Zip(targets).Where(pair => pair.First is not null))
                {
                    MrcWriter.Write(result!, target, XmippFiles.Writing, progress, cancellation);
                }

                return made;
            }).ConfigureAwait(false);
            MapOptions.Warn(found.LocalResolution.History[^1]);
            foreach (double resolution in found.EvaluatedResolutions)
            {
                Console.Out.WriteLine(FormattableString.Invariant($"resolution = {resolution:0.####}"));
            }
        }));
        return command;
    }
}
