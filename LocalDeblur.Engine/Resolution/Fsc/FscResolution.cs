namespace LocalDeblur.Resolution.Fsc;

/// <summary>The resolution that a curve of Fourier shell correlation gives.</summary>
/// <param name="Curve">Which curve.</param>
/// <param name="Resolution">Where the curve first falls below 0.143 (Å), linearly interpolated in frequency; Nyquist where it never does, and that of
/// the first shell where it lies below there.</param>
/// <param name="Resolution05">The same at 0.5.</param>
/// <param name="ResolutionShell">Resolution (Å) of the last shell before the first below 0.143, as RELION reports it; infinite where that is shell 0.</param>
/// <param name="ReachesNyquist">True where the curve never falls below 0.143.</param>
public sealed record FscResolution(FscCurveKind Curve, double Resolution, double Resolution05, double ResolutionShell, bool ReachesNyquist)
{
    /// <summary>For example <c>Corrected: 3.42 Å at 0.143, 4.05 Å at 0.5</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Curve}: {Resolution:0.00} Å at 0.143{(ReachesNyquist ? " (Nyquist)" : string.Empty)}, {Resolution05:0.00} Å at 0.5");
}
