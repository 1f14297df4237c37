namespace LocalDeblur.Plots;

/// <summary>How values become colours.</summary>
/// <param name="Black">Value at the dark end.</param>
/// <param name="White">Value at the bright end, above <paramref name="Black"/>.</param>
/// <param name="Palette">The colours.</param>
/// <param name="IsResolution">Whether values are resolutions (Å), of which only those above 0 are any.</param>
internal sealed record MapScale(double Black, double White, MapPalette Palette, bool IsResolution)
{
    /// <summary>The scale of one map of a picture: as given, or from percentiles of what is shown.</summary>
    /// <param name="row">The map.</param>
    /// <param name="panels">What is shown of it.</param>
    /// <param name="options">The percentiles.</param>
    /// <param name="palette">The colours.</param>
    public static MapScale Of(MapSliceRow row, MapSlicePanel[] panels, MapSliceOptions options, MapPalette palette)
    {
        float[] sorted = [.. panels.SelectMany(panel => panel.Values).Where(value => float.IsFinite(value) && (!options.IsResolution || value > 0))];
        Array.Sort(sorted);
        double black = row.Black ?? At(options.BlackPercentile), white = row.White ?? At(options.WhitePercentile);
        return new MapScale(black, white > black ? white : black + 1, palette, options.IsResolution);

        double At(double percentile) => sorted.Length == 0 ? 0 : sorted[(int)Math.Round(percentile / 100 * (sorted.Length - 1))];
    }

    /// <summary>The colour of a value.</summary>
    /// <param name="value">Any value.</param>
    /// <returns>0xRRGGBB.</returns>
    public int ColorOf(double value) => IsResolution && !(value > 0) ? MapColors.NoValue : MapColors.At(Palette, (value - Black) / (White - Black));

    /// <summary>Paints one pixel.</summary>
    /// <param name="pixel">Its one or three channels.</param>
    /// <param name="value">Its value.</param>
    public void Paint(Span<byte> pixel, double value)
    {
        int color = ColorOf(value);
        for (int channel = 0; channel < pixel.Length; channel++)
        {
            pixel[channel] = (byte)(color >> (8 * (pixel.Length - 1 - channel)));
        }
    }
}
