using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LocalDeblur.Filters;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Sharpening;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur sharpen`: one map and its local-resolution map in, one sharpened map out.</summary>
internal static class SharpenCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var map = new Option<string>("--map", "-m") { Description = "The unfiltered, unsharpened map (MRC/CCP4; .gz and .bz2 too).", Required = true, HelpName = "file" };
        var resolution = new Option<string>("--local-resolution", "-r") { Description = "Its local-resolution map, in Å.", Required = true, HelpName = "file" };
        var output = new Option<string>("--output", "-o") { Description = "The file to write; its history goes beside it.", Required = true, HelpName = "file" };
        var mask = new Option<string?>("--mask") { Description = "Mask: 1 in the molecule, 0 outside.", HelpName = "file" };
        var k = Number("--k", "Width parameter of the filter weights (1/Å²); 0.01 for maps worse than 6 Å.", FilterBank.DefaultK);
        var step = new Option<double?>("--step-size") { Description = "Step size λ; automatic when left out.", HelpName = "number" };
        var iterations = new Option<int>("--maximum-iterations") { Description = "Most iterations.", DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations, HelpName = "count" };
        var formulation = new Option<LocalDeblurFormulation>("--formulation") { Description = "Reference: what the published program computes. Paper: the equations as printed.", DefaultValueFactory = _ => LocalDeblurFormulation.Reference };
        var tolerance = Number("--rank-tolerance", "Singular values of the filter bank below this share of the largest are left out.", FilterBank.DefaultRankTolerance);
        var coarsest = new Option<double?>("--coarsest-resolution") { Description = "Treat coarser local resolutions as this one (Å).", HelpName = "Å" };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for one a processor.", HelpName = "count" };
        var memory = new Option<string?>("--memory-limit") { Description = "Most memory to use, for example 2GB.", HelpName = "bytes" };
        var voxelSize = new Option<double?>("--voxel-size") { Description = "Voxel size of the map (Å), instead of its header's.", HelpName = "Å" };
        var resolutionVoxelSize = new Option<double?>("--local-resolution-voxel-size") { Description = "Voxel size of the local-resolution map (Å), instead of its header's.", HelpName = "Å" };
        var maskVoxelSize = new Option<double?>("--mask-voxel-size") { Description = "Voxel size of the mask (Å), instead of its header's.", HelpName = "Å" };
        Option<double[]?> origin = Place("--origin", "Place of the map (x y z, Å), instead of its header's.");
        Option<double[]?> resolutionOrigin = Place("--local-resolution-origin", "Place of the local-resolution map (x y z, Å), instead of its header's.");
        Option<double[]?> maskOrigin = Place("--mask-origin", "Place of the mask (x y z, Å), instead of its header's.");
        var nonFinite = new Option<float?>("--non-finite-value") { Description = "Replace NaN and infinite voxels of the map by this value instead of refusing them.", HelpName = "number" };
        var half = new Option<bool>("--float16") { Description = "Write 16-bit floats (mode 12)." };
        var force = new Option<bool>("--force", "-f") { Description = "Replace the output where it exists." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show no progress, decisions or summary; warnings and errors only." };

        memory.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !ByteSize.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--memory-limit is '{result.Tokens[0].Value}'; expected an amount such as 500MB or 2GB.");
            }
        });

        var command = new Command("sharpen", "Sharpens a map by its local resolution.")
        {
            map, resolution, output, mask, k, step, iterations, formulation, tolerance, coarsest, threads, memory,
            voxelSize, resolutionVoxelSize, maskVoxelSize, origin, resolutionOrigin, maskOrigin, nonFinite, half, force, quiet,
        };
        command.SetAction((parsed, cancellation) => CommandOutcome.OfAsync(async () =>
        {
            string target = Path.GetFullPath(parsed.GetRequiredValue(output));
            var writing = new MrcWriteOptions { Mode = parsed.GetValue(half) ? MrcMode.Float16 : MrcMode.Float32, Overwrite = parsed.GetValue(force) };
            long? limit = parsed.GetValue(memory) is { } text && ByteSize.TryParse(text, out long bytes) ? bytes : null;
            var options = new LocalDeblurOptions
            {
                K = parsed.GetValue(k),
                StepSize = parsed.GetValue(step),
                MaximumIterations = parsed.GetValue(iterations),
                Formulation = parsed.GetValue(formulation),
                RankTolerance = parsed.GetValue(tolerance),
                Threads = parsed.GetValue(threads),
                MemoryLimit = limit,
            };
            MrcWriter.RequireWritable(target, writing);

            long started = Stopwatch.GetTimestamp();
            HistoryEntry sharpening = await ProgressDisplay.RunAsync(parsed.GetValue(quiet), progress =>
            {
                CryoMap input = Open(parsed.GetRequiredValue(map), parsed.GetValue(voxelSize), parsed.GetValue(origin), parsed.GetValue(nonFinite));
                CryoMap local = Open(parsed.GetRequiredValue(resolution), parsed.GetValue(resolutionVoxelSize), parsed.GetValue(resolutionOrigin), null);
                CryoMap? shape = parsed.GetValue(mask) is { } path ? Open(path, parsed.GetValue(maskVoxelSize), parsed.GetValue(maskOrigin), null) : null;
                if (parsed.GetValue(coarsest) is { } ceiling)
                {
                    input.Grid.RequireCubicVoxels(input.Name);
                    options = options with { Bank = FilterBank.Create(input.Size, input.VoxelSize, ceiling, options.K, options.RankTolerance) };
                }

                CryoMap sharpened = LocalDeblurSolver.Run(input, local, shape, options, progress, cancellation);
                MrcWriter.Write(sharpened, target, writing, progress, cancellation);
                return sharpened.History[^1];
            }).ConfigureAwait(false);

            Report(sharpening, target, Stopwatch.GetElapsedTime(started), parsed.GetValue(quiet));
        }));
        return command;
    }

    private static CryoMap Open(string path, double? voxelSize, double[]? origin, float? nonFiniteValue) =>
        MrcReader.Open(Path.GetFullPath(path), new MrcReadOptions
        {
            VoxelSize = voxelSize,
            Origin = origin is [double x, double y, double z] ? new AxisTriple(x, y, z) : null,
            NonFiniteValue = nonFiniteValue,
        });

    private static void Report(HistoryEntry step, string target, TimeSpan elapsed, bool quiet)
    {
        foreach (string warning in step.Warnings)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }

        if (quiet)
        {
            return;
        }

        foreach (string decision in step.Decisions)
        {
            Console.Out.WriteLine(decision);
        }

        using var process = Process.GetCurrentProcess();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Step size {step.Figures["StepSize"]:0.######}, {step.Figures["Iterations"]} iterations, {step.Figures["Bands"]} bands at rank {step.Figures["Rank"]}."));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s, {process.TotalProcessorTime.TotalSeconds:0.0} CPU s, {ByteSize.Format(process.PeakWorkingSet64)} resident at most."));
        Console.Out.WriteLine($"Wrote {target}");
    }

    private static Option<double> Number(string name, string description, double defaultValue) =>
        new(name) { Description = description, DefaultValueFactory = _ => defaultValue, HelpName = "number" };

    private static Option<double[]?> Place(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, HelpName = "x y z" };
}
