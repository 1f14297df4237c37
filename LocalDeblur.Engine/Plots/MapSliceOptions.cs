using LocalDeblur.Maps;

namespace LocalDeblur.Plots;

/// <summary>How slices of maps are drawn.</summary>
public sealed record MapSliceOptions
{
    /// <summary>Fewest slices of a montage.</summary>
    public const int SmallestCount = 1;

    /// <summary>Most slices of a montage.</summary>
    public const int LargestCount = 99;

    /// <summary>What is shown.</summary>
    public MapView View { get; init; }

    /// <summary>Voxel through which the three slices pass; null for the centre (n/2 along each axis). A montage is of all heights, cropped about it.</summary>
    public (int X, int Y, int Z)? Position { get; init; }

    /// <summary>Slices of a montage, 1 … 99; no more than there are voxels along z.</summary>
    public int Count { get; init; } = 9;

    /// <summary>Colours; null for grey, and for <see cref="MapPalette.Viridis"/> where values are resolutions.</summary>
    public MapPalette? Palette { get; init; }

    /// <summary>True where the values are resolutions (Å): the scale has that unit, and what is not above 0 is drawn as no value.</summary>
    public bool IsResolution { get; init; }

    /// <summary>Percentage of the shown voxels that lie below the dark end of the scale, 0 … 100.</summary>
    public double BlackPercentile { get; init; } = 1;

    /// <summary>Percentage of the shown voxels that lie below the bright end, above <see cref="BlackPercentile"/>, at most 100.</summary>
    public double WhitePercentile { get; init; } = 99.5;

    /// <summary>Share of each edge that is shown, 0.05 … 1: about <see cref="Position"/>, moved inwards where it would leave the box.</summary>
    public double Crop { get; init; } = 1;

    /// <summary>Smallest width of the picture (pixels), 200 … 8000; the slices are enlarged by the least whole number that reaches it.</summary>
    public int MinimumWidth { get; init; } = 900;

    /// <summary>A mask of the maps' size whose outline is drawn on slices; null for none.</summary>
    internal CryoMap? Outline { get; init; }
}
