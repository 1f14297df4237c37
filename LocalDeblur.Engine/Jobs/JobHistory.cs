using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LocalDeblur.Files;
using LocalDeblur.Jobs.Stages;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Masks;
using LocalDeblur.Resolution;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Sharpening.AutoSharpening;
using LocalDeblur.Sharpening.Deblurring;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Sharpening.PostProcessing;

namespace LocalDeblur.Jobs;

/// <summary>Makes a job of the history of a result, so that the result can be made again.</summary>
/// <remarks>A history names files. What was in memory alone, such as a local resolution that was estimated by a call of its own, is refused: it has to be a file first.</remarks>
public static partial class JobHistory
{
    /// <summary>Reads the history that lies beside a result.</summary>
    /// <param name="path">Path of the history (.history.json).</param>
    /// <param name="request">What else the job is to be: parameters that replace those of the history, the folder of results, resources.</param>
    /// <returns>The request with files and stages.</returns>
    /// <exception cref="EngineException">MapFileNotFound or MapFileInaccessible; HistoryIncomplete.</exception>
    public static JobRequest Read(string path, JobRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = Path.GetFullPath(path);
        try
        {
            using StringReader reader = TextFile.Open(name, EngineError.HistoryIncomplete);
            using var text = JsonDocument.Parse(reader.ReadToEnd());
            HistoryEntry[] steps =
            [
                .. from step in text.RootElement.GetProperty("Steps").EnumerateArray()
                   select new HistoryEntry { Step = step.GetProperty("Step").GetString()!, Parameters = Values(step.GetProperty("Parameters")) },
            ];
            return Read(name, steps, request);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Incomplete(name, $"it is no history of a map: {exception.Message}");
        }
    }

    /// <summary>Makes a job of the history of a map.</summary>
    /// <param name="name">Name of the map, for messages.</param>
    /// <param name="history">Its history.</param>
    /// <param name="request">What else the job is to be: parameters that replace those of the history, the folder of results, resources.</param>
    /// <returns>The request with files and stages.</returns>
    /// <exception cref="EngineException">HistoryIncomplete.</exception>
    public static JobRequest Read(string name, IReadOnlyList<HistoryEntry> history, JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(request);
        var reading = new Reading(name);
        foreach (HistoryEntry step in history)
        {
            reading.Add(step);
        }

        reading.End();
        return request with { Inputs = reading.Inputs, Stages = reading.Stages };
    }

    private static EngineException Incomplete(string name, string problem) =>
        new(EngineError.HistoryIncomplete, $"The history of '{name}' does not make a job: {problem}", name);

    private static Dictionary<string, object?> Values(JsonElement named) => named.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value));

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToArray(),
        _ => null,
    };

    [GeneratedRegex(@"^(\d+) × (\d+) × (\d+) from \((\d+), (\d+), (\d+)\)$")]
    private static partial Regex Box();

    [GeneratedRegex("a B factor of ([-0-9.E+]+) Å²")]
    private static partial Regex OneBFactor();

    [GeneratedRegex("a blur of ([-0-9.E+]+) Å²")]
    private static partial Regex Blur();

    [GeneratedRegex("detail to ([-0-9.E+]+) Å")]
    private static partial Regex Detail();

    private sealed class Reading(string name)
    {
        private readonly OrderedDictionary<string, JobInput> _inputs = [];
        private readonly List<JobStage> _stages = [];

        // What the next step works on: a map, given or made, or two half maps.
        private (string? Map, string? Half1, string? Half2) _current;

        // Steps on the way to a sharpening that made its mask and its local resolution itself.
        private HistoryEntry? _mask;
        private HistoryEntry? _resolution;

        public IReadOnlyDictionary<string, JobInput> Inputs => _inputs;

        public IReadOnlyList<JobStage> Stages => _stages;

        public void Add(HistoryEntry step)
        {
            IReadOnlyDictionary<string, object?> values = step.Parameters;
            switch (step.Step)
            {
                case MrcReader.ImportStep:
                    Import(values);
                    break;
                case Reconstruction.AverageStep:
                    TakeHalves(values);
                    break;
                case MaskBuilder.StepName:
                    TakeHalves(values, "Map", "SecondHalfMap");
                    _mask = step;
                    break;
                case MonoRes.StepName:
                    TakeHalves(values, null, "SecondHalfMap");
                    _resolution = step;
                    break;
                case LocalFsc.StepName:
                    TakeHalves(values, null, "SecondHalfMap");
                    Add(new LocalResolutionStage
                    {
                        Method = LocalResolutionMethod.LocalFsc,
                        Mask = File(values, "Mask", "mask"),
                        SamplingDistance = Number(values, "SamplingDistance"),
                        RandomiseBeyond = Number(values, "RandomiseBeyond"),
                        CoarsestResolution = Number(values, "CoarsestResolution"),
                        Seed = Whole(values, "Seed"),
                    });
                    break;
                case LocalDeblurSolver.StepName:
                    Sharpen(values);
                    break;
                case LocalWiener.StepName:
                    TakeHalves(values);
                    Add(new LocalWienerStage
                    {
                        Mask = _mask is null ? File(values, "Mask", "mask") : null,
                        TargetBFactor = Number(values, "TargetBFactor")!.Value,
                        WeightExponent = Number(values, "WeightExponent"),
                        WindowWidth = Number(values, "WindowWidth") ?? new LocalWienerStage().WindowWidth,
                        Positivity = Flag(values, "Positivity"),
                        Global = Flag(values, "Global"),
                    });
                    break;
                case BFactorSharpening.StepName:
                    AddBFactor(values);
                    break;
                case AutoSharpen.StepName:
                    AddAutoSharpen(values);
                    break;
                case LocScale.StepName:
                    AddLocScale(values);
                    break;
                default:
                    throw Incomplete(name, $"jobs have no stage for the step '{step.Step}'.");
            }
        }

        // A result that is a mask or a local resolution itself.
        public void End()
        {
            if (_resolution is { Parameters: var values })
            {
                string output = (string?)values.GetValueOrDefault("Output") ?? string.Empty;
                Add(new LocalResolutionStage
                {
                    Mask = _mask is null ? File(values, "Mask", "mask") : null,
                    ExclusionMask = File(values, "ExclusionMask", "exclusionMask"),
                    CoarsestResolution = Number(values, "CoarsestResolution"),
                    Step = Number(values, "Step"),
                    Significance = Number(values, "Significance"),
                    NoiseFrom = Enum.TryParse((string?)values.GetValueOrDefault("NoiseFrom"), out MonoResNoise noise) ? noise : null,
                    GaussianNoise = Flag(values, "GaussianNoise"),
                    Filled = output.Contains("illed", StringComparison.Ordinal) ? "local-resolution-filled.mrc" : null,
                });
            }
            else if (_mask is { Parameters: var options })
            {
                Add(new MaskStage
                {
                    Threshold = Number(options, "Threshold"),
                    LowPassResolution = Number(options, "LowPassResolution"),
                    MinimumComponentVoxels = Number(options, "MinimumComponentVoxels") is { } voxels ? (long)voxels : null,
                    ExtendVoxels = Number(options, "ExtendVoxels")!.Value,
                    SoftEdgeVoxels = Number(options, "SoftEdgeVoxels")!.Value,
                });
            }

            if (_stages.Count == 0)
            {
                throw Incomplete(name, "nothing has been done to the map since it was read from its file.");
            }
        }

        private void Import(IReadOnlyDictionary<string, object?> values)
        {
            _current = (Give(KnownParts.Map, (string)values["Path"]!), null, null);
            _inputs[_current.Map!] = _inputs[_current.Map!] with
            {
                VoxelSize = Number(values, "VoxelSize"),
                Origin = values.GetValueOrDefault("Origin") switch
                {
                    AxisTriple place => [place.X, place.Y, place.Z],
                    object?[] { Length: 3 } place => [.. place.Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture))],
                    _ => null,
                },
                NonFiniteValue = (float?)Number(values, "NonFiniteValue"),
                Index = Whole(values, "Index"),
            };
        }

        // The second half comes from a file as the first one did; how it was read is taken to be the same.
        private void TakeHalves(IReadOnlyDictionary<string, object?> values, string? first = "HalfMap1", string second = "HalfMap2")
        {
            if (values.GetValueOrDefault(second) is not string half2 || _current.Half2 is not null)
            {
                return;
            }

            string half1 = first is not null && values.GetValueOrDefault(first) is string named ? named : _inputs[_current.Map!].Path;
            JobInput read = _current.Map is { } imported && _inputs.TryGetValue(imported, out JobInput? known) ? known : new JobInput { Path = half1 };
            _inputs.Clear();
            _inputs[KnownParts.HalfMap1] = read with { Path = Rooted(half1, "first half map") };
            _inputs[KnownParts.HalfMap2] = read with { Path = Rooted(half2, "second half map") };
            _current = (null, KnownParts.HalfMap1, KnownParts.HalfMap2);
        }

        private void Sharpen(IReadOnlyDictionary<string, object?> values)
        {
            bool isEstimated = _resolution is not null;
            if (isEstimated && _mask is null && _stages is [.., SharpenStage { LocalResolution: null } before] && _current.Map == before.Name)
            {
                // A further round of the same run.
                _stages[^1] = before with { Rounds = before.Rounds + 1 };
                _resolution = null;
                return;
            }

            var stage = new SharpenStage
            {
                LocalResolution = isEstimated ? null : File(values, "LocalResolution", KnownParts.LocalResolution),
                CoarsestResolution = isEstimated ? null : Number(values, "CoarsestResolution"),
                Mask = isEstimated ? _mask is null ? File(_resolution!.Parameters, "Mask", KnownParts.Mask) : null : File(values, "Mask", KnownParts.Mask),
                Formulation = Enum.Parse<LocalDeblurFormulation>((string)values["Formulation"]!),
                K = Number(values, "K")!.Value,
                RankTolerance = Number(values, "RankTolerance")!.Value,
                StepSize = Number(values, "StepSize"),
                MaximumIterations = Whole(values, "MaximumIterations")!.Value,
            };
            Add(stage);
        }

        private void AddBFactor(IReadOnlyDictionary<string, object?> values)
        {
            TakeHalves(values);
            if (values.GetValueOrDefault("Fsc") is not null || values.GetValueOrDefault("Mtf") is not null)
            {
                throw Incomplete(name, "a curve of Fourier shell correlation or of the detector was given to the sharpening by one B factor, and the history does not have it.");
            }

            bool isWeighted = Flag(values, "WeightByFsc");
            Add(new BFactorStage
            {
                Mask = File(values, "Mask", KnownParts.Mask),
                WeightByFsc = isWeighted || _current.Map is not null,
                Seed = isWeighted ? Whole(values, "Seed") : null,
                BFactor = Number(values, "BFactor"),
                FitRange = [Number(values, "FitCoarsest")!.Value, Number(values, "FitFinest")!.Value],
                Resolution = Number(values, "Resolution"),
                LowPassResolution = Number(values, "LowPassResolution"),
                LowPassEdgeShells = Whole(values, "LowPassEdgeShells")!.Value,
                ApplyMask = Flag(values, "ApplyMask"),
            });
        }

        private void AddAutoSharpen(IReadOnlyDictionary<string, object?> values)
        {
            TakeHalves(values);
            int[]? box = values.GetValueOrDefault("Box") is string text && Box().Match(text) is { Success: true } found
                ? [.. found.Groups.Values.Skip(1).Select(group => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture))]
                : null;
            Add(new AutoSharpenStage
            {
                Resolution = Number(values, "Resolution"),
                Model = File(values, "Model", KnownParts.Model),
                Target = Enum.TryParse((string?)values.GetValueOrDefault("Target"), out AutoSharpenTarget target) ? target : null,
                BoxSize = box?[..3],
                BoxOrigin = box?[3..],
                ExtrapolateWeight = Flag(values, "ExtrapolateWeight"),
            });
        }

        private void AddLocScale(IReadOnlyDictionary<string, object?> values)
        {
            string? drawn = values.GetValueOrDefault("ReferenceDensity") as string;
            Add(new LocScaleStage
            {
                Mask = _mask is null ? File(values, "Mask", KnownParts.Mask) : null,
                Model = drawn is null ? null : File(values, "Reference", KnownParts.Model),
                Reference = drawn is null ? File(values, "Reference", KnownParts.Reference) : null,
                BFactor = Part(drawn, OneBFactor()),
                Blur = Part(drawn, Blur()),
                Resolution = Part(drawn, Detail()),
                WindowVoxels = Whole(values, "WindowVoxels"),
                Averaging = Enum.Parse<LocScaleAveraging>((string)values["Averaging"]!),
            });
        }

        private void Add(ReconstructionStage stage)
        {
            int same = _stages.Count(before => before.Kind == stage.Kind);
            stage = stage with { Map = _current.Map, HalfMap1 = _current.Half1, HalfMap2 = _current.Half2, Id = same == 0 ? null : Say($"{stage.Kind}{same + 1}") };
            _stages.Add(same == 0 ? stage : Renamed(stage));
            _current = (stage.Name, null, null);
            _mask = null;
            _resolution = null;
        }

        // Two stages of a kind do not write one file.
        private static JobStage Renamed(JobStage stage)
        {
            var text = System.Text.Json.Nodes.JsonNode.Parse(JobJson.Write(stage))!.AsObject();
            text["output"] = $"{stage.Name}.mrc";
            return JobJson.ReadStage(text, stage.Name);
        }

        private string? File(IReadOnlyDictionary<string, object?> values, string parameter, string input) =>
            values.GetValueOrDefault(parameter) is string path ? Give(input, Rooted(path, parameter)) : null;

        private string Rooted(string path, string what) => Path.IsPathFullyQualified(path)
            ? path
            : throw Incomplete(name, $"{what} was '{path}', which was in memory alone. Write that map to a file, work with the file, and make the job of the new result.");

        // The name under which a file goes in: the usual one, or the next that is free.
        private string Give(string input, string path)
        {
            string? known = _inputs.FirstOrDefault(given => given.Value.Path == path).Key;
            if (known is not null)
            {
                return known;
            }

            string free = input;
            for (int i = 2; _inputs.ContainsKey(free); i++)
            {
                free = Say($"{input}{i}");
            }

            _inputs[free] = new JobInput { Path = path };
            return free;
        }

        private static double? Number(IReadOnlyDictionary<string, object?> values, string parameter) =>
            values.GetValueOrDefault(parameter) is { } value && value is not string ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

        private static int? Whole(IReadOnlyDictionary<string, object?> values, string parameter) => (int?)Number(values, parameter);

        private static bool Flag(IReadOnlyDictionary<string, object?> values, string parameter) => values.GetValueOrDefault(parameter) is true;

        private static double? Part(string? text, Regex pattern) =>
            text is not null && pattern.Match(text) is { Success: true } found ? double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }
}
