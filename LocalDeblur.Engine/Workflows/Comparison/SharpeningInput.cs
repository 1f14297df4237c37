using LocalDeblur.Maps;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>What the methods of a comparison get: both half maps, one map, or one half map by itself.</summary>
/// <param name="reconstruction">The half maps, or the map.</param>
/// <param name="half">1 or 2 for a half map by itself; null for all that was given.</param>
/// <param name="cancellationToken">Stops the reading.</param>
internal sealed class SharpeningInput(Reconstruction reconstruction, int? half, CancellationToken cancellationToken)
{
    private readonly Dictionary<ISharpeningMethod, Beginning> _beginnings = [];

    /// <summary>The half maps, or the map.</summary>
    public Reconstruction Reconstruction => reconstruction;

    /// <summary>Mean of the half maps, or the map itself. Kept, since several methods work on it.</summary>
    public CryoMap Whole { get; } = reconstruction.Mean(cancellationToken);

    /// <summary>1 or 2 for a half map by itself; null for all that was given.</summary>
    public int? Half => half;

    /// <summary>What a method made of a half map, kept until it is compared with what it made of the other.</summary>
    public CryoMap? Sharpened { get; set; }

    /// <summary>Its local resolution, once it was estimated.</summary>
    public EstimatedResolution Estimated { get; private set; } = new();

    /// <summary>Volumes that are kept for later.</summary>
    public int KeptVolumes => _beginnings.Count + (Sharpened is null ? 0 : 1) + (Estimated.Map is null ? 0 : 1);

    /// <summary>What a method made, where another begins with it and it was kept.</summary>
    /// <param name="method">The method.</param>
    public Beginning? MadeBy(ISharpeningMethod method) => _beginnings.GetValueOrDefault(method);

    /// <summary>Keeps what a method made for those that begin with it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="made">What it made.</param>
    public void Keep(ISharpeningMethod method, Beginning made) => _beginnings[method] = made;

    /// <summary>Lets go of what no method to come begins with, or goes by.</summary>
    /// <param name="coming">The methods to come.</param>
    public void KeepFor(IReadOnlyCollection<ISharpeningMethod> coming)
    {
        IEnumerable<ISharpeningMethod> wanted = coming.Select(method => method.BeginsWith).OfType<ISharpeningMethod>();
        if (!coming.Any(GoesByLocalResolution))
        {
            Estimated = new EstimatedResolution();
        }

        foreach (ISharpeningMethod method in _beginnings.Keys.Except(wanted).ToArray())
        {
            _beginnings.Remove(method);
        }
    }

    /// <summary>Whether a method goes by the local resolution, itself and not by what it begins with.</summary>
    /// <param name="method">The method.</param>
    public static bool GoesByLocalResolution(ISharpeningMethod method) => method is LocalDeblurMethod or LocalDeblur3Method;

    /// <summary>The result of a method, for another to begin with.</summary>
    /// <param name="Map">The map.</param>
    /// <param name="Seconds">How long it took (s).</param>
    internal sealed record Beginning(CryoMap Map, double Seconds);
}
