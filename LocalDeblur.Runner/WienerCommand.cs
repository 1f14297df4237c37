using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Sharpening.HalfMapWiener;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur wiener`: two half maps in, one map out in which each band has the weight that its signal has at that place.</summary>
internal static class WienerCommand
{
    private static readonly LocalWienerOptions Defaults = new();

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var target = new Option<double>("--target-b-factor")
        {
            Description = "B factor of the result (Å²), -200 to 500; smaller is sharper.",
            DefaultValueFactory = _ => Defaults.TargetBFactor,
            HelpName = "Å²",
        };
        var exponent = new Option<double?>("--weight-exponent")
        {
            Description = "Exponent of the weights, 0 to 2; 0.75, or 1 with --positivity or --global, when left out.",
            HelpName = "number",
        };
        var window = new Option<double>("--window-width")
        {
            Description = "Width of the window in which signal and noise are told apart: standard deviation of a Gaussian (Å), 2 to 20.",
            DefaultValueFactory = _ => Defaults.WindowWidth,
            HelpName = "Å",
        };
        var positivity = new Option<bool>("--positivity")
        {
            Description = "Add positive density in the molecule, one step, for model building. No FSC may be computed from half maps that went through this.",
        };
        var global = new Option<bool>("--global") { Description = "One weight a shell for the whole map: the plain Wiener filter." };
        var all = new Option<bool>("--write-all")
        {
            Description = "Write local resolution, noise and confidence too, as OUTPUT-resolution.mrc, OUTPUT-noise.mrc and OUTPUT-confidence.mrc.",
        };
        var command = new Command("wiener", "Restores the mean of two half maps: each band is weighted by its share of signal at each place, and its fall-off undone.");
        var common = MapOptions.AddTo(
            command, "Where the molecule is (at least 0.5); made when left out.", mapDescription: "Refused: a single map has no noise estimate. Give --half1 and --half2.");
        foreach (Option option in (Option[])[target, exponent, window, positivity, global, all])
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(
            command,
            () => common.RunAsync(
                parsed,
                Restore,
                Summarise,
                cancellation,
                parsed.GetValue(all)
                    ? [("-resolution", found => found.LocalResolution!), ("-noise", found => found.NoiseDeviation!), ("-confidence", found => found.Confidence!)]
                    : [])));
        return command;

        LocalWienerResult Restore(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            var options = new LocalWienerOptions
            {
                TargetBFactor = parsed.GetValue(target),
                WeightExponent = parsed.GetValue(exponent),
                WindowWidth = parsed.GetValue(window),
                Positivity = parsed.GetValue(positivity),
                Global = parsed.GetValue(global),
                ByProducts = parsed.GetValue(all),
                Limits = common.Limits(parsed),
            };
            return LocalWiener.Run(input, common.OpenMask(parsed), options, progress, cancellation);
        }
    }

    private static string Summarise(LocalWienerResult found) =>
        found.Summary ?? FormattableString.Invariant($"Fall-off beyond a protein's {found.FallOff:0.#} Å², {found.UsedBands} bands, {found.MaskVoxels} voxels in the mask.");
}
