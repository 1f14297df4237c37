using System.CommandLine;
using LocalDeblur.Files;
using LocalDeblur.Filters;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Shells;
using LocalDeblur.Workflows;

namespace LocalDeblur.Runner;

/// <summary>`localdeblur relion`: a whole run as an External job of RELION, called and told as RELION's own programs are.</summary>
internal static class RelionCommand
{
    /// <summary>Name of the command.</summary>
    public const string Name = "relion";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var output = new Option<string>("--o") { Description = "The job's folder, below the project's, in which RELION runs this.", Required = true, HelpName = "folder" };
        var half = new Option<string>("--in_3dref") { Description = "One half map; the other is found by its name, half1 for half2.", Required = true, HelpName = "file" };
        Option<string?> mask = MapOptions.File("--in_mask", "Mask: 1 in the molecule, 0 outside, with a soft edge; made when left out.");
        var threads = new Option<int>("--j") { Description = "Threads.", DefaultValueFactory = _ => 1, HelpName = "count" };
        var control = new Option<string?>("--pipeline_control")
        {
            Description = "Folder for the files by which RELION sees how the job ends, instead of the job's.",
            HelpName = ValueRules.Folder,
        };
        var k = new Option<double>("--k") { Description = "Width parameter of the filter weights (1/Å²).", DefaultValueFactory = _ => FilterBank.DefaultK, HelpName = "number" };
        var step = new Option<double?>("--step-size") { Description = "Step size λ; automatic when left out.", HelpName = "number" };
        var iterations = new Option<int>("--maximum-iterations")
        {
            Description = "Most iterations.",
            DefaultValueFactory = _ => LocalDeblurOptions.DefaultMaximumIterations,
            HelpName = "count",
        };
        var coarsest = new Option<double?>("--coarsest-resolution") { Description = "Coarsest local resolution (Å).", HelpName = "Å" };
        Option<double?> voxelSize = MapOptions.EveryVoxelSize();
        Option<string?> memory = MapOptions.Memory();
        var command = new Command(Name, "Mask, Fourier shell correlation, local resolution and sharpening as an External job of RELION.")
        {
            output, half, mask, threads, control, k, step, iterations, coarsest, voxelSize, memory,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string given = parsed.GetRequiredValue(output);
            string folder = Path.GetFullPath(given);
            using var job = new RelionJob(parsed.GetValue(control) is { } other ? Path.GetFullPath(other) : folder, cancellation);
            int code;
            try
            {
                code = await CommandOutcome.OfAsync(command, RunAsync).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (job.IsAborted)
            {
                await Console.Error.WriteLineAsync("Aborted, as RELION asked; nothing half-written is left.").ConfigureAwait(false);
                return (int)ExitCode.Terminated;
            }

            if (code == (int)ExitCode.Success)
            {
                job.Succeed();
            }

            return code;

            Task RunAsync()
            {
                Directory.CreateDirectory(folder);
                var limits = RunLimits.OfProcess(parsed.GetValue(threads), MapOptions.Bytes(parsed.GetValue(memory)));
                string first = parsed.GetRequiredValue(half);
                string second = OtherHalf(first);
                Console.Out.WriteLine($"Half maps {first} and {second}");
                var run = new LocalDeblurRunOptions
                {
                    Sharpening = new LocalDeblurOptions { K = parsed.GetValue(k), StepSize = parsed.GetValue(step), MaximumIterations = parsed.GetValue(iterations) },
                    Resolution = new MonoResOptions { CoarsestResolution = parsed.GetValue(coarsest), WithFilledMap = true },
                }.WithLimits(limits);
                return ProgressDisplay.RunAsync(quiet: false, progress =>
                {
                    double? voxel = parsed.GetValue(voxelSize);
                    var halves = new Reconstruction(MapOptions.Open(first, voxel, null), MapOptions.Open(second, voxel, null));
                    LocalDeblurRun.RequireMemory(halves, run);
                    CryoMap? shape = parsed.GetValue(mask) is { } file ? MapOptions.Open(file, voxel, null) : null;
                    Make(halves, shape, run, new RelionOutputs(given), progress, job.Token);
                    return true;
                });
            }
        });
        return command;
    }

    private static string OtherHalf(string path) => HalfMapName.Other(path) ?? throw new EngineException(
        EngineError.MapCountUnsupported, $"'{path}' is no name of a half map: expected one with half1 or half2, from which the other's follows.", path);

    private static void Make(
        Reconstruction halves, CryoMap? mask, LocalDeblurRunOptions run, RelionOutputs outputs, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        RunLimits limits = run.Sharpening.Limits;
        if (mask is null)
        {
            // Where it is 1, MonoRes looks; its soft edge is for the correlation.
            mask = MaskBuilder.Run(halves, new MaskOptions { Limits = limits }, progress, cancellation).Map;
            outputs.Write(mask, "mask.mrc", "Mask3D.mrc", progress, cancellation);
            Tell(mask);
            mask = outputs.Open("mask.mrc");
        }

        FscResult fsc = FourierShellCorrelation.Run(halves, mask, new FourierShellCorrelationOptions { Limits = limits }, progress, cancellation);
        outputs.Write(fsc, FscProfiles.Of(halves, fsc, limits, progress, cancellation), "postprocess.star", "ProcessData.star.relion.postprocess");
        fsc.Warnings.ToList().ForEach(RunnerLog.Warn);
        Console.Out.WriteLine($"Resolution {fsc}");

        MonoResResult resolution = AutomaticMonoRes.Run(halves, mask, run.Resolution, masking: null, progress, cancellation);
        outputs.Write(resolution.LocalResolution, "local_resolution.mrc", "Image3D.mrc.localresmap", progress, cancellation);
        outputs.Write(resolution.Filled!, "local_resolution_filled.mrc", null, progress, cancellation);
        Tell(resolution.LocalResolution);

        LocalDeblurResult sharpened = LocalDeblurRun.Run(halves, null, run with { LocalResolution = resolution.LocalResolution }, progress, cancellation);
        outputs.Write(sharpened.Map, "sharpened.mrc", "DensityMap.mrc", progress, cancellation);
        Tell(sharpened.Map);
        outputs.WriteNodes();
    }

    private static void Tell(CryoMap map)
    {
        HistoryEntry step = map.History[^1];
        MapOptions.Warn(step);
        foreach (string decision in step.Decisions)
        {
            Console.Out.WriteLine(decision);
        }
    }

    /// <summary>What the job writes, and the list of it that RELION reads.</summary>
    private sealed class RelionOutputs(string folder)
    {
        private static readonly MrcWriteOptions Writing = new() { Overwrite = true };
        private readonly List<(string Name, string Type)> _nodes = [];

        // As RELION names it, relative to the project's folder.
        private readonly string _prefix = (Path.IsPathFullyQualified(folder) ? Path.GetRelativePath(Environment.CurrentDirectory, folder) : folder).TrimEnd('/') + "/";

        public CryoMap Open(string name) => MapOptions.Open(Path.Combine(folder, name), null, null);

        public void Write(CryoMap map, string name, string? type, IProgress<StageProgress>? progress, CancellationToken cancellation)
        {
            MrcWriter.Write(map, Path.GetFullPath(Path.Combine(folder, name)), Writing, progress, cancellation);
            Add(name, type);
        }

        public void Write(FscResult fsc, GuinierTable? guinier, string name, string type)
        {
            FscTable.Write(fsc, Path.GetFullPath(Path.Combine(folder, name)), overwrite: true, guinier, Environment.CurrentDirectory);
            Add(name, type);
        }

        public void WriteNodes() => ResultFile.WriteText(Path.Combine(folder, "RELION_OUTPUT_NODES.star"), overwrite: true, writer =>
        {
            writer.Write("\n# version 30001\n\ndata_output_nodes\n\nloop_\n_rlnPipeLineNodeName #1\n_rlnPipeLineNodeTypeLabel #2\n");
            foreach ((string name, string type) in _nodes)
            {
                writer.Write($"{name} {type}\n");
            }

            writer.Write("\n");
        });

        private void Add(string name, string? type)
        {
            Console.Out.WriteLine($"Wrote {_prefix}{name}");
            if (type is not null)
            {
                _nodes.Add((_prefix + name, type));
            }
        }
    }
}
