using LocalDeblur.Numerics;

namespace LocalDeblur.Maps;

/// <summary>
/// Whether two maps are what they are given for: the halves of one reconstruction. These agree at low resolution, have the same grey values, and the same power at every
/// size of detail and in every part of the box, since they differ in nothing but the particles they are made of.
/// </summary>
/// <remarks>
/// Halves that RELION reconstructed, and simulated ones with noise of up to seven times the signal, correlate by 0.6 and more over blocks of 8 voxels; their power in each octave
/// differs by up to 5 %, once the number of blocks is counted in. The limits leave room for halves of unequal size.
/// </remarks>
internal sealed class HalfMapCheck
{
    /// <summary>Halves correlate by more than this at some size of detail.</summary>
    private const double LeastCorrelation = 0.05;

    /// <summary>Fewer voxels correlate by chance.</summary>
    private const int LeastVoxels = 1000;

    /// <summary>Halves are mirrored where another way correlates by more than this factor more.</summary>
    private const double TurnedFactor = 1.2;

    /// <summary>Noise that is alike in neighbouring blocks correlates by chance as if there were fewer; a turned volume has many tries besides.</summary>
    private const double ChanceFactor = 3;

    /// <summary>Halves that lie fewer voxels apart may have been aligned no better, which is worth a warning.</summary>
    private const int LeastShift = 2;

    /// <summary>Halves whose standard deviations differ by more than this are worth a warning,</summary>
    private const double SuspiciousScale = 1.5;

    /// <summary>and by more than this are refused.</summary>
    private const double LargestScale = 5;

    /// <summary>The ratio of their powers may differ between sizes of detail by this before it is worth a warning,</summary>
    private const double SuspiciousPower = 1.3;

    /// <summary>and by this before they are refused.</summary>
    private const double LargestPower = 5;

    /// <summary>A band with a smaller share of either map's power is rounding.</summary>
    private const double LeastShare = 1e-6;

    /// <summary>From this correlation on two maps are one and the same but for a factor.</summary>
    private const double Same = 1 - 1e-9;

    private readonly CryoMap _first;
    private readonly CryoMap _second;

    private HalfMapCheck(CryoMap first, CryoMap second)
    {
        _first = first;
        _second = second;
    }

    /// <summary>That a map is empty; null where both have a signal.</summary>
    public EngineException? Emptiness { get; private set; }

    /// <summary>Why they cannot be of one molecule in one place; null where they may be. All that a comparison of two maps, whatever they are, may be told.</summary>
    public EngineException? Difference { get; private set; }

    /// <summary>Why they cannot be two halves though they may show the same; null where they may be.</summary>
    public EngineException? Unlikeness { get; private set; }

    /// <summary>That they are one and the same map; null where they are not.</summary>
    public string? Sameness { get; private set; }

    /// <summary>What else the user should know of halves, one sentence or two each.</summary>
    public List<string> Doubts { get; } = [];

    private string Names => $"'{_first.Name}' and '{_second.Name}'";

    /// <summary>Looks at two maps.</summary>
    /// <param name="first">One, with finite voxels.</param>
    /// <param name="second">The other, on the same grid.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static HalfMapCheck Run(CryoMap first, CryoMap second, CancellationToken cancellationToken)
    {
        var check = new HalfMapCheck(first, second);
        if (((CryoMap[])[first, second]).FirstOrDefault(map => !(map.StandardDeviation > 0)) is { } flat)
        {
            check.Emptiness = Flat(flat);
        }
        else if (first.AsSpan(cancellationToken).SequenceEqual(second.AsSpan(cancellationToken)))
        {
            check.Sameness = $"{check.Names} are the same in every voxel, so their noise counts as signal at every resolution. Give the two half maps of one reconstruction.";
        }
        else
        {
            check.Compare(cancellationToken);
        }

        return check;
    }

    /// <summary>Refuses a map that is the same everywhere.</summary>
    /// <param name="map">The map.</param>
    /// <exception cref="EngineException">MapWithoutSignal.</exception>
    public static void RequireSignal(CryoMap map)
    {
        if (!(map.StandardDeviation > 0))
        {
            throw Flat(map);
        }
    }

    private static EngineException Flat(CryoMap map) =>
        new(
            EngineError.MapWithoutSignal,
            Say($"Every voxel of '{map.Name}' is {map.Mean:G5}; expected the density of a molecule. Check that it is the file that was meant."),
            map.Name);

    // Three standard deviations of what n pairs correlate by chance.
    private static double Allowance(PearsonSums sums) => 3 / Math.Sqrt(sums.Count);

    private void Compare(CancellationToken cancellationToken)
    {
        BlockPyramid pyramid = BlockPyramid.Measure(_first, _second, cancellationToken);
        if (pyramid.Levels[0].Sums.Correlation >= Same)
        {
            Sameness = $"{Names} are the same map but for a factor, so their noise counts as signal at every resolution. Give the two half maps of one reconstruction.";
        }

        Unlikeness = FindMask() ?? CompareScale(pyramid.Levels[0].Sums);
        Difference = CompareDensity(pyramid, cancellationToken);
        if (Difference is null && Unlikeness is null)
        {
            ComparePower(pyramid);
        }
    }

    private EngineException? FindMask()
    {
        foreach (CryoMap map in (CryoMap[])[_first, _second])
        {
            if (MaskRule.ShareOfTwoValues(map) is { } share)
            {
                return Refuse(Say($"'{map.Name}' is a mask: {100 * share:0} % of its voxels are {map.Minimum:G5} or {map.Maximum:G5}; expected the density of a half map."));
            }
        }

        return null;
    }

    // Mirrored or elsewhere before opposed and unlike: a mirror image may not correlate at all, and a molecule beside another darkens what surrounds it.
    private EngineException? CompareDensity(BlockPyramid pyramid, CancellationToken cancellationToken)
    {
        if (pyramid.Levels[0].Sums.Count < LeastVoxels)
        {
            return null;
        }

        BlockPyramid.Level best = pyramid.Levels.MaxBy(level => level.Sums.Correlation - Allowance(level.Sums))!;
        BlockPyramid.Level worst = pyramid.Levels.MinBy(level => level.Sums.Correlation + Allowance(level.Sums))!;
        bool isAlike = pyramid.Levels.Any(level => level.Sums.Correlation > Math.Max(LeastCorrelation, Allowance(level.Sums)));
        var shift = MapShift.Find(_first, _second, pyramid, cancellationToken);
        if ((FindTurn(pyramid, shift, cancellationToken) ?? FindShift(shift)) is { } displaced)
        {
            return displaced;
        }

        if (!isAlike && worst.Sums.Correlation < -Math.Max(LeastCorrelation, Allowance(worst.Sums)))
        {
            return Refuse(
                Say($"{Names} are opposed: they correlate by {worst.Sums.Correlation:0.00} over {BlocksOf(worst)}, and one is dark where the other is bright; ")
                    + "expected more than 0. Multiply one of them by -1.");
        }

        return isAlike ? null : Refuse(
            Say($"{Names} have nothing in common: they correlate by {best.Sums.Correlation:0.00} at most, over {BlocksOf(best)}; expected more than {LeastCorrelation}."));
    }

    // By Cauchy's inequality no other way can correlate more than the right one, but by chance or for halves that lie a little apart.
    // What lies far beside may look more like its mirror image than like itself as it is, but most like itself moved back.
    private EngineException? FindTurn(BlockPyramid pyramid, MapShift shift, CancellationToken cancellationToken)
    {
        foreach (BlockPyramid.Level level in pyramid.Levels.Where(level => level.IsSmall))
        {
            cancellationToken.ThrowIfCancellationRequested();
            double least = LeastOfOther(level.Sums, TurnedFactor);
            if (least < 1 && BlockSymmetry.Best(level) is var other && other.Correlation > Math.Max(least, shift.CorrelationOver(level)))
            {
                return Refuse(
                    Say($"{Names} are mirrored or turned against each other: they correlate by {level.Sums.Correlation:0.00} over {BlocksOf(level)}, ")
                        + Say($"and by {other.Correlation:0.00} {other.Way}; expected most as they are."));
            }
        }

        return null;
    }

    // A shift costs detail first: it is refused where it costs a part of the values, or of the detail, that cannot be chance.
    private EngineException? FindShift(MapShift shift)
    {
        MapShift.Gain[] gains = [shift.Values, shift.Detail];
        if (shift.IsNone || !gains.Any(gain => IsMore(gain, factor: 1)))
        {
            return null;
        }

        AxisTriple voxel = _first.Grid.Spacing;
        (int x, int y, int z) = shift.Voxels;
        string found =
            Say($"'{_second.Name}' lies beside '{_first.Name}', by ({x}, {y}, {z}) voxels ({x * voxel.X:0.#}, {y * voxel.Y:0.#}, {z * voxel.Z:0.#} Å): ")
                + Say($"they correlate by {shift.Values.AsIs.Correlation:0.00} as they are and by {shift.Values.MovedBack.Correlation:0.00} with it moved back ")
                + Say($"(their detail by {shift.Detail.AsIs.Correlation:0.00} and {shift.Detail.MovedBack.Correlation:0.00}); expected most as they are. ")
                + "Move it back before it is used, or find out what moved it.";
        if (shift.Largest >= LeastShift && gains.Any(gain => IsMore(gain, TurnedFactor)))
        {
            return Refuse(found);
        }

        Doubts.Add(found);
        return null;

        static bool IsMore(MapShift.Gain gain, double factor) => gain.MovedBack.Correlation > LeastOfOther(gain.AsIs, factor, gain.Blur);
    }

    // What halves have to correlate by in another way or place to be wrong as they are.
    private static double LeastOfOther(PearsonSums asIs, double factor, double blur = 1) =>
        (factor * Math.Max(0, asIs.Correlation)) + (ChanceFactor * blur * Allowance(asIs));

    private EngineException? CompareScale(PearsonSums sums)
    {
        double first = Math.Sqrt(sums.VarianceOfFirst), second = Math.Sqrt(sums.VarianceOfSecond);
        double ratio = Math.Max(first / second, second / first);
        string found = Say($"The grey values of {Names} differ by a factor of {ratio:0.#} (standard deviations {first:G3} and {second:G3}); expected about 1.");
        if (ratio > LargestScale)
        {
            return Refuse(found);
        }

        if (ratio > SuspiciousScale)
        {
            Doubts.Add(found + " Two half maps of one reconstruction have the same scale.");
        }

        return null;
    }

    private void ComparePower(BlockPyramid pyramid)
    {
        Power[] powers = [.. Powers(pyramid)];
        if (powers.Length < 2)
        {
            return;
        }

        Power least = powers.MinBy(power => power.Most)!;
        Power most = powers.MaxBy(power => power.Least)!;
        double spread = most.Least / least.Most;
        string found =
            Say($"{Names} do not have the same power in every detail: that of the first over that of the second is {most.Ratio:G3} {most.Where} ")
                + Say($"and {least.Ratio:G3} {least.Where}; ")
                + "expected the same. One may be filtered, sharpened or masked, or the mean of both.";
        if (spread > LargestPower)
        {
            Unlikeness = Refuse(found);
        }
        else if (spread > SuspiciousPower)
        {
            Doubts.Add(found + " Give the two half maps as they left the reconstruction.");
        }
    }

    // Differences of two levels hold an octave of detail.
    private IEnumerable<Power> Powers(BlockPyramid pyramid)
    {
        double voxel = _first.Grid.Spacing.X;
        PearsonSums all = pyramid.Levels[0].Sums;
        for (int i = 0; i < pyramid.Levels.Count; i++)
        {
            PearsonSums sums = pyramid.Levels[i].Sums;
            PearsonSums? next = i + 1 < pyramid.Levels.Count ? pyramid.Levels[i + 1].Sums : null;
            double first = sums.VarianceOfFirst - (next?.VarianceOfFirst ?? 0);
            double second = sums.VarianceOfSecond - (next?.VarianceOfSecond ?? 0);
            double finest = 2 * pyramid.Levels[i].Edge * voxel;
            if (first > LeastShare * all.VarianceOfFirst || second > LeastShare * all.VarianceOfSecond)
            {
                yield return new Power(first / second, sums, next is null ? Say($"coarser than {finest:0.#} Å") : Say($"between {2 * finest:0.#} and {finest:0.#} Å"));
            }
        }

        PearsonSums outer = pyramid.Outer;
        if (outer.VarianceOfFirst > LeastShare * all.VarianceOfFirst || outer.VarianceOfSecond > LeastShare * all.VarianceOfSecond)
        {
            yield return new Power(outer.VarianceOfFirst / outer.VarianceOfSecond, outer, "at the edge of the box");
        }
    }

    private static string BlocksOf(BlockPyramid.Level level) => level.Edge == 1 ? "single voxels" : Say($"blocks of {level.Edge} voxels");

    private EngineException Refuse(string message) =>
        new(EngineError.HalfMapMismatch, message, _second.Name) { Advice = [new("give the two half maps of one reconstruction", EngineParameter.HalfMaps)] };

    /// <summary>The power of one map over that of the other in a part of their detail.</summary>
    /// <param name="Ratio">First over second.</param>
    /// <param name="Sums">What it was measured over.</param>
    /// <param name="Where">Which part.</param>
    private sealed record Power(double Ratio, PearsonSums Sums, string Where)
    {
        // The logarithm of the ratio of two variances of n pairs has the variance 4(1 − r²)/n.
        private double Tolerance => Math.Exp(8 * Math.Sqrt((Sums.Correlation is var r && double.IsNaN(r) ? 1 : Math.Max(0, 1 - (r * r))) / Sums.Count));

        public double Least => Ratio / Tolerance;

        public double Most => Ratio * Tolerance;
    }
}
