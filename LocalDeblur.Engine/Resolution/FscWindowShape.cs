namespace LocalDeblur.Resolution;

/// <summary>In what the half maps are correlated around a place.</summary>
public enum FscWindowShape
{
    /// <summary>Soft spheres that are cut out of both half maps (<see cref="Spheres.LocalFsc"/>), the scheme of RELION.</summary>
    Sphere,

    /// <summary>Gaussian windows on each band of the half maps (<see cref="Windows.GaussianFsc"/>).</summary>
    Gaussian,
}
