using System.CommandLine;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
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
            Description = "MonoRes: monogenic amplitude against noise. LocalFsc: Fourier shell correlation in spheres, from half maps.",
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
        var common = MapOptions.AddTo(command, "Mask: 1 in the molecule, 0 outside. Left out, MonoRes makes one and LocalFsc takes the whole box.");
        Option[] onlyMonoRes = [exclusion, step, significance, noiseFrom, gaussian, filled];
        Option[] onlyLocalFsc = [distance, beyond, seed];
        foreach (Option option in (Option[])[method, coarsest, .. onlyMonoRes, .. onlyLocalFsc])
        {
            command.Add(option);
        }

        MapOptions.Require(command, seed, beyond);
        command.Validators.Add(result =>
        {
            // A word that is no method is refused by the option itself.
            string word = result.GetResult(method) is { Tokens: [{ Value: { } typed }, ..] } ? typed : nameof(LocalResolutionMethod.MonoRes);
            if (!Enum.TryParse(word, ignoreCase: true, out LocalResolutionMethod chosen))
            {
                return;
            }

            foreach (Option option in (chosen == LocalResolutionMethod.MonoRes ? onlyLocalFsc : onlyMonoRes).Where(option => MapOptions.IsGiven(result, option)))
            {
                result.AddError($"{option.Name} belongs to the other method than {chosen}. Leave it out, or give another --method.");
            }

            if (chosen == LocalResolutionMethod.LocalFsc && !common.HasHalfMaps(result))
            {
                result.AddError("LocalFsc compares the two half maps of a reconstruction. Give --half1 and --half2.");
            }
        });

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(
            command, () => common.RunAsync(parsed, Estimate, Summarise, cancellation, parsed.GetValue(filled) ? [("-filled", found => ((MonoResResult)found).Filled!)] : [])));
        return command;

        LocalResolutionResult Estimate(ParseResult parsed, Reconstruction input, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            MapOptions.WarnOfLoneHalf(input);
            CryoMap? mask = common.OpenMask(parsed);
            if (parsed.GetValue(method) == LocalResolutionMethod.LocalFsc)
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

    private static string Summarise(LocalResolutionResult found) => FormattableString.Invariant(
        $"Local resolution {found.Finest:0.##} to {found.Coarsest:0.##} Å, median {found.Median:0.##} Å, in {found.InsideVoxels} voxels.");
}
