using LocalDeblur.Plots;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Measures the Fourier shell correlation of the half maps (<see cref="FourierShellCorrelation"/>).</summary>
public sealed record FscStage : MaskedStage
{
    private static readonly FourierShellCorrelationOptions Defaults = new();

    /// <summary>As <see cref="FourierShellCorrelationOptions.Counting"/>.</summary>
    public ShellCounting Counting { get; init; } = Defaults.Counting;

    /// <summary>As <see cref="FourierShellCorrelationOptions.RandomiseFrom"/> (Å).</summary>
    public double? RandomiseFrom { get; init; }

    /// <summary>As <see cref="FourierShellCorrelationOptions.Seed"/>.</summary>
    public int Seed { get; init; } = Defaults.Seed;

    /// <summary>The picture to write, .svg or .png; the table, which later stages read, goes beside it as .csv.</summary>
    public string Output { get; init; } = "fsc.svg";

    internal override IEnumerable<JobProduct> Products => [new(Name, PlotFile.Table(Output)), new($"{Name}.picture", Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(7, voxels);

    internal override void Run(StageRun run)
    {
        var options = new FourierShellCorrelationOptions { Counting = Counting, RandomiseFrom = RandomiseFrom, Seed = Seed, Limits = run.Limits };
        FscResult found = FourierShellCorrelation.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation);
        run.Tell(found.Decisions, found.Warnings);
        run.Figure("Resolution", found.Resolution);
        run.Figure("Resolution05", found.Resolution05);
        run.Write(Output, FscPlot.Create(found, $"Fourier shell correlation: {found}"), writer => FscTable.Write(found, writer));
    }
}
