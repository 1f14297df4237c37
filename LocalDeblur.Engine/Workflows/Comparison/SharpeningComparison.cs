using System.Collections.ObjectModel;
using System.Globalization;
using LocalDeblur.Files;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Maps.Mrc;
using LocalDeblur.Plots;
using LocalDeblur.Shells;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>Sharpens one reconstruction by every method, and scores the results alike.</summary>
/// <remarks>
/// Every method gets the same input and the same mask, and its own published defaults. A method that refuses the input is a row with its message, and
/// the others go on. Scores by a model judge the model as much as the map; LocScale takes its amplitudes from the model, so that its scores by the same
/// model are no independent test. A model that was refined against the sharpened map of one method favours that method.
/// <para>
/// Cross-validation (<see cref="SharpeningComparisonOptions.CrossValidate"/>) runs every method on each half map by itself too, as on one map. The halves are
/// independent draws of the noise, and no method sees the other half; what they share is their alignment, the mask, the resolution, a local resolution
/// that is given, and for LocScale the model's amplitudes. Of each method two sharpened halves are held at once, and the deblurred ones while
/// a later method begins with them.
/// </para>
/// </remarks>
public sealed class SharpeningComparison
{
    /// <summary>Name of the table in the output folder.</summary>
    public const string TableName = "comparison.csv";

    /// <summary>Name of the table of the half maps in the output folder, with cross-validation.</summary>
    public const string CrossValidationName = "crossvalidation.csv";

    /// <summary>Name of the Guinier plot in the output folder; its numbers lie beside it as .csv.</summary>
    public const string GuinierName = "guinier.svg";

    /// <summary>Name of the picture of slices in the output folder, one row per method.</summary>
    public const string SlicesName = "slices.png";

    /// <summary>Coarsest resolution of <see cref="SharpeningComparisonRow.GuinierDistance"/> (Å).</summary>
    public const double GuinierCoarsest = 10;

    // Shares of the run, for the progress display: what comes before the methods, and what comes after.
    private const double PreparingShare = 0.08;
    private const double WritingShare = 0.02;

    private static readonly string[] ScoreColumns =
    [
        "Model used", "EMRinger", "EMRinger residues", "Q-score", "Q-score atoms", "CC mask", "CC box", "CC peaks", "FSC 0.5 with the model (Å)", "Guinier distance", "Kurtosis",
        "FSC with the truth", "CC with the truth",
    ];

    private static readonly string[] RunColumns = ["Seconds", "Peak bytes", "Error", "Warnings"];

    private SharpeningComparison(
        string name, SharpeningComparisonRow[] rows, double resolution, CryoMap? mask, GuinierProfile? modelProfile, List<string> decisions,
        List<string> warnings)
    {
        Name = name;
        Rows = new ReadOnlyCollection<SharpeningComparisonRow>(rows);
        Resolution = resolution;
        Mask = mask;
        ModelProfile = modelProfile;
        Decisions = decisions;
        Warnings = warnings;
    }

    /// <summary>Name of the map, or of both half maps.</summary>
    public string Name { get; }

    /// <summary>One row a method, in the order in which they ran.</summary>
    public ReadOnlyCollection<SharpeningComparisonRow> Rows { get; }

    /// <summary>Resolution that the scores refer to (Å): given, or measured between the half maps.</summary>
    public double Resolution { get; }

    /// <summary>The mask of all methods; null where none was given and none could be made.</summary>
    public CryoMap? Mask { get; }

    /// <summary>Amplitude profile of the model in the mask; null without a model.</summary>
    public GuinierProfile? ModelProfile { get; }

    /// <summary>What was decided, one sentence each.</summary>
    public IReadOnlyList<string> Decisions { get; }

    /// <summary>What the user should know of the comparison as a whole, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Name of the map that a method leaves in the output folder; its history lies beside it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="half">1 or 2 for what it made of that half map by itself; null for the whole.</param>
    public static string FileName(ISharpeningMethod method, int? half = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        return half switch
        {
            null => $"{method.FileName}.mrc",
            1 or 2 => string.Create(CultureInfo.InvariantCulture, $"{method.FileName}-half{half}.mrc"),
            _ => throw new ArgumentOutOfRangeException(nameof(half), half, null),
        };
    }

    /// <summary>Compares the methods.</summary>
    /// <param name="input">The map, or the half maps: unfiltered, unsharpened. Cubic voxels; finite values.</param>
    /// <param name="mask">Where the molecule is, best with a soft edge, on the same grid; null to make one from the map or the half maps.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second; maps that are written already stay.</param>
    /// <exception cref="EngineException">
    /// The input cannot be used by any method, or does not fit together; ParameterOutOfRange for one map without a resolution, for LocScale without a model,
    /// and for cross-validation without half maps or a model;
    /// MapFileExists or MapFileInaccessible for the output folder.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static SharpeningComparison Run(
        Reconstruction input,
        CryoMap? mask = null,
        SharpeningComparisonOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new SharpeningComparisonOptions();
        (ISharpeningMethod[] methods, string? folder) = Require(input, mask, options);
        input.RequireSound(cancellationToken);
        options.Truth?.RequireFinite(cancellationToken);

        using var work = new SharpeningComparisonWork(input, mask, options, cancellationToken);
        work.Prepare(ScaledProgress.Part(progress, 0, PreparingShare));
        var rows = new SharpeningComparisonRow[methods.Length];
        double share = (1 - PreparingShare - WritingShare) / methods.Length;
        for (int i = 0; i < methods.Length; i++)
        {
            rows[i] = work.Measure(methods[i], methods[(i + 1)..], folder, ScaledProgress.Part(progress, PreparingShare + (i * share), share));
        }

        work.TakeSharedWarnings(rows);
        var comparison = new SharpeningComparison(
            input.Name, rows, work.Resolution, work.Mask, work.ModelProfile, [.. LeftOut(input, options), .. work.Decisions.Union(options.Limits.Decisions)], work.Warnings);
        if (folder is not null)
        {
            progress?.Report(new StageProgress("Writing table and pictures", 1 - WritingShare));
            comparison.WriteFolder(folder, options.Overwrite, cancellationToken);
        }

        progress?.Report(new StageProgress("Writing table and pictures", 1));
        return comparison;
    }

    /// <summary>Writes the rows as comma-separated values: one row per method, empty fields for figures that there are none of.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteTable(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, ["Method", .. ScoreColumns, "Half correlation", .. RunColumns]);
        foreach (SharpeningComparisonRow row in Rows)
        {
            CsvTable.WriteRow(writer, [row.Method, .. ScoreFields(row), Number(row.HalfCorrelation), .. RunFields(row)]);
        }
    }

    /// <summary>Writes what the methods made of the half maps as comma-separated values: one row per method and half; the header alone without cross-validation.</summary>
    /// <param name="writer">Takes the text.</param>
    public void WriteCrossValidation(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CsvTable.WriteRow(writer, ["Method", "Half", "Map", .. ScoreColumns, .. RunColumns]);
        foreach (SharpeningComparisonRow row in Rows)
        {
            foreach (SharpeningComparisonRow half in row.WithHalves().Skip(1))
            {
                CsvTable.WriteRow(writer, [half.Method, Number(half.Half), half.Map, .. ScoreFields(half), .. RunFields(half)]);
            }
        }
    }

    /// <summary>Guinier plot of the results, the model's profile dashed.</summary>
    /// <param name="title">Title.</param>
    public LinePlot Plot(string title) =>
        GuinierPlot.Create([.. Rows.Where(row => row.Profile is not null).Select(row => row.Profile!.Named(row.Method))], title, ModelProfile?.Named("Model"));

    /// <summary>Refuses what cannot be compared, before anything is measured; the methods, and the full path of the folder.</summary>
    internal static (ISharpeningMethod[] Methods, string? Folder) Require(Reconstruction input, CryoMap? mask, SharpeningComparisonOptions options)
    {
        CryoMap map = input.First;
        map.Grid.RequireCubicVoxels(map.Name);
        foreach (CryoMap? other in (CryoMap?[])[mask, options.LocalResolution, options.Truth])
        {
            other?.Grid.RequireSameAs(other.Name, map.Grid, map.Name);
        }

        ISharpeningMethod[] methods = Methods(input, options);
        RequireParameters(input, options);
        RequireMemory(input, methods, options);
        return (methods, PrepareFolder(options, methods));
    }

    // Before anything is read: the maps, a result and a transform are what the least of the methods takes. Enough is what the greatest does.
    private static void RequireMemory(Reconstruction input, ISharpeningMethod[] methods, SharpeningComparisonOptions options)
    {
        GridSize size = input.Grid.Size;
        long volume = sizeof(float) * size.VoxelCount;
        long least = ((input.Maps.Count + 1) * volume) + RealFft3D.SpectrumBytes(size);
        options.Limits.Require(
            least,
            Say($"The comparison of '{input.Name}' ({size} voxels)"),
            input.First.Name,
            enough: MostBytes(methods, size.VoxelCount, options.Limits.AllowedThreads, options.CrossValidate));
    }

    /// <summary>What a comparison takes at most (bytes).</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="voxels">Voxels of a map.</param>
    /// <param name="threads">Threads that work.</param>
    /// <param name="crossValidates">Whether each half map is sharpened by itself too.</param>
    internal static long MostBytes(IEnumerable<ISharpeningMethod> methods, long voxels, int threads, bool crossValidates)
    {
        // Both half maps and their mean, the mask, the model's density, the truth and its scratch, a result, and one that another method begins with.
        const long Kept = 9;
        return ((Kept + (crossValidates ? 6 : 0)) * sizeof(float) * voxels) + methods.Select(method => method.EstimateBytes(voxels, threads)).DefaultIfEmpty().Max();
    }

    private static string[] ScoreFields(SharpeningComparisonRow row) =>
    [
        row.UsesModel ? "yes" : "no", Number(row.EMRinger), Number(row.EMRingerResidues), Number(row.QScore), Number(row.QScoreAtoms),
        Number(row.CCMask), Number(row.CCBox), Number(row.CCPeaks), Number(row.FscResolution05), Number(row.GuinierDistance), Number(row.Kurtosis),
        Number(row.TruthFsc), Number(row.TruthCorrelation),
    ];

    private static string[] RunFields(SharpeningComparisonRow row) =>
        [Number(row.Seconds), row.PeakBytes?.ToString(CultureInfo.InvariantCulture) ?? string.Empty, row.Error ?? string.Empty, string.Join(' ', row.Warnings)];

    private static string Number(double? value) => CsvTable.Number(value ?? double.NaN);

    private static ISharpeningMethod[] Methods(Reconstruction input, SharpeningComparisonOptions options)
    {
        ISharpeningMethod[] methods = [.. (options.Methods ?? SharpeningMethods.All).Distinct()];
        if (options.Methods is null)
        {
            return [.. methods.Where(method => (options.Model is not null || !method.NeedsModel) && (input.HasHalves || !method.NeedsHalves))];
        }

        if (options.Model is null && Array.Find(methods, method => method.NeedsModel) is { } modelled)
        {
            throw new EngineException(EngineError.ParameterOutOfRange, $"{modelled.Name} was asked for without a model, to whose amplitudes it scales the map.")
            {
                Advice = [new("give a model", EngineParameter.Model), new($"leave {modelled.Name} out", EngineParameter.Methods)],
            };
        }

        return input.HasHalves || Array.Find(methods, method => method.NeedsHalves) is not { } halved
            ? methods
            : throw new EngineException(
                EngineError.ParameterOutOfRange,
                $"{halved.Name} was asked for with one map, '{input.Name}', and it works on half maps.",
                input.Name)
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps), new($"leave {halved.Name} out", EngineParameter.Methods)],
            };
    }

    // Why a method is missing that nobody left out.
    private static IEnumerable<string> LeftOut(Reconstruction input, SharpeningComparisonOptions options)
    {
        if (options.Methods is null && !input.HasHalves)
        {
            yield return Say(method => method.NeedsHalves, "what is noise only two half maps say, and one map was given");
        }

        if (options.Methods is null && options.Model is null)
        {
            yield return Say(method => method.NeedsModel, "their amplitudes are a model's, and none was given");
        }

        static string Say(Func<ISharpeningMethod, bool> needs, string why) =>
            $"{string.Join(" and ", SharpeningMethods.All.Where(needs).Select(method => method.Name))} were left out: {why}.";
    }

    private static void RequireParameters(Reconstruction input, SharpeningComparisonOptions options)
    {
        CryoMap map = input.First;
        if (options.Methods is { Count: 0 })
        {
            throw new EngineException(EngineError.ParameterOutOfRange, "The list of methods is empty; expected at least one method.")
            {
                Advice = [new("name a method", EngineParameter.Methods), new("give no list, to compare all methods")],
            };
        }

        double nyquist = 2 * map.VoxelSize;
        if (options.Resolution is { } resolution && !(resolution >= nyquist * (1 - MapGrid.VoxelSizeTolerance) && resolution <= 100))
        {
            throw EngineException.OutOfRange(
                EngineParameter.Resolution,
                Say($"The resolution is {resolution} Å; expected {nyquist:0.###} Å (two voxels of '{map.Name}') to 100 Å."),
                map.Name);
        }

        if (options.Resolution is null && !input.HasHalves)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                $"One map was given, '{map.Name}', and its resolution cannot be measured without half maps.",
                map.Name)
            {
                Advice = [new("give the resolution", EngineParameter.Resolution), new("give both half maps", EngineParameter.HalfMaps)],
            };
        }

        if (options.CrossValidate && !input.HasHalves)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                $"Cross-validation was asked for with one map, '{map.Name}', which has no halves.",
                map.Name)
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps), new("leave cross-validation out", EngineParameter.CrossValidate)],
            };
        }

        if (options.CrossValidate && options.Model is null)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                "Cross-validation was asked for without a model, by which each half is scored.")
            {
                Advice = [new("give a model", EngineParameter.Model), new("leave cross-validation out", EngineParameter.CrossValidate)],
            };
        }
    }

    // Before hours of work: what stands in the way of its results.
    private static string? PrepareFolder(SharpeningComparisonOptions options, ISharpeningMethod[] methods)
    {
        if (options.OutputDirectory is null)
        {
            return null;
        }

        string folder = Path.GetFullPath(options.OutputDirectory);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (TemporaryFile.IsDiskFailure(exception))
        {
            throw TemporaryFile.Unwritable(folder, exception);
        }

        int?[] maps = options.CrossValidate ? [null, 1, 2] : [null];
        foreach (string name in methods.SelectMany(_ => maps, FileName))
        {
            MrcWriter.RequireWritable(Path.Combine(folder, name), new MrcWriteOptions { Overwrite = options.Overwrite });
        }

        string[] tables = options.CrossValidate ? [TableName, CrossValidationName] : [TableName];
        foreach (string name in (string[])[.. tables, GuinierName, PlotFile.Table(GuinierName), SlicesName])
        {
            TemporaryFile.RequireTarget(Path.Combine(folder, name), options.Overwrite);
        }

        return folder;
    }

    private void WriteFolder(string folder, bool overwrite, CancellationToken cancellationToken)
    {
        ResultFile.WriteText(Path.Combine(folder, TableName), overwrite, WriteTable);
        if (Rows.Any(row => row.Half1 is not null))
        {
            ResultFile.WriteText(Path.Combine(folder, CrossValidationName), overwrite, WriteCrossValidation);
        }

        if (Rows.Any(row => row.Profile is not null))
        {
            PlotFile.Write(Plot(Name), Path.Combine(folder, GuinierName), overwrite);
        }

        MapSliceRow[] slices = [.. Rows.Where(row => row.Path is not null).Select(row => new MapSliceRow(row.Method, MrcReader.Open(row.Path!)))];
        if (slices.Length > 0)
        {
            PngImage picture = MapSlices.Render(slices, null, cancellationToken);
            ResultFile.Write(Path.Combine(folder, SlicesName), overwrite, picture.Write);
        }
    }
}
