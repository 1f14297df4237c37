using System.Globalization;

namespace LocalDeblur.Maps;

/// <summary>
/// Where the voxels of a map lie: how many, how far apart, and at which place in space. Everything is stated in x, y, z,
/// whatever the axis order of the file it came from.
/// </summary>
public sealed record MapGrid
{
    /// <summary>Largest relative difference between two voxel sizes that count as equal.</summary>
    public const double VoxelSizeTolerance = 1e-3;

    /// <summary>Smallest edge of a voxel (Å) that is worked with: half of the finest that super-resolution detectors give.</summary>
    public const double FinestVoxelSize = 0.2;

    /// <summary>Largest edge of a voxel (Å) that is worked with: several times that of the coarsest tomograms in use.</summary>
    public const double CoarsestVoxelSize = 50;

    private const double AngleTolerance = 1e-2;

    /// <summary>Creates the grid of a box of cubic voxels.</summary>
    /// <param name="size">Voxels along x, y, z.</param>
    /// <param name="voxelSize">Edge of a voxel (Å), positive and finite.</param>
    /// <param name="origin">Place of voxel (0, 0, 0) in space (Å).</param>
    /// <exception cref="EngineException">VoxelSizeMissing where <paramref name="voxelSize"/> is not a positive number.</exception>
    public MapGrid(GridSize size, double voxelSize, AxisTriple origin = default)
        : this(size, new AxisTriple(voxelSize, voxelSize, voxelSize), origin)
    {
        if (!(voxelSize > 0) || !double.IsFinite(voxelSize))
        {
            throw new EngineException(EngineError.VoxelSizeMissing, string.Create(CultureInfo.InvariantCulture, $"The voxel size is {voxelSize} Å; expected a positive number."));
        }
    }

    /// <summary>Creates a grid whose voxels may differ in size between axes.</summary>
    /// <param name="size">Voxels along x, y, z.</param>
    /// <param name="spacing">Edges of a voxel (Å).</param>
    /// <param name="origin">Value of the header's ORIGIN (Å).</param>
    public MapGrid(GridSize size, AxisTriple spacing, AxisTriple origin)
    {
        Size = size;
        Spacing = spacing;
        Sampling = size;
        OriginField = origin;
    }

    /// <summary>Voxels along x, y, z.</summary>
    public GridSize Size { get; init; }

    /// <summary>Edges of a voxel along x, y, z (Å).</summary>
    public AxisTriple Spacing { get; init; }

    /// <summary>Intervals along the cell edges (MX, MY, MZ). Differs from <see cref="Size"/> where the map is a part of its cell.</summary>
    public GridSize Sampling { get; init; }

    /// <summary>Cell angles α, β, γ (degrees).</summary>
    public AxisTriple Angles { get; init; } = new(90, 90, 90);

    /// <summary>Index of the first voxel in the cell (NXSTART, NYSTART, NZSTART, in x, y, z order).</summary>
    public (int X, int Y, int Z) Start { get; init; }

    /// <summary>The header's ORIGIN (Å), as stored.</summary>
    public AxisTriple OriginField { get; init; }

    /// <summary>Place of voxel (0, 0, 0) in space (Å): ORIGIN where it is not zero, else the start indices times the voxel size.</summary>
    public AxisTriple Origin => OriginField != default
        ? OriginField
        : new AxisTriple(Start.X * Spacing.X, Start.Y * Spacing.Y, Start.Z * Spacing.Z);

    /// <summary>Cell edges a, b, c (Å): intervals times voxel size.</summary>
    public AxisTriple Cell => new(Sampling.X * Spacing.X, Sampling.Y * Spacing.Y, Sampling.Z * Spacing.Z);

    /// <summary>True when the voxels are cubes to within 0.1 %.</summary>
    public bool HasCubicVoxels => AreEqual(Spacing.X, Spacing.Y) && AreEqual(Spacing.X, Spacing.Z);

    /// <summary>Edge of a voxel (Å) where the voxels are cubes; NaN where they are not (see <see cref="Spacing"/>).</summary>
    public double VoxelSize => HasCubicVoxels ? Spacing.X : double.NaN;

    /// <summary>True when each edge of a voxel is one that a map of a molecule can have.</summary>
    internal bool HasLikelyVoxels => IsLikely(Spacing.X) && IsLikely(Spacing.Y) && IsLikely(Spacing.Z);

    /// <summary>The edges that a voxel can have, in words.</summary>
    internal static string LikelyEdges => Say($"{FinestVoxelSize} to {CoarsestVoxelSize} Å");

    /// <summary>Where the edges of the voxels come from, in words.</summary>
    internal string HeaderFields => Say($"the cell (CELLA) measures {Cell} Å in {Sampling.X}, {Sampling.Y}, {Sampling.Z} intervals (MX, MY, MZ)");

    /// <summary>The same grid with another voxel size (Å). ORIGIN is a length and stays; the start indices are counts and stay.</summary>
    /// <param name="voxelSize">Edge of a voxel (Å), positive and finite.</param>
    /// <exception cref="EngineException">VoxelSizeMissing where <paramref name="voxelSize"/> is not a positive number.</exception>
    public MapGrid WithVoxelSize(double voxelSize) => new MapGrid(Size, voxelSize, OriginField)
    {
        Sampling = Sampling,
        Angles = Angles,
        Start = Start,
    };

    /// <summary>Refuses a grid on which frequencies are not the same along every axis.</summary>
    /// <param name="name">Name of the map, for the message.</param>
    /// <exception cref="EngineException">VoxelSizeMissing, VoxelSizeOutOfRange, VoxelSizeAnisotropic or CellAnglesUnsupported.</exception>
    public void RequireCubicVoxels(string name)
    {
        if (!(Spacing.X > 0) || !(Spacing.Y > 0) || !(Spacing.Z > 0))
        {
            throw new EngineException(
                EngineError.VoxelSizeMissing,
                $"'{name}' states no voxel size (its header has {Spacing} Å); expected three positive numbers.",
                name)
            {
                Advice = [new("give the voxel size when the map is read", EngineParameter.VoxelSize)],
            };
        }

        if (!HasLikelyVoxels)
        {
            throw new EngineException(
                EngineError.VoxelSizeOutOfRange,
                $"'{name}' has voxels of {Describe(Spacing)} Å: {HeaderFields}; expected {LikelyEdges}. The header is wrong, or counts in another unit.",
                name)
            {
                Advice = [new("give the true voxel size when the map is read", EngineParameter.VoxelSize)],
            };
        }

        if (!HasCubicVoxels)
        {
            throw new EngineException(
                EngineError.VoxelSizeAnisotropic,
                $"The voxels of '{name}' measure {Spacing} Å along x, y, z; expected three equal edges (within 0.1 %).",
                name)
            {
                Advice =
                [
                    new("resample the map to cubic voxels"),
                    new("if the header is wrong, give the true voxel size when the map is read", EngineParameter.VoxelSize),
                ],
            };
        }

        if (Math.Abs(Angles.X - 90) > AngleTolerance || Math.Abs(Angles.Y - 90) > AngleTolerance || Math.Abs(Angles.Z - 90) > AngleTolerance)
        {
            throw new EngineException(
                EngineError.CellAnglesUnsupported,
                $"The cell angles of '{name}' are {Angles}°; expected 90° each. Resample the map to an orthogonal cell.",
                name);
        }
    }

    /// <summary>Refuses two maps that do not lie on the same grid: size, voxel size (0.1 %), then place in space (a tenth of a voxel).</summary>
    /// <param name="name">Name of the map with this grid.</param>
    /// <param name="other">The other grid.</param>
    /// <param name="otherName">Name of the other map.</param>
    /// <exception cref="EngineException">MapSizeMismatch, VoxelSizeMismatch or MapOriginMismatch; the message has both values.</exception>
    public void RequireSameAs(string name, MapGrid other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Size != other.Size)
        {
            throw new EngineException(
                EngineError.MapSizeMismatch,
                $"'{name}' has {Size} voxels and '{otherName}' has {other.Size}; expected the same size. Use maps of one reconstruction, or resample one onto the other's grid.",
                otherName);
        }

        if (!AreEqual(Spacing.X, other.Spacing.X) || !AreEqual(Spacing.Y, other.Spacing.Y) || !AreEqual(Spacing.Z, other.Spacing.Z))
        {
            throw new EngineException(
                EngineError.VoxelSizeMismatch,
                $"'{name}' has voxels of {Describe(Spacing)} Å and '{otherName}' of {Describe(other.Spacing)} Å; expected the same (within 0.1 %).",
                otherName)
            {
                Advice =
                [
                    new("use maps of one reconstruction"),
                    new("if one header is wrong, give that map's true voxel size when it is read", EngineParameter.VoxelSize),
                ],
            };
        }

        AxisTriple here = Origin;
        AxisTriple there = other.Origin;
        double tolerance = 0.1 * Spacing.X;
        if (Math.Abs(here.X - there.X) > tolerance || Math.Abs(here.Y - there.Y) > tolerance || Math.Abs(here.Z - there.Z) > tolerance)
        {
            throw new EngineException(
                EngineError.MapOriginMismatch,
                $"'{name}' lies at ({here}) Å and '{otherName}' at ({there}) Å; expected the same place in space.",
                otherName)
            {
                Advice =
                [
                    new("use maps of one reconstruction"),
                    new("if the program that wrote one of them lost its origin, give that map's true origin when it is read", EngineParameter.Origin),
                ],
            };
        }
    }

    // Room for the rounding of a header's float32 at the ends.
    internal static bool IsLikely(double edge) => edge >= FinestVoxelSize * (1 - 1e-6) && edge <= CoarsestVoxelSize * (1 + 1e-6);

    private static bool AreEqual(double a, double b) => Math.Abs(a - b) <= VoxelSizeTolerance * Math.Max(Math.Abs(a), Math.Abs(b));

    private static string Describe(AxisTriple spacing) => AreEqual(spacing.X, spacing.Y) && AreEqual(spacing.X, spacing.Z)
        ? spacing.X.ToString("0.#####", CultureInfo.InvariantCulture)
        : spacing.ToString();
}
