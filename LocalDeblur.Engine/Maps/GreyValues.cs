using System.Numerics.Tensors;

namespace LocalDeblur.Maps;

/// <summary>
/// The scale of grey values, which means nothing to any method. Float32 has room for squares and sums of them only about 1: a map far from there is worked on times a power
/// of two, which changes no digit.
/// </summary>
internal static class GreyValues
{
    /// <summary>No map of a molecule has larger values; one that was read in the wrong byte order does. The sum over the largest box still is a number.</summary>
    public const double Largest = 1e28;

    /// <summary>Below it (standard deviation) the least of the noise begins to lose digits.</summary>
    public const double Smallest = 1e-28;

    /// <summary>Within this factor of 1, squares and their sums keep all digits.</summary>
    private const double Comfort = 1e10;

    /// <summary>Refuses a map beyond what float32 can work with.</summary>
    /// <param name="map">The map; finite values.</param>
    /// <exception cref="EngineException">MapNotFinite, MapWithoutSignal.</exception>
    public static void RequireInReach(CryoMap map)
    {
        double largest = Math.Max(Math.Abs(map.Minimum), Math.Abs(map.Maximum));
        if (largest > Largest)
        {
            throw new EngineException(
                EngineError.MapNotFinite,
                Say($"'{map.Name}' has grey values of up to {largest:G3}, too large to be summed up in single precision; expected at most {Largest:G1}."),
                map.Name)
            {
                Advice = [new("check that the file is whole and its byte order right"), new("divide the map by a constant")],
            };
        }

        if (map.StandardDeviation is > 0 and < Smallest)
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                Say($"The grey values of '{map.Name}' vary by {map.StandardDeviation:G3} (standard deviation), too little for single precision; expected at least {Smallest:G1}."),
                map.Name)
            {
                Advice = [new("check that it is the file that was meant"), new("multiply the map by a constant")],
            };
        }
    }

    /// <summary>The power of two that brings maps near to a standard deviation of 1; 1 where they are near enough.</summary>
    /// <param name="maps">Maps of one scale.</param>
    public static float FactorOf(params IEnumerable<CryoMap> maps)
    {
        double deviation = maps.Max(map => map.StandardDeviation);
        return deviation is > 0 and (< 1 / Comfort or > Comfort) ? (float)Math.ScaleB(1, -Math.ILogB(deviation)) : 1;
    }

    /// <summary>A map times a factor, which stands for the map itself; itself for 1.</summary>
    /// <param name="map">The map.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static CryoMap Times(CryoMap map, float factor, CancellationToken cancellationToken)
    {
        if (factor == 1)
        {
            return map;
        }

        float[] voxels = map.CopyVoxels(cancellationToken);
        TensorPrimitives.Multiply(voxels, factor, voxels);
        return map.WithVoxels(voxels);
    }

    /// <summary>A map, or half maps, times a factor.</summary>
    /// <param name="input">They.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static Reconstruction Times(Reconstruction input, float factor, CancellationToken cancellationToken) => factor == 1
        ? input
        : input.HasHalves
            ? new Reconstruction(Times(input.Half1, factor, cancellationToken), Times(input.Half2, factor, cancellationToken))
            : Times(input.First, factor, cancellationToken);
}
