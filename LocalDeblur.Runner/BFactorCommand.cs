using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Sharpening.PostProcessing;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur bfactor`: a map or two half maps in, one map out that is sharpened by one B factor.</summary>
internal static class BFactorCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var defaults = new BFactorSharpeningOptions();
        Option<string?> fsc = MapOptions.File("--fsc", "Table of Fourier shell correlation to weight by, instead of measuring it.");
        var unweighted = new Option<bool>("--no-fsc-weighting") { Description = "Leave the amplitudes unweighted." };
        var seed = new Option<int>("--seed")
        {
            Description = "Seed of the random phases that correct the correlation for the mask.",
            DefaultValueFactory = _ => new FourierShellCorrelationOptions().Seed,
            HelpName = "number",
        };
        var bFactor = new Option<double?>("--b-factor") { Description = "B factor (Å²), negative to sharpen; automatic when left out.", HelpName = "Å²" };
        var resolution = new Option<double?>("--resolution") { Description = "Resolution of the map (Å), where fit and low-pass filter end.", HelpName = "Å" };
        Option<double[]?> fitRange = MapOptions.Range("--fit-range", "Range of the Guinier fit (Å); 10 to Nyquist when left out.");
        var lowPass = new Option<double?>("--low-pass") { Description = "Resolution of a low-pass filter (Å).", HelpName = "Å" };
        var edge = new Option<int>("--low-pass-edge-shells")
        {
            Description = "Width of that filter's edge (shells).",
            DefaultValueFactory = _ => defaults.LowPassEdgeShells,
            HelpName = "count",
        };
        Option<string?> mtf = MapOptions.File("--mtf", "Table of the detector's modulation transfer function (STAR, or two columns).");
        var mtfPixel = new Option<double?>("--mtf-pixel-size") { Description = "Size of a detector's pixel in the specimen (Å); the voxel size when left out.", HelpName = "Å" };
        var applyMask = new Option<bool>("--apply-mask") { Description = "Multiply the result by the mask." };

        var command = new Command("bfactor", "Sharpens a map by one B factor, weighted by the Fourier shell correlation of its half maps.");
        var common = MapOptions.AddTo(command, "Mask for the Fourier shell correlation: 1 in the molecule, 0 outside, with a soft edge.");
        foreach (Option option in (Option[])[fsc, unweighted, seed, bFactor, resolution, fitRange, lowPass, edge, mtf, mtfPixel, applyMask])
        {
            command.Add(option);
        }

        MapOptions.Require(command, mtfPixel, mtf);
        common.RequireMask(command, applyMask);
        common.RequireMask(command, seed);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, fsc) && (MapOptions.IsGiven(result, unweighted) || MapOptions.IsGiven(result, seed)))
            {
                result.AddError(
                    "--fsc was given with --no-fsc-weighting or --seed: amplitudes are weighted by the curve that was given, by one that is measured, or not at all. "
                        + "Leave one of them out.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, () => common.RunAsync(parsed, Sharpen, Summarise, cancellation)));
        return command;

        BFactorSharpeningResult Sharpen(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            MapOptions.WarnOfLoneHalf(input);
            var options = new BFactorSharpeningOptions
            {
                Fsc = parsed.GetValue(fsc) is { } table ? FscTable.Read(Path.GetFullPath(table)) : null,
                WeightByFsc = !parsed.GetValue(unweighted),
                FscOptions = new FourierShellCorrelationOptions { Seed = parsed.GetValue(seed) },
                BFactor = parsed.GetValue(bFactor),
                Resolution = parsed.GetValue(resolution),
                FitRange = MapOptions.Range(parsed.GetValue(fitRange)),
                LowPassResolution = parsed.GetValue(lowPass),
                LowPassEdgeShells = parsed.GetValue(edge),
                Mtf = parsed.GetValue(mtf) is { } detector ? DetectorMtf.Read(Path.GetFullPath(detector)) : null,
                MtfPixelSize = parsed.GetValue(mtfPixel),
                ApplyMask = parsed.GetValue(applyMask),
                Limits = common.Limits(parsed),
            };
            return BFactorSharpening.Run(input, common.OpenMask(parsed), options, progress, cancellation);
        }
    }

    private static string Summarise(BFactorSharpeningResult found)
    {
        string resolution = double.IsFinite(found.Resolution) ? FormattableString.Invariant($"; resolution {found.Resolution:0.###} Å") : string.Empty;
        string correlation = double.IsFinite(found.FitCorrelation) ? FormattableString.Invariant($", r² {found.FitCorrelation:0.#####}") : string.Empty;
        string fit = double.IsFinite(found.Slope)
            ? FormattableString.Invariant($"slope {found.Slope:0.####} Å², intercept {found.Intercept:0.####}{correlation}")
            : "no Guinier fit";
        return FormattableString.Invariant($"B factor {found.BFactor:0.###} Å², {fit}{resolution}.");
    }
}
