using LocalDeblur.Maps;

namespace LocalDeblur.Resolution;

/// <summary>
/// The local resolution of every voxel, cleaned of the ways in which programs mark "no value here":
/// Å inside the molecule, 0 outside. Says what was decided.
/// </summary>
public sealed class ResolutionField
{
    /// <summary>A positive value held by at least this share of the box is taken as background, unless nothing else is left.</summary>
    public const double BackgroundShare = 0.3;

    /// <summary>Fewer voxels than this beside a dominating value, as a share of the box, do not make a resolution map.</summary>
    private const double SmallestInsideShare = 1e-4;

    /// <summary>Values beyond this multiple of the coarsest among all but the last thousandth are not resolutions of the same molecule.</summary>
    private const double OutlierFactor = 4;

    private const double LongestResolution = 100;

    /// <summary>More values than this share, below this share of two voxels, are no resolutions. A voxel size that is a little off makes good ones fall below two voxels.</summary>
    private const double LargestShareBelowNyquist = 0.5;
    private const double NyquistShare = 0.9;
    private const int SampleCount = 1 << 16;

    /// <summary>A background this close above the coarsest other value may be a value that voxels inside hold too.</summary>
    private const double BackgroundDistance = 1.5;

    private ResolutionField(float[] values, double finest, double coarsest, long insideCount, List<string> decisions, List<string> warnings)
    {
        Values = values;
        Finest = finest;
        Coarsest = coarsest;
        InsideCount = insideCount;
        Decisions = decisions;
        Warnings = warnings;
    }

    /// <summary>Å at voxels inside, at least two voxels; 0 outside. x fastest. Owned by this object.</summary>
    public float[] Values { get; }

    /// <summary>Finest value inside (Å), after raising to two voxels.</summary>
    public double Finest { get; }

    /// <summary>Coarsest value inside (Å), before raising to two voxels: what the filter bank is made for.</summary>
    public double Coarsest { get; }

    /// <summary>Voxels inside.</summary>
    public long InsideCount { get; }

    /// <summary>What was decided, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Cleans a local-resolution map.</summary>
    /// <param name="localResolution">Local resolution (Å); 0, negative, NaN or infinite where there is none, or one constant value.</param>
    /// <param name="mask">Where the molecule is (≥ 0.5), on the same grid; overrides the recognition of a background. Or null.</param>
    /// <param name="limit">Coarser values are set to this one (Å); null for no limit.</param>
    /// <param name="cancellationToken">Stops the reading of the maps.</param>
    /// <exception cref="EngineException">MaskEmpty or ResolutionRangeInvalid; mismatched grids; VoxelSizeMissing.</exception>
    public static ResolutionField Prepare(CryoMap localResolution, CryoMap? mask = null, double? limit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(localResolution);
        return Prepare(localResolution, localResolution.CopyVoxels(cancellationToken), mask, limit, cancellationToken);
    }

    /// <summary>As above, where the map was made for this alone: its voxels are taken over.</summary>
    /// <param name="localResolution">Local resolution (Å); it has no voxels afterwards.</param>
    /// <param name="limit">Coarser values are set to this one (Å); null for no limit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static ResolutionField PrepareTaking(CryoMap localResolution, double? limit, CancellationToken cancellationToken) =>
        Prepare(localResolution, localResolution.TakeVoxels(), mask: null, limit, cancellationToken);

    private static ResolutionField Prepare(CryoMap localResolution, float[] values, CryoMap? mask, double? limit, CancellationToken cancellationToken)
    {
        localResolution.Grid.RequireCubicVoxels(localResolution.Name);
        mask?.Grid.RequireSameAs(mask.Name, localResolution.Grid, localResolution.Name);
        string name = localResolution.Name;
        double twoVoxels = 2 * localResolution.VoxelSize;
        var decisions = new List<string>();
        var warnings = new List<string>();

        long unusable = ClearUnusable(values);
        if (unusable > 0)
        {
            decisions.Add(Say($"{unusable} voxels of '{name}' that are NaN or infinite are taken as outside."));
        }

        if (mask is not null)
        {
            warnings.AddRange(MaskRule.Doubts(mask, cancellationToken));
            long inMask = ApplyMask(values, mask, cancellationToken);
            decisions.Add(Say($"The mask '{mask.Name}' decides what is outside; it keeps {inMask} of {values.LongLength} voxels."));
        }
        else if (FindBackground(values) is { } background)
        {
            ClearValue(values, background.Value);
            decisions.Add(
                Say($"{background.Value:0.####} Å, held by {100.0 * background.Count / values.LongLength:0.#} % of the voxels of '{name}', ")
                    + "is its background and taken as outside; a mask would decide instead.");

            // RELION and cryoSPARC fill the outside with the worst value, which voxels inside can hold as well; ResMap's ceiling lies far above.
            double coarsestOther = Range(values).Coarsest;
            if (background.Value >= coarsestOther && background.Value < BackgroundDistance * coarsestOther)
            {
                warnings.Add(
                    Say($"The background of '{name}', {background.Value:0.####} Å, is also its coarsest value: ")
                        + "voxels of the molecule that hold it are taken as outside too. Give a mask to keep them.");
            }
        }

        // Each pass over a volume of 512³ takes a tenth of a second.
        cancellationToken.ThrowIfCancellationRequested();
        if (limit is { } ceiling)
        {
            long limited = LimitTo(values, (float)ceiling);
            if (limited > 0)
            {
                decisions.Add(Say($"{limited} voxels of '{name}' coarser than the filter bank's {ceiling:0.###} Å are set to it."));
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        (double finest, double coarsest, long inside) = Range(values);
        RequireReason(name, values, inside, finest, coarsest, twoVoxels);

        cancellationToken.ThrowIfCancellationRequested();
        long raised = RaiseTo(values, (float)twoVoxels);
        if (raised > 0)
        {
            decisions.Add(Say($"{raised} voxels of '{name}' finer than two voxels are raised to {twoVoxels:0.###} Å."));
        }

        decisions.Add(Say($"{inside} of {values.LongLength} voxels are inside, at {Math.Max(finest, twoVoxels):0.##} to {coarsest:0.##} Å."));
        return new ResolutionField(values, Math.Max(finest, twoVoxels), coarsest, inside, decisions, warnings);
    }

    private static long ClearUnusable(Span<float> values)
    {
        long count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                values[i] = 0;
                count++;
            }
            else if (values[i] < 0)
            {
                values[i] = 0;
            }
        }

        return count;
    }

    private static long ApplyMask(Span<float> values, CryoMap mask, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> shape = mask.CopyFiniteVoxels(cancellationToken);
        long kept = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (MaskRule.Selects(shape[i]))
            {
                kept++;
            }
            else
            {
                values[i] = 0;
            }
        }

        if (kept == 0)
        {
            throw MaskRule.Empty(mask);
        }

        return kept;
    }

    /// <summary>
    /// The positive value that a large share of the box holds exactly, if there is one and other values remain.
    /// A sample finds the candidate (a share of 0.3 cannot hide in 65 536 draws); the count is exact.
    /// </summary>
    internal static (float Value, long Count)? FindBackground(ReadOnlySpan<float> values)
    {
        int stride = Math.Max(1, values.Length / SampleCount) | 1;
        var counts = new Dictionary<float, int>();
        for (long i = 0; i < values.Length; i += stride)
        {
            float value = values[(int)i];
            if (value > 0)
            {
                counts[value] = counts.GetValueOrDefault(value) + 1;
            }
        }

        if (counts.Count == 0)
        {
            return null;
        }

        float candidate = counts.MaxBy(pair => pair.Value).Key;
        long count = 0;
        long others = 0;
        foreach (float value in values)
        {
            if (value == candidate)
            {
                count++;
            }
            else if (value > 0)
            {
                others++;
            }
        }

        // A uniform resolution inside a mask is data, not background: then nothing else is left.
        return count >= BackgroundShare * values.Length && others > Math.Max(1, SmallestInsideShare * values.Length)
            ? (candidate, count)
            : null;
    }

    private static void ClearValue(Span<float> values, float background)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == background)
            {
                values[i] = 0;
            }
        }
    }

    private static long LimitTo(Span<float> values, float ceiling)
    {
        long count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > ceiling)
            {
                values[i] = ceiling;
                count++;
            }
        }

        return count;
    }

    private static long RaiseTo(Span<float> values, float floor)
    {
        long count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] > 0 && values[i] < floor)
            {
                values[i] = floor;
                count++;
            }
        }

        return count;
    }

    private static (double Finest, double Coarsest, long Inside) Range(ReadOnlySpan<float> values)
    {
        float finest = float.PositiveInfinity;
        float coarsest = 0;
        long inside = 0;
        foreach (float value in values)
        {
            if (value > 0)
            {
                inside++;
                finest = Math.Min(finest, value);
                coarsest = Math.Max(coarsest, value);
            }
        }

        return (finest, coarsest, inside);
    }

    // To a front end that takes maps by position, two half maps on end are a map and its resolution.
    private static EngineException NotResolutions(string name, string found) =>
        new(
            EngineError.ResolutionRangeInvalid,
            $"{found} Check that it is not a density or a mask, that its values are Å and not 1/Å, and that its voxel size is right.",
            name)
        {
            Advice = HalfMapName.IsHalf(name) ? [new("if it is one of two half maps, name both", EngineParameter.HalfMaps)] : [],
        };

    /// <summary>Refuses values, of which some stand for all, that cannot be resolutions of a map.</summary>
    /// <param name="map">The map of the values.</param>
    /// <param name="sorted">Values above 0, ascending; at least one.</param>
    internal static void RequireResolutions(CryoMap map, IReadOnlyList<float> sorted)
    {
        double twoVoxels = 2 * map.VoxelSize, median = sorted[sorted.Count / 2];
        if (median < NyquistShare * twoVoxels)
        {
            throw BelowTwoVoxels(map.Name, sorted[0], sorted[^1], twoVoxels);
        }

        if (median > LongestResolution)
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                Say($"Half of the values of '{map.Name}' are {median:0.##} Å and more; expected at most {LongestResolution:0} Å. Check that its values are Å."),
                map.Name);
        }
    }

    private static EngineException BelowTwoVoxels(string name, double finest, double coarsest, double twoVoxels) => NotResolutions(
        name,
        Say($"The values of '{name}' run from {finest:0.####} to {coarsest:0.####}; expected resolutions in Å, at least two voxels ({twoVoxels:0.###} Å)."));

    private static void RequireReason(string name, ReadOnlySpan<float> values, long inside, double finest, double coarsest, double twoVoxels)
    {
        if (inside == 0)
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                Say($"No voxel of '{name}' has a local resolution: all are 0, negative or not a number; expected resolutions in Å inside the molecule. ")
                    + "Check that the mask, if there is one, covers the molecule.",
                name);
        }

        if (coarsest < twoVoxels)
        {
            throw BelowTwoVoxels(name, finest, coarsest, twoVoxels);
        }

        long tooFine = 0;
        foreach (float value in values)
        {
            tooFine += value > 0 && value < NyquistShare * twoVoxels ? 1 : 0;
        }

        if (tooFine > LargestShareBelowNyquist * inside)
        {
            throw NotResolutions(
                name,
                Say($"{100.0 * tooFine / inside:0} % of the values of '{name}' are below two voxels ({twoVoxels:0.###} Å), finer than any map of these voxels can be; ")
                    + "expected resolutions in Å.");
        }

        if (coarsest <= twoVoxels * OutlierFactor)
        {
            return;
        }

        double usual = Percentile(values, inside, coarsest, 0.999);
        if (coarsest > OutlierFactor * usual)
        {
            throw new EngineException(
                EngineError.ResolutionRangeInvalid,
                Say($"'{name}' reaches {coarsest:0.##} Å, while 99.9 % of its values lie below {usual:0.##} Å; expected a map without outliers."),
                name)
            {
                Advice =
                [
                    new("leave the outliers out with a mask", EngineParameter.Mask),
                    new(Say($"have coarser values than {usual:0.#} Å taken for that by the filter bank"), EngineParameter.BankCoarsestResolution),
                ],
            };
        }

        if (coarsest > LongestResolution)
        {
            throw new EngineException(EngineError.ResolutionRangeInvalid, Say($"'{name}' reaches {coarsest:0.##} Å; expected at most {LongestResolution} Å."), name)
            {
                Advice = [new("check that its values are Å"), new("if that value marks the outside, give a mask", EngineParameter.Mask)],
            };
        }
    }

    /// <summary>Upper bound of the histogram bin in which the percentile of the positive values falls.</summary>
    private static double Percentile(ReadOnlySpan<float> values, long inside, double coarsest, double share)
    {
        const int Bins = 4096;
        long[] histogram = new long[Bins + 1];
        float scale = (float)(Bins / coarsest);
        foreach (float value in values)
        {
            if (value > 0)
            {
                histogram[Math.Min(Bins, (int)(value * scale))]++;
            }
        }

        long wanted = (long)(share * inside);
        long seen = 0;
        int bin = 0;
        while (bin < Bins && (seen += histogram[bin]) <= wanted)
        {
            bin++;
        }

        return (bin + 1) * coarsest / Bins;
    }
}
