namespace LocalDeblur.Shells;

/// <summary>Whether a map that should be unsharpened has amplitudes of one that was sharpened: those of a reconstruction fall with resolution.</summary>
internal static class SharpenedBefore
{
    /// <summary>A fit with a B factor above this falls by no more than a tenth from 10 to 3 Å (Å²). Reconstructions have −40 and less.</summary>
    public const double LargestBFactor = -5;

    /// <summary>Coarser than this, what is fitted is the outline of the molecule and its secondary structure (Å).</summary>
    public const double Coarsest = 10;

    /// <summary>A map of a resolution coarser than this has too few shells to fit (Å).</summary>
    public const double FinestNeeded = 6;

    /// <summary>The straight line through the profile from 10 Å to the resolution; null where there is none.</summary>
    /// <param name="profile">Profile of the map, in its mask.</param>
    /// <param name="resolution">Resolution of the map (Å).</param>
    public static GuinierFit? Fit(GuinierProfile profile, double resolution)
    {
        if (!(resolution <= FinestNeeded))
        {
            return null;
        }

        try
        {
            return profile.MeasureFit(new ResolutionRange(Coarsest, resolution));
        }
        catch (EngineException refusal) when (refusal.Error is EngineError.FitRangeEmpty)
        {
            return null;
        }
    }

    /// <summary>The warning; null where the amplitudes fall as they should.</summary>
    /// <param name="name">Name of the map.</param>
    /// <param name="fit">The line through its profile; or null.</param>
    public static string? WarningOf(string name, GuinierFit? fit) => fit is null || fit.BFactor < LargestBFactor ? null
        : Say($"The amplitudes of '{name}' do not fall between {fit.Range.Coarsest:0.#} and {fit.Range.Finest:0.#} Å (B {fit.BFactor:0} Å²), as those of a reconstruction do: ")
            + "it was probably sharpened before.";
}
