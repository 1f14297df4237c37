namespace LocalDeblur.Workflows.Comparison;

/// <summary>A way to sharpen a map, for a comparison.</summary>
public enum SharpeningMethod
{
    /// <summary>The map as it is; the mean of the half maps.</summary>
    Raw,

    /// <summary>One B factor for the whole map, as RELION's post-processing finds it (<see cref="Sharpening.PostProcessing.BFactorSharpening"/>).</summary>
    BFactor,

    /// <summary>AutoSharpen, as phenix.auto_sharpen (<see cref="Sharpening.AutoSharpening.AutoSharpen"/>).</summary>
    AutoSharpen,

    /// <summary>LocalDeblur, by the local resolution (<see cref="AutomaticLocalDeblur"/>).</summary>
    LocalDeblur,

    /// <summary>LocScale, by the amplitudes of the model (<see cref="Sharpening.LocScaling.LocScale"/>).</summary>
    LocScale,

    /// <summary>LocalDeblur, and LocScale after it.</summary>
    LocalDeblurLocScale,
}
