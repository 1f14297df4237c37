using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Parameters of the local Wiener restoration.</summary>
public sealed record LocalWienerOptions
{
    /// <summary>Exponent of the weights where none is given.</summary>
    public const double DefaultWeightExponent = 0.75;

    /// <summary>B factor of the result (Å²), −200 … 500: every place is brought to this fall-off as far as its signal allows. Smaller is sharper.</summary>
    public double TargetBFactor { get; init; } = 20;

    /// <summary>
    /// Exponent of the Wiener weights, 0 … 2; null for 0.75, or for 1 with <see cref="Positivity"/> or <see cref="Global"/>. 1 has the least expected error; below 1
    /// weak detail is damped less.
    /// </summary>
    public double? WeightExponent { get; init; }

    /// <summary>Width of the window in which signal and noise are told apart: standard deviation of a Gaussian (Å), 2 … 20.</summary>
    public double WindowWidth { get; init; } = 5;

    /// <summary>
    /// Adds what is positive in the molecule to the bands that the weights damp, one step: for building models. Needs an exponent of 1. Noise, confidence and the
    /// Fourier shell correlation of half maps no longer hold for the result.
    /// </summary>
    public bool Positivity { get; init; }

    /// <summary>One weight a shell for the whole map: the plain Wiener filter to the same B factor.</summary>
    public bool Global { get; init; }

    /// <summary>Whether the local resolution, the noise and the confidence are worked out too. Not with <see cref="Global"/> or <see cref="Positivity"/>.</summary>
    public bool ByProducts { get; init; }

    /// <summary>Threads and memory of the run.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>
    /// Where positive density is added, 0 … 1, on the maps' grid; null for the mask itself. The reference has a soft mask beside the binary one of the statistics.
    /// </summary>
    internal CryoMap? PositivityMask { get; init; }

    /// <summary>The exponent that is used.</summary>
    internal double Exponent => WeightExponent ?? (Positivity || Global ? 1 : DefaultWeightExponent);
}
