using System.Collections.ObjectModel;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>The curves of a Fourier shell correlation, and the resolutions they give.</summary>
/// <remarks>Immutable. Written and read by <see cref="FscTable"/>.</remarks>
public sealed class FscResult
{
    /// <summary>The threshold of <see cref="FscResolution.Resolution"/> (Rosenthal and Henderson, <i>J. Mol. Biol.</i> 333 (2003) 721).</summary>
    public const double Threshold = 0.143;

    /// <summary>The threshold of <see cref="FscResolution.Resolution05"/>.</summary>
    public const double HalfThreshold = 0.5;

    /// <summary>Wraps measured curves.</summary>
    /// <param name="shells">The shells from number 0 on, without gaps; at least two.</param>
    /// <exception cref="ArgumentException">Shells are missing or not in order.</exception>
    public FscResult(IEnumerable<FscShell> shells)
    {
        ArgumentNullException.ThrowIfNull(shells);
        Shells = new ReadOnlyCollection<FscShell>([.. shells]);
        if (Shells.Count < 2)
        {
            throw new ArgumentException($"{Shells.Count} shells; expected at least two.", nameof(shells));
        }

        for (int i = 0; i < Shells.Count; i++)
        {
            if (Shells[i].Index != i)
            {
                throw new ArgumentException($"Shell {Shells[i].Index} at place {i}; expected shells from 0 without gaps.", nameof(shells));
            }
        }

        Curves = new ReadOnlyCollection<FscCurveKind>([.. Enum.GetValues<FscCurveKind>().Where(curve => Shells.Skip(1).Any(shell => !double.IsNaN(shell[curve])))]);
        Resolutions = new ReadOnlyCollection<FscResolution>([.. from curve in Curves where curve != FscCurveKind.Randomised select Measure(curve)]);
    }

    /// <summary>The shells, from 0 (the mean) to Nyquist of the longest edge.</summary>
    public ReadOnlyCollection<FscShell> Shells { get; }

    /// <summary>The curves that were measured.</summary>
    public ReadOnlyCollection<FscCurveKind> Curves { get; }

    /// <summary>What each of them gives, but for the randomised one.</summary>
    public ReadOnlyCollection<FscResolution> Resolutions { get; }

    /// <summary>First shell whose phases were random; null where none were.</summary>
    public int? RandomisedFrom { get; init; }

    /// <summary>The two maps that were compared: their paths, or their names where they were computed; empty where a table does not say.</summary>
    public IReadOnlyList<string> HalfMaps { get; init; } = [];

    /// <summary>The mask, likewise; null for none.</summary>
    public string? Mask { get; init; }

    /// <summary>What was decided, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; init; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// The curve that states the resolution: the corrected one; the unmasked one where that is the only one, or where it reaches further
    /// (then the mask does not fit the molecule), as in RELION.
    /// </summary>
    public FscResolution Final
    {
        get
        {
            FscResolution? unmasked = For(FscCurveKind.Unmasked);
            FscResolution? corrected = For(FscCurveKind.Corrected) ?? For(FscCurveKind.Masked);
            return corrected is null || (unmasked is not null && unmasked.ResolutionShell < corrected.ResolutionShell)
                ? unmasked ?? Resolutions.FirstOrDefault() ?? Unknown
                : corrected;
        }
    }

    /// <summary>Resolution (Å) at 0.143 of the final curve, interpolated; NaN, as the two below, where no curve has a value.</summary>
    public double Resolution => Final.Resolution;

    /// <summary>Resolution (Å) at 0.5 of the final curve, interpolated.</summary>
    public double Resolution05 => Final.Resolution05;

    /// <summary>Resolution (Å) of the last shell of the final curve before the first below 0.143.</summary>
    public double ResolutionShell => Final.ResolutionShell;

    /// <summary>What one curve gives; null where it was not measured, or is the randomised one.</summary>
    /// <param name="curve">Which.</param>
    public FscResolution? For(FscCurveKind curve) => Resolutions.FirstOrDefault(resolution => resolution.Curve == curve);

    /// <summary>For example <c>3.42 Å (FSC 0.143, corrected)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Resolution:0.00} Å (FSC 0.143, {Final.Curve.ToString().ToLowerInvariant()})");

    private static FscResolution Unknown => new(FscCurveKind.Unmasked, double.NaN, double.NaN, double.NaN, ReachesNyquist: false);

    private FscResolution Measure(FscCurveKind curve)
    {
        (double resolution, int? shell) = Crossing(curve, Threshold);
        return new FscResolution(
            curve,
            resolution,
            Crossing(curve, HalfThreshold).Resolution,
            Shells[(shell ?? Shells.Count) - 1].Resolution,
            shell is null);
    }

    // A shell without power holds no signal: it ends the curve.
    private (double Resolution, int? Shell) Crossing(FscCurveKind curve, double threshold)
    {
        for (int i = 1; i < Shells.Count; i++)
        {
            double value = Shells[i][curve];
            if (value >= threshold)
            {
                continue;
            }

            // Nothing is coarser than the box.
            if (i == 1)
            {
                return (Shells[1].Resolution, 1);
            }

            double before = Shells[i - 1][curve];
            double after = double.IsNaN(value) ? 0 : value;
            double share = (before - threshold) / (before - after);
            return (1 / ((1 - share) * Frequency(i - 1) + share * Frequency(i)), i);
        }

        return (Shells[^1].Resolution, null);
    }

    // Tables state some other frequency for the mean.
    private double Frequency(int shell) => shell == 0 ? 0 : Shells[shell].Frequency;
}
