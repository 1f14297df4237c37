using LocalDeblur.Maps;
using LocalDeblur.Resolution;

namespace LocalDeblur.Plots;

/// <summary>The local resolutions within the surface of a map, which decide the ends of its colours.</summary>
internal static class SurfaceResolutions
{
    /// <summary>Resolutions that given shares of the voxels within the surface do not exceed.</summary>
    /// <param name="map">The map.</param>
    /// <param name="resolution">Its local resolution (Å), on the same grid; what is not above 0 is none.</param>
    /// <param name="level">Density of the surface.</param>
    /// <param name="shares">Shares, 0 … 1.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ResolutionRangeInvalid where no voxel within the surface has a resolution, or the values are none.</exception>
    public static double[] Quantiles(CryoMap map, CryoMap resolution, double level, double[] shares, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> densities = map.AsSpan(cancellationToken), values = resolution.AsSpan(cancellationToken);
        List<float> found = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (densities[i] >= level && values[i] > 0)
            {
                found.Add(values[i]);
            }
        }

        if (found.Count == 0)
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                $"'{resolution.Name}' has no resolution above 0 within the surface of '{map.Name}'. Give the local resolution of this map.",
                resolution.Name);
        }

        found.Sort();
        ResolutionField.RequireResolutions(resolution, found);
        return Array.ConvertAll(shares, share => (double)found[(int)(share * (found.Count - 1))]);
    }
}
