using LocalDeblur.Maps;

namespace LocalDeblur.Plots;

/// <summary>How the surface of a map is drawn.</summary>
internal sealed record SurfaceImageOptions
{
    /// <summary>Fewest pixels of an edge.</summary>
    public const int SmallestEdge = 50;

    /// <summary>Most pixels of an edge.</summary>
    public const int LargestEdge = 4000;

    /// <summary>Pixels a row, 50 … 4000.</summary>
    public int Width { get; init; } = 500;

    /// <summary>Rows, 50 … 4000.</summary>
    public int Height { get; init; } = 500;

    /// <summary>From where it is looked at.</summary>
    public SurfaceView View { get; init; }

    /// <summary>Local resolution (Å) that colours the surface, on the map's grid, with a scale below; what is not above 0 is none. Null for one colour.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>Ends of the scale of the local resolution (Å), for several pictures that are to be compared; null for those of what the surface has.</summary>
    public (double Finest, double Coarsest)? Scale { get; init; }

    /// <summary>Colours of the local resolution.</summary>
    public MapPalette Palette { get; init; } = MapPalette.Viridis;

    /// <summary>Parts of the surface with less than this share of the largest part's voxels are left out, as noise in the solvent: 0 … 1, 0 for none.</summary>
    public double DustShare { get; init; } = 0.02;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
