using System.CommandLine;
using LocalDeblur.Jobs;
using LocalDeblur.Models.Reading;
using LocalDeblur.Reports;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur report`: a reconstruction in, one page out on what was made of it and whether to believe it.</summary>
internal static class ReportCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string?> output = MapOptions.File("--output", "The page to write, .html.", "-o");
        output.Required = true;
        Option<string?> sharpened = MapOptions.File("--sharpened", "The map as it was sharpened before; left out, it is sharpened now.");
        Option<string?> localResolution = MapOptions.File("--local-resolution", "Local resolution (Å); left out, it is estimated.", "-r");
        Option<string?> model = MapOptions.File("--model", "Atomic model (PDB or mmCIF) by which both maps are scored.");
        var method = new Option<string?>("--method")
        {
            Description = $"Method that sharpens: {string.Join(", ", SharpeningMethods.Names)}; left out, {SharpeningReport.DefaultMethod}.",
            HelpName = "method",
        };
        method.CompletionSources.Add([.. SharpeningMethods.Names]);
        ValueRules.AllowOnly(method, SharpeningMethods.Names);
        var resolution = new Option<double?>("--resolution")
        {
            Description = "Resolution of the reconstruction (Å); left out, it is measured between half maps.",
            HelpName = "Å",
        };
        var title = new Option<string?>("--title") { Description = "Title of the page; left out, the names of the maps.", HelpName = "text" };

        var command = new Command("report", "Writes one page on what was made of a reconstruction: pictures, curves, scores, and what to doubt.");
        var common = MapOptions.AddTo(command, "Mask: 1 in the molecule, 0 outside, best with a soft edge. Left out, one is made.", writesMap: false);
        foreach (Option option in (Option[])[output, sharpened, localResolution, model, method, resolution, title])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (MapOptions.IsGiven(result, sharpened) && MapOptions.IsGiven(result, method))
            {
                result.AddError("--sharpened and --method were both given, and a map that is sharpened already is not sharpened again. Leave one of them out.");
            }
        });
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string target = Path.GetFullPath(parsed.GetRequiredValue(output)!);
            bool quiet = common.Quiet(parsed);
            SharpeningReport report = await ProgressDisplay.RunAsync(quiet, progress =>
            {
                SharpeningReport.RequireWritable(target, common.Force(parsed));
                var options = new SharpeningReportOptions
                {
                    Method = parsed.GetValue(method) is { } name ? SharpeningMethods.Named(name) : null,
                    Sharpened = parsed.GetValue(sharpened) is { } done ? MapOptions.Open(done, null, null) : null,
                    LocalResolution = parsed.GetValue(localResolution) is { } given ? MapOptions.Open(given, null, null) : null,
                    Model = parsed.GetValue(model) is { } file ? ModelReader.Open(Path.GetFullPath(file), cancellationToken: cancellation) : null,
                    Resolution = parsed.GetValue(resolution),
                    Title = parsed.GetValue(title),
                    Limits = common.Limits(parsed),
                };
                return ReportFile.Write(common.OpenInput(parsed), common.OpenMask(parsed), options, target, common.Force(parsed), progress, cancellation);
            }).ConfigureAwait(false);

            foreach (ReportWarning warning in report.Warnings)
            {
                RunnerLog.Warn(warning.ToString());
            }

            if (!quiet)
            {
                foreach (string decision in report.Decisions)
                {
                    Console.Out.WriteLine(decision);
                }

                Console.Out.WriteLine($"Wrote {target}");
            }
        }));
        return command;
    }
}
