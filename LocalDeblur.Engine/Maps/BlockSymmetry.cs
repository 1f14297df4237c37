using System.Numerics.Tensors;

namespace LocalDeblur.Maps;

/// <summary>How two volumes correlate after one of them is mirrored or turned by right angles: where a header or a tool mixed up axes or hand.</summary>
/// <param name="Correlation">The largest correlation of the ways.</param>
/// <param name="Way">The way, such as <c>with x and z swapped and y reversed</c>.</param>
internal readonly record struct BlockSymmetry(double Correlation, string Way)
{
    private static readonly int[][] Orders = [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0], [2, 0, 1]];
    private static readonly string[] Axes = ["x", "y", "z"];
    private static readonly string[] Swaps = ["", "x and y swapped", "x and z swapped", "y and z swapped", "its axes rotated", "its axes rotated"];

    /// <summary>Tries every way that keeps the box, but leaving the volume as it is: 47 in a cube, 15 where two edges are the same, 7 where all differ.</summary>
    /// <param name="level">The volumes; all of their blocks are kept.</param>
    public static BlockSymmetry Best(BlockPyramid.Level level)
    {
        GridSize size = level.Blocks;
        (float[] first, float[] second) = level.Deviations();
        float[] row = new float[size.X];
        var best = new BlockSymmetry(double.NegativeInfinity, string.Empty);
        int[] lengths = [size.X, size.Y, size.Z];
        int[] strides = [1, size.X, size.X * size.Y];
        for (int way = 1; way < 8 * Orders.Length; way++)
        {
            int flips = way % 8;
            int[] order = Orders[way / 8];
            if (Enumerable.Range(0, 3).Any(axis => lengths[order[axis]] != lengths[axis]))
            {
                continue;
            }

            int start = 0;
            int[] steps = new int[3];
            for (int axis = 0; axis < 3; axis++)
            {
                bool isReversed = (flips >> axis & 1) == 1;
                steps[axis] = isReversed ? -strides[order[axis]] : strides[order[axis]];
                start += isReversed ? (lengths[axis] - 1) * strides[order[axis]] : 0;
            }

            double correlation = level.Sums.CorrelationOf(Products(first, second, size, start, steps, row));
            if (correlation > best.Correlation)
            {
                best = new BlockSymmetry(correlation, Describe(way / 8, flips));
            }
        }

        return best;
    }

    private static double Products(float[] first, float[] second, GridSize size, int start, int[] steps, float[] row)
    {
        double sum = 0;
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                int at = start + (y * steps[1]) + (z * steps[2]);
                for (int x = 0; x < row.Length; x++, at += steps[0])
                {
                    row[x] = second[at];
                }

                sum += TensorPrimitives.Dot(first.AsSpan((int)size.Offset(0, y, z), size.X), row);
            }
        }

        return sum;
    }

    private static string Describe(int order, int flips)
    {
        string reversed = string.Join(" and ", Axes.Where((_, axis) => (flips >> axis & 1) == 1));
        string[] parts = [.. new[] { Swaps[order], reversed.Length > 0 ? $"{reversed} reversed" : string.Empty }.Where(part => part.Length > 0)];
        return $"with {string.Join(" and ", parts)}";
    }
}
