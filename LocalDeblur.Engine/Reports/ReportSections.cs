using System.Globalization;
using System.Text;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Validation;

namespace LocalDeblur.Reports;

/// <summary>What stands on the page, part by part: words, pictures, plots and tables.</summary>
internal sealed class ReportSections(SharpeningReport report, CancellationToken cancellationToken)
{
    private const int PictureWidth = 560;
    private const int SurfaceEdge = 400;
    private const int WorstResidues = 10;

    /// <summary>The density at which the map before encloses as much as the sharpened one does at its contour.</summary>
    public double LevelBefore { get; } = Contour.Enclosing(report.Before, report.Contour.Voxels, cancellationToken).Level;

    private double VoxelVolume => Math.Pow(report.Before.VoxelSize, 3);

    private double KiloDaltons => report.Contour.Voxels * VoxelVolume / (1000 * SharpeningReport.VolumePerDalton);

    /// <summary>The sections behind the viewers; those without content are left out.</summary>
    public IEnumerable<(string Id, string Title, Html Content)> All() =>
    [
        ("fsc", "Resolution", Fsc()),
        ("local", "Local resolution", Local()),
        ("amplitudes", "Amplitudes and densities", Amplitudes()),
        ("model", "The model in the map", Model()),
        ("run", "How it was made", Run()),
    ];

    /// <summary>In plain words: what was done, with what, what came out, and what to doubt.</summary>
    public Html Summary()
    {
        CryoMap map = report.Before;
        Html what = report.HasHalves
            ? Html.Of($"Two {Definitions.Link("halves", "half maps")} of {map.Size} voxels of {map.VoxelSize:0.###} Å, {report.Name}, were averaged.")
            : Html.Of($"One map of {map.Size} voxels of {map.VoxelSize:0.###} Å, {report.Name}, was taken, without half maps.");
        return Html.Of(
            $"""
            <p class="lead">{what} The map was {Definitions.Link("sharpening", "sharpened")} by {report.Method}.</p>
            <p>{ResolutionWords()}</p>
            <p>{LocalWords()}</p>
            {ModelWords()}
            <ul class="figures">{Tiles()}</ul>
            {Warnings()}
            """);
    }

    /// <summary>Slices through the middle of the molecule and where most is to be seen, with the mask's outline.</summary>
    public Html Slices() => Html.Of($"<h3 class=\"static\">Slices</h3>\n{Picture(Central(), "Central slices of the map before and after sharpening, with the outline of the mask", "Slices through the middle of the mask, the outline of the mask on them.")}");

    /// <summary>The surface of both maps.</summary>
    public Html Surface()
    {
        Html after = Picture(Draw(report.Sharpened, report.Contour, withResolution: true), "Surface of the sharpened map", Say($"After sharpening, at {Deviations(report.Sharpened, report.Contour.Level):0.0} σ{(report.LocalResolution is null ? "" : ", coloured by local resolution (Å)")}."));
        Html before = Picture(Draw(report.Before, new Contour(LevelBefore, report.Contour.Voxels), withResolution: true), "Surface of the map before sharpening", Say($"Before, at {Deviations(report.Before, LevelBefore):0.0} σ: it encloses as much, {KiloDaltons:0} kDa."));
        return Html.Of($"<h3 class=\"static\">Surface</h3>\n<div class=\"pair\">{before}{after}</div>");
    }

    /// <summary>What the viewers do not show: the slice of the largest variance, projections, and the local resolution in slices.</summary>
    public Html Pictures()
    {
        (int x, int y, int z) = MostVaried();
        MapSliceOptions shown = Options((x, y, z)) with { Outline = report.Mask };
        Html local = report.LocalResolution is { } resolution && report.Spread is { } spread
            ? Picture(
                MapSlices.Render([new("Local resolution", resolution, spread.Finest, Math.Max(spread.Coarsest, spread.Finest + 0.01))], Options() with { IsResolution = true }, cancellationToken),
                "Slices of the local resolution",
                "Local resolution in the slices through the middle of the mask. Grey: none.")
            : Html.Empty;
        return Html.Of(
            $"""
            <details class="pictures" open><summary>More pictures: slices of the largest variance, projections{(local.Text.Length > 0 ? ", local resolution" : "")}</summary>
            {Picture(MapSlices.Render(Rows(), shown, cancellationToken), "Slices of the largest variance before and after", "The slices across each axis in which the densities vary most.")}
            {Picture(MapSlices.Render(Rows(), Options() with { View = MapView.Projection }, cancellationToken), "Projections along each axis before and after", "The mean along each axis.")}
            {local}
            </details>
            """);
    }

    /// <summary>The colours of the local resolution with their values.</summary>
    public Html ResolutionKey()
    {
        if (report.Spread is null)
        {
            return Html.Empty;
        }

        const int Steps = 48;
        var bars = new StringBuilder();
        for (int i = 0; i < Steps; i++)
        {
            bars.Append(CultureInfo.InvariantCulture, $"<rect x=\"{i * 5}\" y=\"0\" width=\"5.5\" height=\"14\" fill=\"#{MapColors.At(MapPalette.Viridis, i / (Steps - 1.0)):x6}\"/>");
        }

        ReportVolume volume = report.Volume;
        return Html.Of(
            $"""
            <svg viewBox="0 0 300 36" role="img" aria-label="Colours of the local resolution, from {volume.FinestResolution:0.00} Å to {volume.CoarsestResolution:0.00} Å">
            <g>{new Html(bars.ToString())}</g>
            <g font-size="12" fill="currentColor"><text x="0" y="31">{volume.FinestResolution:0.00} Å</text><text x="240" y="31" text-anchor="end">{volume.CoarsestResolution:0.00} Å</text></g>
            </svg>
            """);
    }

    private static double Deviations(CryoMap map, double level) => (level - map.Mean) / map.StandardDeviation;

    private Html ResolutionWords()
    {
        Html resolution = Definitions.Link("resolution", "resolution");
        if (report.Fsc is not { } fsc)
        {
            return report.Resolution is { } given
                ? Html.Of($"The {resolution} is {given:0.00} Å, as given: one map without half maps does not say it.")
                : Html.Of($"The {resolution} is not known: two half maps would say it.");
        }

        string mask = report.IsMaskMade ? "was made from the half maps" : $"is '{report.Mask.Name}', as given";
        string nyquist = fsc.Final.ReachesNyquist ? "; the curve stays above that as far as the voxels reach, so that finer ones might show more" : string.Empty;
        Html asked = report.Resolution is { } other && Math.Abs(other - fsc.Resolution) > 0.005 ? Html.Of($" Scores and fits refer to {other:0.00} Å, as given.") : Html.Empty;
        return Html.Of(
            $"""
            The {resolution} is <strong>{fsc.Resolution:0.00} Å</strong>, where the {Definitions.Link("fsc", "correlation of the half maps")} ({FscDoubts.Name(fsc.Final.Curve)}) falls to 0.143{nyquist}.
            The {Definitions.Link("mask", "mask")} that gave it {mask} and takes {100 * MaskShare():0.0} % of the box; without a mask the curve falls there at {fsc.For(FscCurveKind.Unmasked)?.Resolution:0.00} Å.{asked}
            """);
    }

    private Html LocalWords() => report.Spread is { } spread
        ? Html.Of(
            $"Inside the mask the {Definitions.Link("local", "local resolution")} runs from {spread.Finest:0.00} to {spread.Coarsest:0.00} Å, and half of the molecule is at {spread.Median:0.00} Å or better; {100 * spread.Share:0} % of the mask has one.")
        : Html.Of($"There is no {Definitions.Link("local", "local resolution")}.");

    private Html ModelWords() => report.Scores is { Atoms: { } atoms } scores
        ? Html.Of(
            $"<p>The model's {Definitions.Link("qscore", "Q-score")} is {atoms.Mean:0.000} in the sharpened map, {report.ScoresBefore?.Atoms?.Mean:0.000} before{(atoms.Expected is { } expected ? Say($", {expected:0.000} is expected at this resolution") : "")}; {100 * scores.AtomInclusion:0} % of its atoms lie within the surface.</p>")
        : Html.Empty;

    private Html Tiles()
    {
        List<Html> tiles = [];
        Add(report.Resolution is { } resolution ? Say($"{resolution:0.00} Å") : "unknown", Definitions.Link("resolution", report.Fsc is null && report.Resolution is not null ? "Resolution, as given" : "Resolution, FSC 0.143"));
        if (report.Fsc is { } fsc)
        {
            Add(Say($"{fsc.Resolution05:0.00} Å"), Definitions.Link("fsc", "at FSC 0.5"));
        }

        if (report.Spread is { } spread)
        {
            Add(Say($"{spread.Finest:0.0}–{spread.Coarsest:0.0} Å"), Definitions.Link("local", "Local resolution, 5 to 95 %"));
        }

        Add(Say($"{KiloDaltons:#,0} kDa"), Definitions.Link("enclosed", "within the contour"));
        Add(Say($"{Deviations(report.Sharpened, report.Contour.Level):0.0} σ"), Definitions.Link("contour", Say($"Contour, {report.Contour.Level:G3}")));
        if (report.Fit is { } fit)
        {
            Add(Say($"{fit.BFactor:0} Å²"), Definitions.Link("bfactor", "B factor before sharpening"));
        }

        Add(Say($"{100 * MaskShare():0.0} %"), Definitions.Link("mask", report.IsMaskMade ? "of the box is in the mask, made" : "of the box is in the mask, given"));
        return Html.Join(tiles);

        void Add(string value, Html label) => tiles.Add(Html.Of($"<li><b>{value}</b> <span>{label}</span></li>\n"));
    }

    private Html Warnings()
    {
        if (report.Warnings.Count == 0)
        {
            return Html.Of($"<p class=\"good\">Nothing stands out: the half maps, the mask, the curves and the amplitudes are as they should be. Look all the same.</p>");
        }

        Html items = Html.Join(report.Warnings.Select(warning => Html.Of($"<li><p><strong>{warning.Text}</strong></p><p>{warning.Remedy}</p></li>\n")));
        return Html.Of($"<h3>{(report.Warnings.Count == 1 ? "One thing to look at" : Say($"{report.Warnings.Count} things to look at"))}</h3>\n<ul class=\"warnings\">{items}</ul>");
    }

    private Html Fsc()
    {
        if (report.Fsc is not { } fsc)
        {
            return Html.Of($"<p>One map has no Fourier shell correlation: two {Definitions.Link("halves", "half maps")} of one reconstruction would have.</p>\n");
        }

        Html rows = Html.Join(fsc.Resolutions.Select(curve => Html.Of(
            $"<tr><th scope=\"row\">{Capital(FscDoubts.Name(curve.Curve))}</th><td class=\"number\">{curve.Resolution:0.00}{(curve.ReachesNyquist ? " (Nyquist)" : "")}</td><td class=\"number\">{curve.Resolution05:0.00}</td></tr>\n")));
        return Html.Of(
            $"""
            <div class="plots">{Plot(FscPlot.Create(fsc, "Fourier shell correlation of the half maps"))}
            <div><div class="scroll"><table><thead><tr><th scope="col">{Definitions.Link("curves", "Curve")}</th><th scope="col">{Definitions.Link("resolution", "at 0.143")} (Å)</th><th scope="col">{Definitions.Link("fsc", "at 0.5")} (Å)</th></tr></thead><tbody>{rows}</tbody></table></div>
            <ul class="plain">{Sentences(fsc.Decisions)}</ul></div></div>

            """);
    }

    private Html Local() => report.Spread is not { } spread ? Html.Empty : Html.Of(
        $"""
        <div class="plots">{Plot(ReportPlots.Resolutions(spread))}
        <div class="scroll"><table><tbody>
        <tr><th scope="row">{Definitions.Link("local", "Finest 5 %")}</th><td class="number">{spread.Finest:0.00} Å</td></tr>
        <tr><th scope="row">{Definitions.Link("local", "Median")}</th><td class="number">{spread.Median:0.00} Å</td></tr>
        <tr><th scope="row">{Definitions.Link("local", "Coarsest 5 %")}</th><td class="number">{spread.Coarsest:0.00} Å</td></tr>
        <tr><th scope="row">{Definitions.Link("mask", "Share of the mask with a value")}</th><td class="number">{100 * spread.Share:0.0} %</td></tr>
        </tbody></table></div></div>

        """);

    private Html Amplitudes()
    {
        ReportVolume volume = report.Volume;
        (string Id, string Name, string Before, string After)[] figures =
        [
            ("sigma", "Mean", Say($"{volume.Before.Mean:G4}"), Say($"{volume.After.Mean:G4}")),
            ("sigma", "σ", Say($"{volume.Before.Deviation:G4}"), Say($"{volume.After.Deviation:G4}")),
            ("sigma", "Smallest density", Say($"{report.Before.Minimum:G4}"), Say($"{report.Sharpened.Minimum:G4}")),
            ("sigma", "Largest density", Say($"{report.Before.Maximum:G4}"), Say($"{report.Sharpened.Maximum:G4}")),
            ("contour", "Contour", Say($"{LevelBefore:G4}"), Say($"{report.Contour.Level:G4}")),
            ("contour", "Contour in σ", Say($"{Deviations(report.Before, LevelBefore):0.00}"), Say($"{Deviations(report.Sharpened, report.Contour.Level):0.00}")),
        ];
        Html rows = Html.Join(figures.Select(figure => Html.Of(
            $"<tr><th scope=\"row\">{Definitions.Link(figure.Id, figure.Name)}</th><td class=\"number\">{figure.Before}</td><td class=\"number\">{figure.After}</td></tr>\n")));
        return Html.Of(
            $"""
            <p>{Definitions.Link("guinier")}, {Definitions.Link("power", "power spectrum")}, {Definitions.Link("histogram", "densities")} and {Definitions.Link("enclosed", "enclosed volume")}, before and after sharpening. Both contours enclose {KiloDaltons:#,0} kDa.</p>
            <div class="plots">
            {Plot(GuinierPlot.Create(report.Profiles, "Guinier profiles in the mask", report.ModelProfile))}
            {Plot(ReportPlots.Power(report.Profiles))}
            {Plot(ReportPlots.Densities(report.Before, report.Sharpened, report.Contour.Level))}
            {Plot(ReportPlots.Enclosed(volume.Before, volume.After, report.Before.VoxelSize, report.Contour.Level))}
            </div>
            <div class="scroll"><table><thead><tr><th scope="col">Of the whole box</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>{rows}</tbody></table></div>

            """);
    }

    private Html Model()
    {
        if (report.Scores is not { } after || report.ScoresBefore is not { } before)
        {
            return Html.Empty;
        }

        (string Id, string Name, double? Before, double? After, string Format)[] scores =
        [
            ("qscore", "Q-score", before.Atoms?.Mean, after.Atoms?.Mean, "0.000"),
            ("qscore", "Q-score expected", before.Atoms?.Expected, after.Atoms?.Expected, "0.000"),
            ("emringer", "EMRinger", before.SideChains?.Score, after.SideChains?.Score, "0.00"),
            ("ccmask", "CC mask", before.Fit?.CCMask, after.Fit?.CCMask, "0.000"),
            ("ccbox", "CC box", before.Fit?.CCBox, after.Fit?.CCBox, "0.000"),
            ("ccvolume", "CC volume", before.Fit?.CCVolume, after.Fit?.CCVolume, "0.000"),
            ("ccpeaks", "CC peaks", before.Fit?.CCPeaks, after.Fit?.CCPeaks, "0.000"),
            ("modelfsc", "Map–model FSC 0.5 (Å)", before.Fit?.FscResolution05, after.Fit?.FscResolution05, "0.00"),
            ("inclusion", "Atom inclusion", before.AtomInclusion, after.AtomInclusion, "0.000"),
        ];
        Html rows = Html.Join(scores.Where(score => score.Before is not null || score.After is not null).Select(score => Html.Of(
            $"<tr><th scope=\"row\">{Definitions.Link(score.Id, score.Name)}</th><td class=\"number\">{Figure(score.Before, score.Format)}</td><td class=\"number\">{Figure(score.After, score.Format)}</td></tr>\n")));
        List<Html> plots = [];
        if (after.Atoms is { } atoms)
        {
            plots.Add(Plot(ReportPlots.Residues(atoms)));
        }

        if (after.SideChains is { } sides)
        {
            plots.Add(Plot(EMRingerPlots.Score(sides, "EMRinger in the sharpened map")));
        }

        if (after.Fit is { } fit)
        {
            plots.Add(Plot(FscPlot.Create(fit.Fsc, "Sharpened map and model")));
        }

        return Html.Of(
            $"""
            <p>Of the model as it is: its scores judge the model as much as the map. One that was refined against a sharpened map favours that map.</p>
            <div class="scroll"><table><thead><tr><th scope="col">Score</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>{rows}</tbody></table></div>
            <div class="plots">{Html.Join(plots)}</div>
            {Worst(after.Atoms)}

            """);
    }

    private static Html Worst(QScoreResult? atoms)
    {
        QScoreResidue[] worst = [.. (atoms?.Residues ?? []).Where(residue => double.IsFinite(residue.Q)).OrderBy(residue => residue.Q).Take(WorstResidues)];
        Html rows = Html.Join(worst.Select(residue => Html.Of(
            $"<tr><td>{residue.Chain}</td><td>{residue.Name} {residue.Number}{residue.InsertionCode}</td><td class=\"number\">{residue.Q:0.000}</td></tr>\n")));
        return worst.Length == 0 ? Html.Empty : Html.Of(
            $"""
            <h3>Residues to look at first: the lowest {Definitions.Link("qscore", "Q-scores")}</h3>
            <div class="scroll"><table><thead><tr><th scope="col">Chain</th><th scope="col">Residue</th><th scope="col">Q-score</th></tr></thead><tbody>{rows}</tbody></table></div>
            """);
    }

    private Html Run()
    {
        Html files = Html.Join(report.Inputs.Select(file => Html.Of(
            $"<tr><th scope=\"row\">{file.Role}</th><td>{file.Name}</td><td class=\"number\">{(file.Bytes is { } bytes ? bytes.ToString("#,0", CultureInfo.InvariantCulture) : "in memory")}</td><td><code>{file.Sha256 ?? "none"}</code></td></tr>\n")));
        HistoryEntry[] steps = [.. report.Mask.History.Concat(report.LocalResolution?.History ?? []).Concat(report.Sharpened.History).Where(step => step.Step != "Import").DistinctBy(step => (step.Step, step.Time))];
        Html parameters = Html.Join(steps.Select(step => Html.Of(
            $"<tr><th scope=\"row\">{step.Step}</th><td>{step.Program}</td><td>{Values(step.Parameters)}</td></tr>\n")));
        Html job = report.Job is { } text
            ? Html.Of($"<h3>{Definitions.Link("job", "The job that repeats the run")}</h3>\n<pre tabindex=\"0\" aria-label=\"The job\">{Lines(text)}</pre>")
            : Html.Of($"<p>There is no job that would repeat the run: a map was in memory alone.</p>");
        return Html.Of(
            $"""
            <h3>Files</h3>
            <div class="scroll"><table><thead><tr><th scope="col">What</th><th scope="col">File</th><th scope="col">Bytes</th><th scope="col">{Definitions.Link("hash")}</th></tr></thead><tbody>{files}</tbody></table></div>
            <h3>Steps and their parameters</h3>
            <div class="scroll"><table><thead><tr><th scope="col">Step</th><th scope="col">Program</th><th scope="col">Parameters</th></tr></thead><tbody>{parameters}</tbody></table></div>
            <h3>What was decided on the way</h3>
            <ul class="plain">{Sentences(report.Decisions)}</ul>
            {job}

            """);
    }

    // A text of several lines, each of them as text.
    private static Html Lines(string text) => Html.Join(text.TrimEnd().Split('\n').Select(line => Html.Of($"{line.TrimEnd('\r')}\n")));

    private static string Values(IReadOnlyDictionary<string, object?> values) =>
        string.Join("; ", values.Where(value => value.Value is not null).Select(value => Say($"{value.Key} {value.Value}")));

    private static Html Sentences(IEnumerable<string> sentences) => Html.Join(sentences.Select(sentence => Html.Of($"<li>{sentence}</li>\n")));

    private static Html Figure(double? value, string format) =>
        value is { } number && double.IsFinite(number) ? Html.Of($"{number.ToString(format, CultureInfo.InvariantCulture)}") : Html.Of($"–");

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    private static Html Plot(LinePlot plot)
    {
        using var picture = new StringWriter(CultureInfo.InvariantCulture);
        SvgPlot.Write(plot, picture);
        return Html.Of($"<figure class=\"plot\">{new Html(picture.ToString())}{Table(plot)}</figure>\n");
    }

    // The numbers of a plot for those who cannot see it, and those who want to know.
    private static Html Table(LinePlot plot)
    {
        double[] places = [.. plot.Series.SelectMany(series => series.X).Where(double.IsFinite).Distinct().Order()];
        if (places.Length > 600)
        {
            return Html.Empty;
        }

        Dictionary<double, double>[] columns = [.. plot.Series.Select(series => series.X.Zip(series.Y).GroupBy(point => point.First).ToDictionary(group => group.Key, group => group.Last().Second))];
        Html head = Html.Join(plot.Series.Select(series => Html.Of($"<th scope=\"col\">{series.Name}</th>")));
        Html rows = Html.Join(places.Select(place => Html.Of(
            $"<tr><th scope=\"row\">{place:G5}</th>{Html.Join(columns.Select(column => Html.Of($"<td class=\"number\">{(column.TryGetValue(place, out double y) && double.IsFinite(y) ? y.ToString("G4", CultureInfo.InvariantCulture) : "")}</td>")))}</tr>\n")));
        return Html.Of(
            $"<details><summary>Numbers: {plot.Title}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Numbers: {plot.Title}\"><table><thead><tr><th scope=\"col\">{plot.X.Label}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>");
    }

    private static Html Picture(PngImage image, string name, string caption)
    {
        using var bytes = new MemoryStream();
        image.Write(bytes);
        string data = Convert.ToBase64String(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        return Html.Of($"<figure><img src=\"data:image/png;base64,{new Html(data)}\" width=\"{image.Width}\" height=\"{image.Height}\" alt=\"{name}\"><figcaption>{caption}</figcaption></figure>\n");
    }

    private PngImage Central() => MapSlices.Render(Rows(), Options() with { Outline = report.Mask }, cancellationToken);

    private MapSliceRow[] Rows() => [new("Before", report.Before), new("After", report.Sharpened)];

    // All that the viewers show, through its middle or another voxel.
    private MapSliceOptions Options((int X, int Y, int Z)? position = null)
    {
        ReportVolume volume = report.Volume;
        GridSize size = report.Before.Size;
        (int x, int y, int z) = position ?? (volume.First.X + (volume.Crop.X / 2), volume.First.Y + (volume.Crop.Y / 2), volume.First.Z + (volume.Crop.Z / 2));
        double share = Math.Max(Share(x, volume.First.X, volume.Crop.X, size.X), Math.Max(Share(y, volume.First.Y, volume.Crop.Y, size.Y), Share(z, volume.First.Z, volume.Crop.Z, size.Z)));
        return new MapSliceOptions { Position = (x, y, z), Crop = Math.Clamp(share, 0.05, 1), MinimumWidth = PictureWidth };

        static double Share(int at, int first, int count, int voxels) => (2.0 * Math.Max(at - first, first + count - at)) / voxels;
    }

    private PngImage Draw(CryoMap map, Contour contour, bool withResolution) => SurfaceImage.Render(
        map,
        contour,
        new SurfaceImageOptions { Width = SurfaceEdge, Height = SurfaceEdge, LocalResolution = withResolution && report.Spread is not null ? report.LocalResolution : null, Limits = report.Limits },
        cancellationToken);

    private double MaskShare()
    {
        long inside = 0;
        foreach (float value in report.Mask.AsSpan(cancellationToken))
        {
            inside += MaskRule.Selects(value) ? 1 : 0;
        }

        return (double)inside / report.Mask.Size.VoxelCount;
    }

    // The slice across each axis whose densities in the sharpened map vary most: where there is most to see.
    private (int X, int Y, int Z) MostVaried()
    {
        GridSize size = report.Sharpened.Size;
        ReadOnlySpan<float> voxels = report.Sharpened.AsSpan(cancellationToken);
        double mean = report.Sharpened.Mean;
        double[] alongX = new double[size.X], alongY = new double[size.Y], alongZ = new double[size.Z];
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<float> row = voxels.Slice((int)size.Offset(0, y, z), size.X);
                for (int x = 0; x < row.Length; x++)
                {
                    double square = (row[x] - mean) * (row[x] - mean);
                    alongX[x] += square;
                    alongY[y] += square;
                    alongZ[z] += square;
                }
            }
        }

        return (Largest(alongX), Largest(alongY), Largest(alongZ));

        static int Largest(double[] sums) => Array.IndexOf(sums, sums.Max());
    }
}
