using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>What one run of a method gets: both half maps, one map, or one half map by itself.</summary>
/// <param name="reconstruction">The half maps, or the map.</param>
/// <param name="half">1 or 2 for a half map by itself; null for all that was given.</param>
/// <param name="cancellationToken">Stops the reading.</param>
internal sealed class SharpeningInput(Reconstruction reconstruction, int? half, CancellationToken cancellationToken)
{
    /// <summary>The half maps, or the map.</summary>
    public Reconstruction Reconstruction => reconstruction;

    /// <summary>Mean of the half maps, or the map itself. Kept, since several methods work on it.</summary>
    public CryoMap Whole { get; } = reconstruction.Mean(cancellationToken);

    /// <summary>1 or 2 for a half map by itself; null for all that was given.</summary>
    public int? Half => half;

    /// <summary>Result of LocalDeblur, kept while another method begins with it.</summary>
    public CryoMap? Deblurred { get; set; }

    /// <summary>Duration of that (s).</summary>
    public double DeblurSeconds { get; set; }

    /// <summary>What a method made of a half map, kept until it is compared with what it made of the other.</summary>
    public CryoMap? Sharpened { get; set; }
}
