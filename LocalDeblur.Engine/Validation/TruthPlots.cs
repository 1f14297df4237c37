using LocalDeblur.Plots;

namespace LocalDeblur.Validation;

/// <summary>Plots of a <see cref="TruthComparison"/>.</summary>
public static class TruthPlots
{
    /// <summary>
    /// Guinier plot: ln⟨|F|⟩ against 1/d², the truth dashed. The maps are shifted to agree with the truth on average between 20 and 10 Å, since a constant factor has no meaning.
    /// </summary>
    /// <param name="shells">Statistics over the box or in the mask.</param>
    /// <param name="title">Title.</param>
    /// <param name="nameAfter">Name of the map after, for example "LocalDeblur".</param>
    public static LinePlot Profiles(TruthShells shells, string title, string nameAfter)
    {
        ArgumentNullException.ThrowIfNull(shells);
        double[] x = [.. Enumerable.Range(1, shells.Shells.Count - 1).Select(shell => Math.Pow(shells.Shells.Frequency(shell), 2))];
        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Spatial frequency squared, 1/d² (1/Å²)") { Minimum = 0, Resolution = PlotResolutionScale.ReciprocalSquare },
            Y = new PlotAxis("ln⟨|F|⟩, aligned at low resolution"),
            Series =
            [
                new PlotSeries("Truth", x, Aligned(shells.ProfileTruth, shells.ProfileTruth)) { Color = PlotColor.Black, Dash = PlotDash.Dashed },
                new PlotSeries("Before", x, Aligned(shells.ProfileBefore, shells.ProfileTruth)) { Color = PlotColor.Blue },
                new PlotSeries(nameAfter, x, Aligned(shells.ProfileAfter, shells.ProfileTruth)) { Color = PlotColor.Vermilion },
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

    // Log amplitudes without the mean, shifted by a constant that makes their average over 20 to 10 Å that of the reference.
    private static double[] Aligned(RadialProfile profile, RadialProfile reference)
    {
        double shift = 0;
        int count = 0;
        for (int shell = 1; shell < profile.LogAmplitudes.Count; shell++)
        {
            double difference = reference.LogAmplitudes[shell] - profile.LogAmplitudes[shell];
            if (profile.Shells.Resolution(shell) is >= 10 and <= 20 && double.IsFinite(difference))
            {
                shift += difference;
                count++;
            }
        }

        shift /= Math.Max(1, count);
        return [.. profile.LogAmplitudes.Skip(1).Select(value => value + shift)];
    }
}
