using System.Numerics.Tensors;
using LocalDeblur.Maps;
using LocalDeblur.Resolution;

namespace LocalDeblur.Sharpening.Deblurring;

/// <summary>
/// The grey value of what surrounds the molecule. LocalDeblur takes it for 0: its floor lies below 0, and the mean of the map counts as density. A map whose background is
/// elsewhere, as one of bytes or one whose mean was set to 0, is therefore worked on without it, and gets it back.
/// </summary>
/// <remarks>
/// The published program takes maps as they are. So do we where the background lies within <see cref="Line"/> standard deviations of the map from 0: three times as far as in the
/// maps whose published results we are compared with, and so near that it moves no voxel by more than a two-thousandth of the result's maximum.
/// </remarks>
internal static class Background
{
    /// <summary>Distance from 0, in standard deviations of the map, from which on the background is taken off.</summary>
    public const double Line = 0.005;

    /// <summary>The background, where it matters; 0 where it lies near enough to 0.</summary>
    /// <param name="map">The map.</param>
    /// <param name="field">Its local resolution, which says what is outside.</param>
    public static float Measure(CryoMap map, ResolutionField field)
    {
        ReadOnlySpan<float> voxels = map.AsSpan();
        double sum = 0;
        long count = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (field.Values[i] == 0)
            {
                sum += voxels[i];
                count++;
            }
        }

        double mean = count > 0 ? sum / count : 0;
        return Math.Abs(mean) > Line * map.StandardDeviation ? (float)mean : 0;
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
