using System.Globalization;
using System.Runtime.InteropServices;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Phantom;
using LocalDeblur.Tests.Runner;
using Xunit;

namespace LocalDeblur.Tests.Fuzz;

/// <summary>
/// Maps, masks and local resolutions that are sound files and odd contents, in every command: a result without NaN, or a refusal by name; no trace, no end to wait for.
/// </summary>
public sealed class OddInputTests : IClassFixture<OddInputs>
{
    private static readonly string[] NotNumbers = ["NaN", "∞", "Infinity"];

    // Holes are NaN. No method has an answer to these; but what is constant has the profile of the mask that it is multiplied by.
    internal static readonly string[] AlwaysRefused = ["map with infinities", "map with a hole", "mask with a hole", "mask empty", "map zero", "map constant"];

    private static readonly string[] Refusals = Enum.GetNames<EngineError>();

    private readonly OddInputs _inputs;

    public OddInputTests(OddInputs inputs) => _inputs = inputs;

    public static TheoryData<string> Commands => [.. OddInputs.Commands.Keys];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Commands))]
    public async Task EveryOddInputHasAResultOrARefusalByName(string command)
    {
        var faults = new List<string>();
        int done = 0, refused = 0;
        foreach ((string odd, OddInput input) in _inputs.Of(command))
        {
            string folder = _inputs.NewFolder();
            string[] arguments = [.. OddInputs.Commands[command](input, folder)];

            // On maps this small, threads would do little but wait for each other.
            arguments = arguments[0] is "show" || arguments[0].StartsWith("xmipp", StringComparison.Ordinal) ? arguments : [.. arguments, "--threads", "1"];
            (int code, string text) = await RunnerInProcess.RunAsync(arguments, TestContext.Current.CancellationToken);
            string? fault = code != 0 && odd == OddInputs.Sound ? $"it ends with {code}: {text}"
                : code != 0 ? FaultOfRefusal(command, code, folder, text)
                : AlwaysRefused.Contains(odd) && !Takes(command, odd) ? $"it has a result: {text}"
                : FaultOf(folder, text);
            if (fault is not null)
            {
                faults.Add($"{command}, {odd}: {fault}");
            }

            _ = code == 0 ? done++ : refused++;
            Directory.Delete(folder, recursive: true);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{command}: {done} results, {refused} refusals.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static bool Takes(string command, string odd) => command.Split(' ')[0] switch
    {
        "show" => true,
        "guinier" => odd == "map constant",
        _ => false,
    };

    /// <summary>What is wrong with a result: a number that is none in what was told or written.</summary>
    /// <param name="folder">Where it was written.</param>
    /// <param name="text">What was told.</param>
    internal static string? FaultOf(string folder, string text)
    {
        // That voxels of an input are NaN may be told.
        string told = text.Replace("NaN or infinite", string.Empty, StringComparison.Ordinal);
        if (NotNumbers.FirstOrDefault(word => told.Contains(word, StringComparison.Ordinal)) is { } word)
        {
            return $"it tells of {word}: {text}";
        }

        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (MapFileName.IsMap(file))
            {
                foreach (float voxel in MrcReader.Open(file).AsSpan())
                {
                    if (!float.IsFinite(voxel))
                    {
                        return $"{Path.GetFileName(file)} has a voxel that is {voxel.ToString(CultureInfo.InvariantCulture)}";
                    }
                }
            }
            else if (Path.GetExtension(file) is ".csv" or ".svg" or ".star" or ".xml"
                && NotNumbers.FirstOrDefault(word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal)) is { } inside)
            {
                return $"{Path.GetFileName(file)} has {inside}";
            }
        }

        return null;
    }

    // A comparison and a job keep what was done before; a comparison names its methods instead of errors.
    private static string? FaultOfRefusal(string command, int code, string folder, string text)
    {
        bool keeps = command is "run" || command.StartsWith("compare", StringComparison.Ordinal);
        string? left = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).FirstOrDefault(
            file => Path.GetExtension(file) == ".tmp" || (!keeps && Path.GetExtension(file) != ".json"));
        bool isNamed = Refusals.Any(name => text.Contains(name, StringComparison.Ordinal)) || (code == 3 && keeps && text.Contains("Warning: ", StringComparison.Ordinal));
        return !isNamed || code is not (3 or 4) || text.Contains("fault of the program", StringComparison.Ordinal) ? $"it ends with {code}: {text}"
            : left is not null ? $"it is refused and leaves {Path.GetFileName(left)}: {text}"
            : null;
    }
}

/// <summary>The files of one odd case: those that are not odd are a phantom's.</summary>
/// <param name="Half1">First half map, and the map where one is taken.</param>
/// <param name="Half2">Second half map.</param>
/// <param name="Mask">Mask.</param>
/// <param name="Resolution">Local resolution (Å).</param>
/// <param name="Truth">The truth, or a reference.</param>
/// <param name="Model">Atomic model.</param>
public sealed record OddInput(string Half1, string Half2, string Mask, string Resolution, string Truth, string Model);

/// <summary>Files with odd contents, drawn once.</summary>
public sealed class OddInputs : IDisposable
{
    /// <summary>Name of the case in which nothing is odd.</summary>
    public const string Sound = "sound";

    private const int Edge = 32;
    private const double VoxelSize = 1.5;

    private static readonly string[] Few = ["--maximum-iterations", "2"];

    // A fifth of the cases in the ordinary run, others for each command; all where the long run is asked for.
    private const int Share = 5;

    internal static readonly bool IsLongRun = Environment.GetEnvironmentVariable("LOCALDEBLUR_FUZZ") is not null;

    private readonly DirectoryInfo _folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/localdeblur-odd-{Guid.NewGuid():N}")
        : Directory.CreateTempSubdirectory("localdeblur-odd-");

    private readonly Dictionary<string, OddInput> _ofMaps = [];
    private readonly Dictionary<string, OddInput> _ofMasks = [];
    private readonly Dictionary<string, OddInput> _ofResolutions = [];
    private readonly Dictionary<string, OddInput> _ofModels = [];
    private int _count;

    /// <summary>The commands, each with all that it takes; the folder is where results go.</summary>
    internal static IReadOnlyDictionary<string, Func<OddInput, string, string[]>> Commands { get; } = new Dictionary<string, Func<OddInput, string, string[]>>
    {
        ["sharpen"] = (odd, to) => ["sharpen", .. Halves(odd), .. Few, "-o", $"{to}/o.mrc"],
        ["sharpen one map"] = (odd, to) => ["sharpen", .. Map(odd), .. Few, "-o", $"{to}/o.mrc"],
        ["sharpen in a mask"] = (odd, to) => ["sharpen", .. Halves(odd), .. Mask(odd), .. Few, "-o", $"{to}/o.mrc"],
        ["sharpen by a resolution"] = (odd, to) => ["sharpen", .. Map(odd), .. Mask(odd), "-r", odd.Resolution, .. Few, "-o", $"{to}/o.mrc"],
        ["sharpen by the paper"] = (odd, to) => ["sharpen", .. Map(odd), "-r", odd.Resolution, "--formulation", "Paper", .. Few, "-o", $"{to}/o.mrc"],
        ["resolution MonoRes"] = (odd, to) => ["resolution", .. Halves(odd), .. Mask(odd), "--method", "MonoRes", "--filled", "-o", $"{to}/o.mrc"],
        ["resolution MonoRes one map"] = (odd, to) => ["resolution", .. Map(odd), .. Mask(odd), "--method", "MonoRes", "-o", $"{to}/o.mrc"],
        ["resolution Gaussian"] = (odd, to) => ["resolution", .. Halves(odd), .. Mask(odd), "--method", "LocalFsc", "--window-shape", "Gaussian", "-o", $"{to}/o.mrc"],
        ["resolution spheres"] = (odd, to) => ["resolution", .. Halves(odd), .. Mask(odd), "--method", "LocalFsc", "--window-shape", "Sphere", "-o", $"{to}/o.mrc"],
        ["resolution LocalWiener"] = (odd, to) => ["resolution", .. Halves(odd), .. Mask(odd), "--method", "LocalWiener", "-o", $"{to}/o.mrc"],
        ["bfactor"] = (odd, to) => ["bfactor", .. Halves(odd), .. Mask(odd), "--apply-mask", "-o", $"{to}/o.mrc"],
        ["bfactor one map"] = (odd, to) => ["bfactor", .. Map(odd), "--b-factor", "-50", "-o", $"{to}/o.mrc"],
        ["autosharpen"] = (odd, to) => ["autosharpen", .. Halves(odd), "--resolution", "6", "-o", $"{to}/o.mrc"],
        ["autosharpen one map"] = (odd, to) => ["autosharpen", .. Map(odd), "--resolution", "6", "-o", $"{to}/o.mrc"],
        ["autosharpen by a model"] = (odd, to) =>
            ["autosharpen", .. Map(odd), "--resolution", "4", "--box-origin", "2", "2", "2", "--box-size", "28", "28", "28", "--model", odd.Model, "-o", $"{to}/o.mrc"],
        ["locscale by a model"] = (odd, to) => ["locscale", .. Map(odd), .. Mask(odd), "--model", odd.Model, "--window-voxels", "10", "-o", $"{to}/o.mrc"],
        ["locscale by a reference"] = (odd, to) => ["locscale", .. Halves(odd), .. Mask(odd), "--reference", odd.Truth, "--window-voxels", "10", "-o", $"{to}/o.mrc"],
        ["locscale to an odd reference"] = (odd, to) => ["locscale", "--map", odd.Truth, .. Mask(odd), "--reference", odd.Half1, "--window-voxels", "10", "-o", $"{to}/o.mrc"],
        ["wiener"] = (odd, to) => ["wiener", .. Halves(odd), .. Mask(odd), "--write-all", "-o", $"{to}/o.mrc"],
        ["wiener globally"] = (odd, to) => ["wiener", .. Halves(odd), "--global", "-o", $"{to}/o.mrc"],
        ["fsc"] = (odd, to) => ["fsc", .. Halves(odd), .. Mask(odd), "--randomise-from", "8", "-o", $"{to}/o.star", $"{to}/o.xml"],
        ["guinier"] = (odd, to) => ["guinier", .. Map(odd), odd.Half2, .. Mask(odd), "--model", odd.Model, "-o", $"{to}/o.svg"],
        ["compare"] = (odd, _) =>
            ["compare", .. Halves(odd), .. Mask(odd), "--truth", odd.Truth, "--resolution", "6", "--method", "Raw", "BFactor", "AutoSharpen", "Wiener", "LocalWiener"],
        ["compare one map"] = (odd, _) => ["compare", .. Map(odd), "-r", odd.Resolution, "--resolution", "6", "--method", "Raw", "LocalDeblur"],
        ["score"] = (odd, _) => ["score", .. Map(odd), "--model", odd.Model, "--resolution", "6"],
        ["show"] = (odd, _) => ["show", odd.Half1, odd.Half2, "--style", "Blocks"],
        ["show as a resolution"] = (odd, _) => ["show", odd.Resolution, "--resolution-map", "--style", "Text"],
        ["xmipp sharpening"] = (odd, to) =>
            ["xmipp_volume_local_sharpening", "--vol", odd.Half1, "--resolution_map", odd.Resolution, "--sampling", "1.5", "-i", "2", "-o", $"{to}/o.mrc", "--md", $"{to}/o.xmd"],
        ["xmipp resolution"] = (odd, to) =>
            ["xmipp_resolution_monogenic_signal", "--vol", odd.Half1, "--mask", odd.Mask, "--sampling_rate", "1.5", "--maxRes", "20", "-o", to],
        ["run"] = (odd, to) => ["run", Job(odd, to), "-q"],
    };

    public OddInputs()
    {
        var phantom = new HelixPhantom(new PhantomOptions { Size = Edge, VoxelSize = VoxelSize });
        CryoMap half1 = phantom.DrawHalfMap(1), half2 = phantom.DrawHalfMap(2), mask = phantom.DrawMask(), truth = phantom.DrawTruth();
        CryoMap resolution = phantom.DrawLocalResolution();
        AxisTriple place = half1.Grid.Origin;
        double middle = Edge / 2 * VoxelSize;
        string Model(string name, int atoms = 40, double away = 0, double occupancy = 1, double bFactor = 60, string? element = null)
        {
            string path = Path.Combine(_folder.FullName, $"model-{name}.pdb");
            string[] names = ["CA", "N", "CB", "CG", "C"];
            File.WriteAllLines(path, Enumerable.Range(0, atoms).Select(i => string.Create(
                CultureInfo.InvariantCulture,
                $"ATOM  {i + 1,5}  {names[i % 5],-3} LEU A{(i / 5) + 1,4}    {place.X + middle + away + (1.2 * (i % 5)),8:0.000}{place.Y + middle + (i % 2),8:0.000}"
                    + $"{place.Z + middle + (2 * (i / 5)) + (i / 2 % 2),8:0.000}{occupancy,6:0.00}{bFactor,6:0.00}          {element ?? names[i % 5][..1],2}")));
            return path;
        }

        string model = Model("sound");
        var sound = new OddInput(Save("half1", half1), Save("half2", half2), Save("mask", mask), Save("resolution", resolution), Save("truth", truth), model);
        _ofMaps[Sound] = sound;

        void Maps(string name, Func<float, int, float> first, Func<float, int, float>? second = null) => _ofMaps[$"map {name}"] = sound with
        {
            Half1 = Save($"{name}-1", Change(half1, first)),
            Half2 = Save($"{name}-2", Change(half2, second ?? first)),
        };

        Maps("constant", (_, _) => 1);
        Maps("zero", (_, _) => 0);
        Maps("with one voxel", (_, i) => i == Edge * Edge * Edge / 2 ? 1 : 0);
        Maps("negative", (value, _) => -Math.Abs(value));
        Maps("times 1e30", (value, _) => value * 1e30f);
        Maps("times 1e-30", (value, _) => value * 1e-30f);
        Maps("denormal", (value, _) => value * 1e-41f);
        Maps("of 1e38", (value, _) => value > 0 ? 1e38f : -1e38f);
        Maps("with infinities", (value, i) => i % 100 == 0 ? float.PositiveInfinity : value);
        Maps("with a hole", (value, i) => i == 5 ? float.NaN : value);
        Maps("with a zero half", (value, _) => value, (_, _) => 0);
        Maps("with a constant half", (value, _) => value, (_, _) => 3);
        Maps("of whole numbers far from zero", (value, _) => 1e6f + MathF.Round(1000 * value));
        _ofMaps["halves identical"] = sound with { Half2 = Save("same", half1) };
        _ofMaps["halves opposed"] = sound with { Half2 = Save("opposed", Change(half1, (value, _) => -value)) };
        foreach ((int x, int y, int z) in ((int, int, int)[])[(1, 1, 1), (1, 1, 17), (2, 2, 2), (17, 19, 23), (4, 64, 1)])
        {
            CryoMap Draw(int seed) => new(new MapGrid(new GridSize(x, y, z), VoxelSize), [.. Enumerable.Range(0, x * y * z).Select(i => (float)((i * 7919L + seed) % 101))], "odd");
            CryoMap Fill(float value) => new(new MapGrid(new GridSize(x, y, z), VoxelSize), [.. Enumerable.Repeat(value, x * y * z)], "odd");
            string size = $"{x}x{y}x{z}";
            _ofMaps[$"map of {size}"] = new OddInput(
                Save($"{size}-1", Draw(1)), Save($"{size}-2", Draw(7)), Save($"{size}-mask", Fill(1)), Save($"{size}-resolution", Fill(6)), Save($"{size}-truth", Draw(3)), model);
        }

        void Masks(string name, Func<float, int, float> value) => _ofMasks[$"mask {name}"] = sound with { Mask = Save($"mask-{name}", Change(mask, value)) };
        Masks("empty", (_, _) => 0);
        Masks("full", (_, _) => 1);
        Masks("of 0 to 255", (value, _) => 255 * value);
        Masks("negative", (value, _) => -value);
        Masks("of one voxel", (_, i) => i == Edge * Edge * Edge / 2 ? 1 : 0);
        Masks("with a hole", (value, i) => i == 5 ? float.NaN : value);
        Masks("of 1e-30", (value, _) => 1e-30f * value);
        Masks("of 1e38", (value, _) => 1e38f * value);

        void Resolutions(string name, Func<float, int, float> value) =>
            _ofResolutions[$"resolution {name}"] = sound with { Resolution = Save($"resolution-{name}", Change(resolution, value)) };
        Resolutions("constant", (_, _) => 5);
        Resolutions("far beyond", (_, _) => 1000);
        Resolutions("zero", (_, _) => 0);
        Resolutions("negative", (value, _) => -value);
        Resolutions("finer than two voxels", (_, _) => 0.1f);
        Resolutions("of 1e30", (_, _) => 1e30f);
        Resolutions("with infinities", (value, i) => i % 100 == 0 ? float.PositiveInfinity : value);
        Resolutions("with a hole", (value, i) => i == 5 ? float.NaN : value);
        Resolutions("of one voxel", (_, i) => i == Edge * Edge * Edge / 2 ? 5 : 0);

        void Models(string name, string path) => _ofModels[$"model {name}"] = sound with { Model = path };
        Models("of one atom", Model("one", atoms: 1));
        Models("outside the box", Model("outside", away: 500));
        Models("without occupancy", Model("empty", occupancy: 0));
        Models("with sharp atoms", Model("sharp", bFactor: 0));
        Models("with atoms of no extent", Model("negative", bFactor: -99));
        Models("with blurred atoms", Model("blurred", bFactor: 999));
        Models("of hydrogens", Model("hydrogens", element: "H"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The cases that say something to a command: odd masks to one that takes a mask, and so on.</summary>
    internal IEnumerable<(string Name, OddInput Input)> Of(string command)
    {
        string[] arguments = Commands[command](SoundInput, NewFolder());
        return Of(arguments.Contains, Commands.Keys.Index().First(pair => pair.Item == command).Index);
    }

    /// <summary>The cases that say something to what takes some files of the sound one.</summary>
    /// <param name="takes">Whether it takes a file.</param>
    /// <param name="first">Which fifth of the cases the ordinary run begins with.</param>
    internal IEnumerable<(string Name, OddInput Input)> Of(Func<string, bool> takes, int first)
    {
        OddInput sound = SoundInput;
        IEnumerable<KeyValuePair<string, OddInput>> cases = _ofMaps;
        cases = takes(sound.Mask) ? cases.Concat(_ofMasks) : cases;
        cases = takes(sound.Resolution) ? cases.Concat(_ofResolutions) : cases;
        cases = takes(sound.Model) ? cases.Concat(_ofModels) : cases;
        return cases.Index().Where(pair => IsLongRun || pair.Item.Key == Sound || (pair.Index + first) % Share == 0).Select(pair => (pair.Item.Key, pair.Item.Value));
    }

    /// <summary>The case in which nothing is odd.</summary>
    internal OddInput SoundInput => _ofMaps[Sound];

    internal string NewFolder() => _folder.CreateSubdirectory($"run{Interlocked.Increment(ref _count)}").FullName;

    private static string[] Halves(OddInput odd) => ["--half1", odd.Half1, "--half2", odd.Half2];

    private static string[] Map(OddInput odd) => ["--map", odd.Half1];

    private static string[] Mask(OddInput odd) => ["--mask", odd.Mask];

    private static string Job(OddInput odd, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "job.json"), $$"""
            {
              "schema": "localdeblur.job/1",
              "inputs": { "halfMap1": { "path": "{{odd.Half1}}" }, "halfMap2": { "path": "{{odd.Half2}}" } },
              "outputs": { "folder": "out" }
            }
            """.Replace('\\', '/'));
        return Path.Combine(folder, "job.json");
    }

    private static CryoMap Change(CryoMap map, Func<float, int, float> value) => new(map.Grid, [.. map.AsSpan().ToArray().Select(value)], map.Name);

    private string Save(string name, CryoMap map)
    {
        string path = Path.Combine(_folder.FullName, $"{name.Replace(' ', '-')}.mrc");
        MrcWriter.Write(Change(map, (value, _) => float.IsFinite(value) ? value : 0), path, new MrcWriteOptions { WriteHistory = false });

        // What is not finite is not written by us.
        using FileStream file = File.OpenWrite(path);
        file.Position = 1024;
        file.Write(MemoryMarshal.AsBytes(map.AsSpan()));
        return path;
    }
}
