using LocalDeblur.Maps;

namespace LocalDeblur.Resolution;

/// <summary>Whether a local-resolution map lies where the molecule is: another origin, axis order or hand puts it beside, and every value is then that of another place.</summary>
internal static class ResolutionPlacement
{
    /// <summary>Where one lies within the other, all of the smaller is in both. Shifted by a tenth of its width, a molecule keeps about this share.</summary>
    public const double LeastShare = 0.8;

    /// <summary>The warning of a map that lies beside the mask; null for one that does not, and for one that has values everywhere.</summary>
    /// <param name="resolution">The local resolution (Å), on the mask's grid.</param>
    /// <param name="mask">Where the molecule is.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOf(CryoMap resolution, CryoMap mask, CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<float> values = resolution.AsSpan(cancellationToken), shape = mask.AsSpan(cancellationToken);
        float background = ResolutionField.FindBackground(values)?.Value ?? 0;
        long both = 0, valued = 0, inside = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool hasValue = values[i] > 0 && values[i] != background, isInside = MaskRule.Selects(shape[i]);
            valued += hasValue ? 1 : 0;
            inside += isInside ? 1 : 0;
            both += hasValue && isInside ? 1 : 0;
        }

        return both >= LeastShare * Math.Min(valued, inside) ? null
            : Say($"The local resolution '{resolution.Name}' lies beside the mask: {100.0 * both / Math.Max(1, inside):0} % of the voxels of the mask have a local resolution, ")
                + Say($"and {100.0 * (valued - both) / Math.Max(1, valued):0} % of the voxels that have one lie outside the mask.");
    }
}
