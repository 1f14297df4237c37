using System.Globalization;

namespace LocalDeblur.Phantom;

/// <summary>What a phantom is made with. The same options give the same phantom on every machine and for any number of threads.</summary>
public sealed record PhantomOptions
{
    /// <summary>Voxels along each edge of the cubic box, 32 … 1024.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Edge of a voxel (Å), 0.2 … 5.</summary>
    public double VoxelSize { get; init; } = 1.06;

    /// <summary>Seed of everything random: the sequence, the turn of each helix, the noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Local resolution in the core (Å), at least twice the voxel size. The truth has this resolution everywhere.</summary>
    public double FinestResolution { get; init; } = 3;

    /// <summary>Local resolution at the far end (Å), above <see cref="FinestResolution"/>, at most 30.</summary>
    public double CoarsestResolution { get; init; } = 8;

    /// <summary>Standard deviation of the noise in the mean of the half maps, as a share of the signal's standard deviation inside the mask, 0 … 10.</summary>
    public double NoiseFraction { get; init; } = 0.1;

    /// <summary>Threads and memory.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Refuses options out of range.</summary>
    /// <exception cref="EngineException">ParameterOutOfRange, with the value and the range.</exception>
    public void Validate()
    {
        Require(Size is >= 32 and <= 1024, EngineParameter.Size, "size (voxels)", Size, "32 to 1024 voxels");
        Require(VoxelSize is >= 0.2 and <= 5, EngineParameter.PhantomVoxelSize, "voxel size (Å)", VoxelSize, "0.2 to 5 Å");
        Require(
            FinestResolution >= 2 * VoxelSize,
            EngineParameter.FinestResolution,
            "finest resolution (Å)",
            FinestResolution,
            string.Create(CultureInfo.InvariantCulture, $"at least twice the voxel size, {2 * VoxelSize:0.###} Å"));
        Require(
            CoarsestResolution > FinestResolution && CoarsestResolution <= 30,
            EngineParameter.CoarsestResolution,
            "coarsest resolution (Å)",
            CoarsestResolution,
            string.Create(CultureInfo.InvariantCulture, $"more than the finest, {FinestResolution:0.###} Å, and at most 30 Å"));
        Require(NoiseFraction is >= 0 and <= 10, EngineParameter.NoiseFraction, "noise", NoiseFraction, "0 to 10");
    }

    private static void Require(bool holds, EngineParameter parameter, string name, double value, string expected)
    {
        if (!holds)
        {
            throw EngineException.OutOfRange(parameter, Say($"The {name} of the phantom is {value}; expected {expected}."));
        }
    }
}
