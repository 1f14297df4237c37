namespace LocalDeblur.Resolution.Spheres;

/// <summary>What LocalFsc found: the local resolution (Å) where spheres reach the mask, 0 elsewhere.</summary>
public sealed record LocalFscResult : LocalResolutionResult
{
    /// <summary>Spheres that were measured.</summary>
    public required int Spheres { get; init; }

    /// <summary>Radius of a sphere, without its soft edge (voxels).</summary>
    public required int RadiusVoxels { get; init; }

    /// <summary>Distance of one sphere from the next (voxels), which is the width of their soft edge too.</summary>
    public required int SpacingVoxels { get; init; }

    /// <summary>First shell whose phases were random; null where none were.</summary>
    public required int? RandomisedFrom { get; init; }

    /// <inheritdoc/>
    private protected override string Step => LocalFsc.StepName;

    /// <inheritdoc/>
    private protected override IEnumerable<(string Name, object? Value)> Figures =>
    [
        (nameof(Spheres), Spheres),
        (nameof(RadiusVoxels), RadiusVoxels),
        ("EdgeVoxels", SpacingVoxels),
        (nameof(SpacingVoxels), SpacingVoxels),
        (nameof(RandomisedFrom), RandomisedFrom),
        (nameof(InsideVoxels), InsideVoxels),
        ("FinestResolution", Finest),
        ("MedianResolution", Median),
        ("CoarsestResolution", Coarsest),
    ];
}
