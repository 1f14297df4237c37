using LocalDeblur.Maps;

namespace LocalDeblur.Shells;

/// <summary>Parameters of a Guinier profile.</summary>
public sealed record GuinierProfileOptions
{
    /// <summary>
    /// How often a coefficient of the half transform counts in the mean of its shell. By default each coefficient of the full transform once;
    /// <see cref="ShellCounting.StoredCoefficients"/> gives the numbers of RELION's Guinier tables.
    /// </summary>
    public ShellCounting Counting { get; init; } = ShellCounting.FullTransform;

    /// <summary>Range of resolution for a straight line through the profile; null for none.</summary>
    public ResolutionRange? FitRange { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Refuses parameters that do not suit a map.</summary>
    internal void Require(CryoMap map)
    {
        if (map.Size.Longest < 4)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, $"'{map.Name}' has {map.Size} voxels; a Guinier profile needs an edge of at least 4.", map.Name);
        }

        FitRange?.Require(map.VoxelSize, EngineParameter.FitRange, "The fit range");
    }
}
