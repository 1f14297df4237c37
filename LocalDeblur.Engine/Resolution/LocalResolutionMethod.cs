namespace LocalDeblur.Resolution;

/// <summary>How the local resolution is estimated.</summary>
public enum LocalResolutionMethod
{
    /// <summary>The finest resolution at which the monogenic amplitude exceeds that of the noise (<see cref="Monogenic.MonoRes"/>).</summary>
    MonoRes,

    /// <summary>Fourier shell correlation of two half maps in soft spheres (<see cref="Spheres.LocalFsc"/>) or Gaussian windows (<see cref="Windows.GaussianFsc"/>).</summary>
    LocalFsc,

    /// <summary>Where the signal is a third of the noise, as the local Wiener restoration tells them apart from two half maps at each place.</summary>
    LocalWiener,
}
