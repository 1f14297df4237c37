using LocalDeblur.Maps;
using LocalDeblur.Sharpening.AutoSharpening;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Sharpens by the filter that phenix.auto_sharpen finds (<see cref="AutoSharpen"/>).</summary>
public sealed record AutoSharpenStage : ReconstructionStage
{
    /// <summary>As <see cref="AutoSharpenOptions.Resolution"/> (Å). Needed.</summary>
    public double? Resolution { get; init; }

    /// <summary>Name of a model; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>As <see cref="AutoSharpenOptions.Target"/>; null for its default, and where nothing is searched for.</summary>
    public AutoSharpenTarget? Target { get; init; }

    /// <summary>First voxel of the box of <see cref="AutoSharpenOptions.Box"/> (x, y, z).</summary>
    public IReadOnlyList<int>? BoxOrigin { get; init; }

    /// <summary>Voxels of that box (x, y, z).</summary>
    public IReadOnlyList<int>? BoxSize { get; init; }

    /// <summary>As <see cref="AutoSharpenOptions.ExtrapolateWeight"/>.</summary>
    public bool ExtrapolateWeight { get; init; }

    /// <summary>The map to write.</summary>
    public string Output { get; init; } = "autosharpen.mrc";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Model];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(12 + (4 * threads), voxels);

    internal override JobStage Connect(KnownParts known) => ((AutoSharpenStage)base.Connect(known)) with { Resolution = known.Resolution };

    internal override void Run(StageRun run)
    {
        if (Target is not null && (Model is not null || HalfMap1 is not null))
        {
            throw run.Invalid("target has no effect on half maps or with a model, which leave nothing to search. Leave it out.");
        }

        if ((BoxOrigin is null) != (BoxSize is null))
        {
            throw run.Invalid("boxOrigin and boxSize belong together. Give both, or neither.");
        }

        var options = new AutoSharpenOptions
        {
            Resolution = Resolution ?? throw run.Invalid("resolution is missing, and this method does not measure it. Give the resolution of the map (Å)."),
            Target = Target ?? AutoSharpenTarget.AdjustedSurfaceArea,
            Box = BoxOrigin is null ? null
                : BoxOrigin is [int x, int y, int z] && BoxSize is [int sizeX, int sizeY, int sizeZ] ? new VoxelBox(x, y, z, new GridSize(sizeX, sizeY, sizeZ))
                : throw run.Invalid("boxOrigin and boxSize have three numbers each, for x, y, z."),
            ExtrapolateWeight = ExtrapolateWeight,
            Limits = run.Limits,
        };
        run.Write(Output, AutoSharpen.Run(run.Open(this), options, run.Model(Model), run.Progress, run.Cancellation));
    }
}
