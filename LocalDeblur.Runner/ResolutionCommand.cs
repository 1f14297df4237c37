using System.CommandLine;
using System.CommandLine.Parsing;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur resolution`: a map or two half maps in, their local resolution out.</summary>
internal static class ResolutionCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var method = new Option<LocalResolutionMethod>("--method")
        {
            Description = "MonoRes: monogenic amplitude against noise. From half maps, LocalFsc: Fourier shell correlation in windows; "
                + "LocalWiener: signal against noise, as the local Wiener restoration tells them apart.",
            DefaultValueFactory = _ => LocalResolutionMethod.MonoRes,
        };
        var coarsest = new Option<double?>("--coarsest-resolution") { Description = "Coarsest resolution (Å).", HelpName = "Å" };
        Option<string?> exclusion = MapOptions.File("--exclusion-mask", "What of the mask is left out (1 or more). MonoRes.");
        var step = new Option<double>("--step") { Description = "Step of the scan (Å). MonoRes.", DefaultValueFactory = _ => MonoResOptions.SmallestStep, HelpName = "Å" };
        var significance = new Option<double>("--significance")
        {
            Description = "Share of the noise that a voxel must exceed. MonoRes.",
            DefaultValueFactory = _ => MonoResOptions.DefaultSignificance,
            HelpName = "share",
        };
        var noiseFrom = new Option<MonoResNoise?>("--noise-from") { Description = "Where the noise is; halves for half maps, outside the mask for one map. MonoRes." };
        var gaussian = new Option<bool>("--gaussian-noise") { Description = "Take the noise for Gaussian. MonoRes." };
        var filled = new Option<bool>("--filled") { Description = "Write the map whose background is filled too, for colouring surfaces, as NAME-filled.mrc. MonoRes." };
        var shape = new Option<FscWindowShape>("--window-shape")
        {
            Description = "Sphere: in soft spheres, as RELION does. Gaussian: band by band in Gaussian windows, which may be small. LocalFsc.",
            DefaultValueFactory = _ => FscWindowShape.Sphere,
        };
        var width = new Option<double>("--window-width")
        {
            Description = "Standard deviation of the Gaussian window (Å), 2 to 20. LocalFsc with Gaussian windows, and LocalWiener.",
            DefaultValueFactory = _ => new GaussianFscOptions().WindowWidth,
            HelpName = "Å",
        };
        var distance = new Option<double>("--sampling-distance")
        {
            Description = "Distance of the spheres (Å). LocalFsc.",
            DefaultValueFactory = _ => new LocalFscOptions().SamplingDistance,
            HelpName = "Å",
        };
        var beyond = new Option<double?>("--randomise-beyond")
        {
            Description = "Make phases random from this resolution (Å) on, to correct for the spheres. LocalFsc.",
            HelpName = "Å",
        };
        var seed = new Option<int>("--seed") { Description = "Seed of the random phases. LocalFsc.", DefaultValueFactory = _ => new LocalFscOptions().Seed, HelpName = "number" };

        var command = new Command("resolution", "Estimates the local resolution of a map, or of a reconstruction from its half maps.");
        var common = MapOptions.AddTo(command, "Mask: 1 in the molecule, 0 outside. Left out, LocalFsc takes the whole box, and the others make one.");
        Option[] onlyMonoRes = [exclusion, step, significance, noiseFrom, gaussian, filled];
        Option[] onlySpheres = [distance, beyond, seed];
        foreach (Option option in (Option[])[method, coarsest, .. onlyMonoRes, shape, width, .. onlySpheres])
        {
            command.Add(option);
        }

        MapOptions.Require(command, seed, beyond);
        command.Validators.Add(result =>
        {
            // A word that is none of them is refused by the option itself.
            if (!TryWord(result, method, out LocalResolutionMethod chosen) || !TryWord(result, shape, out FscWindowShape window))
            {
                return;
            }

            bool isSphere = chosen == LocalResolutionMethod.LocalFsc && window == FscWindowShape.Sphere;
            bool isGaussian = chosen == LocalResolutionMethod.LocalFsc && !isSphere;
            Option[] others =
            [
                .. chosen == LocalResolutionMethod.MonoRes ? [] : onlyMonoRes,
                .. chosen == LocalResolutionMethod.LocalFsc ? (Option[])[] : [shape],
                .. isSphere || isGaussian ? (Option[])[] : onlySpheres,
                .. isGaussian || chosen == LocalResolutionMethod.LocalWiener ? (Option[])[] : [width],
                .. chosen == LocalResolutionMethod.LocalWiener ? (Option[])[coarsest] : [],
            ];
            foreach (Option option in others.Where(option => MapOptions.IsGiven(result, option)))
            {
                result.AddError(isSphere && option == width
                    ? $"{option.Name} belongs to Gaussian windows. Leave it out, or give {shape.Name} Gaussian."
                    : $"{option.Name} belongs to another method than {chosen}. Leave it out, or give another --method.");
            }

            foreach (Option option in onlySpheres.Where(option => isGaussian && MapOptions.IsGiven(result, option)))
            {
                result.AddError($"{option.Name} belongs to spheres. Leave it out, or give {shape.Name} Sphere.");
            }

            if (chosen != LocalResolutionMethod.MonoRes && !common.HasHalfMaps(result))
            {
                result.AddError($"{chosen} compares the two half maps of a reconstruction. Give --half1 and --half2.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(
            command, () => common.RunAsync(parsed, Estimate, Summarise, cancellation, parsed.GetValue(filled) ? [("-filled", found => ((MonoResResult)found).Filled!)] : [])));
        return command;

        LocalResolutionResult Estimate(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            MapOptions.WarnOfLoneHalf(input);
            CryoMap? mask = common.OpenMask(parsed);
            LocalResolutionMethod chosen = parsed.GetValue(method);
            if (chosen == LocalResolutionMethod.LocalWiener)
            {
                return LocalWienerResolution.Run(input, mask, new() { WindowWidth = parsed.GetValue(width), Limits = common.Limits(parsed) }, progress, cancellation);
            }

            if (chosen == LocalResolutionMethod.LocalFsc && parsed.GetValue(shape) == FscWindowShape.Gaussian)
            {
                var windows = new GaussianFscOptions { WindowWidth = parsed.GetValue(width), Limits = common.Limits(parsed) };
                windows = parsed.GetValue(coarsest) is { } largest ? windows with { CoarsestResolution = largest } : windows;
                return GaussianFsc.Run(input, mask, windows, progress, cancellation);
            }

            if (chosen == LocalResolutionMethod.LocalFsc)
            {
                var spheres = new LocalFscOptions
                {
                    SamplingDistance = parsed.GetValue(distance),
                    RandomiseBeyond = parsed.GetValue(beyond),
                    Seed = parsed.GetValue(seed),
                    Limits = common.Limits(parsed),
                };
                spheres = parsed.GetValue(coarsest) is { } most ? spheres with { CoarsestResolution = most } : spheres;
                return LocalFsc.Run(input, mask, spheres, progress, cancellation);
            }

            var options = new MonoResOptions
            {
                CoarsestResolution = parsed.GetValue(coarsest),
                Step = parsed.GetValue(step),
                Significance = parsed.GetValue(significance),
                NoiseFrom = parsed.GetValue(noiseFrom),
                GaussianNoise = parsed.GetValue(gaussian),
                WithFilledMap = parsed.GetValue(filled),
                ExclusionMask = parsed.GetValue(exclusion) is { } file ? MapOptions.Open(file, null, null) : null,
                Limits = common.Limits(parsed),
            };
            return AutomaticMonoRes.Run(input, mask, options, masking: null, progress, cancellation);
        }
    }

    private static bool TryWord<T>(CommandResult result, Option<T> option, out T word)
        where T : struct, Enum
    {
        word = default;
        return result.GetResult(option) is not { Tokens: [{ Value: { } typed }, ..] } || Enum.TryParse(typed, ignoreCase: true, out word);
    }

    private static string Summarise(LocalResolutionResult found) => FormattableString.Invariant(
        $"Local resolution {found.Finest:0.##} to {found.Coarsest:0.##} Å, median {found.Median:0.##} Å, in {found.InsideVoxels} voxels.");
}
