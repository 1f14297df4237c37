using LocalDeblur.Numerics;

namespace LocalDeblur.Filters;

/// <summary>
/// One band of the filter bank: a raised cosine B(u) = ½(1 + cos(π(u − f)/d)) for |u − f| ≤ d, 0 elsewhere,
/// over the digital frequency u (cycles per voxel).
/// </summary>
/// <param name="Resolution">Centre of the band as a resolution r (Å).</param>
/// <param name="VoxelSize">Edge of a voxel s (Å), which ties both scales: f = s/r.</param>
/// <remarks>Source: Ramírez-Aportela et al., Bioinformatics 36 (2020) 765–772; band spacing as in the published program.</remarks>
public sealed record RaisedCosineBand(double Resolution, double VoxelSize)
{
    /// <summary>Distance between neighbouring band centres, and from a centre to the band's fine edge (Å).</summary>
    public const double ResolutionStep = 0.2;

    /// <summary>Half-width towards finer resolution (Å): the band reaches zero one step from its centre.</summary>
    public double HalfWidthResolution => Resolution - FinestResolution;

    /// <summary>Centre (1/Å).</summary>
    public double Frequency => 1 / Resolution;

    /// <summary>Half-width d (1/Å).</summary>
    public double HalfWidthFrequency => DigitalHalfWidth / VoxelSize;

    /// <summary>Finest resolution that passes (Å), where the band reaches zero.</summary>
    public double FinestResolution => VoxelSize / (DigitalFrequency + DigitalHalfWidth);

    /// <summary>Coarsest resolution that passes (Å), where the band reaches zero; infinite when the band includes zero frequency.</summary>
    public double CoarsestResolution => DigitalFrequency > DigitalHalfWidth ? VoxelSize / (DigitalFrequency - DigitalHalfWidth) : double.PositiveInfinity;

    /// <summary>Centre f (cycles per voxel).</summary>
    public double DigitalFrequency => VoxelSize / Resolution;

    /// <summary>Half-width d (cycles per voxel).</summary>
    public double DigitalHalfWidth => (VoxelSize / (Resolution - ResolutionStep)) - (VoxelSize / Resolution);

    /// <summary>Value of the band at a digital frequency, 0 … 1.</summary>
    /// <param name="u">Frequency (cycles per voxel).</param>
    public double Value(double u) => RaisedCosine.Fall(Math.Abs(u - DigitalFrequency), DigitalHalfWidth);
}
