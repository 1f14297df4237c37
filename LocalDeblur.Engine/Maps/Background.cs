using System.Numerics.Tensors;
using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>
/// The grey value of what surrounds the molecule. Methods that cut a map, by a mask, a window or a floor, take it for 0. Where it is not, as in a map of bytes or one whose mean
/// was set to 0, the cut makes an edge that is not in the molecule; such a map is therefore worked on without its background.
/// </summary>
/// <remarks>
/// The published programs take maps as they are. So do we where the background lies within 0.15 standard deviations of the map from 0, and for the floor of LocalDeblur within
/// half a standard deviation of the noise, an eighth of the floor's depth: measured just below these lines, no voxel of LocalDeblur moves by more than 0.8 % of the result's
/// maximum. All maps whose published results we are compared with lie within; the farthest, a map whose mean was set to 0, has its background at −0.13 deviations of the map.
/// </remarks>
internal static class Background
{
    /// <summary>Distance from 0 from which on the background is taken off: in standard deviations of the map,</summary>
    public const double MapLine = 0.15;

    /// <summary>or where there is a floor in those of what is outside, whichever is less.</summary>
    public const double NoiseLine = 0.5;

    /// <summary>A molecule that is darker by more than this share of the map's standard deviation is dark. In a map without its mean, both are alike.</summary>
    private const double DarkLine = 0.1;

    /// <summary>The background, where it matters; 0 where it lies near enough to 0.</summary>
    /// <param name="map">The map.</param>
    /// <param name="inside">A mask or a local resolution: 0 outside the molecule.</param>
    /// <param name="hasFloor">Whether the noise is cut off at a floor.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static float Measure(CryoMap map, ReadOnlySpan<float> inside, bool hasFloor, CancellationToken cancellationToken)
    {
        (double mean, double deviation) = Outside(map.AsSpan(cancellationToken), inside);
        double line = MapLine * map.StandardDeviation;
        return Math.Abs(mean) > (hasFloor ? Math.Min(NoiseLine * deviation, line) : line) ? (float)mean : 0;
    }

    /// <summary>As above without knowing where the molecule is: the median, since most of a box is solvent.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static float Measure(CryoMap map, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        float median = OrderStatistic.Select(voxels, voxels.Length / 2);
        return Math.Abs(median) > MapLine * map.StandardDeviation ? median : 0;
    }

    /// <summary>The map without it; itself for 0.</summary>
    /// <param name="map">The map.</param>
    /// <param name="background">Its background.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static CryoMap TakeOff(CryoMap map, float background, CancellationToken cancellationToken)
    {
        if (background == 0)
        {
            return map;
        }

        float[] voxels = map.CopyVoxels(cancellationToken);
        TensorPrimitives.Subtract(voxels, background, voxels);
        return map.WithVoxels(voxels);
    }

    /// <summary>What a run says of the backgrounds that it took off.</summary>
    /// <param name="maps">The maps, each with its background.</param>
    public static IEnumerable<string> Decisions(params IEnumerable<(CryoMap Map, float Background)> maps) =>
        from pair in maps
        where pair.Background != 0
        select Say($"The background of '{pair.Map.Name}', {pair.Background:G4} outside the molecule, was taken off.");

    /// <summary>That the molecule is darker than what surrounds it; null where it is not.</summary>
    /// <param name="map">The map.</param>
    /// <param name="inside">A mask or a local resolution: 0 outside the molecule.</param>
    /// <param name="consequence">What comes of it, as the end of a sentence.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOfDarkMolecule(CryoMap map, ReadOnlySpan<float> inside, string consequence, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        double sum = 0;
        long count = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (inside[i] != 0)
            {
                sum += voxels[i];
                count++;
            }
        }

        double molecule = sum / count;
        double rest = count == voxels.Length ? double.NaN : ((map.Mean * voxels.Length) - sum) / (voxels.Length - count);
        return IsDark(molecule, rest, map) ? Dark(map, molecule, rest, consequence) : null;
    }

    /// <summary>Whether a molecule is dark.</summary>
    /// <param name="molecule">Grey value of the molecule.</param>
    /// <param name="rest">Grey value of what surrounds it.</param>
    /// <param name="map">The map.</param>
    public static bool IsDark(double molecule, double rest, CryoMap map) => molecule < rest - (DarkLine * map.StandardDeviation);

    /// <summary>That a molecule is dark.</summary>
    /// <param name="map">The map.</param>
    /// <param name="molecule">Grey value of the molecule.</param>
    /// <param name="rest">Grey value of what surrounds it.</param>
    /// <param name="consequence">What comes of it, as the end of a sentence.</param>
    public static string Dark(CryoMap map, double molecule, double rest, string consequence) =>
        Say($"The molecule in '{map.Name}' is darker than what surrounds it ({molecule:G3} against {rest:G3}), as in a map of inverted contrast: {consequence}. ")
            + "Multiply the map by -1.";

    /// <summary>Mean and standard deviation of what surrounds the molecule; NaN where nothing does.</summary>
    /// <param name="voxels">The map.</param>
    /// <param name="inside">A mask or a local resolution: 0 outside the molecule.</param>
    public static (double Mean, double Deviation) Outside(ReadOnlySpan<float> voxels, ReadOnlySpan<float> inside)
    {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (inside[i] == 0)
            {
                sum += voxels[i];
                count++;
            }
        }

        if (count == 0)
        {
            return (double.NaN, double.NaN);
        }

        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (inside[i] == 0)
            {
                squares += (voxels[i] - mean) * (voxels[i] - mean);
            }
        }

        return (mean, Math.Sqrt(squares / count));
    }
}
