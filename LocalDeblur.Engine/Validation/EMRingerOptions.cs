namespace LocalDeblur.Validation;

/// <summary>Parameters of an EMRinger score.</summary>
public sealed record EMRingerOptions
{
    /// <summary>Residues on either side of a window's centre, counted by residue number, 0 … 1000.</summary>
    public int WindowReach { get; init; } = 10;

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    internal void Validate()
    {
        if (WindowReach is < 0 or > 1000)
        {
            throw EngineException.OutOfRange(EngineParameter.WindowReach, Say($"The rolling window reaches {WindowReach} residues to either side; expected 0 to 1000."));
        }
    }
}
