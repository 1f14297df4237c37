using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>
/// The same comparison on several reconstructions of one object, each with noise of its own: one draw of the noise is chance, several say how much a figure can be
/// trusted.
/// </summary>
public sealed class SharpeningDraws
{
    /// <summary>Name of the table in the output folder; what belongs to each set lies in a folder of its own.</summary>
    public const string TableName = "draws.csv";

    private static readonly (string Name, bool HigherIsBetter, Func<SharpeningComparisonRow, double?> Of, Func<SharpeningDrawsRow, SharpeningFigure?> Over)[] Figures =
    [
        ("EMRinger", true, row => row.EMRinger, row => row.EMRinger),
        ("Q-score", true, row => row.QScore, row => row.QScore),
        ("CC mask", true, row => row.CCMask, row => row.CCMask),
        ("CC box", true, row => row.CCBox, row => row.CCBox),
        ("CC peaks", true, row => row.CCPeaks, row => row.CCPeaks),
        ("FSC 0.5 with the model (Å)", false, row => row.FscResolution05, row => row.FscResolution05),
        ("Guinier distance", false, row => row.GuinierDistance, row => row.GuinierDistance),
        ("FSC with the truth", true, row => row.TruthFsc, row => row.TruthFsc),
        ("CC with the truth", true, row => row.TruthCorrelation, row => row.TruthCorrelation),
    ];

    private SharpeningDraws(SharpeningComparison[] sets)
    {
        Sets = new ReadOnlyCollection<SharpeningComparison>(sets);
        Rows = new ReadOnlyCollection<SharpeningDrawsRow>([.. Enumerable.Range(0, sets[0].Rows.Count).Select(Summarise)]);
    }

    /// <summary>The comparison on each set.</summary>
    public ReadOnlyCollection<SharpeningComparison> Sets { get; }

    /// <summary>One row a method.</summary>
    public ReadOnlyCollection<SharpeningDrawsRow> Rows { get; }

    /// <summary>Folder of a set in the output folder, for example <c>set-1</c>.</summary>
    /// <param name="set">From 0 on.</param>
    public static string FolderName(int set) => string.Create(CultureInfo.InvariantCulture, $"set-{set + 1}");

    /// <summary>Compares the methods on every set.</summary>
    /// <param name="inputs">The half maps of each set, or maps.</param>
    /// <param name="mask">Where the molecule is, for all of them; null to make one for each.</param>
    /// <param name="options">Parameters, as for one; its folder gets one for each set.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second; what is written already stays.</param>
    /// <exception cref="EngineException">A set cannot be used: as <see cref="SharpeningComparison"/>.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SharpeningDraws Run(
        IReadOnlyList<Reconstruction> inputs,
        CryoMap? mask = null,
        SharpeningComparisonOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentOutOfRangeException.ThrowIfZero(inputs.Count);
        options ??= new SharpeningComparisonOptions();
        SharpeningComparisonOptions[] each =
        [
            .. Enumerable.Range(0, inputs.Count).Select(
                i => options.OutputDirectory is { } folder ? options with { OutputDirectory = Path.Combine(Path.GetFullPath(folder), FolderName(i)) } : options),
        ];

        // Before hours of work on the first set: what stands in the way of the last.
        for (int i = 0; i < inputs.Count; i++)
        {
            SharpeningComparison.Require(inputs[i], mask, each[i]);
        }

        if (options.OutputDirectory is { } whole)
        {
            TemporaryFile.RequireTarget(Path.Combine(Path.GetFullPath(whole), TableName), options.Overwrite);
        }

        var sets = new SharpeningComparison[inputs.Count];
        for (int i = 0; i < sets.Length; i++)
        {
            IProgress<StageProgress>? part = ScaledProgress.Part(progress, (double)i / sets.Length, 1.0 / sets.Length);
            sets[i] = SharpeningComparison.Run(inputs[i], mask, each[i], part, cancellationToken);
        }

        var draws = new SharpeningDraws(sets);
        if (options.OutputDirectory is { } target)
        {
            ResultFile.WriteText(Path.Combine(Path.GetFullPath(target), TableName), options.Overwrite, draws.WriteTable);
        }

        return draws;
    }

    /// <summary>Writes the rows as comma-separated values: a row a method and figure, with its gain over the map as it is, paired set by set.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, ["Method", "Model used", "Figure", "Better when", "Mean", "Standard error", "Gain", "Standard error of the gain", "Better in", "Sets"]);
        foreach (SharpeningDrawsRow row in Rows)
        {
            foreach ((string name, bool isHigher, _, Func<SharpeningDrawsRow, SharpeningFigure?> over) in Figures)
            {
                if (over(row) is { } figure)
                {
                    CsvTable.WriteRow(writer,
                    [
                        row.Method, row.UsesModel ? "yes" : "no", name, isHigher ? "higher" : "lower", Number(figure.Mean), Number(figure.StandardError),
                        Number(figure.Gain), Number(figure.GainError), Number(figure.Better), Number(figure.Sets),
                    ]);
                }
            }
        }
    }

    private static string Number(double? value) => CsvTable.Number(value ?? double.NaN);

    // The methods are the same in every set, since they follow from the options and from what every set has.
    private SharpeningDrawsRow Summarise(int method)
    {
        SharpeningComparisonRow[] rows = [.. Sets.Select(set => set.Rows[method])];
        SharpeningComparisonRow?[] raw = [.. Sets.Select(set => set.Rows.FirstOrDefault(row => row.Method == RawMethod.MethodName))];
        bool isRaw = rows[0].Method == RawMethod.MethodName;
        SharpeningFigure?[] figures =
        [
            .. Figures.Select(figure => SharpeningFigure.Of(
                rows.Zip(raw, (row, before) => (figure.Of(row), isRaw || before is null ? null : figure.Of(before))), figure.HigherIsBetter)),
        ];
        return new SharpeningDrawsRow
        {
            Method = rows[0].Method,
            UsesModel = rows[0].UsesModel,
            Sets = rows.Count(row => row.Error is null),
            EMRinger = figures[0],
            QScore = figures[1],
            CCMask = figures[2],
            CCBox = figures[3],
            CCPeaks = figures[4],
            FscResolution05 = figures[5],
            GuinierDistance = figures[6],
            TruthFsc = figures[7],
            TruthCorrelation = figures[8],
            Seconds = rows.Average(row => row.Seconds),
            Rows = rows,
        };
    }
}
