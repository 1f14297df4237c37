namespace LocalDeblur;

/// <summary>One way out of a refusal, such as "give a mask".</summary>
/// <param name="Words">The way, in words that need no front end to be understood, without capital and full stop.</param>
/// <param name="Parameter">The parameter by which it is done; null for a way that no parameter opens.</param>
public sealed record Advice(string Words, EngineParameter? Parameter = null)
{
    /// <summary>The words, with a front end's own name of the parameter behind them; null where it has none, so that nothing is advised that cannot be done.</summary>
    /// <param name="spelling">How the front end spells a parameter.</param>
    internal string? For(Func<EngineParameter, string?> spelling) =>
        Parameter is not { } parameter ? Words : spelling(parameter) is { } name ? $"{Words} ({name})" : null;
}
