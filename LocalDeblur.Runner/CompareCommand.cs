using System.CommandLine;
using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Models.Reading;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur compare`: a reconstruction in, every sharpening and its scores out.</summary>
internal static class CompareCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> model = MapOptions.File("--model", "Atomic model (PDB or mmCIF) by which the results are scored, and that LocScale needs.");
        Option<string?> localResolution = MapOptions.File("--local-resolution", "Local resolution (Å) for LocalDeblur; left out, it is estimated.", "-r");
        var coarsest = new Option<double?>("--coarsest-resolution")
        {
            Description = "Begin the scan of the local resolution for LocalDeblur here (Å); treat coarser values of --local-resolution as this one.",
            HelpName = "Å",
        };
        Option<string?> truth = MapOptions.File("--truth", "The sharp truth, where it is known: results are compared with it in a mask that fits it tightly.");
        var resolution = new Option<double?>("--resolution") { Description = "Resolution of the map (Å); left out, it is measured between half maps.", HelpName = "Å" };
        var methods = new Option<string[]>("--method")
        {
            Description = $"Methods to compare: {string.Join(", ", SharpeningMethods.Names)}; left out, all that the input allows.",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "methods",
        };
        methods.CompletionSources.Add([.. SharpeningMethods.Names]);
        ValueRules.AllowOnly(methods, SharpeningMethods.Names);
        var crossValidate = new Option<bool>("--cross-validate")
        {
            Description = "Run every method on each half map by itself too, and score the results like the whole; needs --half1, --half2 and --model.",
        };
        var folder = new Option<string?>("--output-directory", "-o") { Description = "Folder that keeps maps, table and pictures.", HelpName = ValueRules.Folder };

        var command = new Command("compare", "Sharpens a reconstruction by every method, and scores the results alike.");
        var common = MapOptions.AddTo(command, "Mask: 1 in the molecule, 0 outside, best with a soft edge. Left out, one is made.", writesMap: false, takesSets: true);
        foreach (Option option in (Option[])[model, localResolution, coarsest, truth, resolution, methods, crossValidate, folder])
        {
            command.Add(option);
        }

        MapOptions.Require(command, crossValidate, model);
        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, crossValidate) && !common.HasHalfMaps(result))
            {
                result.AddError("--cross-validate was given without --half1 and --half2. Give both half maps, or leave --cross-validate out.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string? target = parsed.GetValue(folder) is { } path ? Path.GetFullPath(path) : null;
            (SharpeningComparison[] sets, SharpeningDraws? draws) = await ProgressDisplay.RunAsync(common.Quiet(parsed), progress =>
            {
                Reconstruction[] inputs = common.OpenInputs(parsed);
                var options = new SharpeningComparisonOptions
                {
                    Methods = parsed.GetValue(methods) is { Length: > 0 } named ? [.. named.Select(SharpeningMethods.Named)] : null,
                    Model = parsed.GetValue(model) is { } file ? ModelReader.Open(Path.GetFullPath(file), cancellationToken: cancellation) : null,
                    LocalResolution = parsed.GetValue(localResolution) is { } given ? MapOptions.Open(given, null, null) : null,
                    CoarsestResolution = parsed.GetValue(coarsest),
                    Truth = parsed.GetValue(truth) is { } known ? MapOptions.Open(known, null, null) : null,
                    Resolution = parsed.GetValue(resolution),
                    CrossValidate = parsed.GetValue(crossValidate),
                    OutputDirectory = target,
                    Overwrite = common.Force(parsed),
                    Limits = common.Limits(parsed),
                };
                if (inputs.Length == 1)
                {
                    return ((SharpeningComparison[])[SharpeningComparison.Run(inputs[0], common.OpenMask(parsed), options, progress, cancellation)], (SharpeningDraws?)null);
                }

                var several = SharpeningDraws.Run(inputs, common.OpenMask(parsed), options, progress, cancellation);
                return ([.. several.Sets], several);
            }).ConfigureAwait(false);

            foreach (SharpeningComparison comparison in sets)
            {
                Tell(comparison, draws is null ? string.Empty : $"{comparison.Name}: ", common.Quiet(parsed));
            }

            if (draws is null)
            {
                Write(sets[0]);
            }
            else
            {
                Write(draws);
            }

            if (target is not null && !common.Quiet(parsed))
            {
                Console.Out.WriteLine($"Wrote {target}");
            }

            return Outcome(sets, isNamed: parsed.GetValue(methods) is { Length: > 0 });
        }));
        return command;
    }

    private static void Tell(SharpeningComparison comparison, string prefix, bool isQuiet)
    {
        foreach (string warning in comparison.Warnings)
        {
            RunnerLog.Warn($"{prefix}{warning}");
        }

        foreach (SharpeningComparisonRow row in comparison.Rows.SelectMany(row => row.WithHalves()))
        {
            foreach (string warning in row.Error is null ? row.Warnings : [row.Error])
            {
                RunnerLog.Warn($"{prefix}{row.Label}: {warning}");
            }
        }

        foreach (string decision in isQuiet ? [] : comparison.Decisions)
        {
            Console.Out.WriteLine($"{prefix}{decision}");
        }
    }

    // Mean and standard error, and in how many sets a method is better than the map as it is.
    private static void Write(SharpeningDraws draws)
    {
        Console.Out.WriteLine($"{"Method",-22}{"Sets",5}{"EMRinger",21}{"Q",24}{"CC mask",24}{"FSC truth",24}{"CC truth",24}");
        foreach (SharpeningDrawsRow row in draws.Rows)
        {
            Console.Out.WriteLine(
                $"{row.Method + (row.UsesModel ? " *" : string.Empty),-22}{row.Sets,5}{row.EMRinger?.Say(2) ?? "-",21}{row.QScore?.Say(4) ?? "-",24}"
                + $"{row.CCMask?.Say(4) ?? "-",24}{row.TruthFsc?.Say(4) ?? "-",24}{row.TruthCorrelation?.Say(4) ?? "-",24}");
        }

        Console.Out.WriteLine("Mean ± standard error over the sets, and in how many of them a method is better than the map as it is.");
    }

    // That a method cannot work on this input is part of a comparison of all; where it was asked for, where none could, or where a map could not be written, it is not.
    private static ExitCode Outcome(IEnumerable<SharpeningComparison> sets, bool isNamed)
    {
        SharpeningComparisonRow[] rows = [.. sets.SelectMany(set => set.Rows).SelectMany(row => row.WithHalves())];
        SharpeningComparisonRow[] failed = [.. rows.Where(row => row.Error is not null)];
        bool isUnwritten = failed.Any(row => row.ErrorId is EngineError.MapFileInaccessible or EngineError.MapFileExists);
        return failed.Length == 0 || !(isNamed || isUnwritten || failed.Length == rows.Length) ? ExitCode.Success
            : failed.All(row => row.ErrorId == EngineError.InsufficientMemory) ? ExitCode.InsufficientResources
            : ExitCode.InputRefused;
    }

    private static void Write(SharpeningComparison comparison)
    {
        bool hasTruth = comparison.Rows.Any(row => row.TruthFsc is not null);
        Console.Out.WriteLine($"{"Method",-22}{"EMRinger",10}{"Q",8}{"CC mask",9}{"CC box",8}{"CC peaks",10}{"FSC 0.5 Å",11}{"Guinier",9}{"Kurtosis",10}{"s",8}"
            + (hasTruth ? $"{"FSC truth",11}{"CC truth",10}" : string.Empty));
        foreach (SharpeningComparisonRow row in comparison.Rows.SelectMany(row => row.WithHalves()))
        {
            string name = row.Half is null ? row.Method : $"  half {row.Half}";
            Console.Out.WriteLine(
                $"{name + (row.UsesModel ? " *" : string.Empty),-22}{Figure(row.EMRinger, "0.00"),10}{Figure(row.QScore, "0.000"),8}"
                + $"{Figure(row.CCMask, "0.000"),9}{Figure(row.CCBox, "0.000"),8}{Figure(row.CCPeaks, "0.000"),10}"
                + $"{Figure(row.FscResolution05, "0.00"),11}{Figure(row.GuinierDistance, "0.000"),9}{Figure(row.Kurtosis, "0.0"),10}{Figure(row.Seconds, "0.0"),8}"
                + (hasTruth ? $"{Figure(row.TruthFsc, "0.0000"),11}{Figure(row.TruthCorrelation, "0.000"),10}" : string.Empty));
        }

        if (comparison.Rows.Any(row => row.Half1 is not null))
        {
            Console.Out.WriteLine("Correlation of the sharpened halves:");
            foreach (SharpeningComparisonRow row in comparison.Rows)
            {
                Console.Out.WriteLine($"  {row.Method,-20}{Figure(row.HalfCorrelation, "0.000"),8}");
            }
        }

        if (comparison.Rows.Any(row => row.UsesModel))
        {
            Console.Out.WriteLine("* takes its amplitudes from the model that the scores are by.");
        }
    }

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
