using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>What amplitudes are multiplied by, by frequency u in cycles/voxel: for the detector, for the noise in each shell, and to sharpen.</summary>
/// <param name="shells">The shells of the map.</param>
/// <param name="shellWeights">Weight of each shell, as <see cref="ByShell"/> finds them; null for 1.</param>
/// <param name="options">The detector, and the edge of the low-pass filter.</param>
internal sealed class AmplitudeWeight(RadialShells shells, double[]? shellWeights, BFactorSharpeningOptions options)
{
    /// <summary>A frequency that is meant to be Nyquist's, or half-way between two shells, may differ from it by this share.</summary>
    public const double RoundingTolerance = 1e-9;

    // Shells from the first below this on hold no signal.
    private const double NoCorrelation = 1e-4;

    /// <summary>Weight of each shell by its Fourier shell correlation, √(2F/(1 + F)). The mean of the map is no matter of resolution and stays.</summary>
    /// <param name="fsc">The curves; the one that states the resolution counts.</param>
    /// <param name="shells">The shells of the map.</param>
    /// <param name="name">Name of the map.</param>
    /// <param name="decisions">Told where the signal ends.</param>
    /// <exception cref="EngineException">FscMismatch where the curves are of other shells; MapWithoutSignal where no shell holds signal.</exception>
    public static double[] ByShell(FscResult fsc, RadialShells shells, string name, List<string> decisions)
    {
        double edge = fsc.Shells[1].Resolution;
        if (fsc.Shells.Count != shells.Count || Math.Abs(edge - shells.Edge) > MapGrid.VoxelSizeTolerance * shells.Edge)
        {
            throw new EngineException(
                EngineError.FscMismatch,
                Say($"The Fourier shell correlation has {fsc.Shells.Count} shells of a box of {edge:0.###} Å, ")
                    + Say($"and '{name}' has {shells.Count} of {shells.Edge:0.###} Å; expected the same."),
                name)
            {
                Advice = [new("give the curve of this map's half maps, at its box and voxel size", EngineParameter.Fsc)],
            };
        }

        FscCurveKind curve = fsc.Final.Curve;
        double[] weights = new double[shells.Count];
        weights[0] = 1;
        int shell = 1;
        for (; shell < weights.Length && fsc.Shells[shell][curve] >= NoCorrelation; shell++)
        {
            double correlation = fsc.Shells[shell][curve];
            weights[shell] = Math.Sqrt(2 * correlation / (1 + correlation));
        }

        if (shell == 1)
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                $"The Fourier shell correlation of '{name}' is below 0.0001 from the first shell on: the half maps have nothing in common. "
                    + "Check that they are of one reconstruction.",
                name);
        }

        if (shell < weights.Length)
        {
            decisions.Add(Say($"Shells from {shells.Resolution(shell):0.##} Å on are 0: the correlation is below 0.0001 there."));
        }

        return weights;
    }

    /// <summary>Factor of the detector and of the shell.</summary>
    /// <param name="u">Frequency (cycles/voxel).</param>
    public float Weight(double u)
    {
        double value = 1;
        if (options.Mtf is { } mtf)
        {
            value /= mtf.At(u * (options.MtfPixelSize ?? shells.VoxelSize) / shells.VoxelSize);
        }

        if (shellWeights is not null)
        {
            int shell = (int)((u * shells.Size.Longest) + 0.5 + RoundingTolerance);
            value *= shell < shellWeights.Length ? shellWeights[shell] : 0;
        }

        return (float)value;
    }

    /// <summary>The same with B factor and low-pass filter.</summary>
    /// <param name="u">Frequency (cycles/voxel).</param>
    /// <param name="bFactor">B factor (Å²).</param>
    /// <param name="lowPass">Resolution of the low-pass filter (Å); null for none.</param>
    public float Sharpen(double u, double bFactor, double? lowPass)
    {
        double frequency = u / shells.VoxelSize;
        double value = Weight(u) * Math.Exp(-bFactor * frequency * frequency / 4);
        return (float)(lowPass is { } middle ? value * LowPass(u * shells.Size.Longest, shells.Edge / middle, options.LowPassEdgeShells) : value);
    }

    // Raised cosine. All in units of one over the longest edge; of the middle the nearest whole one counts.
    private static double LowPass(double radius, double middle, int edge)
    {
        double half = edge / 2.0;
        return RaisedCosine.Fall(radius - Math.Floor(middle + 0.5) + half, edge);
    }
}
