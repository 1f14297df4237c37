namespace LocalDeblur.Maps.Mrc;

/// <summary>One deviation of a map file from its format.</summary>
public sealed record MrcFinding
{
    /// <summary>Number of the broken rule; see <see cref="MrcRules.Table"/>.</summary>
    public required int Rule { get; init; }

    /// <summary>Short name of the rule.</summary>
    public required string Title { get; init; }

    /// <summary>What the deviation means for the reader.</summary>
    public required MrcSeverity Severity { get; init; }

    /// <summary>Found, expected, and what is made of it.</summary>
    public required string Message { get; init; }

    /// <summary>Id under which the reader refuses the file, where the severity is Error.</summary>
    internal EngineError Refusal { get; init; } = EngineError.MapHeaderInvalid;

    /// <summary>For example <c>Warning 3 (Machine stamp): …</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Severity} {Rule} ({Title}): {Message}");
}
