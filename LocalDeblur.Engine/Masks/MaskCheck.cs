using LocalDeblur.Maps;

namespace LocalDeblur.Masks;

/// <summary>What is doubtful about a mask that was given; one that is made (<see cref="MaskBuilder"/>) says so itself.</summary>
internal static class MaskCheck
{
    // Below and above, a voxel counts as outside and as inside.
    private const float Outside = 0.01f;
    private const float Inside = 0.99f;

    /// <summary>Warnings, one sentence each.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static IEnumerable<string> Warnings(CryoMap mask, CancellationToken cancellationToken = default)
    {
        GridSize size = mask.Size;
        ReadOnlySpan<float> values = mask.AsSpan(cancellationToken);
        long atEdge = 0, inside = 0, between = 0;
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                bool isOuterRow = z == 0 || y == 0 || z == size.Z - 1 || y == size.Y - 1;
                ReadOnlySpan<float> row = values.Slice((int)size.Offset(0, y, z), size.X);
                for (int x = 0; x < row.Length; x++)
                {
                    inside += MaskRule.Selects(row[x]) ? 1 : 0;
                    between += row[x] is > Outside and < Inside ? 1 : 0;
                    atEdge += MaskRule.Selects(row[x]) && (isOuterRow || x == 0 || x == row.Length - 1) ? 1 : 0;
                }
            }
        }

        List<string> warnings = [];
        if (atEdge > 0)
        {
            warnings.Add(Say($"The mask '{mask.Name}' reaches the edge of the box with {atEdge} voxels, where it is cut."));
        }

        if (between == 0)
        {
            warnings.Add($"The mask '{mask.Name}' has a hard edge: every voxel is inside or outside. Such an edge correlates by itself, and the correction has to take that "
                + "off again.");
        }

        if (inside > MaskBuilder.SuspiciousShare * values.Length)
        {
            warnings.Add(Say($"The mask '{mask.Name}' takes {100.0 * inside / values.Length:0} % of the box; a molecule in its box usually takes less."));
        }

        return warnings;
    }
}
