using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Workflows.Methods;

namespace LocalDeblur.Workflows.Comparison;

/// <summary>Parameters of a comparison of sharpening methods.</summary>
public sealed record SharpeningComparisonOptions
{
    /// <summary>The methods, in the order in which they run; null for all of <see cref="SharpeningMethods"/> that the input allows.</summary>
    public IReadOnlyList<ISharpeningMethod>? Methods { get; init; }

    /// <summary>Model by which the results are scored, and that LocScale takes its amplitudes from; null for none.</summary>
    public AtomicModel? Model { get; init; }

    /// <summary>
    /// Resolution of the map (Å), at least two voxels; null to measure it between half maps (FSC 0.143 in the mask), which one map does not allow.
    /// </summary>
    public double? Resolution { get; init; }

    /// <summary>Local resolution (Å) for LocalDeblur, on the map's grid; null to estimate it.</summary>
    public CryoMap? LocalResolution { get; init; }

    /// <summary>
    /// Where the scan of the local resolution for LocalDeblur begins (Å); with <see cref="LocalResolution"/>, coarser values count as this one. Null for the defaults.
    /// </summary>
    public double? CoarsestResolution { get; init; }

    /// <summary>
    /// The sharp truth, on the map's grid, where it is known: a simulated map's density. Results are compared with it in a mask that fits it tightly
    /// (<see cref="SharpeningComparisonRow.TruthFsc"/>). Null for none.
    /// </summary>
    public CryoMap? Truth { get; init; }

    /// <summary>
    /// Runs every method on each half map by itself too, as on one map, and scores the results like the whole
    /// (<see cref="SharpeningComparisonRow.Half1"/>). Needs both half maps and a model, best one that was refined against neither.
    /// </summary>
    public bool CrossValidate { get; init; }

    /// <summary>Folder that keeps the maps, the table, and the pictures; null for none.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>Replaces files in <see cref="OutputDirectory"/> that exist; otherwise they are refused before anything runs.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();
}
