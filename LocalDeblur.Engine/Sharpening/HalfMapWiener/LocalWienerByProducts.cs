using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>What a local Wiener restoration knows beside the restored map.</summary>
internal sealed record LocalWienerByProducts
{
    /// <summary>Local resolution (Å), where the Fourier shell correlation of the half maps would be 0.143 at that place; 2 voxels … 20 Å, 0 outside the mask.</summary>
    public required CryoMap LocalResolution { get; init; }

    /// <summary>Standard deviation of the noise in the restored map, in its grey values.</summary>
    public required CryoMap NoiseDeviation { get; init; }

    /// <summary>
    /// One minus the false discovery rate of the restored map, 0 … 1: among the voxels with at least 0.99, one in a hundred is expected to be noise
    /// (Benjamini and Hochberg, <i>J. R. Stat. Soc. B</i> 57 (1995) 289).
    /// </summary>
    public required CryoMap Confidence { get; init; }
}
