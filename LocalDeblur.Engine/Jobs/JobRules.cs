using LocalDeblur.Maps;

namespace LocalDeblur.Jobs;

/// <summary>What must hold between the parts of a job, before anything runs.</summary>
internal static class JobRules
{
    private const int MostThreads = 1024;

    /// <summary>Refuses a job that contradicts itself.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="EngineException">JobInvalid, with the place in its file.</exception>
    public static void Require(JobFile job)
    {
        RequireInputs(job);
        RequireResources(job);
        var known = new HashSet<string>(job.Document.Inputs.Keys, StringComparer.Ordinal);

        // One file may go in under two names.
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JobInput input) in job.Document.Inputs)
        {
            files.TryAdd(job.FullPath(input.Path), $"$.inputs.{name}");
        }

        files.TryAdd(job.Path, "the job itself");
        files.TryAdd(job.StatePath, "the job's state");
        foreach ((int i, JobStage stage) in job.Stages.Index())
        {
            string place = $"$.stages[{i}]";
            if (stage is ReconstructionStage { Map: var map, HalfMap1: var half1, HalfMap2: var half2 } && ((map is null) == (half1 is null) || (half1 is null) != (half2 is null)))
            {
                throw Invalid(job, $"{place}: {stage.Kind} works on a map, or on two half maps. Give map, or halfMap1 and halfMap2.");
            }

            if (stage.Uses.FirstOrDefault(name => name is not null && !known.Contains(name)) is { } missing)
            {
                throw Invalid(job, $"{place}: {stage.Name} uses '{missing}', which neither goes in nor is made by a stage before; there are {string.Join(", ", known)}.");
            }

            foreach (JobProduct product in stage.Products)
            {
                if (!known.Add(product.Name))
                {
                    throw Invalid(job, $"{place}: '{product.Name}' is the name of something before. Give the stage another id.");
                }

                foreach (string file in (string[])[product.Path, .. Beside(product.Path)])
                {
                    string target = job.Target(file);
                    if (!files.TryAdd(target, place) && !(files[target] == place && file != product.Path))
                    {
                        throw Invalid(job, $"{place}: {stage.Name} would write '{file}', which is that of {files[target]} too. Give another output.");
                    }
                }
            }
        }
    }

    /// <summary>The files that are written beside a result.</summary>
    /// <param name="path">Path of the result.</param>
    public static IEnumerable<string> Beside(string path) => MapFileName.IsMap(path) ? [MapFileName.History(path)] : [];

    /// <summary>The refusal of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="problem">Place, what is found and expected, and what to do.</param>
    public static EngineException Invalid(JobFile job, string problem) => new(EngineError.JobInvalid, $"'{job.Path}': {problem}", job.Path);

    private static void RequireInputs(JobFile job)
    {
        foreach ((string name, JobInput input) in job.Document.Inputs)
        {
            string place = $"$.inputs.{name}";
            if (string.IsNullOrWhiteSpace(name) || string.IsNullOrWhiteSpace(input.Path))
            {
                throw Invalid(job, $"{place}: a file that goes in has a name and a path.");
            }

            if (input.Sha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            {
                throw Invalid(job, $"{place}.sha256 is \"{hash}\"; expected 64 hexadecimal digits, or null.");
            }

            if (input.Origin is { Count: not 3 })
            {
                throw Invalid(job, Say($"{place}.origin has {input.Origin.Count} numbers; expected three, for x, y, z (Å)."));
            }
        }

        bool isComplete = job.Document.Inputs.ContainsKey(KnownParts.HalfMap1) == job.Document.Inputs.ContainsKey(KnownParts.HalfMap2);
        if (job.Document.Stages.Count == 0 && (!isComplete || !(job.Document.Inputs.ContainsKey(KnownParts.HalfMap1) || job.Document.Inputs.ContainsKey(KnownParts.Map))))
        {
            throw Invalid(job, "$.inputs: a job without stages is the standard run, which needs halfMap1 and halfMap2, or map.");
        }
    }

    private static void RequireResources(JobFile job)
    {
        JobResources resources = job.Document.Resources;
        if (resources.Threads is < 0 or > MostThreads)
        {
            throw Invalid(job, Say($"$.resources.threads is {resources.Threads}; expected 1 to {MostThreads}, or 0 for as many as the process may use."));
        }

        if (resources.MemoryBytes is < 1)
        {
            throw Invalid(job, Say($"$.resources.memoryBytes is {resources.MemoryBytes}; expected a positive number, or null for the job's own estimate."));
        }

        if (resources.Seconds is { } seconds && !(seconds >= 1 && seconds <= 1e8))
        {
            throw Invalid(job, Say($"$.resources.seconds is {seconds}; expected 1 to 1e8, or null for any."));
        }
    }
}
