namespace LocalDeblur.Validation;

/// <summary>Parameters of a Q-score.</summary>
public sealed record QScoreOptions
{
    /// <summary>Resolution of the map (Å), 0.5 … 20, for the expected score; null for none.</summary>
    public double? Resolution { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    internal void Validate()
    {
        if (Resolution is { } resolution && resolution is not (>= 0.5 and <= 20))
        {
            throw EngineException.OutOfRange(EngineParameter.Resolution, Say($"The resolution for the expected Q-score is {resolution} Å; expected 0.5 to 20 Å, or none."));
        }
    }
}
