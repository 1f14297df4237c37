using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Archives;

/// <summary>What goes into the folder of a deposition beside the map and its half maps, and how its surface is found.</summary>
public sealed record EmdbDepositionOptions
{
    /// <summary>The mask that the correlation was measured in, on the map's grid; a file goes as it is. Null: one is made.</summary>
    public CryoMap? Mask { get; init; }

    /// <summary>Curves that were measured before; null: they are measured, in the mask.</summary>
    public FscResult? Fsc { get; init; }

    /// <summary>Recommended contour level of the primary map; null for the one that encloses <see cref="EnclosedVolume"/>.</summary>
    public double? Level { get; init; }

    /// <summary>
    /// Volume within the surface (Å³); null for that of the molecule as the automatic threshold of a mask finds it, or less where noise would show
    /// (four standard deviations above what surrounds it).
    /// </summary>
    public double? EnclosedVolume { get; init; }

    /// <summary>Whether half maps are taken that are the same, masked or do not fit together. The README says that they were, and why they were refused.</summary>
    public bool AcceptHalfMaps { get; init; }

    /// <summary>Whether a folder of an earlier deposition is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
