namespace LocalDeblur.Maps;

/// <summary>How far a map is from a reference, over all voxels or over those of a mask.</summary>
public sealed record MapComparison
{
    /// <summary>Name of the map, with the steps that tell it from others of this name (<see cref="MapLabel"/>).</summary>
    public required string Map { get; init; }

    /// <summary>Name of the reference, likewise.</summary>
    public required string Reference { get; init; }

    /// <summary>Name of the mask, likewise; null where all voxels were compared.</summary>
    public string? Mask { get; init; }

    /// <summary>Number of voxels compared.</summary>
    public required long VoxelCount { get; init; }

    /// <summary>‖map − reference‖ / ‖reference‖; 0 for equal maps, infinite or NaN where the reference is zero.</summary>
    public required double RelativeRmsDifference { get; init; }

    /// <summary>Root mean square of map − reference.</summary>
    public required double RmsDifference { get; init; }

    /// <summary>Largest |map − reference|.</summary>
    public required double MaximumDifference { get; init; }

    /// <summary>Index along x of the first voxel with the largest difference.</summary>
    public required int X { get; init; }

    /// <summary>Index along y of that voxel.</summary>
    public required int Y { get; init; }

    /// <summary>Index along z of that voxel.</summary>
    public required int Z { get; init; }

    /// <summary>Pearson correlation coefficient; NaN where either map is constant.</summary>
    public required double Correlation { get; init; }

    /// <summary>Compares two maps voxel by voxel.</summary>
    /// <param name="map">The map.</param>
    /// <param name="reference">What it is compared with, on the same grid.</param>
    /// <param name="mask">Voxels of 0.5 and more are compared; null compares all. On the same grid.</param>
    /// <param name="cancellationToken">Looked at once a plane.</param>
    /// <remarks>All sums are in double precision, plane after plane, on one thread, so that the result is the same everywhere.</remarks>
    /// <exception cref="EngineException">MapSizeMismatch, VoxelSizeMismatch, MapOriginMismatch, MapNotFinite, or MaskEmpty.</exception>
    public static MapComparison Compare(CryoMap map, CryoMap reference, CryoMap? mask = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(reference);
        map.Grid.RequireSameAs(map.Name, reference.Grid, reference.Name);
        if (mask is not null)
        {
            map.Grid.RequireSameAs(map.Name, mask.Grid, mask.Name);
            mask.RequireNumbers(cancellationToken);
        }

        map.RequireNumbers(cancellationToken);
        reference.RequireNumbers(cancellationToken);

        GridSize size = map.Size;
        int plane = checked(size.X * size.Y);
        ReadOnlySpan<float> a = map.AsSpan(cancellationToken);
        ReadOnlySpan<float> b = reference.AsSpan(cancellationToken);
        ReadOnlySpan<float> selection = mask is null ? default : mask.AsSpan(cancellationToken);
        var sums = default(Sums);
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = z * plane;
            sums.Merge(Measure(a.Slice(start, plane), b.Slice(start, plane), mask is null ? default : selection.Slice(start, plane), start));
        }

        if (sums.Count == 0)
        {
            throw MaskRule.Empty(mask!);
        }

        return new MapComparison
        {
            Map = MapLabel.Of(map),
            Reference = MapLabel.Of(reference),
            Mask = mask is null ? null : MapLabel.Of(mask),
            VoxelCount = sums.Count,
            RelativeRmsDifference = sums.Difference == 0 ? 0 : Math.Sqrt(sums.Difference / sums.ReferenceSquares),
            RmsDifference = Math.Sqrt(sums.Difference / sums.Count),
            MaximumDifference = sums.Largest,
            X = sums.Position % size.X,
            Y = sums.Position / size.X % size.Y,
            Z = sums.Position / plane,
            Correlation = sums.Correlation,
        };
    }

    /// <summary>For example <c>a.mrc against b.mrc: relative RMS difference 1.2E-07</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Map} against {Reference}: relative RMS difference {RelativeRmsDifference:G3}");

    private static Sums Measure(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> mask, int start)
    {
        var sums = new Sums { Largest = -1 };
        for (int i = 0; i < a.Length; i++)
        {
            if (!mask.IsEmpty && !MaskRule.Selects(mask[i]))
            {
                continue;
            }

            double difference = Math.Abs((double)a[i] - b[i]);
            if (difference > sums.Largest)
            {
                sums.Largest = difference;
                sums.Position = start + i;
            }

            sums.Count++;
            sums.Difference += difference * difference;
            sums.ReferenceSquares += (double)b[i] * b[i];
            sums.MeanA += a[i];
            sums.MeanB += b[i];
        }

        if (sums.Count == 0)
        {
            return sums;
        }

        sums.MeanA /= sums.Count;
        sums.MeanB /= sums.Count;
        for (int i = 0; i < a.Length; i++)
        {
            if (mask.IsEmpty || MaskRule.Selects(mask[i]))
            {
                double deviationA = a[i] - sums.MeanA;
                double deviationB = b[i] - sums.MeanB;
                sums.SquaresA += deviationA * deviationA;
                sums.SquaresB += deviationB * deviationB;
                sums.Products += deviationA * deviationB;
            }
        }

        return sums;
    }

    /// <summary>Sums of a plane or of all planes so far. Deviations are merged as by Chan, Golub and LeVeque (1979), so that large means do no harm.</summary>
    private struct Sums
    {
        public long Count;
        public double Difference;
        public double ReferenceSquares;
        public double MeanA;
        public double MeanB;
        public double SquaresA;
        public double SquaresB;
        public double Products;
        public double Largest;
        public int Position;

        public readonly double Correlation => SquaresA > 0 && SquaresB > 0 ? Products / Math.Sqrt(SquaresA) / Math.Sqrt(SquaresB) : double.NaN;

        public void Merge(Sums plane)
        {
            if (plane.Count == 0)
            {
                return;
            }

            if (Count == 0)
            {
                this = plane;
                return;
            }

            long total = Count + plane.Count;
            double weight = (double)Count * plane.Count / total;
            double differenceA = plane.MeanA - MeanA;
            double differenceB = plane.MeanB - MeanB;
            SquaresA += plane.SquaresA + differenceA * differenceA * weight;
            SquaresB += plane.SquaresB + differenceB * differenceB * weight;
            Products += plane.Products + differenceA * differenceB * weight;
            MeanA += differenceA * plane.Count / total;
            MeanB += differenceB * plane.Count / total;
            Difference += plane.Difference;
            ReferenceSquares += plane.ReferenceSquares;
            Count = total;
            if (plane.Largest > Largest)
            {
                Largest = plane.Largest;
                Position = plane.Position;
            }
        }
    }
}
