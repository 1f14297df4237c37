using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Masks;

/// <summary>The surface at which a map is shown: a density, and what lies within it.</summary>
/// <remarks>Two maps are compared at surfaces that enclose as much, since one density means another thing in each.</remarks>
/// <param name="Level">Density of the surface.</param>
/// <param name="Voxels">Number of voxels of at least that density.</param>
internal readonly record struct Contour(double Level, long Voxels)
{
    // A level that so many times the voxels reach is the value of a background.
    private const long LargestTie = 2;

    // Above the mean of what surrounds the molecule.
    private const double NoiseDeviations = 4;

    // A surface that shows less of the molecule is no picture of it, however much noise the other shows.
    private const double LeastShareOfMolecule = 0.1;

    /// <summary>The surface at a density.</summary>
    /// <param name="map">The map; finite.</param>
    /// <param name="level">Density.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Contour At(CryoMap map, double level, CancellationToken cancellationToken) =>
        new(level, VolumeStatistics.CountAbove(map.AsSpan(cancellationToken), MathF.BitDecrement((float)level)));

    /// <summary>The surface that encloses so many voxels; or as many as there are above the one value that a mask has left around the molecule, where that is less.</summary>
    /// <param name="map">The map; finite.</param>
    /// <param name="voxels">0 to less than the map has; 0 for the surface that is the highest density alone.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Contour Enclosing(CryoMap map, long voxels, CancellationToken cancellationToken)
    {
        if (voxels == 0)
        {
            return new Contour(map.Maximum, 0);
        }

        ReadOnlySpan<float> values = map.AsSpan(cancellationToken);
        float level = OrderStatistic.Select(values, (int)(map.Size.VoxelCount - voxels));
        if (At(map, level, cancellationToken).Voxels <= LargestTie * voxels || !(map.Maximum > level))
        {
            return new Contour(level, voxels);
        }

        float above = float.PositiveInfinity;
        foreach (float value in values)
        {
            above = value > level ? Math.Min(above, value) : above;
        }

        return At(map, above, cancellationToken);
    }

    /// <summary>The surface that encloses a volume.</summary>
    /// <param name="map">The map; finite, of cubic voxels.</param>
    /// <param name="volume">Volume (Å³): at least a voxel, less than the box.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">ParameterOutOfRange for a volume that the box does not have.</exception>
    public static Contour EnclosingVolume(CryoMap map, double volume, CancellationToken cancellationToken)
    {
        double voxel = Math.Pow(map.VoxelSize, 3);
        double inside = volume / voxel;
        return inside >= 1 && inside < map.Size.VoxelCount
            ? Enclosing(map, (long)Math.Round(inside), cancellationToken)
            : throw EngineException.OutOfRange(
                EngineParameter.EnclosedVolume,
                Say($"The surface is to enclose {volume:0.##} Å³; expected {voxel:0.##} Å³, one voxel, to less than {map.Size.VoxelCount * voxel:0} Å³, the box."),
                map.Name);
    }

    /// <summary>
    /// The surface that encloses as much as the molecule takes, as the automatic threshold of a mask finds it; or a higher one, that the noise around the molecule
    /// does not reach: sharpening makes the molecule itself take less, and the noise more.
    /// </summary>
    /// <param name="map">The map; finite, of cubic voxels.</param>
    /// <param name="source">What the molecule is found in: the map itself, or what it was made of, on the same grid.</param>
    /// <param name="limits">Threads and memory.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="EngineException">As <see cref="MaskBuilder.Run"/>.</exception>
    public static Contour OfMolecule(CryoMap map, Reconstruction source, RunLimits limits, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        MaskResult made = MaskBuilder.Run(source, new MaskOptions { Limits = limits }, progress, cancellationToken);
        return OfMolecule(map, made.ThresholdVoxels, made.Map, cancellationToken);
    }

    /// <summary>As above, where it is known how much the molecule takes.</summary>
    /// <param name="map">The map; finite, of cubic voxels.</param>
    /// <param name="voxels">Voxels of the molecule, as for <see cref="Enclosing"/>.</param>
    /// <param name="mask">Its mask: the noise is measured where that is 0.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Contour OfMolecule(CryoMap map, long voxels, CryoMap mask, CancellationToken cancellationToken)
    {
        Contour molecule = Enclosing(map, voxels, cancellationToken);
        Contour noise = At(map, NoiseLimit(map, mask, cancellationToken), cancellationToken);
        return noise.Level > molecule.Level && noise.Voxels >= LeastShareOfMolecule * molecule.Voxels ? noise : molecule;
    }

    private static double NoiseLimit(CryoMap map, CryoMap mask, CancellationToken cancellationToken)
    {
        (double mean, double deviation) = Background.Outside(map.AsSpan(cancellationToken), mask.AsSpan(cancellationToken));
        return mean + (NoiseDeviations * deviation);
    }
}
