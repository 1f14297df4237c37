using LocalDeblur.Files;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Validation;

namespace LocalDeblur.Jobs.Stages;

/// <summary>Scores a map by a model: <see cref="EMRinger"/>, <see cref="QScore"/> and, with a resolution, <see cref="MapModelFit"/>.</summary>
public sealed record ScoreStage : ReconstructionStage
{
    /// <summary>Name of the model. Needed.</summary>
    public string? Model { get; init; }

    /// <summary>Resolution of the map (Å), for the correlations and the expected Q-score; null to leave them out.</summary>
    public double? Resolution { get; init; }

    /// <summary>The table to write: name and value.</summary>
    public string Output { get; init; } = "score.csv";

    internal override IEnumerable<string?> Uses => [.. base.Uses, Model];

    internal override IEnumerable<JobProduct> Products => [new(Name, Output)];

    internal override long EstimateBytes(long voxels, int threads) => Volumes(9, voxels);

    // The sharpened map is what one wants to know of.
    internal override JobStage Connect(KnownParts known) => (known.SharpenedMaps is [.., var last] ? this with { Map = last } : (ScoreStage)base.Connect(known)) with
    {
        Model = known.Optional(KnownParts.Model),
        Resolution = known.Resolution,
    };

    internal override void Run(StageRun run)
    {
        AtomicModel model = run.Model(Model) ?? throw run.Invalid("model is missing, and the scores are by a model. Give its name.");
        CryoMap map = run.Open(this).Mean(run.Cancellation);
        EMRingerResult side = EMRinger.Measure(model, map, null, run.Part(0, 0.2), run.Cancellation);
        QScoreResult atoms = QScore.Measure(model, map, new QScoreOptions { Resolution = Resolution, Limits = run.Limits }, run.Part(0.2, 0.4), run.Cancellation);
        MapModelFitResult? fit = Resolution is { } finest
            ? MapModelFit.Measure(model, map, finest, new MapModelFitOptions { Limits = run.Limits }, run.Part(0.6, 0.4), run.Cancellation)
            : null;
        run.Tell([], [.. side.Warnings.Concat(atoms.Warnings).Concat(fit?.Warnings ?? []).Distinct()]);
        (string Name, double? Value)[] figures =
        [
            ("EMRinger", side.Score), ("EMRingerResidues", side.ScoredResidues), ("QScore", atoms.Mean), ("ExpectedQScore", atoms.Expected),
            ("CCMask", fit?.CCMask), ("CCBox", fit?.CCBox), ("CCVolume", fit?.CCVolume), ("CCPeaks", fit?.CCPeaks),
            ("FscResolution05", fit?.FscResolution05), ("FscResolution", fit?.FscResolution),
        ];
        foreach ((string name, double? value) in figures)
        {
            run.Figure(name, value ?? double.NaN);
        }

        run.WriteText(Output, writer =>
        {
            CsvTable.WriteRow(writer, ["Name", "Value"]);
            foreach ((string name, double? value) in figures.Where(figure => figure.Value is not null))
            {
                CsvTable.WriteRow(writer, [name, CsvTable.Number(value!.Value)]);
            }
        });
    }
}
