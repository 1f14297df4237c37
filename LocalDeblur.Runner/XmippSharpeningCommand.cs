using System.CommandLine;
using LocalDeblur.Files;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Workflows;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur xmipp_volume_local_sharpening`: the published program of LocalDeblur by its own name and command line, as Scipion calls it.</summary>
internal static class XmippSharpeningCommand
{
    /// <summary>Name of the published program.</summary>
    public const string Name = "xmipp_volume_local_sharpening";

    // The published program's own default, which stands for its automatic step size.
    private const double AutomaticStepSize = 1;

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var map = new Option<string>("--vol") { Description = "Map (name, or name:mrc).", Required = true, HelpName = "file" };
        var resolution = new Option<string>("--resolution_map") { Description = "Its local resolution (Å).", Required = true, HelpName = "file" };
        var output = new Option<string>("-o") { Description = "Map to write; one that exists is replaced.", Required = true, HelpName = "file" };
        var sampling = new Option<double>("--sampling") { Description = "Voxel size (Å), whatever the headers say.", Required = true, HelpName = "Å" };
        var parameters = new Option<string>("--md")
        {
            Description = "Table of step size and iterations to write; one that exists is replaced.",
            DefaultValueFactory = _ => "params.xmd",
            HelpName = "file",
        };
        var step = new Option<double>("-l") { Description = "Step size λ; 1 for the automatic one.", DefaultValueFactory = _ => AutomaticStepSize, HelpName = "number" };
        var k = new Option<double>("-k") { Description = "Width parameter of the weights (1/Å²).", DefaultValueFactory = _ => FilterBank.DefaultK, HelpName = "number" };
        var iterations = new Option<int>("-i") { Description = "Most iterations.", DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations, HelpName = "count" };
        var threads = new Option<int>("-n") { Description = "Threads.", DefaultValueFactory = _ => 1, HelpName = "count" };
        var command = new Command(Name, "LocalDeblur with the command line and the files of Xmipp's program of this name.")
        {
            map, resolution, output, sampling, parameters, step, k, iterations, threads,
        };
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            string target = XmippFiles.Path(parsed.GetRequiredValue(output)), table = Path.GetFullPath(parsed.GetRequiredValue(parameters));
            MrcWriter.RequireWritable(target, XmippFiles.Writing);
            ResultFile.RequireWritable(table, overwrite: true);
            double stepSize = parsed.GetValue(step);
            var options = new LocalDeblurOptions
            {
                StepSize = stepSize == AutomaticStepSize ? null : stepSize,
                K = parsed.GetValue(k),
                MaximumIterations = parsed.GetValue(iterations),
                Limits = RunLimits.OfProcess(parsed.GetValue(threads), memory: null),
            };
            LocalDeblurResult found = await ProgressDisplay.RunAsync(quiet: false, progress =>
            {
                CryoMap?[] maps = XmippFiles.Open(parsed.GetValue(sampling), parsed.GetRequiredValue(map), parsed.GetRequiredValue(resolution));
                var run = new LocalDeblurRunOptions { LocalResolution = maps[1], Sharpening = options };
                LocalDeblurResult made = LocalDeblurRun.Run(new Reconstruction(maps[0]!), mask: null, run, progress, cancellation);
                MrcWriter.Write(made.Map, target, XmippFiles.Writing, progress, cancellation);
                ResultFile.WriteText(table, overwrite: true, writer => XmippFiles.WriteMetadata(writer, ("cost", made.StepSize), ("iterationNumber", made.Iterations)));
                return made;
            }).ConfigureAwait(false);
            MapOptions.Warn(found.Map.History[^1]);
            Console.Out.WriteLine(FormattableString.Invariant($"lambda = {found.StepSize:0.######}, {found.Iterations} iterations"));
        }));
        return command;
    }
}
