using LocalDeblur.Density;
using LocalDeblur.Models;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Workflows;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Scales by the amplitudes of a model or a reference map (<see cref="LocScaleRun"/>).</summary>
public sealed record LocScaleStage : MaskedStage
{
    /// <summary>Name of a map whose amplitudes are taken over; null with a model.</summary>
    public string? Reference { get; init; }

    /// <summary>Name of a model whose amplitudes are taken over; null with a reference map.</summary>
    public string? Model { get; init; }

    /// <summary>As <see cref="LocScaleOptions.WindowVoxels"/>.</summary>
    public int? WindowVoxels { get; init; }

    /// <summary>As <see cref="LocScaleOptions.Averaging"/>.</summary>
    public LocScaleAveraging Averaging { get; init; } = LocScaleAveraging.FullShells;

    /// <summary>As <see cref="ModelDensityOptions.Resolution"/> (Å).</summary>
    public double? Resolution { get; init; }

    /// <summary>As <see cref="ModelDensityOptions.BFactor"/> (Å²).</summary>
    public double? BFactor { get; init; }

    /// <summary>As <see cref="ModelDensityOptions.Blur"/> (Å²).</summary>
    public double? Blur { get; init; }

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "locscale.mrc";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Reference, Model];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(9, voxels) + (threads * (64L << 20));

    internal override JobStage Connect(KnownParts known) => ((LocScaleStage)base.Connect(known)) with
    {
        Model = known.Optional(KnownParts.Model),
        Reference = known.Optional(KnownParts.Model) is null ? known.Optional(KnownParts.Reference) : null,
    };

    internal override void Run(StageRun run)
    {
        if ((Reference is null) == (Model is null))
        {
            throw run.Invalid("The amplitudes come from a model or from a reference map. Give model or reference, one of them.");
        }

        if (Model is null && (Resolution ?? BFactor ?? Blur) is not null)
        {
            throw run.Invalid("resolution, bFactor and blur say how a model is drawn, and a reference map was given. Leave them out.");
        }

        var drawing = new ModelDensityOptions { Resolution = Resolution, BFactor = BFactor, Blur = Blur ?? 0, Limits = run.Limits };
        AtomicModel? model = run.Model(Model);
        var scaling = model is null ? new LocScaleRun(run.Map(Reference)!) : new LocScaleRun(model, drawing);
        var options = new LocScaleOptions { WindowVoxels = WindowVoxels, Averaging = Averaging, Limits = run.Limits };
        run.Write(Output, scaling.Run(run.Open(this), run.Map(Mask), options, run.Progress, run.Cancellation));
        if (scaling.Density is { } density)
        {
            run.Tell(density.History[^1].Decisions, density.History[^1].Warnings);
        }
    }
}
