using System.Numerics.Tensors;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>
/// The grey value of what surrounds the molecule. LocalDeblur takes it for 0: its floor lies below 0, and the mean of the map counts as density. A map whose background is
/// elsewhere, as one of bytes or one whose mean was set to 0, is therefore worked on without it, and gets it back.
/// </summary>
/// <remarks>
/// The published program takes maps as they are. So do we where the background lies within half of the noise's standard deviation from 0, an eighth of the depth of the floor, and
/// within 0.15 of the map's, which changes the step size by about a hundredth: measured just below these lines, no voxel moves by more than 0.8 % of the result's maximum. All maps
/// whose published results we are compared with lie within; the farthest, a map whose mean was set to 0, has its background at −0.13 deviations of the map.
/// </remarks>
internal static class Background
{
    /// <summary>Distance from 0 from which on the background is taken off: in standard deviations of what is outside,</summary>
    public const double NoiseLine = 0.5;

    /// <summary>or in those of the map, whichever is less.</summary>
    public const double MapLine = 0.15;

    /// <summary>The background, where it matters; 0 where it lies near enough to 0.</summary>
    /// <param name="map">The map.</param>
    /// <param name="field">Its local resolution, which says what is outside.</param>
    public static float Measure(CryoMap map, ResolutionField field)
    {
        ReadOnlySpan<float> voxels = map.AsSpan();
        ReadOnlySpan<float> resolution = field.Values;
        double sum = 0;
        long count = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (resolution[i] == 0)
            {
                sum += voxels[i];
                count++;
            }
        }

        double mean = count > 0 ? sum / count : 0;
        double noise = Math.Sqrt(OutsideNoise.Variance(voxels, field.Values, outside: true));
        return Math.Abs(mean) > Math.Min(NoiseLine * noise, MapLine * map.StandardDeviation) ? (float)mean : 0;
    }

    /// <summary>The map without it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="background">Its background.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static CryoMap TakeOff(CryoMap map, float background, CancellationToken cancellationToken)
    {
        float[] voxels = map.CopyVoxels(cancellationToken);
        TensorPrimitives.Subtract(voxels, background, voxels);
        return new CryoMap(map.Grid, voxels, map.Name, map.History, map.Header);
    }
}
