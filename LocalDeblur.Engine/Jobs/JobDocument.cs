using System.Collections.ObjectModel;

namespace LocalDeblur.Jobs;

/// <summary>
/// What a job does, as its file says it: the files that go in, the stages that work on them one after another, and where their results go. Paths are relative to
/// the job's file.
/// </summary>
/// <remarks>
/// Every file that goes in has a name, and so has every result of a stage; stages refer to both by name. A job without stages is the standard run of two half maps
/// (<see cref="StandardJob"/>). The format is described by docs/job.schema.json.
/// </remarks>
public sealed record JobDocument
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const string CurrentSchema = "localdeblur.job/1";

    /// <summary>Format and version: <c>localdeblur.job/1</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>The files that go in, by name. The standard run knows halfMap1, halfMap2, mask and model.</summary>
    public required IReadOnlyDictionary<string, JobInput> Inputs { get; init; }

    /// <summary>What is done, in this order; nothing for the standard run of two half maps.</summary>
    public IReadOnlyList<JobStage> Stages { get; init; } = [];

    /// <summary>Where the results go.</summary>
    public JobOutputs Outputs { get; init; } = new();

    /// <summary>What the job may use.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>Names and files, in the order to keep.</summary>
    /// <param name="inputs">The files.</param>
    internal static ReadOnlyDictionary<string, JobInput> Named(IEnumerable<KeyValuePair<string, JobInput>> inputs) => new(new OrderedDictionary<string, JobInput>(inputs));
}
