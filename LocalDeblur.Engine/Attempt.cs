namespace LocalDeblur;

/// <summary>Measures of which one that is refused costs the others nothing.</summary>
internal static class Attempt
{
    /// <summary>Measures.</summary>
    /// <typeparam name="T">What is measured.</typeparam>
    /// <param name="measure">The measurement.</param>
    /// <param name="warnings">Gets the refusal.</param>
    /// <returns>What was measured; null where it was refused.</returns>
    public static T? At<T>(Func<T> measure, List<string> warnings)
        where T : class
    {
        try
        {
            return measure();
        }
        catch (EngineException refusal)
        {
            warnings.Add(refusal.Message);
            return null;
        }
    }
}
