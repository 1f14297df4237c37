using System.CommandLine;
using System.Globalization;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur sharpen`: a map or two half maps in, one sharpened map out; by a given local resolution, or by one that is estimated.</summary>
internal static class SharpenCommand
{
    private const string AutomaticRounds = "automatic";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> resolution = MapOptions.File("--local-resolution", "The map's local resolution, in Å; estimated when left out.", "-r");
        var rounds = new Option<string>("--rounds")
        {
            Description = "Rounds of estimating the local resolution and sharpening: 1 to 20, or 'automatic'. Without --local-resolution.",
            DefaultValueFactory = _ => "1",
            HelpName = "count",
        };
        Option<double> k = Number("--k", "Width parameter of the filter weights (1/Å²); 0.01 for maps worse than 6 Å.", FilterBank.DefaultK);
        var step = new Option<double?>("--step-size") { Description = "Step size λ; automatic when left out.", HelpName = "number" };
        var iterations = new Option<int>("--maximum-iterations")
        {
            Description = "Most iterations.",
            DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations,
            HelpName = "count",
        };
        var formulation = new Option<LocalDeblurFormulation>("--formulation")
        {
            Description = "Reference: what the published program computes. Paper: the equations as printed.",
            DefaultValueFactory = _ => LocalDeblurFormulation.Reference,
        };
        Option<double> tolerance = Number("--rank-tolerance", "Singular values of the filter bank below this share of the largest are left out.", FilterBank.DefaultRankTolerance);
        var coarsest = new Option<double?>("--coarsest-resolution")
        {
            Description = "Treat coarser values of --local-resolution as this one (Å); without that, begin the scan here.",
            HelpName = "Å",
        };
        var resolutionVoxelSize = new Option<double?>("--local-resolution-voxel-size")
        {
            Description = "Voxel size of the local-resolution map (Å), instead of its header's.",
            HelpName = "Å",
        };
        Option<double[]?> resolutionOrigin = MapOptions.Place("--local-resolution-origin", "Place of the local-resolution map (x y z, Å), instead of its header's.");

        var command = new Command("sharpen", "Sharpens a map by its local resolution, given or estimated.");
        var common = MapOptions.AddTo(command, "Mask: 1 in the molecule, 0 outside; made when left out and --local-resolution too.");
        foreach (Option option in (Option[])[resolution, rounds, k, step, iterations, formulation, tolerance, coarsest, resolutionVoxelSize, resolutionOrigin])
        {
            command.Add(option);
        }

        MapOptions.Require(command, resolutionVoxelSize, resolution);
        MapOptions.Require(command, resolutionOrigin, resolution);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, rounds) && MapOptions.IsGiven(result, resolution))
            {
                result.AddError("--rounds and --local-resolution were both given, and a round begins with estimating the local resolution. Leave one of them out.");
            }
        });
        rounds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !TryParseRounds(result.Tokens[0].Value, out _))
            {
                result.AddError($"--rounds is '{result.Tokens[0].Value}'; expected 1 to {LocalDeblurRunOptions.MaximumRounds}, or '{AutomaticRounds}'.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, () => common.RunAsync(parsed, Sharpen, Summarise, cancellation)));
        return command;

        LocalDeblurResult Sharpen(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            var options = new LocalDeblurOptions
            {
                K = parsed.GetValue(k),
                StepSize = parsed.GetValue(step),
                MaximumIterations = parsed.GetValue(iterations),
                Formulation = parsed.GetValue(formulation),
                RankTolerance = parsed.GetValue(tolerance),
                Limits = common.Limits(parsed),
            };
            CryoMap? mask = common.OpenMask(parsed);
            CryoMap? local = parsed.GetValue(resolution) is { } file
                ? MapOptions.Open(file, parsed.GetValue(resolutionVoxelSize), parsed.GetValue(resolutionOrigin))
                : null;
            if (local is null)
            {
                MapOptions.WarnOfLoneHalf(input);
            }

            _ = TryParseRounds(parsed.GetRequiredValue(rounds), out int? count);
            LocalDeblurRunOptions run = new LocalDeblurRunOptions
            {
                LocalResolution = local,
                CoarsestResolution = parsed.GetValue(coarsest),
                Sharpening = options,
                Rounds = count,
            }.WithLimits(options.Limits);
            return LocalDeblurRun.Run(input, mask, run, progress, cancellation);
        }
    }

    private static bool TryParseRounds(string text, out int? count)
    {
        count = null;
        if (text.Equals(AutomaticRounds, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        count = number;
        return isNumber && number is >= 1 and <= LocalDeblurRunOptions.MaximumRounds;
    }

    private static string Summarise(LocalDeblurResult found) =>
        FormattableString.Invariant($"Step size {found.StepSize:0.######}, {found.Iterations} iterations, {found.Bands} bands at rank {found.Rank}.");

    private static Option<double> Number(string name, string description, double defaultValue) =>
        new(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "number" };
}
