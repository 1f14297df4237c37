using System.IO.Compression;
using LocalDeblur.Maps;

namespace LocalDeblur.Reports;

/// <summary>
/// The voxels that a page shows: those about the mask, of 8 bits, and no more than the page has room for. Larger boxes are brought down by averaging, so that a place stays
/// where it is: texel i lies at voxel First + (i + ½)·Step − ½.
/// </summary>
internal sealed class ReportVolume
{
    /// <summary>Most texels along an edge.</summary>
    public const int LargestEdge = 128;

    /// <summary>Most characters that the voxels of all maps may take in a page of 5 MB.</summary>
    public const long MostCharacters = 3_100_000;

    // Around the mask something is left to see of the solvent: this share of the molecule's extent, and at least so many voxels.
    private const double MarginShare = 0.04;
    private const int LeastMargin = 3;
    private const int SmallestEdge = 48;

    // Share of the texels beyond either end of the 8 bits: a few extreme ones would take the room of all others.
    private const double BeyondLow = 0.0002;
    private const double BeyondHigh = 0.0001;

    private ReportVolume(CryoMap mask, (int X, int Y, int Z) first, GridSize crop, double step)
    {
        First = first;
        Step = step;
        Crop = crop;
        Size = new GridSize(Count(crop.X), Count(crop.Y), Count(crop.Z));
        Grid = mask.Grid;

        int Count(int voxels) => (int)Math.Ceiling((voxels / step) - 1e-9);
    }

    /// <summary>The grid of the maps.</summary>
    public MapGrid Grid { get; }

    /// <summary>First voxel along x, y, z.</summary>
    public (int X, int Y, int Z) First { get; }

    /// <summary>Voxels that are shown along x, y, z.</summary>
    public GridSize Crop { get; }

    /// <summary>Voxels a texel, 1 or more.</summary>
    public double Step { get; }

    /// <summary>Texels along x, y, z.</summary>
    public GridSize Size { get; }

    /// <summary>The map before.</summary>
    public required ReportDensity Before { get; init; }

    /// <summary>The sharpened map.</summary>
    public required ReportDensity After { get; init; }

    /// <summary>1 inside the mask, 0 outside; deflated, Base64.</summary>
    public required string Mask { get; init; }

    /// <summary>Local resolution: 1 … 255 from <see cref="FinestResolution"/> to <see cref="CoarsestResolution"/>, 0 for none; null where there is none.</summary>
    public string? Resolution { get; init; }

    /// <summary>The resolution (Å) of 1.</summary>
    public double FinestResolution { get; init; }

    /// <summary>The resolution (Å) of 255.</summary>
    public double CoarsestResolution { get; init; }

    /// <summary>Takes what a page has room for.</summary>
    /// <param name="before">The map before.</param>
    /// <param name="after">The sharpened map.</param>
    /// <param name="mask">Where the molecule is.</param>
    /// <param name="resolution">Local resolution (Å), 0 for none; or null.</param>
    /// <param name="spread">Its numbers; or null.</param>
    /// <param name="cancellationToken">Stops between two planes.</param>
    /// <param name="characters">Most characters that the voxels may take.</param>
    public static ReportVolume Of(
        CryoMap before, CryoMap after, CryoMap mask, CryoMap? resolution, ResolutionSpread? spread, CancellationToken cancellationToken, long characters = MostCharacters)
    {
        ((int X, int Y, int Z) first, GridSize crop) = Bounds(mask, cancellationToken);
        for (int edge = LargestEdge; ; edge = edge * 7 / 8)
        {
            double step = Math.Max(1, (double)crop.Longest / edge);
            ReportVolume volume = Take(before, after, mask, resolution, spread, first, crop, step, cancellationToken);
            long taken = volume.Before.Voxels.Length + volume.After.Voxels.Length + volume.Mask.Length + (volume.Resolution?.Length ?? 0);
            if (taken <= characters || edge <= SmallestEdge)
            {
                return volume;
            }
        }
    }

    private static ReportVolume Take(
        CryoMap before, CryoMap after, CryoMap mask, CryoMap? resolution, ResolutionSpread? spread, (int X, int Y, int Z) first, GridSize crop, double step,
        CancellationToken cancellationToken)
    {
        var place = new ReportVolume(mask, first, crop, step) { Before = null!, After = null!, Mask = string.Empty };
        double finest = spread?.Finest ?? 0, coarsest = Math.Max(spread?.Coarsest ?? 1, finest + 0.01);
        byte[] shape = Array.ConvertAll(place.Average(mask, cancellationToken), value => (byte)(MaskRule.Selects(value) ? 1 : 0));
        return new ReportVolume(mask, first, crop, step)
        {
            Before = Density(before, place, cancellationToken),
            After = Density(after, place, cancellationToken),
            Mask = Deflate(shape, place.Size.X),
            Resolution = resolution is null ? null : Deflate(Array.ConvertAll(place.Nearest(resolution, cancellationToken), value => Level(value, finest, coarsest)), place.Size.X),
            FinestResolution = finest,
            CoarsestResolution = coarsest,
        };
    }

    private static byte Level(float resolution, double finest, double coarsest) =>
        resolution > 0 ? (byte)(1 + Math.Round(254 * Math.Clamp((resolution - finest) / (coarsest - finest), 0, 1))) : (byte)0;

    private static ReportDensity Density(CryoMap map, ReportVolume place, CancellationToken cancellationToken)
    {
        float[] values = place.Average(map, cancellationToken);
        float[] sorted = [.. values];
        Array.Sort(sorted);
        double low = sorted[(int)(BeyondLow * (sorted.Length - 1))], high = sorted[(int)((1 - BeyondHigh) * (sorted.Length - 1))];
        high = high > low ? high : low + 1;
        byte[] levels = Array.ConvertAll(values, value => (byte)Math.Round(255 * Math.Clamp((value - low) / (high - low), 0, 1)));
        double dark = sorted[(int)(0.01 * (sorted.Length - 1))], bright = sorted[(int)(0.995 * (sorted.Length - 1))];
        return new ReportDensity(map, low, high, dark, bright, Deflate(levels, place.Size.X), cancellationToken);
    }

    // Differences along a row: neighbours are alike, and their differences pack better. The page adds them up again.
    private static string Deflate(byte[] values, int row)
    {
        byte[] differences = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            differences[i] = (byte)(values[i] - (i % row == 0 ? 0 : values[i - 1]));
        }

        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(differences);
        }

        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    private static ((int X, int Y, int Z) First, GridSize Size) Bounds(CryoMap mask, CancellationToken cancellationToken)
    {
        GridSize size = mask.Size;
        ReadOnlySpan<float> values = mask.AsSpan(cancellationToken);
        (int lowX, int lowY, int lowZ) = (size.X, size.Y, size.Z);
        (int highX, int highY, int highZ) = (-1, -1, -1);
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<float> row = values.Slice((int)size.Offset(0, y, z), size.X);
                for (int x = 0; x < row.Length; x++)
                {
                    if (MaskRule.Selects(row[x]))
                    {
                        (lowX, highX) = (Math.Min(lowX, x), Math.Max(highX, x));
                        (lowY, highY) = (Math.Min(lowY, y), Math.Max(highY, y));
                        (lowZ, highZ) = (Math.Min(lowZ, z), Math.Max(highZ, z));
                    }
                }
            }
        }

        if (highX < 0)
        {
            throw MaskRule.Empty(mask);
        }

        int extent = Math.Max(highX - lowX, Math.Max(highY - lowY, highZ - lowZ)) + 1;
        int margin = Math.Max(LeastMargin, (int)(MarginShare * extent));
        (int x0, int x1) = Widen(lowX, highX, size.X);
        (int y0, int y1) = Widen(lowY, highY, size.Y);
        (int z0, int z1) = Widen(lowZ, highZ, size.Z);
        return ((x0, y0, z0), new GridSize(x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1));

        (int Low, int High) Widen(int low, int high, int count) => (Math.Max(0, low - margin), Math.Min(count - 1, high + margin));
    }

    private float[] Nearest(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        float[] values = new float[Size.VoxelCount];
        int at = 0;
        for (int z = 0; z < Size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < Size.Y; y++)
            {
                for (int x = 0; x < Size.X; x++)
                {
                    values[at++] = voxels[(int)map.Size.Offset(First.X + Middle(x, Crop.X), First.Y + Middle(y, Crop.Y), First.Z + Middle(z, Crop.Z))];
                }
            }
        }

        return values;

        int Middle(int texel, int voxels) => Math.Min(voxels - 1, (int)((texel + 0.5) * Step));
    }

    // The mean of what each texel covers; a voxel at its border counts in part.
    private float[] Average(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        Share[] acrossX = Shares(Crop.X, Size.X), acrossY = Shares(Crop.Y, Size.Y), acrossZ = Shares(Crop.Z, Size.Z);
        float[] values = new float[Size.VoxelCount];
        float[] row = new float[Size.X];
        for (int z = 0; z < Crop.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < Crop.Y; y++)
            {
                Array.Clear(row);
                ReadOnlySpan<float> source = voxels.Slice((int)map.Size.Offset(First.X, First.Y + y, First.Z + z), Crop.X);
                for (int x = 0; x < source.Length; x++)
                {
                    row[acrossX[x].Texel] += acrossX[x].Weight * source[x];
                    row[acrossX[x].Next] += acrossX[x].Rest * source[x];
                }

                foreach ((int plane, float deep) in acrossZ[z].Parts)
                {
                    foreach ((int line, float wide) in acrossY[y].Parts)
                    {
                        Span<float> target = values.AsSpan((int)Size.Offset(0, line, plane), Size.X);
                        float weight = deep * wide;
                        for (int x = 0; x < row.Length; x++)
                        {
                            target[x] += weight * row[x];
                        }
                    }
                }
            }
        }

        return values;
    }

    private Share[] Shares(int voxels, int texels)
    {
        var shares = new Share[voxels];
        for (int i = 0; i < voxels; i++)
        {
            int texel = Math.Min(texels - 1, (int)(i / Step)), next = Math.Min(texels - 1, texel + 1);
            double border = (texel + 1) * Step, inside = Math.Min(1, border - i);
            shares[i] = new Share(texel, (float)(inside / Width(texel)), next, next == texel ? 0 : (float)((1 - inside) / Width(next)));
        }

        return shares;

        // The last texel may reach beyond the end.
        double Width(int texel) => Math.Min(voxels, (texel + 1) * Step) - (texel * Step);
    }

    private readonly record struct Share(int Texel, float Weight, int Next, float Rest)
    {
        public IEnumerable<(int Texel, float Weight)> Parts => Rest > 0 ? [(Texel, Weight), (Next, Rest)] : [(Texel, Weight)];
    }
}
