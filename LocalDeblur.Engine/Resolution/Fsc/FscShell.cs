namespace LocalDeblur.Resolution.Fsc;

/// <summary>Fourier shell correlation of one shell. A curve that was not measured is NaN, as is a shell without power.</summary>
/// <param name="Index">Number of the shell: its frequency in units of one over the longest edge. 0 is the mean alone.</param>
/// <param name="Resolution">Resolution (Å); infinite for shell 0.</param>
/// <param name="Frequency">Frequency (1/Å).</param>
/// <param name="Count">Coefficients that count in the shell; 0 where a table does not say.</param>
/// <param name="Unmasked">Of the maps as they are.</param>
/// <param name="Masked">Of the maps times the mask.</param>
/// <param name="Randomised">Of the maps times the mask, phases random from <see cref="FscResult.RandomisedFrom"/> on.</param>
/// <param name="Corrected">Masked, corrected by the randomised curve.</param>
/// <param name="MaskFraction">Unmasked, corrected by the share of the box that the mask takes.</param>
public readonly record struct FscShell(
    int Index,
    double Resolution,
    double Frequency,
    long Count,
    double Unmasked,
    double Masked = double.NaN,
    double Randomised = double.NaN,
    double Corrected = double.NaN,
    double MaskFraction = double.NaN)
{
    /// <summary>Value of one of the curves.</summary>
    /// <param name="curve">Which.</param>
    public double this[FscCurveKind curve] => curve switch
    {
        FscCurveKind.Unmasked => Unmasked,
        FscCurveKind.Masked => Masked,
        FscCurveKind.Randomised => Randomised,
        FscCurveKind.Corrected => Corrected,
        FscCurveKind.MaskFraction => MaskFraction,
        _ => throw new ArgumentOutOfRangeException(nameof(curve)),
    };
}
