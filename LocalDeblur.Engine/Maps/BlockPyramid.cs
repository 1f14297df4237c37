using System.Numerics.Tensors;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>
/// Two volumes on one grid, averaged over blocks of 1, 2, 4, 8 … voxels, and how they correlate at each of these levels: what a few octaves of a transform
/// would say, in one pass and next to no memory.
/// </summary>
/// <remarks>Blocks lie about the middle of the box; at most a seventh of an edge is left out where it is no multiple of the largest block.</remarks>
internal sealed class BlockPyramid
{
    // A level with fewer blocks along an axis says too little.
    private const int LeastBlocks = 7;

    // A level with no more blocks than this is kept, to be looked at from all sides.
    private const long KeptBlocks = 1 << 18;

    // Share of the radius of the ellipsoid inscribed to the box beyond which there is hardly ever a molecule.
    private const double OuterShare = 0.9;

    private readonly Level[] _levels;
    private readonly GridSize _region;
    private PearsonSums _outer;

    private BlockPyramid(Level[] levels)
    {
        _levels = levels;
        _region = levels[0].Blocks;
    }

    /// <summary>The levels, from single voxels to the largest blocks.</summary>
    public IReadOnlyList<Level> Levels => _levels;

    /// <summary>Sums over the voxels at the edge and in the corners of the box.</summary>
    public PearsonSums Outer => _outer;

    /// <summary>Averages and compares.</summary>
    /// <param name="first">One map.</param>
    /// <param name="second">The other, on the same grid.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public static BlockPyramid Measure(CryoMap first, CryoMap second, CancellationToken cancellationToken)
    {
        GridSize size = first.Size;
        int shortest = Math.Min(size.X, Math.Min(size.Y, size.Z));
        int count = 1;
        while (shortest >> count >= LeastBlocks)
        {
            count++;
        }

        int largest = 1 << (count - 1);
        var region = new GridSize(size.X / largest * largest, size.Y / largest * largest, size.Z / largest * largest);
        int start = (int)size.Offset((size.X - region.X) / 2, (size.Y - region.Y) / 2, (size.Z - region.Z) / 2);
        var levels = new Level[count];
        levels[0] = new Level(region, first.Load(cancellationToken), second.Load(cancellationToken), start, size);
        for (int i = 1; i < count; i++)
        {
            levels[i] = new Level(1 << i, new GridSize(region.X >> i, region.Y >> i, region.Z >> i));
        }

        var pyramid = new BlockPyramid(levels);
        float[] scratch = new float[region.X];
        for (int z = 0; z < region.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            pyramid.Accept(0, z, scratch);
        }

        return pyramid;
    }

    // A plane of a level is whole: it is measured, and with the one before it makes a plane of the next level.
    private void Accept(int index, int z, Span<float> scratch)
    {
        Level level = _levels[index];
        if (index == 0)
        {
            MeasureVoxels(level, z);
        }
        else
        {
            level.MeasurePlane(z);
        }

        if (z % 2 == 1 && index + 1 < _levels.Length)
        {
            Level next = _levels[index + 1];
            Level.Average(level.First, next.First, z - 1, next.Blocks, scratch);
            Level.Average(level.Second, next.Second, z - 1, next.Blocks, scratch);
            Accept(index + 1, z / 2, scratch);
        }
    }

    // Each row in three pieces: what lies outside the ellipsoid, before and behind, counts for the outside too.
    private void MeasureVoxels(Level level, int z)
    {
        double dz = Distance(z, _region.Z);
        PearsonSums inner = default, outer = default;
        for (int y = 0; y < _region.Y; y++)
        {
            double dy = Distance(y, _region.Y);
            double rest = (OuterShare * OuterShare) - (dz * dz) - (dy * dy);
            int reach = rest > 0 ? (int)(0.5 * _region.X * Math.Sqrt(rest)) : 0;
            int from = (_region.X / 2) - reach;
            int to = (_region.X / 2) + reach;
            ReadOnlySpan<float> first = level.First.Row(y, z, _region.X);
            ReadOnlySpan<float> second = level.Second.Row(y, z, _region.X);
            outer.Add(first[..from], second[..from]);
            inner.Add(first[from..to], second[from..to]);
            outer.Add(first[to..], second[to..]);
        }

        _outer = _outer.With(outer);
        level.Add(inner.With(outer));

        static double Distance(int index, int length) => (index + 0.5 - (0.5 * length)) / (0.5 * length);
    }

    /// <summary>The volumes at one size of block.</summary>
    internal sealed class Level
    {
        private PearsonSums _sums;

        /// <summary>The level of single voxels.</summary>
        public Level(GridSize region, float[] first, float[] second, int start, GridSize size)
        {
            Edge = 1;
            Blocks = region;
            First = new Planes(first, start, size.X, size.X * size.Y, AreAll: true);
            Second = First with { Values = second };
        }

        /// <summary>A level of blocks.</summary>
        public Level(int edge, GridSize blocks)
        {
            Edge = edge;
            Blocks = blocks;
            int plane = blocks.X * blocks.Y;
            bool areAll = blocks.VoxelCount <= KeptBlocks;
            int planes = areAll ? blocks.Z : 2;
            First = new Planes(new float[plane * planes], 0, blocks.X, plane, areAll);
            Second = First with { Values = new float[plane * planes] };
        }

        /// <summary>Edge of a block (voxels).</summary>
        public int Edge { get; }

        /// <summary>Blocks along x, y, z.</summary>
        public GridSize Blocks { get; }

        /// <summary>The first volume.</summary>
        public Planes First { get; }

        /// <summary>The second volume.</summary>
        public Planes Second { get; }

        /// <summary>Sums over the pairs of blocks.</summary>
        public PearsonSums Sums => _sums;

        /// <summary>Whether the blocks are few enough to be looked at from all sides.</summary>
        public bool IsSmall => First.AreAll && Blocks.VoxelCount <= KeptBlocks;

        /// <summary>Averages two planes of a level to one of the next.</summary>
        public static void Average(Planes from, Planes to, int z, GridSize blocks, Span<float> scratch)
        {
            int width = 2 * blocks.X;
            Span<float> sum = scratch[..width];
            for (int y = 0; y < blocks.Y; y++)
            {
                TensorPrimitives.Add(from.Row(2 * y, z, width), from.Row((2 * y) + 1, z, width), sum);
                TensorPrimitives.Add(sum, from.Row(2 * y, z + 1, width), sum);
                TensorPrimitives.Add(sum, from.Row((2 * y) + 1, z + 1, width), sum);
                Span<float> row = to.Row(y, z / 2, blocks.X);
                for (int x = 0; x < row.Length; x++)
                {
                    row[x] = 0.125f * (sum[2 * x] + sum[(2 * x) + 1]);
                }
            }
        }

        /// <summary>Both volumes without their means; all of their blocks are kept.</summary>
        public (float[] First, float[] Second) Deviations() => (Deviations(First, _sums.MeanOfFirst), Deviations(Second, _sums.MeanOfSecond));

        /// <summary>Adds sums.</summary>
        public void Add(PearsonSums sums) => _sums = _sums.With(sums);

        /// <summary>Adds a plane to the sums.</summary>
        public void MeasurePlane(int z)
        {
            for (int y = 0; y < Blocks.Y; y++)
            {
                _sums.Add(First.Row(y, z, Blocks.X), Second.Row(y, z, Blocks.X));
            }
        }

        private float[] Deviations(Planes planes, double mean)
        {
            float[] values = new float[Blocks.VoxelCount];
            for (int z = 0; z < Blocks.Z; z++)
            {
                for (int y = 0; y < Blocks.Y; y++)
                {
                    TensorPrimitives.Subtract(planes.Row(y, z, Blocks.X), (float)mean, values.AsSpan((int)Blocks.Offset(0, y, z), Blocks.X));
                }
            }

            return values;
        }
    }

    /// <summary>Planes of blocks: all of a level, or the two that the next level is made from.</summary>
    internal readonly record struct Planes(float[] Values, int Start, int RowStride, int PlaneStride, bool AreAll)
    {
        public Span<float> Row(int y, int z, int width) => Values.AsSpan(Start + (y * RowStride) + ((AreAll ? z : z & 1) * PlaneStride), width);
    }
}
