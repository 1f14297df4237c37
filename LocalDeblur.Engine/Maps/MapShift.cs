using System.Numerics.Tensors;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>By how many whole voxels one map lies beside another that shows the same: where boxes were cut, padded or centred differently.</summary>
/// <remarks>
/// Searched from the largest blocks, all of whose places are tried, down to single voxels, each step about the best place of the one before. The box repeats. Single voxels are
/// compared in rows that are scattered over the box, by what they hold and by their detail of a few voxels: a little apart, maps still agree in what is coarse.
/// </remarks>
internal sealed class MapShift
{
    /// <summary>Pairs of voxels that are enough for a correlation.</summary>
    private const long SampledVoxels = 1 << 20;

    // Products that trying all places of the largest blocks may cost; a very long box is searched about its middle alone.
    private const long LargestSearch = 1 << 26;

    // Distance of the voxels whose mean is taken off for the detail: what is left is strongest at 4 voxels, and nothing of the noise at 2.
    private const int DetailReach = 2;

    private readonly float[] _first;
    private readonly float[] _second;
    private readonly GridSize _size;
    private readonly int _rowCount;

    private MapShift(CryoMap first, CryoMap second, CancellationToken cancellationToken)
    {
        _first = first.Load(cancellationToken);
        _second = second.Load(cancellationToken);
        _size = first.Size;
        _rowCount = (int)Math.Max(1, SampledVoxels / _size.X);
    }

    /// <summary>How far the second map lies beside the first (voxels).</summary>
    public (int X, int Y, int Z) Voxels { get; private set; }

    /// <summary>Whether it lies beside it at all.</summary>
    public bool IsNone => Voxels == (0, 0, 0);

    /// <summary>The largest of the three distances (voxels).</summary>
    public int Largest => Math.Max(Math.Abs(Voxels.X), Math.Max(Math.Abs(Voxels.Y), Math.Abs(Voxels.Z)));

    /// <summary>How the maps correlate.</summary>
    public Gain Values { get; private set; }

    /// <summary>How their detail does.</summary>
    public Gain Detail { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="first">One map.</param>
    /// <param name="second">The other, on the same grid.</param>
    /// <param name="pyramid">Both in blocks.</param>
    /// <param name="cancellationToken">Stops between two places.</param>
    public static MapShift Find(CryoMap first, CryoMap second, BlockPyramid pyramid, CancellationToken cancellationToken)
    {
        var shift = new MapShift(first, second, cancellationToken);
        (int X, int Y, int Z) place = default;
        int edge = 1;
        foreach (BlockPyramid.Level level in pyramid.Levels.Where(level => level.Edge > 1 && level.IsSmall).Reverse())
        {
            (float[] a, float[] b) = level.Deviations();
            bool isCoarsest = edge == 1;
            (int X, int Y, int Z) start = isCoarsest ? default : (2 * place.X, 2 * place.Y, 2 * place.Z);
            bool areAllTried = isCoarsest && level.Blocks.VoxelCount * level.Blocks.VoxelCount <= LargestSearch;
            place = Best(Around(start, areAllTried ? level.Blocks : new GridSize(3, 3, 3)), tried => Products(a, b, level.Blocks, tried), cancellationToken);
            edge = level.Edge;
        }

        place = (edge * place.X, edge * place.Y, edge * place.Z);
        for (int step = edge; step >= 1; step /= 2)
        {
            (int X, int Y, int Z) before;
            do
            {
                before = place;
                place = Best(Beside(place, step), tried => shift.Correlate(tried, reach: 0).Correlation, cancellationToken);
            }
            while (place != before);
        }

        // Half a box away is the same to both sides.
        place = (Shorter(place.X, shift._size.X), Shorter(place.Y, shift._size.Y), Shorter(place.Z, shift._size.Z));
        shift.Voxels = place;
        if (!shift.IsNone)
        {
            shift.Values = shift.Measure(reach: 0);
            shift.Detail = shift.Measure(DetailReach);
        }

        return shift;
    }

    /// <summary>How blocks correlate with the second map moved back, by whole blocks.</summary>
    /// <param name="level">The blocks; all of them are kept.</param>
    public double CorrelationOver(BlockPyramid.Level level)
    {
        (float[] a, float[] b) = level.Deviations();
        return level.Sums.CorrelationOf(Products(a, b, level.Blocks, (Blocks(Voxels.X), Blocks(Voxels.Y), Blocks(Voxels.Z))));

        int Blocks(int voxels) => (int)Math.Round((double)voxels / level.Edge);
    }

    // The first of equals: where nothing is better, a place stays.
    private static (int X, int Y, int Z) Best(
        IEnumerable<(int X, int Y, int Z)> places, Func<(int X, int Y, int Z), double> agreement, CancellationToken cancellationToken) =>
        places.MaxBy(place =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return agreement(place);
        });

    private static IEnumerable<(int X, int Y, int Z)> Around((int X, int Y, int Z) middle, GridSize extent) =>
        from z in Steps(extent.Z)
        from y in Steps(extent.Y)
        from x in Steps(extent.X)
        select (middle.X + x, middle.Y + y, middle.Z + z);

    // 0, 1, −1, 2, −2 …
    private static IEnumerable<int> Steps(int count) => Enumerable.Range(1, count).Select(i => i % 2 == 0 ? i / 2 : -(i / 2));

    private static IEnumerable<(int X, int Y, int Z)> Beside((int X, int Y, int Z) middle, int step) =>
    [
        middle,
        (middle.X + step, middle.Y, middle.Z), (middle.X - step, middle.Y, middle.Z),
        (middle.X, middle.Y + step, middle.Z), (middle.X, middle.Y - step, middle.Z),
        (middle.X, middle.Y, middle.Z + step), (middle.X, middle.Y, middle.Z - step),
    ];

    private static double Products(float[] a, float[] b, GridSize size, (int X, int Y, int Z) shift)
    {
        int along = Wrap(shift.X, size.X);
        double sum = 0;
        for (int z = 0; z < size.Z; z++)
        {
            int otherZ = Wrap(z + shift.Z, size.Z);
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<float> row = a.AsSpan((int)size.Offset(0, y, z), size.X);
                ReadOnlySpan<float> other = b.AsSpan((int)size.Offset(0, Wrap(y + shift.Y, size.Y), otherZ), size.X);
                sum += TensorPrimitives.Dot(row[..^along], other[along..]) + TensorPrimitives.Dot(row[^along..], other[..along]);
            }
        }

        return sum;
    }

    private static int Wrap(int index, int length) => ((index % length) + length) % length;

    private static int Shorter(int distance, int length) => Wrap(distance, length) is var positive && 2 * positive > length ? positive - length : positive;

    private Gain Measure(int reach)
    {
        PearsonSums noise = default;
        PearsonSums movedBack = Correlate(Voxels, reach, (row, other) =>
        {
            TensorPrimitives.Subtract(row, other, row);
            noise.Add(row[..^1], row[1..]);
        });
        return new Gain(Correlate(default, reach), movedBack, noise.Correlation);
    }

    private PearsonSums Correlate((int X, int Y, int Z) shift, int reach, Action<Span<float>, Span<float>>? then = null)
    {
        float[] row = new float[_size.X], other = new float[_size.X], scratch = new float[_size.X];
        PearsonSums sums = default;
        foreach (int i in ScatteredSample.Places(_size.Y * _size.Z, _rowCount))
        {
            int y = i % _size.Y, z = i / _size.Y;
            Take(_first, (0, y, z), reach, row, scratch);
            Take(_second, (shift.X, y + shift.Y, z + shift.Z), reach, other, scratch);
            sums.Add(row, other);
            then?.Invoke(row, other);
        }

        return sums;
    }

    // A row from a place on, and less the mean of the six voxels at that reach.
    private void Take(float[] map, (int X, int Y, int Z) from, int reach, float[] row, float[] scratch)
    {
        Copy(map, from.X, from.Y, from.Z, row);
        if (reach == 0)
        {
            return;
        }

        foreach ((int x, int y, int z) in Beside(from, reach).Skip(1))
        {
            Copy(map, x, y, z, scratch);
            TensorPrimitives.MultiplyAdd(scratch, -1f / 6, row, row);
        }
    }

    private void Copy(float[] map, int x, int y, int z, float[] row)
    {
        ReadOnlySpan<float> source = map.AsSpan((int)_size.Offset(0, Wrap(y, _size.Y), Wrap(z, _size.Z)), _size.X);
        int along = Wrap(x, _size.X);
        source[along..].CopyTo(row);
        source[..along].CopyTo(row.AsSpan(_size.X - along));
    }

    /// <summary>What moving the second map back does to a correlation.</summary>
    /// <param name="AsIs">Both maps as they are.</param>
    /// <param name="MovedBack">With the second moved back.</param>
    /// <param name="NoiseLikeness">How neighbouring voxels of their difference correlate then: it is their noise.</param>
    internal readonly record struct Gain(PearsonSums AsIs, PearsonSums MovedBack, double NoiseLikeness)
    {
        /// <summary>By how much more two noises correlate by chance than if their voxels did not depend on each other; 1 or more.</summary>
        /// <remarks>The sum of the squares of a Gaussian autocorrelation that has this value at the next voxel, along three axes.</remarks>
        public double Blur => NoiseLikeness > 0 ? Math.Pow(Math.Max(1, Math.Sqrt(Math.PI / (-2 * Math.Log(NoiseLikeness)))), 1.5) : 1;
    }
}
