using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;

namespace LocalDeblur.Plots;

/// <summary>The part of a map that a picture of its surface shows: cut out, without small parts, and refined where it has few voxels.</summary>
/// <remarks>Small parts are noise in the solvent. Between voxels, cubic convolution: the surface of a linear interpolation has edges that show when voxels are large.</remarks>
internal sealed class SurfaceVoxels
{
    // Voxels kept around the surface, so that it is closed and its slope known.
    private const int Margin = 2;

    // A molecule is refined up to so many voxels, or one for each pixel.
    private const int FineVoxels = 256;
    private const int LargestFactor = 6;

    private readonly (int X, int Y, int Z) _start;

    private SurfaceVoxels(float[] values, GridSize size, (int X, int Y, int Z) start, int factor)
    {
        Values = values;
        Size = size;
        Factor = factor;
        _start = start;
    }

    /// <summary>The densities, x fastest.</summary>
    public float[] Values { get; }

    /// <summary>How many there are.</summary>
    public GridSize Size { get; }

    /// <summary>How many of them there are for each voxel of the map along an axis.</summary>
    public int Factor { get; }

    /// <summary>Room that this takes beside a map at most (bytes).</summary>
    /// <param name="size">The map's size.</param>
    public static long Bytes(GridSize size) =>
        ((sizeof(float) + sizeof(bool)) * size.VoxelCount) + (2L * sizeof(float) * FineVoxels * FineVoxels * FineVoxels);

    /// <summary>Cuts out what is shown.</summary>
    /// <param name="map">The map.</param>
    /// <param name="contour">Its surface, which some voxel reaches.</param>
    /// <param name="options">Which parts are left out.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    public static SurfaceVoxels Of(CryoMap map, Contour contour, SurfaceImageOptions options, CancellationToken cancellationToken)
    {
        float[] voxels = map.Load(cancellationToken);
        float level = (float)contour.Level;
        bool[] inside = Inside(voxels, map.Size, level, options, cancellationToken);
        ((int X, int Y, int Z) start, GridSize size) = Extent(inside, map.Size);
        float[] cut = new float[size.VoxelCount];
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                int from = (int)map.Size.Offset(start.X, start.Y + y, start.Z + z), to = (int)size.Offset(0, y, z);
                for (int x = 0; x < size.X; x++)
                {
                    // A part that is left out becomes as deep a hole, so that the refinement does not join it to the others.
                    float value = voxels[from + x];
                    cut[to + x] = inside[from + x] ? value : Math.Min(value, (2 * level) - value);
                }
            }
        }

        int factor = Math.Clamp(Math.Min(FineVoxels, Math.Min(options.Width, options.Height)) / size.Longest, 1, LargestFactor);
        if (factor > 1)
        {
            cut = Refine(cut, size, factor, options.Limits, cancellationToken);
            size = Refined(size, factor);
        }

        // The refinement overshoots between such a hole and what is around it.
        inside = Inside(cut, size, level, options, cancellationToken);
        float below = MathF.BitDecrement(level);
        for (int i = 0; i < cut.Length; i++)
        {
            cut[i] = inside[i] ? cut[i] : Math.Min(cut[i], below);
        }

        return new SurfaceVoxels(cut, size, start, factor);
    }

    /// <summary>The local resolution at a place: the mean of those around by nearness, without what has none, which would bleed into the others.</summary>
    /// <param name="resolutions">The local resolutions of the whole map (Å).</param>
    /// <param name="size">The map's size.</param>
    /// <param name="x">Place, in <see cref="Size"/>.</param>
    /// <param name="y">Place, in <see cref="Size"/>.</param>
    /// <param name="z">Place, in <see cref="Size"/>.</param>
    /// <returns>Å; 0 for none.</returns>
    public float Resolution(ReadOnlySpan<float> resolutions, GridSize size, float x, float y, float z)
    {
        (int i, int i1, float a) = Place(x / Factor, _start.X, size.X);
        (int j, int j1, float b) = Place(y / Factor, _start.Y, size.Y);
        (int k, int k1, float c) = Place(z / Factor, _start.Z, size.Z);
        float sum = 0, weights = 0;
        for (int corner = 0; corner < 8; corner++)
        {
            bool right = (corner & 1) != 0, up = (corner & 2) != 0, deep = (corner & 4) != 0;
            float value = resolutions[(int)size.Offset(right ? i1 : i, up ? j1 : j, deep ? k1 : k)];
            if (value > 0 && float.IsFinite(value))
            {
                float weight = (right ? a : 1 - a) * (up ? b : 1 - b) * (deep ? c : 1 - c);
                sum += weight * value;
                weights += weight;
            }
        }

        return weights > 0 ? sum / weights : 0;

        static (int, int, float) Place(float at, int start, int count)
        {
            float inside = Math.Clamp(start + at, 0, count - 1);
            int index = (int)inside;
            return (index, Math.Min(index + 1, count - 1), inside - index);
        }
    }

    // The voxels of the parts that are large enough.
    private static bool[] Inside(float[] voxels, GridSize size, float level, SurfaceImageOptions options, CancellationToken cancellationToken)
    {
        bool[] inside = Array.ConvertAll(voxels, value => value >= level);
        var parts = new ConnectedComponents(inside, size, cancellationToken);
        double least = options.DustShare * parts.Sizes[parts.Largest!.Value];
        parts.Keep(inside, part => parts.Sizes[part] >= least);
        return inside;
    }

    private static ((int X, int Y, int Z) Start, GridSize Size) Extent(bool[] inside, GridSize size)
    {
        (int x0, int y0, int z0, int x1, int y1, int z1) = (int.MaxValue, int.MaxValue, int.MaxValue, 0, 0, 0);
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<bool> row = inside.AsSpan((int)size.Offset(0, y, z), size.X);
                int first = row.IndexOf(true);
                if (first >= 0)
                {
                    (x0, x1) = (Math.Min(x0, first), Math.Max(x1, row.LastIndexOf(true)));
                    (y0, y1) = (Math.Min(y0, y), Math.Max(y1, y));
                    (z0, z1) = (Math.Min(z0, z), z);
                }
            }
        }

        (int xs, int xn) = Widen(x0, x1, size.X);
        (int ys, int yn) = Widen(y0, y1, size.Y);
        (int zs, int zn) = Widen(z0, z1, size.Z);
        return ((xs, ys, zs), new GridSize(xn, yn, zn));

        static (int Start, int Count) Widen(int first, int last, int count)
        {
            int start = Math.Max(0, first - Margin);
            return (start, Math.Min(count - 1, last + Margin) - start + 1);
        }
    }

    private static GridSize Refined(GridSize size, int factor) => new(((size.X - 1) * factor) + 1, ((size.Y - 1) * factor) + 1, ((size.Z - 1) * factor) + 1);

    private static float[] Refine(float[] values, GridSize size, int factor, RunLimits limits, CancellationToken cancellationToken)
    {
        GridSize fine = Refined(size, factor);
        float[] refined = new float[fine.VoxelCount];
        int plane = size.X * size.Y;
        limits.ForEach(
            fine.Z,
            z =>
            {
                float[] flat = new float[plane], line = new float[size.X];
                Mix(values, plane, size.Z, z, factor, flat);
                for (int y = 0; y < fine.Y; y++)
                {
                    Mix(flat, size.X, size.Y, y, factor, line);
                    Span<float> row = refined.AsSpan((int)fine.Offset(0, y, z), fine.X);
                    for (int x = 0; x < row.Length; x++)
                    {
                        Mix(line, 1, size.X, x, factor, row.Slice(x, 1));
                    }
                }
            },
            cancellationToken);
        return refined;
    }

    // The piece at place 'at'/factor of pieces of one length that stand one after the other.
    private static void Mix(ReadOnlySpan<float> pieces, int length, int count, int at, int factor, Span<float> mixed)
    {
        int before = at / factor;
        if (at % factor == 0)
        {
            pieces.Slice(before * length, length).CopyTo(mixed);
            return;
        }

        (double w0, double w1, double w2, double w3) = CubicConvolution.Weights((double)(at % factor) / factor);
        ReadOnlySpan<float> p0 = Piece(pieces, before - 1), p1 = Piece(pieces, before), p2 = Piece(pieces, before + 1), p3 = Piece(pieces, before + 2);
        for (int i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (float)((w0 * p0[i]) + (w1 * p1[i]) + (w2 * p2[i]) + (w3 * p3[i]));
        }

        ReadOnlySpan<float> Piece(ReadOnlySpan<float> all, int index) => all.Slice(Math.Clamp(index, 0, count - 1) * length, length);
    }
}
