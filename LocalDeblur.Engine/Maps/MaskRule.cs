namespace LocalDeblur.Maps;

/// <summary>Which voxels a mask selects where it is taken as a choice and not as a weight: those of one half and more.</summary>
/// <remarks>
/// The soft edges of masks hold voxels of exactly one half, so "more" and "one half and more" give different figures. Three published programs have rules of
/// their own, which the methods after them keep: RELION's share of the box counts what is above one half, LocScale takes what is above 0.99, and MonoRes what is
/// 1 or more.
/// </remarks>
internal static class MaskRule
{
    // Of the voxels of a mask so many have one of two values, the larger of them in at least the least share.
    private const double LeastTwoValueShare = 0.5;
    private const double LeastLargerShare = 1e-3;

    // Odd, so that it falls on no plane of the box for long.
    private const int SampleStep = 97;

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

    /// <summary>Share of the voxels that have the smallest or the largest value, where these are so many that the map is a mask, whatever its values; null for a density.</summary>
    /// <param name="map">The map; finite values.</param>
    public static double? ShareOfTwoValues(CryoMap map)
    {
        float least = (float)map.Minimum, most = (float)map.Maximum;
        ReadOnlySpan<float> values = map.AsSpan();
        long some = 0, seen = 0;
        for (int i = 0; i < values.Length; i += SampleStep, seen++)
        {
            some += values[i] == least || values[i] == most ? 1 : 0;
        }

        // Most maps are seen to be none by a few of their voxels.
        if (some < 0.5 * LeastTwoValueShare * seen)
        {
            return null;
        }

        long small = values.Count(least), large = values.Count(most);
        double share = (double)(small + large) / values.Length;
        return least < most && share > LeastTwoValueShare && large > LeastLargerShare * values.Length ? share : null;
    }
}
