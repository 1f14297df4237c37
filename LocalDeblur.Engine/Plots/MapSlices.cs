using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Plots;

/// <summary>One map of a picture of slices.</summary>
/// <param name="Caption">Short text above its slices.</param>
/// <param name="Map">The map.</param>
/// <param name="Black">Value at the dark end of the scale; null for the percentile of <see cref="MapSliceOptions"/>.</param>
/// <param name="White">Value at the bright end; null for the percentile of <see cref="MapSliceOptions"/>.</param>
public sealed record MapSliceRow(string Caption, CryoMap Map, double? Black = null, double? White = null);

/// <summary>
/// Slices or projections of one or more maps of the same size as one picture: three at right angles for each map, or a montage.
/// </summary>
/// <remarks>
/// The first letter of a slice's name runs to the right and the second upwards. Slices are enlarged by cubic convolution
/// (<see cref="CubicConvolution"/>), which passes through the voxels' values; those of resolutions by repetition, so that nothing is between a resolution and none. NaN is
/// drawn as the dark end. Above each map stand its caption and its scale; a bar of a round length in Å lies in the first slice of a line, and in others where the voxels have
/// another width.
/// </remarks>
public static class MapSlices
{
    private const int Gap = 4;
    private const byte Paper = 255;
    private const string Png = ".png";

    /// <summary>Whether the name of a file has the suffix of a picture of slices: .png.</summary>
    /// <param name="path">Path or name.</param>
    public static bool IsPicture(string path) => path is not null && path.EndsWith(Png, StringComparison.OrdinalIgnoreCase);

    /// <summary>The refusal of a name that is not one of such a picture.</summary>
    /// <param name="path">The name.</param>
    public static EngineException NameUnsupported(string path) => new(
        EngineError.PlotFileNameUnsupported, $"'{path}' does not say what picture to write; slices are pixels, so that a name ends in {Png}.", path);

    /// <summary>Draws the picture and writes it, whole or not at all.</summary>
    /// <param name="rows">The maps, top to bottom; at least one, all of one size.</param>
    /// <param name="path">Picture to write, .png; a relative path starts at the process directory.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    /// <exception cref="EngineException">PlotFileNameUnsupported, MapFileExists, MapFileInaccessible; MapSizeMismatch; ParameterOutOfRange for a position outside
    /// the box or an option out of range.</exception>
    public static void Write(
        IReadOnlyList<MapSliceRow> rows, string path, bool overwrite, MapSliceOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!IsPicture(path))
        {
            throw NameUnsupported(path);
        }

        ResultFile.RequireWritable(path, overwrite);
        PngImage image = Render(rows, options, cancellationToken);
        ResultFile.Write(path, overwrite, image.Write);
    }

    /// <summary>Draws the picture.</summary>
    /// <param name="rows">The maps, top to bottom; at least one, all of one size.</param>
    /// <param name="options">How to draw; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    /// <exception cref="EngineException">MapSizeMismatch; ParameterOutOfRange for a position outside the box or an option out of range.</exception>
    internal static PngImage Render(IReadOnlyList<MapSliceRow> rows, MapSliceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MapSliceOptions();
        (MapSliceRow Row, MapSlicePanel[] Panels)[] drawn = Cut(rows, options, cancellationToken);
        MapPalette palette = PaletteOf(options);
        MapSlicePanel[][] lines = [.. drawn[0].Panels.Chunk(MapSlicePanel.PerLine)];
        int columns = lines[0].Sum(panel => panel.Across), gaps = lines[0].Length + 1;
        int factor = Math.Max(1, (options.MinimumWidth - (gaps * Gap) + columns - 1) / columns);
        int[] heights = [.. lines.Select(line => (line.Max(panel => panel.Down) * factor) + Gap)];
        int width = (columns * factor) + (gaps * Gap);
        int strip = MapSliceLabels.StripHeight(width);
        var image = new PngImage(width, Gap + (rows.Count * (strip + heights.Sum())), palette == MapPalette.Grey && !options.IsResolution ? 1 : 3);
        for (int line = 0; line < image.Height; line++)
        {
            image.Row(line).Fill(Paper);
        }

        var labels = new MapSliceLabels(image);
        MapSlicePanel[]? outlines = options.Outline is { } mask ? MapSlicePanel.Of(mask, options, cancellationToken) : null;
        int top = Gap;
        foreach ((MapSliceRow row, MapSlicePanel[] panels) in drawn)
        {
            MapScale scale = MapScale.Of(row, panels, options, palette);
            labels.DrawStrip(row.Caption, scale, Gap, top, width - (2 * Gap));
            top += strip;
            foreach ((int number, MapSlicePanel[] line) in panels.Chunk(MapSlicePanel.PerLine).Index())
            {
                int left = Gap;
                foreach ((int column, MapSlicePanel panel) in line.Index())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Paint(image, panel, left, top, factor, scale);
                    if (outlines is not null)
                    {
                        PaintOutline(image, outlines[(number * MapSlicePanel.PerLine) + column], left, top, factor);
                    }

                    labels.BeginSlice(left, top, panel.Across * factor, panel.Down * factor);
                    labels.DrawPlace(panel.Label);
                    if (column == 0 || panel.Spacing != line[column - 1].Spacing)
                    {
                        labels.DrawBar(factor / panel.Spacing);
                    }

                    labels.EndSlice();
                    left += (panel.Across * factor) + Gap;
                }

                top += heights[number];
            }
        }

        return image;
    }

    /// <summary>The panels of maps, after a check of what was asked for.</summary>
    /// <param name="rows">The maps; at least one, all of one size.</param>
    /// <param name="options">What is shown.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    internal static (MapSliceRow Row, MapSlicePanel[] Panels)[] Cut(IReadOnlyList<MapSliceRow> rows, MapSliceOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        CryoMap model = rows[0].Map;
        foreach (MapSliceRow row in rows)
        {
            if (row.Map.Size != model.Size)
            {
                model.Grid.RequireSameAs(model.Name, row.Map.Grid, row.Map.Name);
            }
        }

        Check(options, model);
        return [.. rows.Select(row => (row, MapSlicePanel.Of(row.Map, options, cancellationToken)))];
    }

    /// <summary>The colours that are meant.</summary>
    /// <param name="options">What is shown.</param>
    internal static MapPalette PaletteOf(MapSliceOptions options) => options.Palette ?? (options.IsResolution ? MapPalette.Viridis : MapPalette.Grey);

    private static void Check(MapSliceOptions options, CryoMap map)
    {
        if (options.Position is { } position
            && ((uint)position.X >= (uint)map.Size.X || (uint)position.Y >= (uint)map.Size.Y || (uint)position.Z >= (uint)map.Size.Z))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"The slices are to run through voxel ({position.X}, {position.Y}, {position.Z}); ")
                    + Say($"'{map.Name}' has {map.Size} voxels, numbered from 0. Give a voxel inside the map."),
                map.Name);
        }

        if (!(options.BlackPercentile >= 0 && options.WhitePercentile > options.BlackPercentile && options.WhitePercentile <= 100))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"The slices' grey window is {options.BlackPercentile} to {options.WhitePercentile} %; expected two rising percentages from 0 to 100."));
        }

        Require(options.Crop is >= 0.05 and <= 1, Say($"The slices' share of the box is {options.Crop}; expected 0.05 to 1."));
        Require(options.MinimumWidth is >= 200 and <= 8000, Say($"The slices' width is {options.MinimumWidth} pixels; expected 200 to 8000."));
        Require(
            options.Count is >= MapSliceOptions.SmallestCount and <= MapSliceOptions.LargestCount,
            Say($"A montage is to have {options.Count} slices; expected {MapSliceOptions.SmallestCount} to {MapSliceOptions.LargestCount}."));

        static void Require(bool isGood, string message)
        {
            if (!isGood)
            {
                throw new EngineException(EngineError.ParameterOutOfRange, message);
            }
        }
    }

    // White, two pixels wide, along the borders between voxels inside and outside.
    private static void PaintOutline(PngImage image, MapSlicePanel mask, int left, int top, int factor)
    {
        int width = mask.Across * factor, height = mask.Down * factor;
        for (int py = 0; py + 1 < height; py++)
        {
            for (int px = 0; px + 1 < width; px++)
            {
                bool here = IsInside(px, py);
                if (here != IsInside(px + 1, py) || here != IsInside(px, py + 1))
                {
                    for (int y = py; y < py + 2; y++)
                    {
                        Span<byte> pixels = image.Row(top + y)[(image.Channels * (left + px))..];
                        pixels[..(2 * image.Channels)].Fill(Paper);
                    }
                }
            }
        }

        bool IsInside(int px, int py) => MaskRule.Selects(mask.Values[(py / factor * mask.Across) + (px / factor)]);
    }

    private static void Paint(PngImage image, MapSlicePanel panel, int left, int top, int factor, MapScale scale)
    {
        (int across, int down, float[] slice) = (panel.Across, panel.Down, panel.Values);
        if (scale.IsResolution)
        {
            for (int py = 0; py < down * factor; py++)
            {
                Span<byte> pixels = image.Row(top + py)[(image.Channels * left)..];
                for (int px = 0; px < across * factor; px++)
                {
                    scale.Paint(pixels.Slice(image.Channels * px, image.Channels), slice[(py / factor * across) + (px / factor)]);
                }
            }

            return;
        }

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

        for (int py = 0; py < down * factor; py++)
        {
            (int first, double w0, double w1, double w2, double w3) = Weights(py, factor);
            ReadOnlySpan<float> r0 = wide.AsSpan(Math.Clamp(first, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r1 = wide.AsSpan(Math.Clamp(first + 1, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r2 = wide.AsSpan(Math.Clamp(first + 2, 0, down - 1) * across * factor, across * factor);
            ReadOnlySpan<float> r3 = wide.AsSpan(Math.Clamp(first + 3, 0, down - 1) * across * factor, across * factor);
            Span<byte> pixels = image.Row(top + py)[(image.Channels * left)..];
            for (int px = 0; px < across * factor; px++)
            {
                scale.Paint(pixels.Slice(image.Channels * px, image.Channels), (w0 * r0[px]) + (w1 * r1[px]) + (w2 * r2[px]) + (w3 * r3[px]));
            }
        }
    }

    // Weights of the four voxels from 'First' on at pixel p, whose centre lies at (p + ½)/factor − ½ voxels.
    private static (int First, double W0, double W1, double W2, double W3) Weights(int p, int factor)
    {
        double place = ((p + 0.5) / factor) - 0.5;
        double floor = Math.Floor(place);
        (double w0, double w1, double w2, double w3) = CubicConvolution.Weights(place - floor);
        return ((int)floor - 1, w0, w1, w2, w3);
    }
}
