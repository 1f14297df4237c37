using LocalDeblur.Maps;
using LocalDeblur.Plots;
using LocalDeblur.Shells;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Draws the radial amplitude profiles of the reconstruction, of maps, and of a model (<see cref="GuinierProfile"/>).</summary>
public sealed record GuinierStage : MaskedStage
{
    private static readonly GuinierProfileOptions Defaults = new();

    /// <summary>Names of further maps, each a line of the plot.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Name of a model whose profile is drawn dashed; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>As <see cref="GuinierProfileOptions.Counting"/>.</summary>
    public ShellCounting Counting { get; init; } = Defaults.Counting;

    /// <summary>As <see cref="GuinierProfileOptions.FitRange"/>: coarsest and finest (Å).</summary>
    public IReadOnlyList<double>? FitRange { get; init; }

    /// <summary>Title of the plot.</summary>
    public string Title { get; init; } = "Guinier plot";

    /// <summary>Resolution (Å) from which on shells are drawn, above 10.</summary>
    public double CoarsestResolution { get; init; } = GuinierPlot.DefaultCoarsest;

    /// <summary>Whether the profiles are made to agree at low resolution.</summary>
    public bool Align { get; init; } = true;

    /// <summary>The picture to write, .svg or .png; the numbers go beside it as .csv.</summary>
    public string Output { get; init; } = "guinier.svg";

    internal override IEnumerable<string?> Uses => [.. base.Uses, .. Maps, Model];

    internal override IEnumerable<JobProduct> Products => [new(Name, PlotFile.Table(Output)), new($"{Name}.picture", Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(5, voxels);

    internal override JobStage Connect(KnownParts known) => ((GuinierStage)base.Connect(known)) with
    {
        Maps = known.SharpenedMaps,
        Model = known.Optional(KnownParts.Model),
    };

    internal override void Run(StageRun run)
    {
        var options = new GuinierProfileOptions { Counting = Counting, FitRange = run.Range(FitRange, "fitRange"), Limits = run.Limits };
        int count = 1 + Maps.Count + (Model is null ? 0 : 1);
        List<GuinierProfile> profiles = [GuinierProfile.Measure(run.Open(this).Mean(run.Cancellation), run.Map(Mask), options, run.Part(0, 1.0 / count), run.Cancellation)];
        foreach (string name in Maps)
        {
            GuinierProfile profile = GuinierProfile.Measure(run.Map(name)!, run.Map(Mask), options, run.Part((double)profiles.Count / count, 1.0 / count), run.Cancellation);
            profiles.Add(profile.Named(name));
        }

        GuinierProfile? drawn = null;
        if (run.Model(Model) is { } atoms)
        {
            (drawn, CryoMap density) = GuinierProfile.MeasureModel(
                atoms, run.Open(this).Grid, run.Map(Mask), options, run.Part((count - 1.0) / count, 1.0 / count), run.Cancellation);
            run.Tell(density.History[^1].Decisions, density.History[^1].Warnings);
        }

        run.Write(Output, GuinierPlot.Create(profiles, Title, drawn, Align, CoarsestResolution));
    }
}
