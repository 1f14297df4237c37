namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>What AutoSharpen looks for the largest value of.</summary>
public enum AutoSharpenTarget
{
    /// <summary>Surface of the strongest regions over their volume, less a penalty for the number of regions: much detail that still connects.</summary>
    AdjustedSurfaceArea,

    /// <summary>Fourth moment of the densities over the square of the second: few strong densities among many weak ones.</summary>
    Kurtosis,
}
