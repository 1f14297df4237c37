using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>Parameters of B-factor sharpening. The defaults are those of RELION's post-processing with an automatic B factor.</summary>
public sealed record BFactorSharpeningOptions
{
    /// <summary>Lower end of the fit by default (Å): what is coarser shows the outline of the molecule.</summary>
    public const double DefaultFitCoarsest = 10;

    /// <summary>
    /// B factor (Å²), −1000 … 1000; null for the automatic one, four times the slope of the Guinier plot. The map is multiplied by exp(−B/(4d²)), so that a
    /// negative number sharpens and a positive one blurs.
    /// </summary>
    public double? BFactor { get; init; }

    /// <summary>Range of resolution of the Guinier fit, its ends included; null for 10 Å to <see cref="Resolution"/>, or to Nyquist where that is null.</summary>
    public ResolutionRange? FitRange { get; init; }

    /// <summary>
    /// Resolution of the map (Å), where it is to count instead of what the Fourier shell correlation states: the fit ends and the low-pass filter lies there,
    /// unless those are given. Null for the published way: the fit to Nyquist and no low-pass filter.
    /// </summary>
    public double? Resolution { get; init; }

    /// <summary>Resolution of a low-pass filter (Å), the middle of its edge; null for none, or for <see cref="Resolution"/> where that is given.</summary>
    public double? LowPassResolution { get; init; }

    /// <summary>Width of the edge of the low-pass filter in shells, a raised cosine; 0 … 100, 0 for a sharp edge.</summary>
    public int LowPassEdgeShells { get; init; } = 2;

    /// <summary>
    /// Curves of Fourier shell correlation to weight by instead of measuring them; null to measure where there are half maps. The one that
    /// states the resolution (<see cref="FscResult.Final"/>) counts.
    /// </summary>
    public FscResult? Fsc { get; init; }

    /// <summary>False to leave the amplitudes unweighted.</summary>
    public bool WeightByFsc { get; init; } = true;

    /// <summary>Parameters of the measurement of the curves, but for threads and memory; null for the defaults. Not with <see cref="Fsc"/>.</summary>
    public FourierShellCorrelationOptions? FscOptions { get; init; }

    /// <summary>Modulation transfer function of the detector, by which the amplitudes are divided first; null for none.</summary>
    public DetectorMtf? Mtf { get; init; }

    /// <summary>Size of a pixel of the detector in the specimen (Å), to which <see cref="Mtf"/> refers; null for the voxel size of the map.</summary>
    public double? MtfPixelSize { get; init; }

    /// <summary>True to multiply the result by the mask. The sharpening itself acts on the whole map.</summary>
    public bool ApplyMask { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
