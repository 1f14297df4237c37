using System.Text.Json.Nodes;
using LocalDeblur.Files;

namespace LocalDeblur.Jobs;

/// <summary>Writes new jobs: connects stages to what goes in, and notes every parameter, and what the files are now.</summary>
public static class JobWriter
{
    /// <summary>Writes a job.</summary>
    /// <param name="request">What it is to do.</param>
    /// <param name="path">Path of its file; the folder is made where it does not exist.</param>
    /// <param name="overwrite">Whether a file that exists may be replaced.</param>
    /// <param name="cancellationToken">Stops the reading of the files that go in.</param>
    /// <returns>The job, and what the user should know, one sentence each.</returns>
    /// <exception cref="EngineException">A file cannot be read, or the request contradicts itself (JobInvalid); MapFileExists or MapFileInaccessible.</exception>
    public static (JobFile Job, IReadOnlyList<string> Warnings) Write(JobRequest request, string path, bool overwrite, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(file)!;
        JobRun.MakeFolder(folder);
        TemporaryFile.RequireTarget(file, overwrite);
        var known = new KnownParts(request.Inputs.Keys, request.Resolution);
        IReadOnlyList<JobStage> stages = request.Stages ?? StandardJob.Stages(request.Kinds ?? StandardJob.Kinds([.. request.Inputs.Keys]), known);
        foreach ((string stage, _) in request.Parameters)
        {
            if (!stages.Any(made => made.Name.Equals(stage, StringComparison.OrdinalIgnoreCase)))
            {
                throw Invalid(file, $"parameters of '{stage}' were given, and the stages are {string.Join(", ", stages.Select(made => made.Name))}. Name one of them.");
            }
        }

        stages = [.. stages.Select(stage => With(stage, request, file))];
        var document = new JobDocument
        {
            Schema = JobDocument.CurrentSchema,
            Inputs = JobDocument.Named(request.Inputs.Select(input => KeyValuePair.Create(input.Key, Note(input.Value, folder, cancellationToken)))),
            Stages = stages,
            Outputs = new JobOutputs { Folder = request.OutputFolder is { } output ? Relative(output, folder) : Path.GetFileNameWithoutExtension(file) },
            Resources = request.Resources,
        };
        string[] warnings = request.Resolution is { } resolution && request.Stages is null && !known.UsesResolution
            ? [Say($"The resolution, {resolution} Å, is not used: none of the stages {string.Join(", ", stages.Select(stage => stage.Name))} is told it.")]
            : [];
        return (JobFile.Write(document, file, overwrite), warnings);
    }

    private static JobStage With(JobStage stage, JobRequest request, string file)
    {
        IReadOnlyDictionary<string, object?>? given = request.Parameters.FirstOrDefault(known => known.Key.Equals(stage.Name, StringComparison.OrdinalIgnoreCase)).Value;
        if (given is null)
        {
            return stage;
        }

        JsonObject text = JsonNode.Parse(JobJson.Write(stage))!.AsObject();
        foreach ((string name, object? value) in given)
        {
            string[] members = [.. text.Select(member => member.Key).Where(member => member != "stage")];
            string key = Array.Find(members, member => member.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw Invalid(file, $"'{name}' is no parameter of {stage.Name}; it has {string.Join(", ", members)}.");
            text[key] = JobJson.Value(value);
        }

        return JobJson.ReadStage(text, file);
    }

    private static JobInput Note(JobInput input, string folder, CancellationToken cancellationToken)
    {
        (string hash, long bytes) = FileHash.Of(input.Path, cancellationToken);
        return input with { Path = Relative(input.Path, folder), Sha256 = hash, Bytes = bytes };
    }

    private static string Relative(string path, string folder) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static EngineException Invalid(string file, string problem) => new(EngineError.JobInvalid, $"The job '{file}' cannot be written: {problem}", file);
}
