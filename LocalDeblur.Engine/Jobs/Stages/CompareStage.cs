using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.Workflows.Comparison;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Sharpens by several methods and scores the results (<see cref="SharpeningComparison"/>).</summary>
public sealed record CompareStage : MaskedStage
{
    /// <summary>Name of the model to score by; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Name of the local resolution; null to estimate it.</summary>
    public string? LocalResolution { get; init; }

    /// <summary>As <see cref="SharpeningComparisonOptions.CoarsestResolution"/> (Å).</summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>As <see cref="SharpeningComparisonOptions.Resolution"/> (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>Names of <see cref="SharpeningMethods"/>; null for all that the input allows.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>As <see cref="SharpeningComparisonOptions.CrossValidate"/>.</summary>
    public bool CrossValidate { get; init; }

    /// <summary>The folder to fill.</summary>
    public string Output { get; init; } = "comparison";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Model, LocalResolution];

    // Which methods the input allows shows when they run; what a method refuses leaves no map.
    internal override IEnumerable<JobProduct> Products =>
    [
        new(Name, Path.Combine(Output, SharpeningComparison.TableName)),
        .. from method in Chosen
           from half in (int?[])(CrossValidate ? [null, 1, 2] : [null])
           let file = SharpeningComparison.FileName(method, half)
           select new JobProduct($"{Name}.{Path.GetFileNameWithoutExtension(file)}", Path.Combine(Output, file)),
        .. from file in (string[])[SharpeningComparison.GuinierName, SharpeningComparison.SlicesName, SharpeningComparison.CrossValidationName]
           where CrossValidate || file != SharpeningComparison.CrossValidationName
           select new JobProduct($"{Name}.{Path.GetFileNameWithoutExtension(file)}", Path.Combine(Output, file)),
    ];

    private IEnumerable<ISharpeningMethod> Chosen =>
        SharpeningMethods.All.Where(method => Methods is null || Methods.Contains(method.Name, StringComparer.OrdinalIgnoreCase));

    internal override long EstimateBytes(long voxels, int threads) =>
        SharpeningComparison.MostBytes(Chosen.Where(method => Model is not null || !method.NeedsModel), voxels, threads, CrossValidate);

    internal override JobStage Connect(KnownParts known) => ((CompareStage)base.Connect(known)) with
    {
        Model = known.Optional(KnownParts.Model),
        LocalResolution = known.Optional(KnownParts.LocalResolution),
        Resolution = known.Resolution,
    };

    internal override void Run(StageRun run)
    {
        var options = new SharpeningComparisonOptions
        {
            Methods = Methods is null ? null : [.. Methods.Select(SharpeningMethods.Named)],
            Model = run.Model(Model),
            LocalResolution = run.Map(LocalResolution),
            CoarsestResolution = CoarsestResolution,
            Resolution = Resolution,
            CrossValidate = CrossValidate,
            OutputDirectory = run.Target(Output),
            Overwrite = run.Overwrite,
            Limits = run.Limits,
        };
        SharpeningComparison found = SharpeningComparison.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation);
        SharpeningComparisonRow[] rows = [.. found.Rows.SelectMany(row => row.WithHalves())];
        run.Tell(
            found.Decisions,
            [.. found.Warnings, .. from row in rows from warning in row.Error is null ? row.Warnings : [row.Error] select $"{row.Label}: {warning}"]);
        run.Figure("Resolution", found.Resolution);
        run.Took(rows.Max(row => row.PeakBytes) ?? 0);
        foreach (string path in Products.Select(product => run.Target(product.Path)).Where(File.Exists))
        {
            run.Wrote(path);
            foreach (string beside in (string[])[MapFileName.History(path), PlotFile.Table(path)])
            {
                if (beside != path && File.Exists(beside))
                {
                    run.Wrote(beside);
                }
            }
        }
    }
}
