using System.Globalization;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Validation;

namespace LocalDeblur.Reports;

/// <summary>What stands on the page in words, plots and tables, section by section.</summary>
/// <param name="report">The report.</param>
/// <param name="levelBefore">The density at which the map before encloses as much as the sharpened one does at its contour.</param>
internal sealed class ReportSections(SharpeningReport report, double levelBefore)
{
    private const int WorstResidues = 10;

    /// <summary>The sections behind the viewers; one without content is none.</summary>
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
        Html size = Html.Of($"{map.Size} {Definitions.Link("voxel", "voxels")} of {map.VoxelSize:0.###} Å, {report.Name}");
        Html what = report.HasHalves
            ? Html.Of($"Two {Definitions.Link("halves", "half maps")} of {size}, were averaged.")
            : Html.Of($"One map of {size}, was taken, without half maps.");
        return Html.Of(
            $"""
            <p class="lead">{what} The map was {Definitions.Link("sharpening", "sharpened")} by {report.Method}.</p>
            <p>{ResolutionWords()}</p>
            <p>{LocalWords()}</p>
            {ModelWords()}
            <ul class="figures">{Html.Join(Tiles())}</ul>
            {Warnings()}
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
        Html correlation = Html.Of($"the {Definitions.Link("fsc", "correlation of the half maps")} ({FscDoubts.Name(fsc.Final.Curve)})");
        Html found = fsc.Final.ReachesNyquist
            ? Html.Of($"<strong>{fsc.Resolution:0.00} Å</strong>, as fine as the voxels reach: {correlation} never falls to 0.143, and finer voxels might show more.")
            : Html.Of($"<strong>{fsc.Resolution:0.00} Å</strong>, where {correlation} falls to 0.143.");
        Html asked = report.Resolution is { } other && Math.Abs(other - fsc.Resolution) > 0.005 ? Html.Of($" Scores and fits refer to {other:0.00} Å, as given.") : Html.Empty;
        return Html.Of(
            $"""
            The {resolution} is {found} The {Definitions.Link("mask", "mask")} that gave it {mask} and takes {100 * report.MaskShare:0.0} % of the box;
            without a mask it would be {fsc.For(FscCurveKind.Unmasked)?.Resolution:0.00} Å.{asked}
            """);
    }

    private Html LocalWords() => report.Spread is { } spread
        ? Html.Of(
            $"""
            Inside the mask the {Definitions.Link("local", "local resolution")} runs from {spread.Finest:0.00} to {spread.Coarsest:0.00} Å, and half of the molecule
            is at {spread.Median:0.00} Å or better; {100 * spread.Share:0} % of the mask has one.
            """)
        : Html.Of($"There is no {Definitions.Link("local", "local resolution")}.");

    private Html ModelWords()
    {
        if (report.Scores is not { Atoms: { } atoms } scores)
        {
            return Html.Empty;
        }

        string expected = atoms.Expected is { } value ? Say($"; {value:0.000} is expected at this resolution") : string.Empty;
        return Html.Of(
            $"""
            <p>The model's {Definitions.Link("qscore", "Q-score")} is {atoms.Mean:0.000} in the sharpened map and {report.ScoresBefore?.Atoms?.Mean:0.000} before{expected}.
            {100 * scores.AtomInclusion:0} % of its atoms lie {Definitions.Link("inclusion", "within the surface")}.</p>
            """);
    }

    private List<Html> Tiles()
    {
        List<Html> tiles = [];
        Add(
            report.Resolution is { } resolution ? Say($"{resolution:0.00} Å") : "unknown",
            Definitions.Link("resolution", report.Fsc is null && report.Resolution is not null ? "Resolution, as given" : "Resolution, FSC 0.143"));
        if (report.Fsc is { } fsc)
        {
            Add(Say($"{fsc.Resolution05:0.00} Å"), Definitions.Link("fsc", "at FSC 0.5"));
        }

        if (report.Spread is { } spread)
        {
            Add(Say($"{spread.Finest:0.0}–{spread.Coarsest:0.0} Å"), Definitions.Link("local", "Local resolution, 5 to 95 %"));
        }

        Add(Say($"{report.EnclosedKiloDaltons:#,0} kDa"), Definitions.Link("enclosed", "within the contour"));
        Add(Say($"{Deviations(report.Sharpened, report.Contour.Level):0.0} σ"), Definitions.Link("contour", Say($"Contour, {report.Contour.Level:G3}")));
        if (report.Fit is { } fit)
        {
            Add(Say($"{fit.BFactor:0} Å²").Replace('-', '−'), Definitions.Link("bfactor", "B factor before sharpening"));
        }

        Add(Say($"{100 * report.MaskShare:0.0} %"), Definitions.Link("mask", report.IsMaskMade ? "of the box is in the mask, made" : "of the box is in the mask, given"));
        return tiles;

        void Add(string value, Html label) => tiles.Add(Html.Of($"<li><b>{value}</b> <span>{label}</span></li>\n"));
    }

    private Html Warnings()
    {
        if (report.Warnings.Count == 0)
        {
            return Html.Of($"<p class=\"good\">Nothing stands out: the half maps, the mask, the curves and the amplitudes are as they should be. Look all the same.</p>");
        }

        string title = report.Warnings.Count == 1 ? "One thing to look at" : Say($"{report.Warnings.Count} things to look at");
        Html items = Html.Join(report.Warnings.Select(warning => Html.Of($"<li><p><strong>{warning.Text}</strong></p><p>{warning.Remedy}</p></li>\n")));
        return Html.Of($"<h3>{title}</h3>\n<ul class=\"warnings\">{items}</ul>");
    }

    private Html Fsc()
    {
        if (report.Fsc is not { } fsc)
        {
            return Html.Of($"<p>One map has no Fourier shell correlation: two {Definitions.Link("halves", "half maps")} of one reconstruction would have.</p>\n");
        }

        Html table = Markup.Table(
            "Resolutions of the curves",
            [Definitions.Link("curves", "Curve"), Html.Of($"{Definitions.Link("resolution", "at 0.143")} (Å)"), Html.Of($"{Definitions.Link("fsc", "at 0.5")} (Å)")],
            fsc.Resolutions.Select(curve => Markup.Row(
                Markup.Text(Capital(FscDoubts.Name(curve.Curve))),
                Html.Of($"{curve.Resolution:0.00}{(curve.ReachesNyquist ? " (Nyquist)" : string.Empty)}"),
                Markup.Number(curve.Resolution05, "0.00"))));
        return Html.Of(
            $"""
            <div class="plots">{Markup.Plot(FscPlot.Create(fsc, "Fourier shell correlation of the half maps"))}
            <div>{table}{Markup.Sentences(fsc.Decisions)}</div></div>

            """);
    }

    private Html Local()
    {
        if (report.Spread is not { } spread)
        {
            return Html.Empty;
        }

        Html table = Markup.Table(
            "Spread of the local resolution",
            [],
            [
                Markup.Row(Definitions.Link("local", "Finest 5 %"), Html.Of($"{spread.Finest:0.00} Å")),
                Markup.Row(Definitions.Link("local", "Median"), Html.Of($"{spread.Median:0.00} Å")),
                Markup.Row(Definitions.Link("local", "Coarsest 5 %"), Html.Of($"{spread.Coarsest:0.00} Å")),
                Markup.Row(Definitions.Link("mask", "Share of the mask with a value"), Html.Of($"{100 * spread.Share:0.0} %")),
            ]);
        return Html.Of($"<div class=\"plots\">{Markup.Plot(ReportPlots.Resolutions(spread))}{table}</div>\n");
    }

    private Html Amplitudes()
    {
        (CryoMap before, CryoMap after, ReportVolume volume, double level) = (report.Before, report.Sharpened, report.Volume, report.Contour.Level);
        Html table = Markup.Table(
            "Grey values",
            [Markup.Text("Of the whole box"), Markup.Text("Before"), Markup.Text("After")],
            [
                Row("sigma", "Mean", before.Mean, after.Mean, "G4"),
                Row("sigma", "σ", before.StandardDeviation, after.StandardDeviation, "G4"),
                Row("sigma", "Smallest density", before.Minimum, after.Minimum, "G4"),
                Row("sigma", "Largest density", before.Maximum, after.Maximum, "G4"),
                Row("contour", "Contour", levelBefore, level, "G4"),
                Row("contour", "Contour in σ", Deviations(before, levelBefore), Deviations(after, level), "0.00"),
            ]);
        return Html.Of(
            $"""
            <p>{Definitions.Link("guinier")}, {Definitions.Link("power", "power spectrum")}, {Definitions.Link("histogram", "densities")} and
            {Definitions.Link("enclosed", "enclosed volume")}, before and after sharpening. Both contours enclose {report.EnclosedKiloDaltons:#,0} kDa.</p>
            <div class="plots">
            {Markup.Plot(GuinierPlot.Create(report.Profiles, "Guinier profiles in the mask", report.ModelProfile))}
            {Markup.Plot(ReportPlots.Power(report.Profiles))}
            {Markup.Plot(ReportPlots.Densities(before, after, level))}
            {Markup.Plot(ReportPlots.Enclosed(volume.Before, volume.After, before.VoxelSize, level))}
            </div>
            {table}
            """);
    }

    private Html Model()
    {
        if (report is not { Scores: { } after, ScoresBefore: { } before })
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
        Html table = Markup.Table(
            "Scores",
            [Markup.Text("Score"), Markup.Text("Before"), Markup.Text("After")],
            scores.Where(score => score.Before is not null || score.After is not null).Select(score => Row(score.Id, score.Name, score.Before, score.After, score.Format)));
        LinePlot?[] plots =
        [
            after.Atoms is { } atoms ? ReportPlots.Residues(atoms) : null,
            after.SideChains is { } sides ? EMRingerPlots.Score(sides, "EMRinger in the sharpened map") : null,
            after.Fit is { } fit ? FscPlot.Create(fit.Fsc, "Sharpened map and model") : null,
        ];
        return Html.Of(
            $"""
            <p>Scores judge the model as much as the map. A model that was refined against a sharpened map favours that map.</p>
            {table}
            <div class="plots">{Html.Join(plots.OfType<LinePlot>().Select(Markup.Plot))}</div>
            {Worst(after.Atoms)}
            """);
    }

    private static Html Worst(QScoreResult? atoms)
    {
        QScoreResidue[] worst = [.. (atoms?.Residues ?? []).Where(residue => double.IsFinite(residue.Q)).OrderBy(residue => residue.Q).Take(WorstResidues)];
        Html table = Markup.Table(
            "Residues to look at first",
            [Markup.Text("Chain and residue"), Definitions.Link("qscore")],
            worst.Select(residue => Markup.Row(Html.Of($"{residue.Chain} {residue.Name} {residue.Number}{residue.InsertionCode}"), Markup.Number(residue.Q, "0.000"))));
        return worst.Length == 0 ? Html.Empty : Html.Of($"<h3>Residues to look at first</h3>\n{table}");
    }

    private Html Run()
    {
        Html files = Markup.Table(
            "Files",
            [Markup.Text("What"), Markup.Text("File"), Markup.Text("Bytes"), Definitions.Link("hash")],
            report.Inputs.Select(file => Markup.Texts(
                Markup.Text(file.Role),
                Markup.Text(file.Name),
                Html.Of($"<span class=\"whole\">{file.Bytes?.ToString("#,0", CultureInfo.InvariantCulture) ?? "in memory"}</span>"),
                Html.Of($"<code>{file.Sha256 ?? "none"}</code>"))));
        HistoryEntry[] steps =
        [
            .. report.Mask.History.Concat(report.LocalResolution?.History ?? []).Concat(report.Sharpened.History)
                .Where(step => step.Step != MrcReader.ImportStep)
                .DistinctBy(step => (step.Step, step.Time)),
        ];
        Html parameters = Markup.Table(
            "Steps and their parameters",
            [Markup.Text("Step"), Markup.Text("Program"), Markup.Text("Parameters")],
            steps.Select(step => Markup.Texts(Markup.Text(step.Step), Markup.Text(step.Program), Markup.Text(Values(step.Parameters)))));
        Html job = report.Job is { } text
            ? Html.Of($"<h3>{Definitions.Link("job", "The job that repeats the run")}</h3>\n<pre tabindex=\"0\" aria-label=\"The job\">{Markup.Lines(text)}</pre>\n")
            : Html.Of($"<p>There is no job that would repeat the run: something was in memory alone.</p>\n");
        return Html.Of(
            $"""
            <h3>Files</h3>
            {files}
            <h3>Steps and their parameters</h3>
            {parameters}
            <h3>What was decided on the way</h3>
            {Markup.Sentences(report.Decisions)}
            {job}
            """);
    }

    private static Html Row(string id, string name, double? before, double? after, string format) =>
        Markup.Row(Definitions.Link(id, name), Markup.Number(before, format), Markup.Number(after, format));

    // Files by their names: where they lie is nobody's business but the owner's, and the job says it relative to the page.
    private static string Values(IReadOnlyDictionary<string, object?> values) =>
        string.Join("; ", values.Where(value => value.Value is not null).Select(value => $"{value.Key} {Value(value.Value)}"));

    private static string Value(object? value) => value switch
    {
        string text => Path.IsPathRooted(text) ? Path.GetFileName(text) : text,
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Value)),
        _ => Say($"{value}"),
    };

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
