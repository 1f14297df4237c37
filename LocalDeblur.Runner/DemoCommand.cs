using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Phantom;
using LocalDeblur.Sharpening.Deblurring;
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
        var output = new Option<string>("--output", "-o") { Description = "Folder for the files of the demo.", DefaultValueFactory = _ => "demo", HelpName = "folder" };
        var iterations = new Option<int>("--maximum-iterations")
        {
            Description = "Most iterations.",
            DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations,
            HelpName = "count",
        };
        Option<int> threads = MapOptions.ThreadCount();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress." };
        var command = new Command("demo", "Makes two half maps of a phantom whose truth is known, sharpens from them alone, and measures the gain.")
        {
            size, output, iterations, threads, quiet,
        };
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(command, async () =>
        {
            var limits = new RunLimits { Threads = parsed.GetValue(threads) };
            var sharpening = new LocalDeblurOptions { MaximumIterations = parsed.GetValue(iterations) };
            var options = new PhantomDemoOptions
            {
                Phantom = new PhantomOptions { Size = parsed.GetValue(size), Limits = limits },
                Sharpening = new LocalDeblurRunOptions { Sharpening = sharpening }.WithLimits(limits),
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
        foreach (string warning in result.Sharpening.Warnings)
        {
            RunnerLog.Warn(warning);
        }

        LocalDeblurResult found = result.Sharpening;
        (double seconds, string memory) = (found.Cost!.Seconds, ByteSize.Format(found.Cost.PeakBytes));
        Line($"Step size {found.StepSize:0.####}, {found.Iterations} iterations, {found.Bands} bands at rank {found.Rank}; {seconds:0.0} s, {memory} of working memory.");
        Line($"{"Against the truth",-95} {"before",8} {"after",8}");
        foreach (TruthFigure figure in result.Figures)
        {
            Line($"{figure.Name,-95} {figure.Before,8:0.000} {figure.After,8:0.000}  {(figure.Improved ? "better" : "not better")}");
        }

        using var process = Process.GetCurrentProcess();
        Line($"{elapsed.TotalSeconds:0.0} s, {process.TotalProcessorTime.TotalSeconds:0.0} CPU s, {ByteSize.Format(process.PeakWorkingSet64)} resident at most.");
        Line($"Wrote {result.Files.Count} files to {Path.GetDirectoryName(result.Files[0])}; look at slices.png first.");
    }

    private static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
