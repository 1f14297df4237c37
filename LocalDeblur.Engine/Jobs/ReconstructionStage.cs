using System.Text.Json.Serialization;

namespace LocalDeblur.Jobs;

/// <summary>A stage that works on a map, or on the two half maps of a reconstruction.</summary>
public abstract record ReconstructionStage : JobStage
{
    /// <summary>Name of a map; null where half maps are given.</summary>
    [JsonPropertyOrder(-2)]
    public string? Map { get; init; }

    /// <summary>Name of the first half map; null where a map is given.</summary>
    [JsonPropertyOrder(-2)]
    public string? HalfMap1 { get; init; }

    /// <summary>Name of the second half map; null where a map is given.</summary>
    [JsonPropertyOrder(-2)]
    public string? HalfMap2 { get; init; }

    /// <inheritdoc/>
    internal override IEnumerable<string?> Uses => Reconstructed;

    /// <summary>Names of its map, or of its half maps.</summary>
    internal IEnumerable<string> Reconstructed => ((string?[])[Map, HalfMap1, HalfMap2]).OfType<string>();

    /// <inheritdoc/>
    internal override JobStage Connect(KnownParts known) => Connected(known);

    /// <summary>Refuses what the stage cannot hold, before the first stage of the job. Stages that take less than others need not.</summary>
    /// <param name="run">Opens the reconstruction.</param>
    /// <exception cref="EngineException">InsufficientMemory.</exception>
    internal virtual void RequireMemory(StageRun run)
    {
    }

    /// <summary>The stage, connected to the reconstruction of a job.</summary>
    /// <param name="known">What there is.</param>
    private protected ReconstructionStage Connected(KnownParts known) => known.HasHalves
        ? this with { HalfMap1 = KnownParts.HalfMap1, HalfMap2 = KnownParts.HalfMap2 }
        : this with { Map = KnownParts.Map };

    /// <summary>Bytes of so many volumes of float32.</summary>
    private protected static long Volumes(double count, long voxels) => (long)(count * sizeof(float) * voxels);
}

/// <summary>A stage that works on a reconstruction within a mask.</summary>
public abstract record MaskedStage : ReconstructionStage
{
    /// <summary>Name of the mask; null for none, or for what the method does without.</summary>
    [JsonPropertyOrder(-1)]
    public string? Mask { get; init; }

    /// <inheritdoc/>
    internal override IEnumerable<string?> Uses => [.. base.Uses, Mask];

    /// <inheritdoc/>
    internal override JobStage Connect(KnownParts known) => ((MaskedStage)base.Connect(known)) with { Mask = known.Optional(KnownParts.Mask) };
}
