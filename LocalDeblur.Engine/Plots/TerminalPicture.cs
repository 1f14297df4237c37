using System.Globalization;
using System.Text;

namespace LocalDeblur.Plots;

/// <summary>How a terminal shows pictures.</summary>
public enum TerminalStyle
{
    /// <summary>Plain characters.</summary>
    Text,

    /// <summary>Half blocks and dots in colours.</summary>
    Blocks,

    /// <summary>Pixels, as DEC's Sixel graphics.</summary>
    Sixel,
}

/// <summary>What is known of a terminal.</summary>
/// <param name="Style">How it shows pictures.</param>
/// <param name="Columns">Characters of a line, at least 20.</param>
/// <param name="Rows">Lines, at least 10.</param>
/// <param name="HasTrueColor">Whether it knows every colour, or 256 of them.</param>
public sealed record TerminalScreen(TerminalStyle Style, int Columns, int Rows, bool HasTrueColor = true);

/// <summary>Pictures of maps as text for a terminal. The caller writes it; nothing here asks a terminal.</summary>
/// <remarks>Colours are those of ECMA-48 with 24 bits, or the 6 × 6 × 6 cube of xterm. The text ends with a line end.</remarks>
public static class TerminalPicture
{
    private const string Escape = "\e[";
    private const string Plain = "\e[0m";
    private const char UpperHalf = '\u2580';
    private const string Ramp = " .:-=+*#%@";

    // Pixels of a character, as most terminals have them.
    private const int CharacterWidth = 8;

    /// <summary>Slices of maps, or projections.</summary>
    /// <param name="rows">The maps; at least one, all of one size.</param>
    /// <param name="options">What is shown; null for three slices through the centre.</param>
    /// <param name="screen">The terminal.</param>
    /// <param name="cancellationToken">Stops between two slices.</param>
    /// <exception cref="EngineException">As <see cref="MapSlices.Write"/>.</exception>
    public static string Slices(IReadOnlyList<MapSliceRow> rows, MapSliceOptions? options, TerminalScreen screen, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(screen);
        options ??= new MapSliceOptions();
        if (screen.Style == TerminalStyle.Sixel)
        {
            int width = Math.Clamp(screen.Columns * CharacterWidth, 200, 1600);
            return SixelEncoder.Encode(MapSlices.Render(rows, options with { MinimumWidth = width / 2 }, cancellationToken));
        }

        var text = new StringBuilder();
        foreach ((MapSliceRow row, MapSlicePanel[] panels) in MapSlices.Cut(rows, options, cancellationToken))
        {
            MapScale scale = MapScale.Of(row, panels, options, MapSlices.PaletteOf(options));
            string unit = scale.IsResolution ? " Å" : string.Empty;
            text.Append(Safe(row.Caption)).Append(CultureInfo.InvariantCulture, $"  {scale.Black:G3} to {scale.White:G3}{unit}\n");
            foreach (MapSlicePanel[] line in panels.Chunk(MapSlicePanel.PerLine))
            {
                Draw(text, line, scale, screen);
            }
        }

        return text.ToString();
    }

    /// <summary>A plot of lines.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="screen">The terminal.</param>
    public static string Plot(LinePlot plot, TerminalScreen screen)
    {
        ArgumentNullException.ThrowIfNull(screen);
        return screen.Style == TerminalStyle.Sixel ? SixelEncoder.Encode(PngPlot.Render(plot, 1)) : TerminalPlot.Draw(plot, screen);
    }

    /// <summary>What sets the colour of characters.</summary>
    /// <param name="color">0xRRGGBB.</param>
    /// <param name="screen">The terminal.</param>
    /// <param name="isGround">True for the colour behind them.</param>
    internal static string Color(int color, TerminalScreen screen, bool isGround = false)
    {
        (int red, int green, int blue) = (color >> 16, (color >> 8) & 0xFF, color & 0xFF);
        string place = isGround ? "48" : "38";
        return screen.HasTrueColor
            ? string.Create(CultureInfo.InvariantCulture, $"{Escape}{place};2;{red};{green};{blue}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Escape}{place};5;{16 + (36 * Sixth(red)) + (6 * Sixth(green)) + Sixth(blue)}m");

        static int Sixth(int channel) => (int)Math.Round(channel * 5 / 255.0);
    }

    /// <summary>Text from outside, without what a terminal would take for commands.</summary>
    /// <param name="text">Any text.</param>
    internal static string Safe(string text) => string.Concat(text.Select(sign => char.IsControl(sign) ? '?' : sign));

    private static void Draw(StringBuilder text, MapSlicePanel[] line, MapScale scale, TerminalScreen screen)
    {
        // A character is two pixels high.
        double fit = Math.Min((screen.Columns - line.Length) / (double)line.Sum(panel => panel.Across), 2.0 * (screen.Rows - 4) / line.Max(panel => panel.Down));
        (int Width, int Height)[] sizes = [.. line.Select(panel => (Math.Max(1, (int)(panel.Across * fit)), Math.Max(2, (int)(panel.Down * fit))))];
        for (int y = 0; y < sizes.Max(size => size.Height); y += 2)
        {
            for (int i = 0; i < line.Length; i++)
            {
                for (int x = 0; x < sizes[i].Width; x++)
                {
                    text.Append(y < sizes[i].Height ? Character(line[i], x, y, sizes[i], scale, screen) : screen.Style == TerminalStyle.Blocks ? $"{Plain} " : " ");
                }

                text.Append(screen.Style == TerminalStyle.Blocks ? $"{Plain} " : " ");
            }

            text.Append('\n');
        }

        for (int i = 0; i < line.Length; i++)
        {
            string bar = Say($"{line[i].Label}, {line[i].Across * line[i].Spacing:0.#} Å wide");
            string label = bar.Length <= sizes[i].Width ? bar : line[i].Label;
            text.Append(label.Length <= sizes[i].Width ? label.PadRight(sizes[i].Width + 1) : label[..sizes[i].Width] + " ");
        }

        text.Append('\n');
    }

    private static string Character(MapSlicePanel panel, int x, int y, (int Width, int Height) size, MapScale scale, TerminalScreen screen)
    {
        double upper = Mean(panel, x, y, size, scale), lower = y + 1 < size.Height ? Mean(panel, x, y + 1, size, scale) : upper;
        if (screen.Style == TerminalStyle.Blocks)
        {
            return $"{Color(scale.ColorOf(upper), screen)}{Color(scale.ColorOf(lower), screen, isGround: true)}{UpperHalf}";
        }

        double value = (upper + lower) / 2;
        double share = scale.IsResolution && !(value > 0) ? 0 : (value - scale.Black) / (scale.White - scale.Black);
        return Ramp[share > 0 ? Math.Min((int)(share * Ramp.Length), Ramp.Length - 1) : 0].ToString();
    }

    // Mean of the voxels that a pixel covers; of resolutions, of those that are any.
    private static double Mean(MapSlicePanel panel, int x, int y, (int Width, int Height) size, MapScale scale)
    {
        double sum = 0;
        int count = 0;
        (int left, int right) = Range(x, size.Width, panel.Across);
        (int top, int bottom) = Range(y, size.Height, panel.Down);
        for (int v = top; v < bottom; v++)
        {
            for (int u = left; u < right; u++)
            {
                float value = panel.Values[(v * panel.Across) + u];
                if (!scale.IsResolution || value > 0)
                {
                    sum += value;
                    count++;
                }
            }
        }

        return count == 0 ? 0 : sum / count;

        static (int From, int To) Range(int pixel, int pixels, int voxels)
        {
            int from = (int)((long)pixel * voxels / pixels);
            return (from, Math.Max(from + 1, (int)((pixel + 1L) * voxels / pixels)));
        }
    }
}
