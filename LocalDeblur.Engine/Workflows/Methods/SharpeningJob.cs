using LocalDeblur.Maps;

namespace LocalDeblur.Workflows.Methods;

/// <summary>What a sharpening method gets: a reconstruction, and what is known of it.</summary>
public sealed record SharpeningJob
{
    /// <summary>The half maps, or the map: unfiltered, unsharpened.</summary>
    public required Reconstruction Input { get; init; }

    /// <summary>The map to work on: the mean of the half maps, the one map, or what the method made that this one begins with.</summary>
    public required CryoMap Start { get; init; }

    /// <summary>Where the molecule is, with a soft edge; null where none was given and none could be made.</summary>
    public CryoMap? Mask { get; init; }

    /// <summary>Resolution of the reconstruction (Å).</summary>
    public required double Resolution { get; init; }

    /// <summary>Its local resolution (Å); null to estimate it.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>As <see cref="LocalDeblurRunOptions.CoarsestResolution"/> (Å).</summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>Density of the model, on the same grid; null without a model.</summary>
    public CryoMap? Reference { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Keeps the local resolution that is estimated for other methods; null where there are none.</summary>
    internal EstimatedResolution? Estimated { get; init; }

    /// <summary>Why there is no mask.</summary>
    internal EngineException? MaskRefusal { get; init; }

    /// <summary>The mask, for a method that cannot do without.</summary>
    /// <exception cref="EngineException">There is none, and why.</exception>
    public CryoMap RequireMask() =>
        Mask ?? throw (MaskRefusal ?? Missing(EngineError.MaskEmpty, "mask, and the method needs one", new Advice("give a mask", EngineParameter.Mask)));

    /// <summary>The density of the model, for a method that cannot do without.</summary>
    /// <exception cref="EngineException">There is no model.</exception>
    public CryoMap RequireReference() =>
        Reference ?? throw Missing(EngineError.ParameterOutOfRange, "model, and the method takes its amplitudes from one", new Advice("give a model", EngineParameter.Model));

    private EngineException Missing(EngineError error, string what, Advice advice) =>
        new(error, $"'{Input.Name}' came without a {what}.", Input.First.Name) { Advice = [advice] };
}
