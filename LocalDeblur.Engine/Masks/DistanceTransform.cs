using System.Runtime.CompilerServices;
using LocalDeblur.Maps;

namespace LocalDeblur.Masks;

/// <summary>Exact Euclidean distance of every voxel to the nearest voxel of a set.</summary>
/// <remarks>
/// One pass an axis, each linear in the number of voxels: along x by two scans, along y and z by the lower envelope of parabolas
/// (Meijster, Roerdink and Hesselink, in <i>Mathematical Morphology and its Applications</i>, 2000; Felzenszwalb and Huttenlocher,
/// <i>Theory of Computing</i> 8 (2012) 415). In whole numbers, so there is no rounding. The box does not repeat.
/// </remarks>
internal static class DistanceTransform
{
    /// <summary>Squared distance in voxels.</summary>
    /// <param name="inside">The set.</param>
    /// <param name="size">Size of the box.</param>
    /// <param name="limits">Of these the threads.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <returns>0 inside; larger than any distance in the box where the set is empty.</returns>
    public static int[] Squared(bool[] inside, GridSize size, RunLimits limits, CancellationToken cancellationToken)
    {
        int[] squares = new int[inside.Length];
        int plane = size.X * size.Y;

        // One more than any distance along an axis; its square exceeds any squared distance to a real member by far less than int holds.
        int far = size.X + size.Y + size.Z;
        limits.ForEach(size.Z, z =>
        {
            for (int y = 0; y < size.Y; y++)
            {
                ScanRow(inside.AsSpan((int)size.Offset(0, y, z), size.X), squares.AsSpan((int)size.Offset(0, y, z), size.X), far);
            }

            var line = new Envelope(size.Y, far * far);
            for (int x = 0; x < size.X; x++)
            {
                line.Replace(squares, (z * plane) + x, size.X);
            }
        }, cancellationToken);
        limits.ForEach(size.Y, y =>
        {
            var line = new Envelope(size.Z, far * far);
            for (int x = 0; x < size.X; x++)
            {
                line.Replace(squares, (y * size.X) + x, plane);
            }
        }, cancellationToken);
        return squares;
    }

    // Called once for a map, so the loops are optimised at once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScanRow(ReadOnlySpan<bool> inside, Span<int> squares, int far)
    {
        int distance = far;
        for (int x = 0; x < inside.Length; x++)
        {
            distance = inside[x] ? 0 : Math.Min(far, distance + 1);
            squares[x] = distance;
        }

        distance = far;
        for (int x = inside.Length - 1; x >= 0; x--)
        {
            distance = Math.Min(distance + 1, squares[x]);
            squares[x] = distance * distance;
        }
    }

    // min over i of f(i) + (x − i)² for every x of one line: the lower envelope of parabolas. Those that begin at the limit are nowhere the lowest.
    private sealed class Envelope(int length, int limit)
    {
        private readonly int[] _values = new int[length];
        private readonly int[] _apex = new int[length];
        private readonly int[] _from = new int[length];

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Replace(int[] squares, int first, int stride)
        {
            for (int i = 0; i < length; i++)
            {
                _values[i] = squares[first + (i * stride)];
            }

            int top = -1;
            for (int i = 0; i < length; i++)
            {
                if (_values[i] >= limit)
                {
                    continue;
                }

                while (top >= 0 && At(_apex[top], _from[top]) > At(i, _from[top]))
                {
                    top--;
                }

                if (top < 0)
                {
                    top = 0;
                    _apex[0] = i;
                    _from[0] = 0;
                    continue;
                }

                // First place where the new parabola is lower than the last.
                int start = 1 + FloorDivide(Height(i) - Height(_apex[top]), 2 * (i - _apex[top]));
                if (start < length)
                {
                    top++;
                    _apex[top] = i;
                    _from[top] = start;
                }
            }

            for (int x = length - 1; x >= 0 && top >= 0; x--)
            {
                squares[first + (x * stride)] = At(_apex[top], x);
                if (x == _from[top])
                {
                    top--;
                }
            }
        }

        private static int FloorDivide(int numerator, int denominator) =>
            numerator >= 0 ? numerator / denominator : -((-numerator + denominator - 1) / denominator);

        private int At(int apex, int x) => _values[apex] + ((x - apex) * (x - apex));

        private int Height(int apex) => _values[apex] + (apex * apex);
    }
}
