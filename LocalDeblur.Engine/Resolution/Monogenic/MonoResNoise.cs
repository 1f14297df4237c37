namespace LocalDeblur.Resolution.Monogenic;

/// <summary>Where MonoRes looks for noise.</summary>
public enum MonoResNoise
{
    /// <summary>
    /// In the difference of two half maps, inside the mask (the published program's "noise only in halves"). The mask is not refined.
    /// </summary>
    Halves,

    /// <summary>
    /// Outside the mask: in the map itself, or, where there are half maps, in their difference, inside the mask as well. The mask
    /// is refined first.
    /// </summary>
    OutsideMask,
}
