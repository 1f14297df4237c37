namespace LocalDeblur.Validation;

/// <summary>A way to sharpen a map, for a comparison.</summary>
public enum SharpeningMethod
{
    /// <summary>The map as it is; the mean of the half maps.</summary>
    Raw,

    /// <summary>One B factor for the whole map, as RELION's post-processing finds it (<see cref="Sharpening.BFactorSharpening"/>).</summary>
    BFactor,

    /// <summary>AutoSharpen, as phenix.auto_sharpen (<see cref="Sharpening.AutoSharpen"/>).</summary>
    AutoSharpen,

    /// <summary>LocalDeblur, by the local resolution (<see cref="Sharpening.AutomaticLocalDeblur"/>).</summary>
    LocalDeblur,

    /// <summary>LocScale, by the amplitudes of the model (<see cref="Sharpening.LocScale"/>).</summary>
    LocScale,

    /// <summary>LocalDeblur, and LocScale after it.</summary>
    LocalDeblurLocScale,
}
