using LocalDeblur.Plots;

namespace LocalDeblur.Workflows.Truth;

/// <summary>Plots of a <see cref="TruthComparison"/>.</summary>
internal static class TruthPlots
{
    // As the Guinier plot beside it has them.
    private static readonly PlotColor[] Palette = [PlotColor.Blue, PlotColor.Vermilion, PlotColor.Green, PlotColor.Purple];

    /// <summary>
    /// Guinier plot: ln⟨|F|⟩ against 1/d², the truth dashed, from 20 Å on; what is coarser shows the outline and would flatten the rest. The maps are shifted to
    /// agree with the truth on average between 20 and 10 Å, since a constant factor has no meaning.
    /// </summary>
    /// <param name="shells">Statistics over the box or in the mask.</param>
    /// <param name="names">What the maps are called.</param>
    /// <param name="title">Title.</param>
    public static LinePlot Profiles(TruthShells shells, IReadOnlyList<string> names, string title)
    {
        ArgumentNullException.ThrowIfNull(shells);
        return GuinierPlot.Create([.. shells.Profiles.Zip(names, (profile, name) => profile.Named(name))], title, shells.ProfileTruth.Named("Truth"));
    }

    /// <summary>Fourier shell correlation with the truth against 1/d.</summary>
    /// <param name="shells">Statistics over the box or in the mask.</param>
    /// <param name="names">What the maps are called.</param>
    /// <param name="title">Title.</param>
    public static LinePlot Correlations(TruthShells shells, IReadOnlyList<string> names, string title)
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
                .. shells.Correlations.Select((correlation, i) => new PlotSeries(names[i], x, [.. correlation.Values.Skip(1)]) { Color = Palette[i % Palette.Length] }),
            ],
            ReferenceLines = [new PlotReferenceLine(0.5, "0.5")],
        };
    }
}
