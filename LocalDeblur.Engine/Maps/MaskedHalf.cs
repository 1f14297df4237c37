namespace LocalDeblur.Maps;

/// <summary>Whether a half map still is as the reconstruction left it, with noise in every voxel; or was masked or padded afterwards.</summary>
/// <remarks>A mask that both halves were multiplied by is the same in both, so that it correlates by itself wherever it has detail, at its edge above all.</remarks>
internal static class MaskedHalf
{
    /// <summary>A smaller share of zeros may be a frame that was cut off, and does not change the curves.</summary>
    public const double LeastShare = 0.05;

    /// <summary>The warning of a half map that is zero around the molecule; null for one that has noise there.</summary>
    /// <param name="half">The half map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOf(CryoMap half, CancellationToken cancellationToken = default)
    {
        double share = ZeroRegion.Share(half, cancellationToken);
        return share < LeastShare ? null
            : Say($"{100 * share:0} % of the voxels of '{half.Name}' are exactly 0: the half map was masked or padded after the reconstruction, and has no noise there.");
    }
}
