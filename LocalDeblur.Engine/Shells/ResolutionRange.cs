using System.Globalization;
using LocalDeblur.Maps;

namespace LocalDeblur.Shells;

/// <summary>A range of resolution, its ends included.</summary>
/// <param name="Coarsest">Lowest resolution, the larger number (Å).</param>
/// <param name="Finest">Highest resolution, the smaller number (Å).</param>
public readonly record struct ResolutionRange(double Coarsest, double Finest)
{
    // An end that is meant to be a shell's own resolution may differ from it by rounding.
    private const double RoundingTolerance = 1e-9;

    /// <summary>True for a resolution within the range.</summary>
    /// <param name="resolution">Å.</param>
    public bool Contains(double resolution) => resolution <= Coarsest * (1 + RoundingTolerance) && resolution >= Finest * (1 - RoundingTolerance);

    /// <summary>For example <c>10–3 Å</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Coarsest:0.###}–{Finest:0.###} Å");

    /// <summary>Refuses a range that is none, or that ends beyond Nyquist.</summary>
    /// <param name="voxelSize">Edge of a voxel of the map (Å).</param>
    /// <param name="parameter">What the range is.</param>
    /// <param name="what">The same, as the message begins.</param>
    /// <exception cref="EngineException">ParameterOutOfRange.</exception>
    internal void Require(double voxelSize, EngineParameter parameter, string what)
    {
        if (!(Coarsest > Finest) || !(Finest > 0))
        {
            throw EngineException.OutOfRange(parameter, Say($"{what} is {Coarsest} to {Finest} Å; expected two positive numbers, the lower resolution (the larger number) first."));
        }

        if (Finest < 2 * voxelSize * (1 - MapGrid.VoxelSizeTolerance))
        {
            throw EngineException.OutOfRange(
                parameter,
                Say($"{what} ends at {Finest} Å, beyond Nyquist: voxels of {voxelSize:0.####} Å hold nothing finer than {2 * voxelSize:0.####} Å."));
        }
    }
}
