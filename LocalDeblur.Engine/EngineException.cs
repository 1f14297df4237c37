namespace LocalDeblur;

/// <summary>
/// Input that the engine refuses. The message is complete for a person: what is wrong, in which file or map,
/// found versus expected, and what to do.
/// </summary>
/// <remarks>
/// No message names an option or a cmdlet: warnings, decisions and what is stored keep the plain words ("give a mask"), which read the same everywhere.
/// What a refusal advises also carries its parameter, and a front end adds its own spelling of it when it shows the message (<see cref="MessageFor"/>).
/// </remarks>
public sealed class EngineException : Exception
{
    private readonly string _problem;

    /// <summary>Creates the refusal.</summary>
    /// <param name="error">What kind of refusal; its name is the error id.</param>
    /// <param name="message">What is wrong, found versus expected. What to do belongs to it where no parameter is needed for it.</param>
    /// <param name="target">File or map it is about, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
    public EngineException(EngineError error, string message, string? target = null, Exception? innerException = null)
        : base(message, innerException)
    {
        // Paths and what stands in files are part of many messages.
        _problem = PlainText.Of(message);
        Error = error;
        Target = target;
    }

    /// <summary>Kind of refusal.</summary>
    public EngineError Error { get; }

    /// <summary>File or map the refusal is about; null where there is none.</summary>
    public string? Target { get; }

    /// <summary>What to do: ways of which one is enough.</summary>
    public IReadOnlyList<Advice> Advice { get; init; } = [];

    /// <summary>The message in words of no front end.</summary>
    public override string Message => Compose(Advice.Select(way => way.Words));

    /// <summary>A parameter whose value cannot be used.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="message">What it is, and what was expected.</param>
    /// <param name="target">File or map it is about, or null.</param>
    internal static EngineException OutOfRange(EngineParameter parameter, string message, string? target = null) =>
        new(EngineError.ParameterOutOfRange, message, target) { Advice = [new("give another value", parameter)] };

    /// <summary>The message with a front end's own names of what it advises. Advice that cannot be followed there is left out.</summary>
    /// <param name="spelling">How the front end spells a parameter, as its user would type it here; null where it cannot be given.</param>
    public string MessageFor(Func<EngineParameter, string?> spelling)
    {
        ArgumentNullException.ThrowIfNull(spelling);
        return Compose(Advice.Select(way => way.For(spelling)).OfType<string>());
    }

    private string Compose(IEnumerable<string> ways) => ways.ToArray() switch
    {
        [] => _problem,
        [var only] => $"{_problem} {Capital(only)}.",
        [.. var others, var last] => $"{_problem} {Capital(string.Join(", ", others))}, or {last}.",
    };

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
