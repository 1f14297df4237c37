using System.CommandLine;
using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Models.Reading;
using LocalDeblur.Validation;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur score`: a map and a model in, EMRinger, Q-score and correlations out.</summary>
internal static class ScoreCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> map = MapOptions.File("--map", "The map (MRC/CCP4; .gz and .bz2 too).", "-m");
        map.Required = true;
        Option<string?> model = MapOptions.File("--model", "The atomic model (PDB or mmCIF; .gz and .bz2 too).");
        model.Required = true;
        var resolution = new Option<double?>("--resolution")
        {
            Description = "Resolution of the map (Å), for the correlations and the expected Q-score; left out, they are not measured.",
            HelpName = "Å",
        };
        var voxelSize = new Option<double?>("--voxel-size") { Description = "Voxel size of the map (Å), instead of its header's.", HelpName = "Å" };
        Option<double[]?> origin = MapOptions.Place("--origin", "Place of the map (x y z, Å), instead of its header's.");
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress." };

        var command = new Command("score", "Scores a map by an atomic model: EMRinger, Q-score and, with a resolution, map-model correlations.");
        foreach (Option option in (Option[])[map, model, resolution, voxelSize, origin, threads, memory, quiet])
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            double? finest = parsed.GetValue(resolution);
            var limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory)));
            List<EngineException> refusals = [];
            (EMRingerResult? ringer, QScoreResult? atoms, MapModelFitResult? fit) = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                CryoMap density = MapOptions.Open(parsed.GetValue(map)!, parsed.GetValue(voxelSize), parsed.GetValue(origin));
                AtomicModel read = ModelReader.Open(Path.GetFullPath(parsed.GetValue(model)!), cancellationToken: cancellation);

                // What takes the most memory comes first, so that its refusal does; of other refusals it has the last.
                MapModelFitResult? correlations = finest is { } d
                    ? Try(() => MapModelFit.Measure(read, density, d, new MapModelFitOptions { Limits = limits }, progress, cancellation))
                    : null;
                EngineException[] last = [.. refusals];
                refusals.Clear();
                EMRingerResult? side = Try(() => EMRinger.Measure(read, density, null, progress, cancellation));
                QScoreResult? each = Try(() => QScore.Measure(read, density, new QScoreOptions { Resolution = finest, Limits = limits }, progress, cancellation));
                refusals.AddRange(last);
                return (side, each, correlations);
            }).ConfigureAwait(false);

            // Side chains are not in every model: what one score lacks costs the others nothing.
            if (ringer is null && atoms is null && fit is null)
            {
                throw refusals[0];
            }

            IEnumerable<string> warnings = (ringer?.Warnings ?? []).Concat(atoms?.Warnings ?? []).Concat(fit?.Warnings ?? []);
            foreach (string warning in refusals.Select(refusal => refusal.Message).Concat(warnings).Distinct())
            {
                RunnerLog.Warn(warning);
            }

            if (ringer is not null)
            {
                Line("EMRinger score", ringer.Score, "0.0000");
                Line("EMRinger residues", ringer.ScoredResidues, "0");
                Line("EMRinger threshold", ringer.Threshold, "G6");
                Line("Rotameric share", ringer.RotamerRatio, "0.0000");
            }

            if (atoms is not null)
            {
                Line("Mean Q", atoms.Mean, "0.0000");
            }

            if (atoms?.Expected is { } expected)
            {
                Line("Expected Q", expected, "0.0000");
            }

            if (fit is not null)
            {
                Line("CC mask", fit.CCMask, "0.0000");
                Line("CC box", fit.CCBox, "0.0000");
                Line("CC volume", fit.CCVolume, "0.0000");
                Line("CC peaks", fit.CCPeaks, "0.0000");
                Line("FSC 0.5 (Å)", fit.FscResolution05, "0.00");
                Line("FSC 0.143 (Å)", fit.FscResolution, "0.00");
            }

            T? Try<T>(Func<T> measure)
                where T : class
            {
                try
                {
                    return measure();
                }
                catch (EngineException refusal) when (refusal.Error != EngineError.InsufficientMemory)
                {
                    refusals.Add(refusal);
                    return null;
                }
            }
        }));
        return command;
    }

    private static void Line(string name, double value, string format) =>
        Console.Out.WriteLine($"{name,-20} {(double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-")}");
}
