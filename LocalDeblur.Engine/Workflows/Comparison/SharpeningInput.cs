using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>What one run of a method gets: both half maps, one map, or one half map by itself.</summary>
/// <param name="map">The map, or the first of two half maps.</param>
/// <param name="secondHalf">The second half map; null for one map.</param>
/// <param name="whole">Their mean, or the map itself.</param>
/// <param name="half">1 or 2 for a half map by itself; null for all that was given.</param>
internal sealed class SharpeningInput(CryoMap map, CryoMap? secondHalf, CryoMap whole, int? half)
{
    /// <summary>The map, or the first of two half maps.</summary>
    public CryoMap Map => map;

    /// <summary>The second half map; null for one map.</summary>
    public CryoMap? SecondHalf => secondHalf;

    /// <summary>Mean of the half maps, or the map itself.</summary>
    public CryoMap Whole => whole;

    /// <summary>1 or 2 for a half map by itself; null for all that was given.</summary>
    public int? Half => half;

    /// <summary>Result of LocalDeblur, kept while another method begins with it.</summary>
    public CryoMap? Deblurred { get; set; }

    /// <summary>Duration of that (s).</summary>
    public double DeblurSeconds { get; set; }

    /// <summary>What a method made of a half map, kept until it is compared with what it made of the other.</summary>
    public CryoMap? Sharpened { get; set; }
}
