using System.Numerics.Tensors;

namespace LocalDeblur.Maps;

/// <summary>The two halves of one reconstruction.</summary>
public static class HalfMaps
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "Average";

    /// <summary>What the user should know of halves that are the same map, as where one file was given twice; null where they differ.</summary>
    /// <param name="first">One half map.</param>
    /// <param name="second">The other, on the same grid.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOfIdenticalHalves(CryoMap first, CryoMap second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.AsSpan(cancellationToken).SequenceEqual(second.AsSpan(cancellationToken))
            ? $"'{first.Name}' and '{second.Name}' are the same in every voxel, so their noise counts as signal at every resolution. Give the two half maps of one reconstruction."
            : null;
    }

    /// <summary>Their mean, the map of all particles.</summary>
    /// <param name="first">One half map; its header and place go on to the mean.</param>
    /// <param name="second">The other, on the same grid.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">The maps do not lie on one grid, or cannot be read.</exception>
    public static CryoMap Average(CryoMap first, CryoMap second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        second.Grid.RequireSameAs(second.Name, first.Grid, first.Name);
        float[] mean = first.CopyVoxels(cancellationToken);
        TensorPrimitives.Add(mean, second.AsSpan(cancellationToken), mean);
        TensorPrimitives.Multiply(mean, 0.5f, mean);
        return first.Derive(mean, new HistoryEntry
        {
            Step = StepName,
            Telling = StepTelling.WhenLast,
            Parameters = HistoryEntry.Values(("HalfMap1", first.Path ?? first.Name), ("HalfMap2", second.Path ?? second.Name)),
        });
    }
}
