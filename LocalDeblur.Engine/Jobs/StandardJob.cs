namespace LocalDeblur.Jobs;

/// <summary>The stages of a job that names none, or only their kinds: each is connected to what goes in and to the stages before it.</summary>
internal static class StandardJob
{
    private static readonly string[] FromHalves = ["mask", "fsc", "localResolution", "sharpen", "guinier", "pictures"];
    private static readonly string[] FromMap = ["mask", "localResolution", "sharpen", "guinier", "pictures"];

    /// <summary>The kinds of the standard run: mask, Fourier shell correlation, local resolution, LocalDeblur, Guinier profiles, pictures; with a model its scores too.</summary>
    /// <param name="inputs">Names of the files that go in. What is given is not made.</param>
    public static IReadOnlyList<string> Kinds(IReadOnlyCollection<string> inputs)
    {
        string[] kinds = inputs.Contains(KnownParts.HalfMap1) ? FromHalves : FromMap;
        return [.. kinds.Where(kind => !inputs.Contains(kind)), .. inputs.Contains(KnownParts.Model) ? (string[])["score"] : []];
    }

    /// <summary>The stages of some kinds.</summary>
    /// <param name="kinds">The kinds, in the order in which they run.</param>
    /// <param name="known">What goes in; afterwards what is made too.</param>
    /// <exception cref="EngineException">JobInvalid for a kind that there is none of.</exception>
    public static IReadOnlyList<JobStage> Stages(IEnumerable<string> kinds, KnownParts known)
    {
        List<JobStage> stages = [];
        foreach (string kind in kinds)
        {
            JobStage stage = JobStage.Create(kind).Connect(known);
            stages.Add(stage);
            known.Add(stage);
        }

        return stages;
    }
}
