using LocalDeblur.Shells;

namespace LocalDeblur.Plots;

/// <summary>Guinier plot: ln⟨|F|⟩ against 1/d² for several maps, and a model's profile to judge them by.</summary>
public static class GuinierPlot
{
    // Share of the strongest shell's amplitude below which the voxels' float32 rounding is what is left, as beyond a filter. It would take most of the picture.
    private const double Rounding = 1e-7;

    // Finest resolution at which profiles are made to agree (Å).
    private const double Aligning = 10;

    /// <summary>Coarsest resolution that is drawn by default (Å): what is coarser shows the outline of the molecule and would flatten the rest.</summary>
    public const double DefaultCoarsest = 20;

    /// <summary>
    /// Makes the plot, with a second axis in Å. The picture and the table follow from it. Shells below 1e-7 of a map's strongest are left out: they are rounding.
    /// </summary>
    /// <param name="profiles">Profiles of maps, in the order of their colours; they may have different boxes. One that has a fit gets its line, dotted.</param>
    /// <param name="title">Title.</param>
    /// <param name="model">Profile of the model or truth, drawn dashed and black; null for none.</param>
    /// <param name="align">
    /// True to shift the profiles so that each agrees on average with the model's, or with the first where there is no model, between
    /// <paramref name="coarsest"/> and 10 Å: a constant factor between maps has no meaning.
    /// </param>
    /// <param name="coarsest">Resolution from which on shells are drawn (Å), above 10.</param>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    public static LinePlot Create(
        IReadOnlyList<GuinierProfile> profiles,
        string title,
        GuinierProfile? model = null,
        bool align = true,
        double coarsest = DefaultCoarsest)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentException.ThrowIfNullOrEmpty(title);
        if (!(coarsest > Aligning))
        {
            throw EngineException.OutOfRange(
                EngineParameter.CoarsestResolution,
                Say($"The plot is to begin at {coarsest} Å; expected more than {Aligning} Å, where profiles are aligned."));
        }

        profiles = TellApart(profiles, model);
        GuinierProfile? reference = align ? model ?? (profiles.Count > 0 ? profiles[0] : null) : null;
        bool isShifted = reference is not null && profiles.Count + (model is null ? 0 : 1) > 1;
        var range = new ResolutionRange(coarsest, 0);
        List<PlotSeries> series = [];
        if (model is not null)
        {
            series.Add(Draw(model, 0, range) with { Color = PlotColor.Black, Dash = PlotDash.Dashed });
        }

        for (int i = 0; i < profiles.Count; i++)
        {
            GuinierProfile profile = profiles[i];
            double shift = isShifted ? -profile.LogRatio(reference!, new ResolutionRange(coarsest, Aligning)).Mean : 0;
            shift = double.IsFinite(shift) ? shift : 0;
            PlotColor color = Palette[i % Palette.Count];
            series.Add(Draw(profile, shift, range) with { Color = color, Dash = i / Palette.Count % 2 == 0 ? PlotDash.Solid : PlotDash.LongDashed });
            if (profile.Fit is { } fit)
            {
                series.Add(Line(profile, fit, shift) with { Color = color, Dash = PlotDash.Dotted });
            }
        }

        return new LinePlot
        {
            Title = title,
            X = new PlotAxis("Spatial frequency squared, 1/d² (1/Å²)") { Minimum = 0, Resolution = PlotResolutionScale.ReciprocalSquare },
            Y = new PlotAxis(isShifted ? "ln⟨|F|⟩, aligned at low resolution" : "ln⟨|F|⟩"),
            Series = series,
        };
    }

    // A name twice would be one legend twice, and a table whose columns cannot be found by name.
    private static GuinierProfile[] TellApart(IReadOnlyList<GuinierProfile> profiles, GuinierProfile? model)
    {
        HashSet<string> taken = model is null ? [] : [model.Name];
        return [.. profiles.Select(profile =>
        {
            string name = profile.Name;
            for (int number = 2; !taken.Add(name); number++)
            {
                name = FormattableString.Invariant($"{profile.Name} ({number})");
            }

            return name == profile.Name ? profile : profile.Named(name);
        })];
    }

    private static IReadOnlyList<PlotColor> Palette { get; } =
        [PlotColor.Blue, PlotColor.Vermilion, PlotColor.Green, PlotColor.Purple, PlotColor.Orange, PlotColor.SkyBlue];

    private static PlotSeries Draw(GuinierProfile profile, double shift, ResolutionRange range)
    {
        double floor = Rounding * profile.MeanAmplitudes.Skip(1).Where(double.IsFinite).Max();
        int[] shells = [.. Enumerable.Range(1, profile.Shells.Count - 1).Where(shell => range.Contains(profile.Shells.Resolution(shell)))];
        return new PlotSeries(
            profile.Name,
            [.. shells.Select(shell => Math.Pow(profile.Shells.Frequency(shell), 2))],
            [.. shells.Select(shell => profile.MeanAmplitudes[shell] > floor ? profile.LogAmplitudes[shell] + shift : double.NaN)]);
    }

    private static PlotSeries Line(GuinierProfile profile, GuinierFit fit, double shift)
    {
        double[] x =
        [
            .. from shell in Enumerable.Range(1, profile.Shells.Count - 1)
               where fit.Range.Contains(profile.Shells.Resolution(shell))
               select Math.Pow(profile.Shells.Frequency(shell), 2),
        ];
        return new PlotSeries(
            FormattableString.Invariant($"{profile.Name}: B {fit.BFactor:0.0} Å²"),
            x,
            [.. x.Select(value => fit.Intercept + (fit.Slope * value) + shift)]);
    }
}
