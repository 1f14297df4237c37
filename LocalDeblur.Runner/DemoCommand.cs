using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Workflows;
using LocalDeblur.Workflows.Demo;
using LocalDeblur.Workflows.Truth;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur demo`: makes its own input, sharpens it, and says what was gained.</summary>
internal static class DemoCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var size = new Option<int>("--size") { Description = "Edge of the phantom's box (voxels).", DefaultValueFactory = _ => 128, HelpName = "voxels" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Folder for the files of the demo.",
            DefaultValueFactory = _ => "demo",
            HelpName = ValueRules.Folder,
        };
        var iterations = new Option<int>("--maximum-iterations")
        {
            Description = "Most iterations of LocalDeblur.",
            DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations,
            HelpName = "count",
        };
        Option<int> threads = MapOptions.ThreadCount();
        Option<string?> memory = MapOptions.Memory();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress." };
        var command = new Command("demo", "Makes two half maps of a phantom whose truth is known, sharpens from them alone by both methods, and measures the gain.")
        {
            size, output, iterations, threads, memory, quiet,
        };
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            var limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory)));
            var sharpening = new LocalDeblurOptions { MaximumIterations = parsed.GetValue(iterations) };
            var options = new PhantomDemoOptions
            {
                Phantom = new PhantomOptions { Size = parsed.GetValue(size), Limits = limits },
                Sharpening = new LocalDeblurRunOptions { Sharpening = sharpening }.WithLimits(limits),
                Restoration = new LocalWienerOptions { Limits = limits },
                Folder = parsed.GetRequiredValue(output),
            };
            long started = Stopwatch.GetTimestamp();
            PhantomDemoResult result = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress => PhantomDemo.Run(options, progress, cancellation)).ConfigureAwait(false);
            Report(result, Stopwatch.GetElapsedTime(started));
        }));
        return command;
    }

    private static void Report(PhantomDemoResult result, TimeSpan elapsed)
    {
        foreach (string warning in result.Sharpening.Warnings.Union(result.Restoration.Warnings))
        {
            RunnerLog.Warn(warning);
        }

        LocalDeblurResult found = result.Sharpening;
        Line($"LocalDeblur: step size {found.StepSize:0.####}, {found.Iterations} iterations, {found.Bands} bands at rank {found.Rank}; {Cost(found.Cost!)}.");
        Line($"LocalWiener: fall-off {result.Restoration.FallOff:0.#} Å², {result.Restoration.UsedBands} bands; {Cost(result.Restoration.Cost!)}.");
        Line($"{result.Restoration.Summary}");
        Line($"{"Against the truth (* worse than before)",-95}{string.Concat(result.Names.Select(name => $" {name,11} "))}");
        foreach (TruthFigure figure in result.Figures)
        {
            IEnumerable<string> cells = figure.Values.Select((value, i) => Text($" {value,11:0.000}{(i == 0 || figure.Improved(i) ? " " : "*")}"));
            Line($"{figure.Name,-95}{string.Concat(cells)}");
        }

        using var process = Process.GetCurrentProcess();
        Line($"{elapsed.TotalSeconds:0.0} s, {process.TotalProcessorTime.TotalSeconds:0.0} CPU s, {ByteSize.Format(process.PeakWorkingSet64)} resident at most.");
        Line($"Wrote {result.Files.Count} files to {Path.GetDirectoryName(result.Files[0])}; look at slices.png first.");
    }

    private static string Cost(RunCost cost) => Text($"{cost.Seconds:0.0} s, {ByteSize.Format(cost.PeakBytes)} of working memory");

    private static void Line(FormattableString text) => Console.Out.WriteLine(Text(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
