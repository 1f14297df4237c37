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
    // Of the voxels of a mask so many have one of two values, the larger of them in at least the least share.
    private const double LeastTwoValueShare = 0.5;
    private const double LeastLargerShare = 1e-3;

    private const int SampleCount = 1 << 16;

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

        if (mask.Minimum != 0 || ShareOfTwoValues(mask) is null)
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
}
