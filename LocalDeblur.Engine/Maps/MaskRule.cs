using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>Which voxels a mask selects where it is taken as a choice and not as a weight: those of one half and more.</summary>
/// <remarks>
/// The soft edges of masks hold voxels of exactly one half, so "more" and "one half and more" give different figures. Three published programs have rules of
/// their own, which the methods after them keep: RELION's share of the box counts what is above one half, LocScale takes what is above 0.99, and MonoRes what is
/// 1 or more.
/// </remarks>
internal static class MaskRule
{
    // Resampling and low-pass filters overshoot by less.
    private const double LargestOvershoot = 0.25;

    // In a mask more of the voxels above half of its largest value come near to this, even where it is a Gaussian (6 %); in densities it is 0.3 to 3 %.
    private const double LeastPlateauShare = 0.04;
    private const float PlateauLine = 0.9f;

    // A mask with this share of the six faces of the box is one of what surrounds the molecule.
    private const double InvertedShare = 0.99;

    // Of the voxels of a mask so many have one of two values, the larger of them in at least the least share.
    private const double LeastTwoValueShare = 0.5;
    private const double LeastLargerShare = 1e-3;

    private const int SampleCount = 1 << 16;

    private static readonly float BelowThreshold = MathF.BitDecrement(Threshold);

    /// <summary>The least value inside.</summary>
    public const float Threshold = 0.5f;

    /// <summary>Whether a voxel is inside. NaN is not.</summary>
    /// <param name="value">Value of the mask.</param>
    public static bool Selects(float value) => value >= Threshold;

    /// <summary>That a mask selects nothing.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="rule">What it has no voxel of.</param>
    public static EngineException Empty(CryoMap mask, string rule = "of 0.5 or more") =>
        new(EngineError.MaskEmpty, Say($"The mask '{mask.Name}' has no voxel {rule}; its largest value is {mask.Maximum:0.####}."), mask.Name)
        {
            Advice = [new("give a mask that is 1 in the molecule and 0 outside", EngineParameter.Mask)],
        };

    /// <summary>What a mask that was given seems to be instead of one: a density, a local resolution, or a mask of the surroundings.</summary>
    /// <param name="mask">The mask, of numbers; null for none.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One sentence, or none.</returns>
    public static IEnumerable<string> Doubts(CryoMap? mask, CancellationToken cancellationToken) =>
        mask is null ? [] : Doubts(mask.Name, mask.Size, mask.AsSpan(cancellationToken), (float)mask.Minimum, (float)mask.Maximum);

    /// <summary>As above, for who holds the voxels.</summary>
    /// <param name="name">Name of the mask.</param>
    /// <param name="size">Its size.</param>
    /// <param name="values">Its voxels.</param>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    public static IEnumerable<string> Doubts(string name, GridSize size, ReadOnlySpan<float> values, float least, float most) =>
        Doubt(name, size, values, least, most) is { } doubt ? [doubt] : [];

    /// <summary>That a map that was given for a density is a mask.</summary>
    /// <param name="map">The map; finite values.</param>
    /// <returns>One sentence, or none.</returns>
    public static IEnumerable<string> DoubtsOfDensity(CryoMap map) => ShareOfTwoValues(map) is { } share
        ? [Say($"'{map.Name}' is a mask: {100 * share:0} % of its voxels are {map.Minimum:G5} or {map.Maximum:G5}; expected the density of a molecule.")]
        : [];

    /// <summary>Refuses maps that are the same everywhere inside a mask.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite; MapWithoutSignal.</exception>
    public static void RequireSignalInside(Reconstruction input, CryoMap mask, CancellationToken cancellationToken)
    {
        input.RequireFinite(cancellationToken);
        foreach (CryoMap map in input.Maps)
        {
            HalfMapCheck.RequireSignal(map);
            RequireSignalInside(map, mask.AsSpan(cancellationToken), Threshold, $"inside the mask '{mask.Name}'", cancellationToken);
        }
    }

    /// <summary>Refuses a map that is the same everywhere inside.</summary>
    /// <param name="map">The map; finite values.</param>
    /// <param name="inside">What says where that is.</param>
    /// <param name="least">Least value of that inside.</param>
    /// <param name="where">Where it is, in words.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapWithoutSignal.</exception>
    public static void RequireSignalInside(CryoMap map, ReadOnlySpan<float> inside, float least, string where, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        float value = float.NaN;
        long count = 0;
        for (int i = 0; i < inside.Length; i++)
        {
            if (!(inside[i] >= least))
            {
                continue;
            }

            if (count++ > 0 && voxels[i] != value)
            {
                return;
            }

            value = voxels[i];
        }

        // An empty mask is refused as that, and one voxel always is the same.
        if (count > 1)
        {
            throw WithoutSignal(map, value, where);
        }
    }

    /// <summary>That a map is the same everywhere inside.</summary>
    /// <param name="map">The map.</param>
    /// <param name="value">Its value there.</param>
    /// <param name="where">Where, in words.</param>
    public static EngineException WithoutSignal(CryoMap map, float value, string where) =>
        new(EngineError.MapWithoutSignal, Say($"'{map.Name}' is {value:G5} everywhere {where}; expected the density of a molecule there."), map.Name)
        {
            Advice = [new("give a mask of the molecule", EngineParameter.Mask), new("check that the map is the one that was meant")],
        };

    /// <summary>A mask to multiply a map by, 0 … 1. One of two values, as of bytes, is brought there.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="decisions">Told what was done to it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite; ParameterOutOfRange for values that are no weights.</exception>
    public static CryoMap Weights(CryoMap mask, List<string> decisions, CancellationToken cancellationToken)
    {
        const double Tolerance = 1e-3;
        mask.RequireFinite(cancellationToken);
        if (mask.Minimum >= -Tolerance && mask.Maximum <= 1 + Tolerance)
        {
            return mask;
        }

        if (mask.Minimum != 0 || !HasPlateau(mask.AsSpan(cancellationToken), (float)mask.Maximum))
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"The mask '{mask.Name}' has values from {mask.Minimum:G4} to {mask.Maximum:G4}, and a map is to be multiplied by it; expected 0 to 1."),
                mask.Name)
            {
                Advice = [new("give a mask that is 1 in the molecule and 0 outside", EngineParameter.Mask), new("leave the multiplication out", EngineParameter.ApplyMask)],
            };
        }

        decisions.Add(Say($"The mask '{mask.Name}' is {mask.Maximum:G4} in the molecule; it was divided by that."));
        return GreyValues.Times(mask, (float)(1 / mask.Maximum), cancellationToken);
    }

    /// <summary>Share of the voxels that have the smallest or the largest value, where these are so many that the map is a mask, whatever its values; null for a density.</summary>
    /// <param name="map">The map; finite values.</param>
    public static double? ShareOfTwoValues(CryoMap map)
    {
        float least = (float)map.Minimum, most = (float)map.Maximum;
        ReadOnlySpan<float> values = map.AsSpan();
        float[] sample = ScatteredSample.Of(values, SampleCount);

        // Most maps are seen to be none by a few of their voxels.
        if (sample.Count(value => value == least || value == most) < 0.5 * LeastTwoValueShare * sample.Length)
        {
            return null;
        }

        long small = values.Count(least), large = values.Count(most);
        double share = (double)(small + large) / values.Length;
        return least < most && share > LeastTwoValueShare && large > LeastLargerShare * values.Length ? share : null;
    }

    private static string? Doubt(string name, GridSize size, ReadOnlySpan<float> values, float least, float most)
    {
        const string Expected = "; expected 1 in the molecule and 0 outside.";
        if (!float.IsFinite(least) || !float.IsFinite(most))
        {
            return null;
        }

        bool isWeight = least >= -LargestOvershoot && most <= 1 + LargestOvershoot;
        if (!isWeight && !(least == 0 && HasPlateau(values, most)))
        {
            return Say($"The mask '{name}' has values from {least:G4} to {most:G4}, as a density or a local resolution has") + Expected;
        }

        long inside = VolumeStatistics.CountAbove(values, 0.5f * most), plateau = VolumeStatistics.CountAbove(values, PlateauLine * most);
        if (plateau < LeastPlateauShare * inside)
        {
            return Say($"The mask '{name}' looks like a density: only {plateau} of its {inside} voxels above half of its largest value, {most:0.###}, come near it") + Expected;
        }

        return VolumeStatistics.CountAbove(values, BelowThreshold) < values.Length && ShareOfFaces(values, size) > InvertedShare
            ? $"The mask '{name}' is 1 all around the box and less within it, as if inside and outside were swapped" + Expected
            : null;
    }

    // Whether a map from 0 to any number can be a mask of that number: it is in most voxels inside.
    private static bool HasPlateau(ReadOnlySpan<float> values, float most) =>
        VolumeStatistics.CountAbove(values, PlateauLine * most) > LeastTwoValueShare * VolumeStatistics.CountAbove(values, 0.5f * most);

    private static double ShareOfFaces(ReadOnlySpan<float> values, GridSize size)
    {
        long inside = 0, all = 0;
        for (int z = 0; z < size.Z; z++)
        {
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<float> row = values.Slice((int)size.Offset(0, y, z), size.X);
                bool isWhole = z == 0 || y == 0 || z == size.Z - 1 || y == size.Y - 1;
                inside += isWhole ? VolumeStatistics.CountAbove(row, BelowThreshold) : (Selects(row[0]) ? 1 : 0) + (Selects(row[^1]) ? 1 : 0);
                all += isWhole ? row.Length : 2;
            }
        }

        return (double)inside / all;
    }
}
