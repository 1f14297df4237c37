namespace LocalDeblur.Resolution;

/// <summary>How the local resolution is estimated.</summary>
public enum LocalResolutionMethod
{
    /// <summary>The finest resolution at which the monogenic amplitude exceeds that of the noise (<see cref="Monogenic.MonoRes"/>).</summary>
    MonoRes,

    /// <summary>Fourier shell correlation of two half maps in soft spheres (<see cref="Spheres.LocalFsc"/>).</summary>
    LocalFsc,
}
