using System.Globalization;
using LocalDeblur.Maps;

namespace LocalDeblur.Density;

/// <summary>How the density of a model is computed.</summary>
public sealed record ModelDensityOptions
{
    /// <summary>One B factor for all atoms (Å²), 0 … 10000; null for those of the model.</summary>
    public double? BFactor { get; init; }

    /// <summary>Blur (Å²) that is added to every B factor, −10000 … 10000; no sum may be negative.</summary>
    public double Blur { get; init; }

    /// <summary>
    /// Finest detail that stays (Å), at least two voxels: every Fourier coefficient beyond it is removed, with a sharp edge. Null for the density as it is,
    /// sampled at the voxels.
    /// </summary>
    public double? Resolution { get; init; }

    /// <summary>
    /// With a <see cref="Resolution"/>: true to draw the atoms wide enough for the voxels and to undo that in Fourier space, so that the coefficients are those of the
    /// continuous density; false to take them from the samples, with what folds back from beyond Nyquist. Matters for B factors that are low for the voxel size.
    /// </summary>
    public bool CorrectSampling { get; init; } = true;

    /// <summary>True where the box repeats in space, as a crystal's cell does: what leaves it on one side comes in on the other. False where atoms
    /// beyond the box are not seen.</summary>
    public bool Periodic { get; init; }

    /// <summary>Share of an atom's integral that may lie beyond the distance at which it ends, 1e-9 … 0.01.</summary>
    public double Accuracy { get; init; } = 1e-5;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Refuses options out of range.</summary>
    /// <param name="grid">The grid of the density.</param>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    internal void Validate(MapGrid grid)
    {
        Require(BFactor is null or (>= 0 and <= 10000), EngineParameter.AtomBFactor, "B factor", BFactor, " Å²", "0 to 10000 Å²");
        Require(Blur is >= -10000 and <= 10000, EngineParameter.Blur, "blur", Blur, " Å²", "-10000 to 10000 Å²");
        Require(Accuracy is >= 1e-9 and <= 0.01, null, "accuracy", Accuracy, "", "1e-9 to 0.01");
        double nyquist = 2 * grid.VoxelSize * (1 - MapGrid.VoxelSizeTolerance);
        Require(
            Resolution is null || (Resolution >= nyquist && double.IsFinite(Resolution.Value)),
            EngineParameter.Resolution,
            "resolution",
            Resolution,
            " Å",
            string.Create(CultureInfo.InvariantCulture, $"at least two voxels, {2 * grid.VoxelSize:0.###} Å: a finer one needs smaller voxels"));
    }

    private static void Require(bool holds, EngineParameter? parameter, string what, double? value, string unit, string expected)
    {
        if (!holds)
        {
            string message = Say($"The {what} of the model's density is {value}{unit}; expected {expected}.");
            throw parameter is { } known ? EngineException.OutOfRange(known, message) : new EngineException(EngineError.ParameterOutOfRange, message);
        }
    }
}
