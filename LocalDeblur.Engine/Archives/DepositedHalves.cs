using LocalDeblur.Maps;

namespace LocalDeblur.Archives;

/// <summary>
/// What the EMDB asks of half maps: two different ones of one reconstruction, as it left them, without filter and mask. Some processing cannot be seen; what can is that
/// they are the same, do not fit together, or are exactly zero beyond a sphere or a mask.
/// </summary>
internal static class DepositedHalves
{
    /// <summary>What speaks against them, one refusal each; none for sound halves.</summary>
    /// <param name="halves">The half maps.</param>
    /// <param name="zeros">Share of each half map that is exactly zero in rows.</param>
    /// <param name="doubts">What else the user should know of them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite or MapWithoutSignal, which nobody can want to deposit.</exception>
    public static List<(EngineError Error, string Message)> Find(Reconstruction halves, out double[] zeros, out IReadOnlyList<string> doubts, CancellationToken cancellationToken)
    {
        halves.RequireFinite(cancellationToken);
        var check = HalfMapCheck.Run(halves.Half1, halves.Half2, cancellationToken);
        if (check.Emptiness is { } emptiness)
        {
            throw emptiness;
        }

        doubts = check.Doubts;
        List<(EngineError, string)> found = [];
        if (check.Sameness is { } sameness)
        {
            found.Add((EngineError.HalfMapsIdentical, sameness));
        }

        if ((check.Difference ?? check.Unlikeness) is { } difference)
        {
            found.Add((difference.Error, difference.Message));
        }

        zeros = [.. halves.Maps.Select(map => ZeroRegion.Share(map, cancellationToken))];
        foreach ((CryoMap map, double share) in halves.Maps.Zip(zeros))
        {
            if (share >= AppliedMask.LeastOfHalf)
            {
                found.Add((
                    EngineError.HalfMapMasked,
                    Say($"'{map.Name}' was masked: {100 * share:0.#} % of its voxels lie in rows that are exactly 0; expected less than {100 * AppliedMask.LeastOfHalf:0} %, ")
                        + "as in a half map that has its noise everywhere. Give the half maps as they left the reconstruction."));
            }
        }

        return found;
    }
}
