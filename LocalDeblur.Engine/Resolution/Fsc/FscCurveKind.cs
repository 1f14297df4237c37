namespace LocalDeblur.Resolution.Fsc;

/// <summary>The curves of a Fourier shell correlation.</summary>
public enum FscCurveKind
{
    /// <summary>Of the maps as they are.</summary>
    Unmasked,

    /// <summary>Of the maps times the mask.</summary>
    Masked,

    /// <summary>Of the maps times the mask after their phases were made random: what the mask alone contributes.</summary>
    Randomised,

    /// <summary>The masked curve, corrected for what the mask adds to it.</summary>
    Corrected,

    /// <summary>The unmasked curve, scaled up by the share of the box that the mask takes.</summary>
    MaskFraction,
}
