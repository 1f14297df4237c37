namespace LocalDeblur.Shells;

/// <summary>What a B factor was found from and what it does: the profiles of a map before, between and after, as RELION's post-processing tells them.</summary>
/// <param name="Original">Of the map as it came.</param>
/// <param name="Weighted">After detector and Fourier shell correlation. It has the straight line from which the B factor follows, where there is one.</param>
/// <param name="Sharpened">After the B factor.</param>
/// <param name="BFactor">B factor (Å²), negative to sharpen.</param>
public sealed record GuinierTable(GuinierProfile Original, GuinierProfile Weighted, GuinierProfile Sharpened, double BFactor);
