namespace LocalDeblur.Workflows.Methods;

/// <summary>The sharpening methods that can be chosen by name. Comparison, front ends, completion and file names follow from this list.</summary>
public static class SharpeningMethods
{
    /// <summary>All of them, in the order in which a comparison runs and shows them.</summary>
    public static IReadOnlyList<ISharpeningMethod> All { get; } =
    [
        new RawMethod(),
        new BFactorMethod(),
        new AutoSharpenMethod(),
        new LocalDeblurMethod(),
        new LocalDeblur3Method(),
        new WienerMethod(),
        new LocalWienerMethod(),
        new LocScaleMethod(),
        new LocalDeblurLocScaleMethod(),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(method => method.Name)];

    /// <summary>The method of a name; null where there is none.</summary>
    /// <param name="name">Its name, in capitals or not.</param>
    public static ISharpeningMethod? Find(string name) => All.FirstOrDefault(method => method.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The method of a name.</summary>
    /// <param name="name">Its name, in capitals or not.</param>
    /// <exception cref="EngineException">ParameterOutOfRange: there is none of that name.</exception>
    public static ISharpeningMethod Named(string name) =>
        Find(name) ?? throw new EngineException(EngineError.ParameterOutOfRange, $"'{name}' is no sharpening method; expected one of {string.Join(", ", Names)}.");
}
