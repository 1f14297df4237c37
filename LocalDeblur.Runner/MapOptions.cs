using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Shells;

namespace LocalDeblur.Runner;

/// <summary>The options of every command that takes a map, or two half maps, and writes a map.</summary>
internal sealed class MapOptions
{
    private readonly Option<string?> _map;
    private readonly Option<string[]> _half1;
    private readonly Option<string[]> _half2;
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file to write; its history goes beside it.", Required = true, HelpName = ValueRules.File };
    private readonly Option<string?> _mask;
    private readonly Option<int> _threads = ThreadCount();
    private readonly Option<string?> _memory = Memory();
    private readonly Option<double?> _voxelSize = new("--voxel-size") { Description = "Voxel size of the map or the half maps (Å), instead of their headers'.", HelpName = "Å" };
    private readonly Option<double?> _maskVoxelSize = new("--mask-voxel-size") { Description = "Voxel size of the mask (Å), instead of its header's.", HelpName = "Å" };
    private readonly Option<double[]?> _origin = Place("--origin", "Place of the map or the half maps (x y z, Å), instead of their headers'.");
    private readonly Option<double[]?> _maskOrigin = Place("--mask-origin", "Place of the mask (x y z, Å), instead of its header's.");
    private readonly Option<float?> _nonFinite = new("--non-finite-value")
    {
        Description = "Replace NaN and infinite voxels of the map or the half maps by this value instead of refusing them.",
        HelpName = "number",
    };
    private readonly Option<bool> _float16 = new("--float16") { Description = "Write 16-bit floats (mode 12)." };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Replace the output where it exists." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Show no progress, decisions or summary; warnings and errors only." };

    private MapOptions(string mapDescription, string? maskDescription, bool takesSets)
    {
        string several = takesSets ? " Several files are several reconstructions." : string.Empty;
        _half1 = Half("--half1", $"First half map of a reconstruction, instead of --map.{several}");
        _half2 = Half("--half2", $"Second half map of the same reconstruction.{(takesSets ? " As many as --half1, in the same order." : several)}");
        _map = File("--map", mapDescription, "-m");
        _mask = File("--mask", maskDescription ?? string.Empty);

        Option<string[]> Half(string name, string description)
        {
            var half = new Option<string[]>(name)
            {
                Description = description,
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = takesSets,
                HelpName = takesSets ? "files" : "file",
            };
            if (!takesSets)
            {
                half.Validators.Add(result =>
                {
                    if (result.Tokens.Count > 1)
                    {
                        result.AddError($"{name} was given {result.Tokens.Count} times. Give it once: this command takes one reconstruction.");
                    }
                });
            }

            return half;
        }
    }

    /// <summary>Adds the options to a command, with the rules that hold between them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="maskDescription">What the mask means to it; null where it has no use for one.</param>
    /// <param name="writesMap">False for a command that does not write one map.</param>
    /// <param name="mapDescription">What the map should be.</param>
    /// <param name="takesSets">Whether the half maps of several reconstructions can be given.</param>
    public static MapOptions AddTo(
        Command command, string? maskDescription = null, bool writesMap = true,
        string mapDescription = "The unfiltered, unsharpened map (MRC/CCP4; .gz and .bz2 too).", bool takesSets = false)
    {
        var options = new MapOptions(mapDescription, maskDescription, takesSets);
        command.Add(options._map);
        command.Add(options._half1);
        command.Add(options._half2);
        if (writesMap)
        {
            command.Add(options._output);
            command.Add(options._float16);
        }

        command.Add(options._threads);
        command.Add(options._memory);
        command.Add(options._voxelSize);
        command.Add(options._origin);
        command.Add(options._nonFinite);
        command.Add(options._force);
        command.Add(options._quiet);
        if (maskDescription is not null)
        {
            command.Add(options._mask);
            command.Add(options._maskVoxelSize);
            command.Add(options._maskOrigin);
        }

        command.Validators.Add(options.RequireOneInput);
        return options;
    }

    /// <summary>The option for the voxel size of all maps of a command that has one grid.</summary>
    public static Option<double?> EveryVoxelSize() =>
        new("--voxel-size") { Description = "Voxel size of the half maps and the mask (Å), instead of their headers'.", HelpName = "Å" };

    /// <summary>The option for the number of threads.</summary>
    public static Option<int> ThreadCount() =>
        new("--threads") { Description = "Threads; 0 for as many as the process may use: those of a Slurm job, else of the machine.", HelpName = "count" };

    /// <summary>The option for the most memory to use; <see cref="Bytes"/> reads it.</summary>
    public static Option<string?> Memory()
    {
        var option = new Option<string?>("--memory-limit")
        {
            Description = "Most memory to use, for example 2GB; left out, that of a Slurm job, else of the machine.",
            HelpName = "bytes",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !ByteSize.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--memory-limit is '{result.Tokens[0].Value}'; expected an amount such as 500MB or 2GB.");
            }
        });
        return option;
    }

    /// <summary>An amount of memory (bytes); null for none.</summary>
    /// <param name="text">What was given.</param>
    public static long? Bytes(string? text) => text is not null && ByteSize.TryParse(text, out long bytes) ? bytes : null;

    /// <summary>An option that takes a range of resolution.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Of what.</param>
    public static Option<double[]?> Range(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true, HelpName = "coarsest finest" };

    /// <summary>What such an option was given; null for nothing.</summary>
    /// <param name="values">Å.</param>
    public static ResolutionRange? Range(double[]? values) => values is [double coarsest, double finest] ? new ResolutionRange(coarsest, finest) : null;

    /// <summary>An option that takes a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What the file is.</param>
    /// <param name="aliases">Other names.</param>
    public static Option<string?> File(string name, string description, params string[] aliases) => new(name, aliases) { Description = description, HelpName = ValueRules.File };

    /// <summary>An option that takes a place in space.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Of what.</param>
    public static Option<double[]?> Place(string name, string description) =>
        new(name) { Description = description, Arity = new ArgumentArity(3, 3), AllowMultipleArgumentsPerToken = true, HelpName = "x y z" };

    /// <summary>Whether an option stands on the command line.</summary>
    /// <param name="result">The command, parsed.</param>
    /// <param name="option">The option.</param>
    public static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Makes it a usage error to give an option without another.</summary>
    /// <param name="command">The command.</param>
    /// <param name="option">The option.</param>
    /// <param name="needed">What it needs.</param>
    public static void Require(Command command, Option option, Option needed) => command.Validators.Add(result =>
    {
        if (IsGiven(result, option) && !IsGiven(result, needed))
        {
            result.AddError($"{option.Name} was given without {needed.Name}. Give both, or leave {option.Name} out.");
        }
    });

    /// <summary>Opens a map file.</summary>
    /// <param name="path">Its path; a relative one starts at the process directory.</param>
    /// <param name="voxelSize">Instead of its header's (Å), or null.</param>
    /// <param name="origin">Instead of its header's (Å), or null.</param>
    /// <param name="nonFiniteValue">Instead of NaN and infinite voxels, or null to refuse them.</param>
    public static CryoMap Open(string path, double? voxelSize, double[]? origin, float? nonFiniteValue = null) =>
        MrcReader.Open(Path.GetFullPath(path), new MrcReadOptions
        {
            VoxelSize = voxelSize,
            Origin = origin is [double x, double y, double z] ? new AxisTriple(x, y, z) : null,
            NonFiniteValue = nonFiniteValue,
        });

    /// <summary>Tells what the user should know of steps, each thing once.</summary>
    /// <param name="steps">The steps.</param>
    public static void Warn(params HistoryEntry[] steps)
    {
        foreach (string warning in steps.SelectMany(step => step.Warnings).Distinct())
        {
            RunnerLog.Warn(warning);
        }
    }

    /// <summary>Tells what the user should know of one map that is named as a half map.</summary>
    /// <param name="input">The map, or the half maps.</param>
    public static void WarnOfLoneHalf(Reconstruction input)
    {
        if (input.WarningOfLoneHalf is { } warning)
        {
            RunnerLog.Warn($"{warning} The options are --half1 and --half2.");
        }
    }

    /// <summary>Makes it a usage error to give an option without a mask.</summary>
    /// <param name="command">The command.</param>
    /// <param name="option">The option.</param>
    public void RequireMask(Command command, Option option) => Require(command, option, _mask);

    /// <summary>Whether both half maps were given.</summary>
    /// <param name="result">The command, parsed.</param>
    public bool HasHalfMaps(CommandResult result) => IsGiven(result, _half1) && IsGiven(result, _half2);

    /// <summary>Opens the map, or the two half maps.</summary>
    /// <param name="parsed">The command line.</param>
    public Reconstruction OpenInput(ParseResult parsed) => OpenInputs(parsed)[0];

    /// <summary>Opens the map, or the two half maps of each reconstruction.</summary>
    /// <param name="parsed">The command line.</param>
    public Reconstruction[] OpenInputs(ParseResult parsed)
    {
        return parsed.GetValue(_map) is { } map
            ? [new Reconstruction(Input(map))]
            : [.. parsed.GetValue(_half1)!.Zip(parsed.GetValue(_half2)!, (first, second) => new Reconstruction(Input(first), Input(second)))];

        CryoMap Input(string path) => Open(path, parsed.GetValue(_voxelSize), parsed.GetValue(_origin), parsed.GetValue(_nonFinite));
    }

    /// <summary>Opens the mask; null where none was given.</summary>
    /// <param name="parsed">The command line.</param>
    public CryoMap? OpenMask(ParseResult parsed) =>
        parsed.GetValue(_mask) is { } path ? Open(path, parsed.GetValue(_maskVoxelSize), parsed.GetValue(_maskOrigin)) : null;

    /// <summary>Threads and memory to use.</summary>
    /// <param name="parsed">The command line.</param>
    public RunLimits Limits(ParseResult parsed) => RunLimits.OfProcess(parsed.GetValue(_threads), Bytes(parsed.GetValue(_memory)));

    /// <summary>Whether files that exist may be replaced.</summary>
    /// <param name="parsed">The command line.</param>
    public bool Force(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>Whether progress, decisions and summary are to be left out.</summary>
    /// <param name="parsed">The command line.</param>
    public bool Quiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>Runs the work with progress, writes the map that it makes, and says what was decided.</summary>
    /// <typeparam name="T">What the work results in.</typeparam>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">Takes the map, or the halves, and makes the result.</param>
    /// <param name="summary">One line about the result.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <param name="besides">Further maps of the result that are written too, each with what its file has behind the name of the output.</param>
    public async Task RunAsync<T>(
        ParseResult parsed, Func<ParseResult, Reconstruction, IProgress<StageProgress>?, CancellationToken, T> work, Func<T, string> summary,
        CancellationToken cancellation, params (string Ending, Func<T, CryoMap> Map)[] besides)
        where T : MapResult
    {
        string target = Path.GetFullPath(parsed.GetRequiredValue(_output));
        bool quiet = parsed.GetValue(_quiet);
        var writing = new MrcWriteOptions { Mode = parsed.GetValue(_float16) ? MrcMode.Float16 : MrcMode.Float32, Overwrite = parsed.GetValue(_force) };
        MrcWriter.RequireWritable(target, writing);
        string[] others = [.. besides.Select(other => MapFileName.Beside(target, other.Ending))];
        Array.ForEach(others, other => MrcWriter.RequireWritable(other, writing));

        long started = Stopwatch.GetTimestamp();
        (T result, Reconstruction input) = await ProgressDisplay.RunAsync(quiet, progress =>
        {
            Reconstruction opened = OpenInput(parsed);
            foreach (string file in (string[])[target, .. others])
            {
                MrcWriter.RequireWritable(file, writing, opened.Grid);
            }

            T made = work(parsed, opened, progress, cancellation);
            MrcWriter.Write(made.Map, target, writing, progress, cancellation);
            foreach ((int i, (_, Func<T, CryoMap> other)) in besides.Index())
            {
                MrcWriter.Write(other(made), others[i], writing, progress, cancellation);
            }

            return (made, opened);
        }).ConfigureAwait(false);

        // What was guessed about a header, or left of a file, before what the work has to say.
        Warn([.. input.Maps.Select(map => map.History[^1])]);
        HistoryEntry[] steps = [.. result.Map.History.Skip(input.First.History.Count)];
        Warn(steps);

        if (quiet)
        {
            return;
        }

        foreach (string decision in steps.SelectMany(step => step.Decisions))
        {
            Console.Out.WriteLine(decision);
        }

        using var process = Process.GetCurrentProcess();
        Console.Out.WriteLine(summary(result));
        Console.Out.WriteLine(
            FormattableString.Invariant($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {process.TotalProcessorTime.TotalSeconds:0.0} CPU s, ")
                + FormattableString.Invariant($"{ByteSize.Format(process.PeakWorkingSet64)} resident at most."));
        foreach (string written in (string[])[target, .. others])
        {
            Console.Out.WriteLine($"Wrote {written}");
        }
    }

    private void RequireOneInput(CommandResult result)
    {
        bool map = IsGiven(result, _map);
        bool half1 = IsGiven(result, _half1);
        bool half2 = IsGiven(result, _half2);
        if (map && (half1 || half2))
        {
            result.AddError("--map and half maps were both given. Give --map, or --half1 and --half2.");
        }
        else if (half1 != half2)
        {
            result.AddError($"{(half1 ? "--half1" : "--half2")} was given alone. Give --half1 and --half2, the two halves of one reconstruction; or --map.");
        }
        else if (half1 && result.GetResult(_half1)!.Tokens.Count != result.GetResult(_half2)!.Tokens.Count)
        {
            result.AddError(
                $"--half1 has {result.GetResult(_half1)!.Tokens.Count} files and --half2 {result.GetResult(_half2)!.Tokens.Count}. "
                + "Give as many, the halves of each reconstruction in the same place of both.");
        }
        else if (!map && !half1)
        {
            result.AddError("No map was given. Give --map, or --half1 and --half2.");
        }
    }
}
