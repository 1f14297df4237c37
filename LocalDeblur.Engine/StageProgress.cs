namespace LocalDeblur;

/// <summary>What a long operation is doing now.</summary>
/// <param name="Stage">Name of the stage for people, for example "Sharpening: iteration 3".</param>
/// <param name="Fraction">Share of the whole operation that is done, 0 … 1; NaN where it cannot be known.</param>
public readonly record struct StageProgress(string Stage, double Fraction)
{
    /// <summary>The stage without its steps, for who tells each once: what stands before a colon, for example "Sharpening".</summary>
    public string Step => Stage.Split(": ", 2)[0];
}
