using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The radial filters of MonoRes, functions of the frequency u in cycles/voxel.</summary>
internal static class MonoResFilters
{
    /// <summary>Width of the raised-cosine edges (cycles/voxel).</summary>
    public const double EdgeWidth = 0.02;

    /// <summary>Width of the Gaussian that smooths the amplitude for the refinement of the mask (voxels).</summary>
    public const double MaskWidth = 4;

    /// <summary>Width of the Gaussian that smooths the resolution map (voxels).</summary>
    public const double MapWidth = 3;

    /// <summary>Gaussians are cut off where they have fallen to this.</summary>
    private const double Negligible = 1e-10;

    /// <summary>What the high pass at f takes away: 0 above f, all below f−0.02, raised cosine between.</summary>
    /// <param name="f">Frequency (cycles/voxel), above 0.</param>
    public static Func<double, float> Stop(double f)
    {
        double low = Math.Max(f - EdgeWidth, 0);
        return u => (float)RaisedCosine.Rise(f - u, f - low);
    }

    /// <summary>Low pass at f: 1 below, 0 from f+0.02 on, raised cosine between.</summary>
    /// <param name="f">Frequency (cycles/voxel), below 0.5.</param>
    /// <returns>The function and the frequency beyond which it is zero.</returns>
    public static (Func<double, float> Value, double Cutoff) LowPass(double f)
    {
        double high = Math.Min(f + EdgeWidth, 0.5);
        return (u => (float)RaisedCosine.Fall(u - f, high - f), high);
    }

    /// <summary>exp(−π²u²w²): convolution with a Gaussian of standard deviation w/√2.</summary>
    /// <param name="width">w (voxels).</param>
    /// <returns>The function and the frequency beyond which it is negligible.</returns>
    public static (Func<double, float> Value, double Cutoff) Gaussian(double width)
    {
        double factor = Math.PI * Math.PI * width * width;
        return (u => (float)Math.Exp(-factor * u * u), Math.Sqrt(-Math.Log(Negligible) / factor));
    }
}
