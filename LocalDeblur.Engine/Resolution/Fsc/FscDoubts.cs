namespace LocalDeblur.Resolution.Fsc;

/// <summary>What a Fourier shell correlation shows that a resolution alone does not say.</summary>
internal static class FscDoubts
{
    /// <summary>From this value on a curve counts as risen again,</summary>
    public const double Risen = 0.2;

    /// <summary>in so many shells in a row: noise of shells with hundreds of coefficients does not do that.</summary>
    public const int RisenShells = 3;

    /// <summary>Where the masked curve's phases are random and it still is above this, the mask makes the halves agree.</summary>
    public const double LargestRandomised = 0.25;

    /// <summary>That the curve rises again behind the shell that states the resolution; null where it does not.</summary>
    /// <param name="curves">The curves.</param>
    public static string? Rise(FscResult curves)
    {
        FscCurveKind curve = curves.Final.Curve;
        int crossing = curves.Shells.Skip(1).FirstOrDefault(shell => shell[curve] < FscResult.Threshold).Index;
        if (crossing == 0)
        {
            return null;
        }

        int highest = 0;
        for (int first = crossing, i = crossing; i < curves.Shells.Count; i++)
        {
            if (!(curves.Shells[i][curve] >= Risen))
            {
                first = i + 1;
            }
            else if (i - first + 1 >= RisenShells)
            {
                highest = Enumerable.Range(first, i - first + 1).Append(Math.Max(highest, first)).MaxBy(shell => curves.Shells[shell][curve]);
            }
        }

        return highest == 0 ? null
            : Say($"The curve ({Name(curve)}) falls below {FscResult.Threshold} at {curves.Final.Resolution:0.00} Å and rises again, ")
                + Say($"to {curves.Shells[highest][curve]:0.00} at {curves.Shells[highest].Resolution:0.00} Å: there both halves share what is no detail of the molecule.");
    }

    /// <summary>That the mask's own detail correlates where the resolution is read; null where it does not, and without random phases.</summary>
    /// <param name="curves">The curves.</param>
    public static string? MaskEffect(FscResult curves)
    {
        if (curves.RandomisedFrom is not { } start || curves.Final.Curve != FscCurveKind.Corrected)
        {
            return null;
        }

        FscShell found = curves.Shells.Skip(start + 1).FirstOrDefault(shell => shell.Corrected < FscResult.Threshold);
        return found.Index > 0 && found.Randomised > LargestRandomised
            ? Say($"With random phases the halves still correlate by {found.Randomised:0.00} at {found.Resolution:0.00} Å: the mask makes them agree. ")
                + "It is tight, or its edge is sharp; the corrected curve has that taken off."
            : null;
    }

    /// <summary>A curve's name in a sentence.</summary>
    /// <param name="curve">The curve.</param>
    public static string Name(FscCurveKind curve) => curve switch
    {
        FscCurveKind.Unmasked => "without a mask",
        FscCurveKind.Masked => "masked",
        FscCurveKind.Randomised => "phases randomised",
        FscCurveKind.Corrected => "masked, corrected",
        _ => "corrected by the mask's share",
    };
}
