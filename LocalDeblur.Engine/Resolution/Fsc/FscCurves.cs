using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>The curves of a Fourier shell correlation, one value for each shell; null for those that were not measured.</summary>
/// <param name="Unmasked">Of the whole maps.</param>
internal sealed record FscCurves(IReadOnlyList<double> Unmasked)
{
    // Shells after the first random one that are not corrected: the mask mixes neighbouring shells.
    private const int UncorrectedShells = 2;

    // Share of a cube that a particle takes in the mean, as RELION has it.
    private const double ParticleShare = 0.476;

    /// <summary>Of the masked maps.</summary>
    public IReadOnlyList<double>? Masked { get; private init; }

    /// <summary>Of the masked maps with random phases.</summary>
    public IReadOnlyList<double>? Randomised { get; private init; }

    /// <summary>Of the masked maps, without what the mask contributes.</summary>
    public IReadOnlyList<double>? Corrected { get; private init; }

    /// <summary>Of the whole maps, scaled by the share of the box that the mask takes.</summary>
    public IReadOnlyList<double>? MaskFraction { get; private init; }

    /// <summary>The same with the curves that a mask gives.</summary>
    /// <param name="masked">Of the masked maps.</param>
    /// <param name="randomised">The same with random phases; null where none were random.</param>
    /// <param name="start">First shell with random phases; null for none.</param>
    /// <param name="share">Share of the box in which the mask is above ½.</param>
    public FscCurves WithMask(IReadOnlyList<double> masked, IReadOnlyList<double>? randomised, int? start, double share)
    {
        double q = ParticleShare / share;
        return this with
        {
            Masked = masked,
            Randomised = randomised,
            Corrected = Correct(masked, randomised, start ?? 0),
            MaskFraction = [.. Unmasked.Select(value => q * value / (1 + ((q - 1) * value)))],
        };
    }

    /// <summary>The curves as a table, NaN for what was not measured.</summary>
    /// <param name="shells">The shells.</param>
    public IEnumerable<FscShell> ByShell(RadialShells shells) =>
        from i in Enumerable.Range(0, shells.Count)
        select new FscShell(
            i,
            shells.Resolution(i),
            shells.Frequency(i),
            shells.CoefficientCount(i),
            Unmasked[i],
            Masked?[i] ?? double.NaN,
            Randomised?[i] ?? double.NaN,
            Corrected?[i] ?? double.NaN,
            MaskFraction?[i] ?? double.NaN);

    private static double[] Correct(IReadOnlyList<double> masked, IReadOnlyList<double>? randomised, int start) =>
    [
        .. masked.Select((value, i) => randomised is null || i < start + UncorrectedShells ? value : (value - randomised[i]) / (1 - randomised[i])),
    ];
}
