namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>Which Fourier coefficients of a window make up its radial profile. All rules put |k| into shell ⌊|k|⌋.</summary>
public enum LocScaleAveraging
{
    /// <summary>All coefficients of a shell, each once.</summary>
    FullShells,

    /// <summary>
    /// Only those whose three frequencies are all ≥ 0, as the published program computes it: it takes array indices for
    /// frequencies without unwrapping them. For comparison with its results; correlates 0.999 with whole shells.
    /// </summary>
    Octant,
}
