using LocalDeblur.Maps;
using LocalDeblur.Plots;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Draws the central slices of the reconstruction and of maps, one row each.</summary>
public sealed record PicturesStage : ReconstructionStage
{
    /// <summary>Names of further maps, each a row.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Share of the edge that is shown, above 0 and at most 1.</summary>
    public double Crop { get; init; } = 1;

    /// <summary>The picture to write, .png.</summary>
    public string Output { get; init; } = "slices.png";

    internal override IEnumerable<string?> Uses => [.. base.Uses, .. Maps];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(3 + Maps.Count, voxels);

    internal override JobStage Connect(KnownParts known) => ((PicturesStage)base.Connect(known)) with { Maps = known.SharpenedMaps };

    internal override void Run(StageRun run)
    {
        CryoMap before = run.Open(this).Mean(run.Cancellation);
        MapSliceRow[] rows = [new("Before", before), .. Maps.Select(name => new MapSliceRow(name, run.Map(name)!))];
        run.WriteFile(Output, MapSlices.Render(rows, new MapSliceOptions { Crop = Crop }, run.Cancellation).Write);
    }
}
