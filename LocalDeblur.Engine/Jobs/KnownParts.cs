namespace LocalDeblur.Jobs;

/// <summary>What the stages of a new job can be connected to: the files that go in, under the names that people expect, and results of stages before.</summary>
/// <param name="given">The names of the files that go in.</param>
/// <param name="resolution">Resolution of the map (Å); null where it is not known.</param>
internal sealed class KnownParts(IEnumerable<string> given, double? resolution)
{
    /// <summary>The map.</summary>
    public const string Map = "map";

    /// <summary>The first half map.</summary>
    public const string HalfMap1 = "halfMap1";

    /// <summary>The second half map.</summary>
    public const string HalfMap2 = "halfMap2";

    /// <summary>The mask, given or made.</summary>
    public const string Mask = "mask";

    /// <summary>The atomic model.</summary>
    public const string Model = "model";

    /// <summary>The local resolution, given or estimated.</summary>
    public const string LocalResolution = "localResolution";

    /// <summary>A map to take amplitudes from.</summary>
    public const string Reference = "reference";

    private static readonly string[] Sharpened = ["sharpen", "localWiener", "bFactor", "autoSharpen", "locScale"];

    private readonly HashSet<string> _given = new(given, StringComparer.Ordinal);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    /// <summary>Whether there are half maps.</summary>
    public bool HasHalves => _given.Contains(HalfMap1) && _given.Contains(HalfMap2);

    /// <summary>Resolution of the map (Å); null where it is not known. Asking for it counts as a use.</summary>
    public double? Resolution
    {
        get
        {
            UsesResolution = true;
            return resolution;
        }
    }

    /// <summary>Whether a stage asked for the resolution.</summary>
    public bool UsesResolution { get; private set; }

    /// <summary>The sharpened maps so far.</summary>
    public IReadOnlyList<string> SharpenedMaps => [.. Sharpened.Where(_made.Contains)];

    /// <summary>The name, where there is something of that name, given or made; else null.</summary>
    /// <param name="name">A name.</param>
    public string? Optional(string name) => _made.Contains(name) ? name : Given(name);

    /// <summary>The name, where a file of that name goes in; else null.</summary>
    /// <param name="name">A name.</param>
    public string? Given(string name) => _given.Contains(name) ? name : null;

    /// <summary>Notes what a stage makes.</summary>
    /// <param name="stage">The stage.</param>
    public void Add(JobStage stage) => _made.UnionWith(stage.Products.Select(product => product.Name));
}
