using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;

namespace LocalDeblur.Validation;

/// <summary>How a map agrees with the density of a model.</summary>
public sealed record MapModelFitResult
{
    /// <summary>Name of the map, with the steps that made it (<see cref="MapLabel"/>).</summary>
    public string Map { get; init; } = string.Empty;

    /// <summary>Name of the model.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>Resolution to which the model's density was computed for the correlations (Å).</summary>
    public required double Resolution { get; init; }

    /// <summary>Correlation over the voxels that the model takes up, −1 … 1.</summary>
    public required double CCMask { get; init; }

    /// <summary>Correlation over the whole box.</summary>
    public required double CCBox { get; init; }

    /// <summary>Correlation over the highest voxels of the model's density, as many as the model takes up.</summary>
    public required double CCVolume { get; init; }

    /// <summary>Correlation over the highest voxels of the map and of the model's density together, as many of each as the model takes up.</summary>
    public required double CCPeaks { get; init; }

    /// <summary>Voxels that the model takes up.</summary>
    public required long MaskVoxels { get; init; }

    /// <summary>
    /// Fourier shell correlation of the map with the model's density to Nyquist: unmasked, and masked with a soft mask around the model (1 where the model is, a raised
    /// cosine outwards, as wide as the resolution). Each coefficient of the full transform counts once. Drawn by a plot.
    /// </summary>
    public required FscResult Fsc { get; init; }

    /// <summary>Mean of the unmasked Fourier shell correlation to <see cref="Resolution"/>, each shell by its number of coefficients.</summary>
    public required double FscAverage { get; init; }

    /// <summary>The same of the masked one.</summary>
    public required double FscAverageMasked { get; init; }

    /// <summary>Correlations of the residues, chain by chain.</summary>
    public required IReadOnlyList<MapModelResidue> Residues { get; init; }

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where the masked Fourier shell correlation first falls below 0.143 (Å).</summary>
    public double FscResolution => Fsc.For(FscCurveKind.Masked)?.Resolution ?? double.NaN;

    /// <summary>Where the masked Fourier shell correlation first falls below 0.5 (Å), the usual threshold between a map and a model.</summary>
    public double FscResolution05 => Fsc.For(FscCurveKind.Masked)?.Resolution05 ?? double.NaN;

    /// <summary>For example <c>CC_mask 0.816, FSC 0.5 at 2.91 Å</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"CC_mask {CCMask:0.000}, FSC 0.5 at {FscResolution05:0.00} Å");
}

/// <summary>How a map agrees with the model's density around a residue.</summary>
/// <param name="Chain">Chain; empty where the file names none.</param>
/// <param name="Number">Number in its chain.</param>
/// <param name="InsertionCode">Insertion code; empty for none.</param>
/// <param name="Name">Name of the residue.</param>
/// <param name="CC">Correlation over the voxels near its atoms other than hydrogens, −1 … 1; NaN where there are less than two in the box, or the map does not vary there.</param>
/// <param name="VoxelCount">Number of these voxels.</param>
public sealed record MapModelResidue(string Chain, int Number, string InsertionCode, string Name, double CC, int VoxelCount);
