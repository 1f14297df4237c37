namespace LocalDeblur.Resolution.Fsc;

/// <summary>Names of the columns of a table of Fourier shell correlation.</summary>
/// <param name="Shell">Number of the shell.</param>
/// <param name="Frequency">Its frequency (1/Å).</param>
/// <param name="Resolution">Its resolution (Å).</param>
/// <param name="Count">Coefficients in it; null where a kind of table does not say.</param>
/// <param name="Curves">The curves, in the order of their columns.</param>
internal sealed record FscColumns(string Shell, string Frequency, string Resolution, string? Count, params (string Name, FscCurveKind Curve)[] Curves)
{
    /// <summary>Those of comma-separated values.</summary>
    public static FscColumns Csv { get; } = new(
        "shell",
        "inv_resolution_per_A",
        "resolution_A",
        "count",
        ("fsc_corrected", FscCurveKind.Corrected),
        ("fsc_mask_fraction", FscCurveKind.MaskFraction),
        ("fsc_unmasked", FscCurveKind.Unmasked),
        ("fsc_masked", FscCurveKind.Masked),
        ("fsc_phase_randomised_masked", FscCurveKind.Randomised));

    /// <summary>Those of the block data_fsc of RELION's postprocess.star.</summary>
    public static FscColumns Star { get; } = new(
        "_rlnSpectralIndex",
        "_rlnResolution",
        "_rlnAngstromResolution",
        null,
        ("_rlnFourierShellCorrelationCorrected", FscCurveKind.Corrected),
        ("_rlnFourierShellCorrelationParticleMaskFraction", FscCurveKind.MaskFraction),
        ("_rlnFourierShellCorrelationUnmaskedMaps", FscCurveKind.Unmasked),
        ("_rlnFourierShellCorrelationMaskedMaps", FscCurveKind.Masked),
        ("_rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps", FscCurveKind.Randomised));
}
