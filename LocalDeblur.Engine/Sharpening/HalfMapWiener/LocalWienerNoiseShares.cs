namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>Share of the noise in the variance of a map, in the mask, 0 … 1: of the mean of the half maps and of what was made of it.</summary>
/// <param name="Before">Of the mean.</param>
/// <param name="After">Of the restored map.</param>
/// <param name="DetailBefore">Of the detail of the mean that is finer than 5 Å; null where the voxels hold none.</param>
/// <param name="DetailAfter">Of the same detail of the restored map; null where it has none.</param>
internal sealed record LocalWienerNoiseShares(double Before, double After, double? DetailBefore, double? DetailAfter)
{
    /// <summary>The noise of the detail, before and after, as a sentence; null where there is no such detail.</summary>
    public string? Summary => (DetailBefore, DetailAfter) switch
    {
        (double before, double after) => Say($"Of the detail finer than 5 Å, {100 * after:0} % is noise ({100 * before:0} % before)."),
        (double before, null) => Say($"Of the detail finer than 5 Å, {100 * before:0} % was noise; all of it is left out."),
        _ => null,
    };
}
