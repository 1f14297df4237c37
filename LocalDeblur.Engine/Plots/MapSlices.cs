using System.Globalization;
using LocalDeblur.Maps;

namespace LocalDeblur.Plots;

/// <summary>One map of a picture of slices.</summary>
/// <param name="Caption">Short text above its slices.</param>
/// <param name="Map">The map.</param>
/// <param name="Black">Value shown black; null for the percentile of <see cref="MapSliceOptions"/>.</param>
/// <param name="White">Value shown white; null for the percentile of <see cref="MapSliceOptions"/>.</param>
internal sealed record MapSliceRow(string Caption, CryoMap Map, double? Black = null, double? White = null);

/// <summary>How slices are drawn.</summary>
internal sealed record MapSliceOptions
{
    /// <summary>Voxel through which the three slices pass; null for the centre (n/2 along each axis).</summary>
    public (int X, int Y, int Z)? Position { get; init; }

    /// <summary>Percentage of the shown voxels that lie below black, 0 … 100.</summary>
    public double BlackPercentile { get; init; } = 1;

    /// <summary>Percentage of the shown voxels that lie below white, above <see cref="BlackPercentile"/>, at most 100.</summary>
    public double WhitePercentile { get; init; } = 99.5;

    /// <summary>Share of each edge that is shown, 0.05 … 1: about <see cref="Position"/>, moved inwards where it would leave the box.</summary>
    public double Crop { get; init; } = 1;

    /// <summary>Smallest width of the picture (pixels), 200 … 8000; the slices are enlarged by the least whole number that reaches it.</summary>
    public int MinimumWidth { get; init; } = 900;
}

/// <summary>
/// Three slices at right angles through one or more maps on the same grid, as one grey picture: a row per map, columns XY, XZ and YZ.
/// </summary>
/// <remarks>
/// High values are white. The first letter of a column's name runs to the right and the second upwards. Slices are enlarged by cubic convolution (Keys,
/// <i>IEEE Trans. ASSP</i> 29 (1981) 1153, a = −½), which passes through the voxels' values. NaN is drawn black. Above each row stand its caption and the
/// values shown black and white; a bar of a round length in Å lies in its first slice, and in others where the voxels have another width.
/// </remarks>
internal static class MapSlices
{
    private const int Gap = 4;
    private const byte Paper = 255;

    private enum Plane
    {
        XY,
        XZ,
        YZ,
    }

    /// <summary>Draws the picture.</summary>
    /// <param name="rows">The maps, top to bottom; at least one, all of one size.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    /// <exception cref="EngineException">MapSizeMismatch; ParameterOutOfRange for a position outside the box or an option out of range.</exception>
    public static PngImage Render(IReadOnlyList<MapSliceRow> rows, MapSliceOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        options ??= new MapSliceOptions();
        CryoMap model = rows[0].Map;
        foreach (MapSliceRow row in rows)
        {
            if (row.Map.Size != model.Size)
            {
                model.Grid.RequireSameAs(model.Name, row.Map.Grid, row.Map.Name);
            }
        }

        (int x, int y, int z) position = options.Position ?? (model.Size.X / 2, model.Size.Y / 2, model.Size.Z / 2);
        Check(options, position, model);
        (int x, int y, int z) shown = (Shown(model.Size.X, options), Shown(model.Size.Y, options), Shown(model.Size.Z, options));

        int columns = shown.x + shown.x + shown.y;
        int factor = Math.Max(1, (options.MinimumWidth - (4 * Gap) + columns - 1) / columns);
        int panelHeight = Math.Max(shown.y, shown.z) * factor;
        int width = (columns * factor) + (4 * Gap);
        int strip = MapSliceLabels.StripHeight(width);
        var image = new PngImage(width, Gap + (rows.Count * (strip + panelHeight + Gap)), 1);
        for (int line = 0; line < image.Height; line++)
        {
            image.Row(line).Fill(Paper);
        }

        var labels = new MapSliceLabels(image);
        int top = Gap;
        foreach (MapSliceRow row in rows)
        {
            float[][] slices = new float[3][];
            for (int i = 0; i < slices.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                slices[i] = Cut(row.Map, (Plane)i, position, shown, cancellationToken);
            }

            (double black, double white) = Window(slices, row, options);
            labels.DrawStrip(row.Caption, black, white, Gap, top, width - (2 * Gap));
            top += strip;
            int left = Gap;
            for (int i = 0; i < slices.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (int across, int down) = (Plane)i switch
                {
                    Plane.XY => (shown.x, shown.y),
                    Plane.XZ => (shown.x, shown.z),
                    _ => (shown.y, shown.z),
                };
                Paint(image, slices[i], across, down, left, top, factor, black, white);
                labels.BeginSlice(left, top, across * factor, down * factor);
                labels.DrawPlace((Plane)i switch
                {
                    Plane.XY => string.Create(CultureInfo.InvariantCulture, $"XY  z = {position.z}"),
                    Plane.XZ => string.Create(CultureInfo.InvariantCulture, $"XZ  y = {position.y}"),
                    _ => string.Create(CultureInfo.InvariantCulture, $"YZ  x = {position.x}"),
                });
                MapGrid grid = row.Map.Grid;
                if ((Plane)i == Plane.XY)
                {
                    labels.DrawBar(factor / grid.Spacing.X);
                }
                else if ((Plane)i == Plane.YZ && !grid.HasCubicVoxels)
                {
                    labels.DrawBar(factor / grid.Spacing.Y);
                }

                labels.EndSlice();
                left += (across * factor) + Gap;
            }

            top += panelHeight + Gap;
        }

        return image;
    }

    private static void Check(MapSliceOptions options, (int X, int Y, int Z) position, CryoMap map)
    {
        if ((uint)position.X >= (uint)map.Size.X || (uint)position.Y >= (uint)map.Size.Y || (uint)position.Z >= (uint)map.Size.Z)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                FormattableString.Invariant($"The slices are to run through voxel ({position.X}, {position.Y}, {position.Z}); ")
                    + FormattableString.Invariant($"'{map.Name}' has {map.Size} voxels, numbered from 0. Give a voxel inside the map."),
                map.Name);
        }

        if (!(options.BlackPercentile >= 0 && options.WhitePercentile > options.BlackPercentile && options.WhitePercentile <= 100))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                FormattableString.Invariant($"The slices' grey window is {options.BlackPercentile} to {options.WhitePercentile} %; ")
                    + "expected two rising percentages from 0 to 100.");
        }

        if (options.Crop is not (>= 0.05 and <= 1))
        {
            throw new EngineException(EngineError.ParameterOutOfRange, FormattableString.Invariant($"The slices' share of the box is {options.Crop}; expected 0.05 to 1."));
        }

        if (options.MinimumWidth is not (>= 200 and <= 8000))
        {
            throw new EngineException(EngineError.ParameterOutOfRange, FormattableString.Invariant($"The slices' width is {options.MinimumWidth} pixels; expected 200 to 8000."));
        }
    }

    private static int Shown(int voxels, MapSliceOptions options) => Math.Max(1, (int)Math.Round(voxels * options.Crop));

    private static int First(int position, int shown, int voxels) => Math.Clamp(position - (shown / 2), 0, voxels - shown);

    // One slice, cropped about the position, its rows from top to bottom as they will be seen (second axis upwards).
    private static float[] Cut(CryoMap map, Plane plane, (int X, int Y, int Z) position, (int X, int Y, int Z) shown, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        GridSize size = map.Size;
        int firstX = First(position.X, shown.X, size.X);
        int firstY = First(position.Y, shown.Y, size.Y);
        int firstZ = First(position.Z, shown.Z, size.Z);
        (int across, int down) = plane switch
        {
            Plane.XY => (shown.X, shown.Y),
            Plane.XZ => (shown.X, shown.Z),
            _ => (shown.Y, shown.Z),
        };
        float[] slice = new float[across * down];
        for (int v = 0; v < down; v++)
        {
            for (int u = 0; u < across; u++)
            {
                long offset = plane switch
                {
                    Plane.XY => size.Offset(firstX + u, firstY + v, position.Z),
                    Plane.XZ => size.Offset(firstX + u, position.Y, firstZ + v),
                    _ => size.Offset(position.X, firstY + u, firstZ + v),
                };
                slice[((down - 1 - v) * across) + u] = voxels[(int)offset];
            }
        }

        return slice;
    }

    private static (double Black, double White) Window(float[][] slices, MapSliceRow row, MapSliceOptions options)
    {
        float[] sorted = [.. slices.SelectMany(slice => slice).Where(float.IsFinite)];
        Array.Sort(sorted);
        double At(double percentile) => sorted.Length == 0 ? 0 : sorted[(int)Math.Round(percentile / 100 * (sorted.Length - 1))];
        double black = row.Black ?? At(options.BlackPercentile);
        double white = row.White ?? At(options.WhitePercentile);
        return (black, white > black ? white : black + 1);
    }

    private static void Paint(PngImage image, float[] slice, int across, int down, int left, int top, int factor, double black, double white)
    {
        // Columns first: each row of the slice is widened once, and each row of the picture mixes four of them.
        float[] wide = new float[across * factor * down];
        for (int v = 0; v < down; v++)
        {
            for (int px = 0; px < across * factor; px++)
            {
                (int first, double w0, double w1, double w2, double w3) = Weights(px, factor);
                wide[(v * across * factor) + px] = (float)(
                    (w0 * slice[(v * across) + Math.Clamp(first, 0, across - 1)]) +
                    (w1 * slice[(v * across) + Math.Clamp(first + 1, 0, across - 1)]) +
                    (w2 * slice[(v * across) + Math.Clamp(first + 2, 0, across - 1)]) +
                    (w3 * slice[(v * across) + Math.Clamp(first + 3, 0, across - 1)]));
            }
        }

        double scale = 255 / (white - black);
        for (int py = 0; py < down * factor; py++)
        {
            (int first, double w0, double w1, double w2, double w3) = Weights(py, factor);
            ReadOnlySpan<float> r0 = wide.AsSpan(Math.Clamp(first, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r1 = wide.AsSpan(Math.Clamp(first + 1, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r2 = wide.AsSpan(Math.Clamp(first + 2, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r3 = wide.AsSpan(Math.Clamp(first + 3, 0, down - 1) * across * factor, across * factor);
            Span<byte> pixels = image.Row(top + py).Slice(left, across * factor);
            for (int px = 0; px < pixels.Length; px++)
            {
                double value = (w0 * r0[px]) + (w1 * r1[px]) + (w2 * r2[px]) + (w3 * r3[px]);
                double grey = (value - black) * scale;
                pixels[px] = grey >= 0 ? (byte)(Math.Min(grey, 255) + 0.5) : (byte)0; // NaN fails the test
            }
        }
    }

    // Weights of the four voxels from 'First' on at pixel p, whose centre lies at (p + ½)/factor − ½ voxels.
    private static (int First, double W0, double W1, double W2, double W3) Weights(int p, int factor)
    {
        double place = ((p + 0.5) / factor) - 0.5;
        double floor = Math.Floor(place);
        double t = place - floor;
        return (
            (int)floor - 1,
            0.5 * t * ((t * (2 - t)) - 1),
            0.5 * ((t * t * ((3 * t) - 5)) + 2),
            0.5 * t * ((t * (4 - (3 * t))) + 1),
            0.5 * t * t * (t - 1));
    }
}
