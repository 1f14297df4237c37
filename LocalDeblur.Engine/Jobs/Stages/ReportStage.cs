using LocalDeblur.Reports;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Writes a page of what was made of the reconstruction (<see cref="SharpeningReport"/>).</summary>
public sealed record ReportStage : MaskedStage
{
    /// <summary>Name of the sharpened map; null to sharpen it for the report.</summary>
    public string? Sharpened { get; init; }

    /// <summary>Name of the local resolution; null to estimate it.</summary>
    public string? LocalResolution { get; init; }

    /// <summary>Name of the model to score by; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>Name of one of <see cref="SharpeningMethods"/>; null for LocalDeblur, and where a sharpened map is given.</summary>
    public string? Method { get; init; }

    /// <summary>As <see cref="SharpeningReportOptions.Resolution"/> (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>Title of the page; null for the names of the maps.</summary>
    public string? Title { get; init; }

    /// <summary>The page to write, .html.</summary>
    public string Output { get; init; } = "report.html";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Sharpened, LocalResolution, Model];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(28, voxels);

    // The map that was sharpened last is the one that people build into.
    internal override JobStage Connect(KnownParts known) => ((ReportStage)base.Connect(known)) with
    {
        Sharpened = known.SharpenedMaps is [.., var last] ? last : null,
        LocalResolution = known.Optional(KnownParts.LocalResolution),
        Model = known.Optional(KnownParts.Model),
        Resolution = known.HasHalves ? null : known.Resolution,
    };

    internal override void Run(StageRun run)
    {
        if (Method is not null && Sharpened is not null)
        {
            throw run.Invalid("method has no effect on a map that is sharpened already. Leave one of both out.");
        }

        string target = run.Target(Output);
        if (!SharpeningReport.IsPage(target))
        {
            throw run.Invalid($"output is '{Output}'; expected a name that ends in .html.");
        }

        var options = new SharpeningReportOptions
        {
            Method = Method is null ? null : SharpeningMethods.Named(Method),
            Sharpened = run.Map(Sharpened),
            LocalResolution = run.Map(LocalResolution),
            Model = run.Model(Model),
            Resolution = Resolution,
            Title = Title,
            Limits = run.Limits,
        };
        SharpeningReport found = SharpeningReport.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation);
        run.Tell(found.Decisions, [.. found.Warnings.Select(warning => warning.Text)]);
        run.Figure("Resolution", found.Resolution ?? double.NaN);
        run.Write(Output, found);
    }
}
