using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>What one method made of a map, in figures. A figure is null where it needs a model that was not given, or where it could not be measured.</summary>
public sealed record SharpeningComparisonRow
{
    /// <summary>Name of the method.</summary>
    public required string Method { get; init; }

    /// <summary>1 or 2 where the method ran on that half map by itself; null for the whole.</summary>
    public int? Half { get; init; }

    /// <summary>Name of the map, or of the first half map.</summary>
    public required string Map { get; init; }

    /// <summary>Name of the model; null for none.</summary>
    public string? Model { get; init; }

    /// <summary>True where the method itself has seen the model, so that scores by the same model are not independent of it.</summary>
    public bool UsesModel { get; init; }

    /// <summary>EMRinger score; higher is better, 0 is chance.</summary>
    public double? EMRinger { get; init; }

    /// <summary>Residues in the EMRinger score; scores over different residues are no comparison.</summary>
    public int? EMRingerResidues { get; init; }

    /// <summary>Mean Q-score of the model's atoms, −1 … 1; higher is better.</summary>
    public double? QScore { get; init; }

    /// <summary>Atoms in the mean Q-score; a map that is 0 or constant in places has fewer.</summary>
    public int? QScoreAtoms { get; init; }

    /// <summary>Map–model correlation where the model is, −1 … 1.</summary>
    public double? CCMask { get; init; }

    /// <summary>Map–model correlation over the box; a method that leaves 0 outside its mask has it easier here.</summary>
    public double? CCBox { get; init; }

    /// <summary>Map–model correlation over the highest voxels of both.</summary>
    public double? CCPeaks { get; init; }

    /// <summary>Where the Fourier shell correlation of map and model, in a soft mask around the model, first falls below 0.5 (Å); lower is better.</summary>
    public double? FscResolution05 { get; init; }

    /// <summary>Distance of the amplitude profile from the model's in the mask (<see cref="GuinierProfile.ShapeDistance"/>), from 10 Å to the resolution; 0 is best.</summary>
    public double? GuinierDistance { get; init; }

    /// <summary>
    /// Mean Fourier shell correlation with the sharp truth, −1 … 1, over the shells to the resolution, in a mask that fits the truth tightly: where the truth, smoothed
    /// with a Gaussian of 2 Å, is above 15 % of its maximum, with a soft edge of 4 Å outwards. Higher is better. Null without a truth.
    /// </summary>
    public double? TruthFsc { get; init; }

    /// <summary>Correlation of the voxels with the sharp truth in the same mask without its edge, −1 … 1. Null without a truth.</summary>
    public double? TruthCorrelation { get; init; }

    /// <summary>Mean of ((ρ − mean)/σ)⁴ over the box; 3 for Gaussian noise, larger for contrast in few voxels.</summary>
    public double? Kurtosis { get; init; }

    /// <summary>
    /// What the method makes of the first half map by itself, as of one map: without weights, noise or a local resolution from the other half, but with the mask
    /// and the resolution of the whole, the local resolution where one was given, and for LocScale the model. Null without cross-validation, and in a half's own row.
    /// </summary>
    public SharpeningComparisonRow? Half1 { get; init; }

    /// <summary>The same of the second half map.</summary>
    public SharpeningComparisonRow? Half2 { get; init; }

    /// <summary>
    /// Correlation of the two sharpened halves, −1 … 1, over the voxels where the mask is 0.5 or more (as Compare-CryoMap; the whole box where there is no mask).
    /// Their noise is independent, so what correlates is signal; less than for the raw halves means noise was raised above signal. A blur raises it too, so it is no
    /// score by itself. Null without cross-validation, and where a half has no result.
    /// </summary>
    /// <remarks>The mask is binary, since each of its voxels is then one pair of values, and a soft edge has mostly noise.</remarks>
    public double? HalfCorrelation { get; init; }

    /// <summary>Duration of the sharpening (s), scores not counted.</summary>
    public double Seconds { get; init; }

    /// <summary>Most memory that the steps of the method account for at once (bytes); null where they state none.</summary>
    public long? PeakBytes { get; init; }

    /// <summary>Where the map was written; null where it was not.</summary>
    public string? Path { get; init; }

    /// <summary>Why there is no result; null where there is one.</summary>
    public string? Error { get; init; }

    /// <summary>What kind of refusal <see cref="Error"/> is.</summary>
    public EngineError? ErrorId { get; init; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Amplitude profile of the result, in the mask where there is one; null without a result.</summary>
    public GuinierProfile? Profile { get; init; }

    /// <summary>The method, and the half: <c>LocalDeblur</c>, or <c>LocalDeblur, half 1</c>.</summary>
    public string Label => Half is null ? Method : FormattableString.Invariant($"{Method}, half {Half}");

    /// <summary>This row, and after it those of the half maps where there are any.</summary>
    public IEnumerable<SharpeningComparisonRow> WithHalves() => ((SharpeningComparisonRow?[])[this, Half1, Half2]).OfType<SharpeningComparisonRow>();

    /// <summary>For example <c>LocalDeblur: EMRinger 3.62, Q 0.617</c>.</summary>
    public override string ToString() => Error is not null
        ? $"{Label}: {Error}"
        : FormattableString.Invariant($"{Label}: EMRinger {EMRinger:0.00}, Q {QScore:0.000}");
}
