using LocalDeblur.Plots;

namespace LocalDeblur.Validation;

/// <summary>Plots of a <see cref="TruthComparison"/>.</summary>
public static class TruthPlots
{
    // Coarsest resolution of a Guinier plot (Å).
    private const double Outline = 20;

    // Finest resolution at which maps are made to agree (Å).
    private const double Aligning = 10;

    /// <summary>
    /// Guinier plot: ln⟨|F|⟩ against 1/d², the truth dashed, from 20 Å on; what is coarser shows the outline and would flatten the rest. The maps are shifted to
    /// agree with the truth on average between 20 and 10 Å, since a constant factor has no meaning.
    /// </summary>
    /// <param name="shells">Statistics over the box or in the mask.</param>
    /// <param name="title">Title.</param>
    /// <param name="nameAfter">Name of the map after, for example "LocalDeblur".</param>
    public static LinePlot Profiles(TruthShells shells, string title, string nameAfter)
    {
        ArgumentNullException.ThrowIfNull(shells);
        int first = Math.Min((int)Math.Ceiling(shells.Shells.Edge / Outline), shells.Shells.Count - 1);
        double[] x = [.. Enumerable.Range(first, shells.Shells.Count - first).Select(shell => Math.Pow(shells.Shells.Frequency(shell), 2))];
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Spatial frequency squared, 1/d² (1/Å²)") { Minimum = 0, Resolution = PlotResolutionScale.ReciprocalSquare },
            Y = new PlotAxis("ln⟨|F|⟩, aligned at low resolution"),
            Series =
            [
                new PlotSeries("Truth", x, Aligned(shells.ProfileTruth, shells.ProfileTruth, first)) { Color = PlotColor.Black, Dash = PlotDash.Dashed },
                new PlotSeries("Before", x, Aligned(shells.ProfileBefore, shells.ProfileTruth, first)) { Color = PlotColor.Blue },
                new PlotSeries(nameAfter, x, Aligned(shells.ProfileAfter, shells.ProfileTruth, first)) { Color = PlotColor.Vermilion },
            ],
        };
    }

    /// <summary>Fourier shell correlation with the truth against 1/d.</summary>
    /// <param name="shells">Statistics over the box or in the mask.</param>
    /// <param name="title">Title.</param>
    /// <param name="nameAfter">Name of the map after, for example "LocalDeblur".</param>
    public static LinePlot Correlations(TruthShells shells, string title, string nameAfter)
    {
        ArgumentNullException.ThrowIfNull(shells);
        double[] x = [.. Enumerable.Range(1, shells.Shells.Count - 1).Select(shells.Shells.Frequency)];
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Spatial frequency, 1/d (1/Å)") { Minimum = 0, Resolution = PlotResolutionScale.Reciprocal },
            Y = new PlotAxis("Fourier shell correlation with the truth") { Minimum = 0, Maximum = 1 },
            Series =
            [
                new PlotSeries("Before", x, [.. shells.CorrelationBefore.Values.Skip(1)]) { Color = PlotColor.Blue },
                new PlotSeries(nameAfter, x, [.. shells.CorrelationAfter.Values.Skip(1)]) { Color = PlotColor.Vermilion },
            ],
            ReferenceLines = [new PlotReferenceLine(0.5, "0.5")],
        };
    }

    // Log amplitudes from a shell on, shifted by a constant that makes their average over 20 to 10 Å that of the reference.
    private static double[] Aligned(RadialProfile profile, RadialProfile reference, int first)
    {
        double shift = 0;
        int count = 0;
        for (int shell = first; shell < profile.LogAmplitudes.Count; shell++)
        {
            double difference = reference.LogAmplitudes[shell] - profile.LogAmplitudes[shell];
            if (profile.Shells.Resolution(shell) >= Aligning && double.IsFinite(difference))
            {
                shift += difference;
                count++;
            }
        }

        shift /= Math.Max(1, count);
        return [.. profile.LogAmplitudes.Skip(first).Select(value => value + shift)];
    }
}
