using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using LocalDeblur.Jobs.Stages;

namespace LocalDeblur.Jobs;

/// <summary>
/// One step of a job: its properties are what can be asked of it, and stand in the job's file. A new kind is one file in Stages, and one line in the list below;
/// the job's format, its schema, and what the front ends offer follow.
/// </summary>
/// <remarks>
/// A stage calls what the cmdlet of the same task calls, and nothing else. It reads files and writes files, so that a job that was interrupted goes on behind the
/// last stage that was done, with the same result.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "stage")]
[JsonDerivedType(typeof(MaskStage), "mask")]
[JsonDerivedType(typeof(FscStage), "fsc")]
[JsonDerivedType(typeof(LocalResolutionStage), "localResolution")]
[JsonDerivedType(typeof(SharpenStage), "sharpen")]
[JsonDerivedType(typeof(LocalWienerStage), "localWiener")]
[JsonDerivedType(typeof(BFactorStage), "bFactor")]
[JsonDerivedType(typeof(AutoSharpenStage), "autoSharpen")]
[JsonDerivedType(typeof(LocScaleStage), "locScale")]
[JsonDerivedType(typeof(CompareStage), "compare")]
[JsonDerivedType(typeof(ScoreStage), "score")]
[JsonDerivedType(typeof(GuinierStage), "guinier")]
[JsonDerivedType(typeof(PicturesStage), "pictures")]
[JsonDerivedType(typeof(ReportStage), "report")]
public abstract record JobStage
{
    private static readonly FrozenDictionary<Type, string> Names =
        typeof(JobStage).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToFrozenDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    /// <summary>The kinds of stages, by the names that stand in jobs, in the order in which a job has them by default.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        [.. typeof(JobStage).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => (string)kind.TypeDiscriminator!)];

    /// <summary>The stage's own name, by which later stages refer to what it makes; null for the name of its kind. Needed where a job has two of one kind.</summary>
    [JsonPropertyOrder(-3)]
    public string? Id { get; init; }

    /// <summary>Name of the kind of stage.</summary>
    [JsonIgnore]
    public string Kind => Names[GetType()];

    /// <summary>The name by which later stages refer to what it makes.</summary>
    [JsonIgnore]
    public string Name => Id ?? Kind;

    /// <summary>Names of the files and results that it works on, null for those that it does without.</summary>
    internal abstract IEnumerable<string?> Uses { get; }

    /// <summary>What it makes for later stages and for people: name, and path in the folder of results.</summary>
    internal abstract IEnumerable<JobProduct> Products { get; }

    /// <summary>A new stage of a kind, with the defaults.</summary>
    /// <param name="kind">Name of the kind, in capitals or not.</param>
    /// <exception cref="EngineException">JobInvalid: there is none of that name.</exception>
    internal static JobStage Create(string kind)
    {
        (Type? type, _) = Names.FirstOrDefault(known => known.Value.Equals(kind, StringComparison.OrdinalIgnoreCase));
        return type is null
            ? throw new EngineException(EngineError.JobInvalid, $"'{kind}' is no stage of a job; expected one of {string.Join(", ", Kinds)}.")
            : (JobStage)Activator.CreateInstance(type)!;
    }

    /// <summary>The most that it holds at once (bytes), from above.</summary>
    /// <param name="voxels">Voxels of the maps.</param>
    /// <param name="threads">Threads that work.</param>
    internal abstract long EstimateBytes(long voxels, int threads);

    /// <summary>Connects a new stage to what there is: half maps or a map, a mask, a model, results of stages before.</summary>
    /// <param name="known">What there is.</param>
    internal abstract JobStage Connect(KnownParts known);

    /// <summary>Does the work.</summary>
    /// <param name="run">Opens what the stage works on, and writes what it makes.</param>
    /// <exception cref="EngineException">What it works on cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    internal abstract void Run(StageRun run);
}

/// <summary>What a stage makes.</summary>
/// <param name="Name">By which later stages refer to it.</param>
/// <param name="Path">Path in the folder of results.</param>
internal readonly record struct JobProduct(string Name, string Path);
