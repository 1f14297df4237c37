namespace LocalDeblur.Shells;

/// <summary>How often a coefficient of a half transform counts in sums over shells.</summary>
public enum ShellCounting
{
    /// <summary>
    /// Each stored coefficient once, as RELION counts: of two conjugate coefficients one, except in the plane kx = 0, which holds both.
    /// That plane weighs twice as much as it should, which changes a curve by up to 0.02 in shells of few coefficients.
    /// </summary>
    StoredCoefficients,

    /// <summary>Each coefficient of the full transform once: every independent coefficient has the same weight, whichever axis is called x.</summary>
    FullTransform,
}
