namespace LocalDeblur.Maps;

/// <summary>Whether a map still is as the reconstruction left it, with noise in every voxel; or was multiplied by a mask, or padded, afterwards.</summary>
/// <remarks>
/// <para>
/// Two questions are asked. Whether a <b>half map</b> was masked at all: what both were multiplied by is the same in both, and correlates by itself wherever it has detail, at
/// its edge above all. It is told by zeros in rows, wherever they are, and one line holds for whoever asks: a report and the restoration warn, a deposition refuses.
/// </para>
/// <para>
/// And whether enough noise is left <b>around the molecule</b> to measure it there. A mask of a sphere that leaves the corners of the box empty does no harm then, so
/// that the share of one value outside the molecule is counted, 0 or another, and how much is too much depends on what is measured: see the two lines.
/// </para>
/// </remarks>
internal static class AppliedMask
{
    /// <summary>From this share of a half map's voxels in rows of zeros on it was masked or padded. A reconstruction has noise everywhere.</summary>
    public const double LeastOfHalf = 0.01;

    /// <summary>Where more of the outside has one value, MonoRes is misled: what it takes for the strongest 5 % of the noise is 10 % and more.</summary>
    public const double MostForRanks = 0.5;

    /// <summary>Where more of the outside has one value, the noise's standard deviation is too small by a factor of 3 and more, and with it LocalDeblur's floor.</summary>
    public const double MostForDeviation = 0.9;

    /// <summary>The warning of a half map that was masked; null for one that has noise everywhere.</summary>
    /// <param name="half">The half map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static string? WarningOfHalf(CryoMap half, CancellationToken cancellationToken = default)
    {
        double share = ZeroRegion.Share(half, cancellationToken);
        return share < LeastOfHalf ? null
            : Say($"{100 * share:0} % of the voxels of '{half.Name}' are exactly 0: the half map was masked or padded after the reconstruction, and has no noise there.");
    }

    /// <summary>Share of the voxels outside the molecule that have one and the same value, 0 or that of the first: nearly all where a mask was applied.</summary>
    /// <param name="map">The map.</param>
    /// <param name="inside">A mask or a local resolution: 0 outside the molecule.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static double ShareOfOneValue(CryoMap map, ReadOnlySpan<float> inside, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> voxels = map.AsSpan(cancellationToken);
        var count = new OneValue();
        for (int i = 0; i < voxels.Length; i++)
        {
            if (inside[i] == 0)
            {
                count.Add(voxels[i]);
            }
        }

        return count.Share;
    }

    /// <summary>What is wrong with a map that a mask was applied to, as a sentence begins; null where enough noise is left outside the molecule.</summary>
    /// <param name="map">The map.</param>
    /// <param name="share">Share of one value outside.</param>
    /// <param name="most">The line that holds for what is measured there.</param>
    public static string? WarningOfOutside(CryoMap map, double share, double most) =>
        share > most
            ? Say($"'{map.Name}' has one and the same value in {Math.Floor(100 * share):0} % of what surrounds the molecule, as after a mask: what its noise was is not known")
            : null;

    /// <summary>Counts how many values of many are one and the same.</summary>
    public struct OneValue
    {
        private float _first;
        private long _count;
        private long _zeros;
        private long _firsts;

        /// <summary>Share of 0, or of the first value, whichever is more; 0 for no value.</summary>
        public readonly double Share => _count == 0 ? 0 : (double)Math.Max(_zeros, _firsts) / _count;

        /// <summary>Counts a value.</summary>
        /// <param name="value">The value.</param>
        public void Add(float value)
        {
            _first = _count == 0 ? value : _first;
            _count++;
            _zeros += value == 0 ? 1 : 0;
            _firsts += value == _first ? 1 : 0;
        }
    }
}
