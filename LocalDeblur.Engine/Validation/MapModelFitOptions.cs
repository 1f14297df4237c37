namespace LocalDeblur.Validation;

/// <summary>Parameters of a comparison of a map with a model.</summary>
public sealed record MapModelFitOptions
{
    /// <summary>
    /// A residue's voxels are those within this distance of one of its atoms (Å), 0.5 … 10; null for one that grows with the resolution:
    /// 1.5 Å below 2 Å, 2 Å below 4 Å, else 2.5 Å.
    /// </summary>
    public double? ResidueRadius { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    internal void Validate()
    {
        if (ResidueRadius is { } radius && radius is not (>= 0.5 and <= 10))
        {
            throw EngineException.OutOfRange(
                EngineParameter.ResidueRadius,
                Say($"The radius around the atoms of a residue is {radius} Å; expected 0.5 to 10 Å, or none for the automatic one."));
        }
    }
}
