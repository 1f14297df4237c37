namespace LocalDeblur.Jobs;

/// <summary>What a new job is to do, in words that need no stages to be written.</summary>
public sealed record JobRequest
{
    /// <summary>The files that go in, by the names that stages know: halfMap1 and halfMap2, or map; mask, model, localResolution, reference. Full paths.</summary>
    public required IReadOnlyDictionary<string, JobInput> Inputs { get; init; }

    /// <summary>Kinds of stages (<see cref="JobStage.Kinds"/>), in the order in which they run; null for the standard run.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>The stages themselves, in place of kinds; null for those of the kinds.</summary>
    public IReadOnlyList<JobStage>? Stages { get; init; }

    /// <summary>Parameters of stages, by the name of the stage and that of the parameter, in capitals or not; they replace the defaults.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, object?>> Parameters { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, object?>>();

    /// <summary>Resolution of the map (Å), for the stages that are told it; null where it is not known.</summary>
    public double? Resolution { get; init; }

    /// <summary>Folder of results, a full path; null for one beside the job's file that is called as the job is.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>What the job may use. Memory that is not stated is estimated from the headers of the maps.</summary>
    public JobResources Resources { get; init; } = new();
}
