namespace LocalDeblur.Plots;

/// <summary>The colours of palettes: published ones at equal distances, linear between them.</summary>
internal static class MapColors
{
    /// <summary>Where a map has no value, as outside the molecule in one of local resolution.</summary>
    public const int NoValue = 0x2B2B2B;

    private static readonly int[] Grey = [0x000000, 0xFFFFFF];
    private static readonly int[] Viridis = [0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725];
    private static readonly int[] Cividis = [0x00204D, 0x31446B, 0x666970, 0x958F78, 0xCBBA69, 0xFFEA46];

    /// <summary>The colour of a place on the scale.</summary>
    /// <param name="palette">The palette.</param>
    /// <param name="share">0 … 1; what is beyond counts as the end, NaN as 0.</param>
    /// <returns>0xRRGGBB.</returns>
    public static int At(MapPalette palette, double share)
    {
        int[] stops = palette switch { MapPalette.Viridis => Viridis, MapPalette.Cividis => Cividis, _ => Grey };
        double place = share > 0 ? Math.Min(share, 1) * (stops.Length - 1) : 0;
        int below = Math.Min((int)place, stops.Length - 2);
        double part = place - below;
        int color = 0;
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            int from = (stops[below] >> shift) & 0xFF, to = (stops[below + 1] >> shift) & 0xFF;
            color = (color << 8) | (int)Math.Round(from + (part * (to - from)));
        }

        return color;
    }
}
