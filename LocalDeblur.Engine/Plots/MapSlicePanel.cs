using LocalDeblur.Maps;

namespace LocalDeblur.Plots;

/// <summary>One slice or projection of a map, its rows from top to bottom as they are seen: the second axis runs upwards.</summary>
/// <param name="Label">Which it is, for example "XY  z = 64".</param>
/// <param name="Across">Pixels of a row.</param>
/// <param name="Down">Rows.</param>
/// <param name="Values">The values, row after row.</param>
/// <param name="Spacing">Width of a pixel (Å).</param>
internal sealed record MapSlicePanel(string Label, int Across, int Down, float[] Values, double Spacing)
{
    /// <summary>Panels in a line of a picture.</summary>
    public const int PerLine = 3;

    private enum Plane
    {
        XY,
        XZ,
        YZ,
    }

    /// <summary>The panels of a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">What is shown; checked already.</param>
    /// <param name="cancellationToken">Stops between two of them.</param>
    public static MapSlicePanel[] Of(CryoMap map, MapSliceOptions options, CancellationToken cancellationToken)
    {
        (int x, int y, int z) = options.Position ?? (map.Size.X / 2, map.Size.Y / 2, map.Size.Z / 2);
        Span span = new(Range(x, map.Size.X, options), Range(y, map.Size.Y, options), Range(z, map.Size.Z, options));
        if (options.View == MapView.Montage)
        {
            int count = Math.Min(options.Count, span.Z.Length);
            return
            [
                .. from i in Enumerable.Range(0, count)
                   let height = span.Z.First + (int)(((2L * i) + 1) * span.Z.Length / (2L * count))
                   select Cut(map, Plane.XY, span with { Z = (height, 1) }, Say($"z = {height}"), cancellationToken),
            ];
        }

        if (options.View == MapView.Projection)
        {
            return
            [
                Cut(map, Plane.XY, span, "XY  mean over z", cancellationToken),
                Cut(map, Plane.XZ, span, "XZ  mean over y", cancellationToken),
                Cut(map, Plane.YZ, span, "YZ  mean over x", cancellationToken),
            ];
        }

        return
        [
            Cut(map, Plane.XY, span with { Z = (z, 1) }, Say($"XY  z = {z}"), cancellationToken),
            Cut(map, Plane.XZ, span with { Y = (y, 1) }, Say($"XZ  y = {y}"), cancellationToken),
            Cut(map, Plane.YZ, span with { X = (x, 1) }, Say($"YZ  x = {x}"), cancellationToken),
        ];
    }

    private static (int First, int Length) Range(int position, int voxels, MapSliceOptions options)
    {
        int shown = Math.Max(1, (int)Math.Round(voxels * options.Crop));
        return (Math.Clamp(position - (shown / 2), 0, voxels - shown), shown);
    }

    // The mean over what lies behind each pixel, which is one voxel for a slice.
    private static MapSlicePanel Cut(CryoMap map, Plane plane, Span span, string label, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        GridSize size = map.Size;
        (int across, int down) = plane switch
        {
            Plane.XY => (span.X.Length, span.Y.Length),
            Plane.XZ => (span.X.Length, span.Z.Length),
            _ => (span.Y.Length, span.Z.Length),
        };
        double[] sums = new double[across * down];
        for (int z = span.Z.First; z < span.Z.First + span.Z.Length; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = span.Y.First; y < span.Y.First + span.Y.Length; y++)
            {
                ReadOnlySpan<float> row = voxels.Slice((int)size.Offset(span.X.First, y, z), span.X.Length);
                (int u, int v) = plane switch { Plane.XY => (0, y - span.Y.First), Plane.XZ => (0, z - span.Z.First), _ => (y - span.Y.First, z - span.Z.First) };
                int at = ((down - 1 - v) * across) + u;
                for (int x = 0; x < row.Length; x++)
                {
                    sums[plane == Plane.YZ ? at : at + x] += row[x];
                }
            }
        }

        double depth = (double)span.X.Length * span.Y.Length * span.Z.Length / sums.Length;
        float[] values = Array.ConvertAll(sums, sum => (float)(sum / depth));
        return new MapSlicePanel(label, across, down, values, plane == Plane.YZ ? map.Grid.Spacing.Y : map.Grid.Spacing.X);
    }

    private readonly record struct Span((int First, int Length) X, (int First, int Length) Y, (int First, int Length) Z);
}
