namespace LocalDeblur.Maps;

/// <summary>Whether a half map still is as the reconstruction left it, with noise in every voxel; or was masked or padded afterwards.</summary>
/// <remarks>A mask that both halves were multiplied by is the same in both, so that it correlates by itself wherever it has detail, at its edge above all.</remarks>
internal static class MaskedHalf
{
    /// <summary>From this share on, voxels of one exact value are no accident of rounding.</summary>
    public const double LeastShare = 0.05;

    /// <summary>Share of the voxels that have exactly the value of the box's first corner.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static double Share(CryoMap map, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        return (double)voxels.Count(voxels[0]) / voxels.Length;
    }

    /// <summary>The warning of a half map that is flat around the molecule; null for one that has noise there.</summary>
    /// <param name="half">The half map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOf(CryoMap half, CancellationToken cancellationToken = default)
    {
        double share = Share(half, cancellationToken);
        return share < LeastShare ? null
            : Say($"{100 * share:0} % of the voxels of '{half.Name}' are exactly {half.AsSpan(cancellationToken)[0]:G4}, those in the corner of the box among them: ")
                + "the half map was masked or padded after the reconstruction, so that its noise is missing there.";
    }
}
