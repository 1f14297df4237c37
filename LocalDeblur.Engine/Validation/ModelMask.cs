using LocalDeblur.Masks;
using LocalDeblur.Models;

namespace LocalDeblur.Validation;

/// <summary>The voxels that a model takes up, in a box that repeats.</summary>
/// <remarks>
/// Inside is what lies within the van der Waals radius plus 1.1 Å of an atom, but for what lies within 0.9 Å of the rest: the molecule with the crevices that no
/// solvent fits into. Conventions of cctbx's five_cc.
/// </remarks>
internal static class ModelMask
{
    private const double SolventRadius = 1.1;
    private const double Shrinking = 0.9;

    /// <summary>Finds the voxels.</summary>
    /// <param name="atoms">Atoms that count.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    public static bool[] Create(IReadOnlyList<ModelAtom> atoms, MapGrid grid, CancellationToken cancellationToken)
    {
        bool[] near = new bool[grid.Size.VoxelCount];
        for (int i = 0; i < atoms.Count; i++)
        {
            if (i % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            Paint(atoms[i], grid, near);
        }

        return Shrink(near, grid, cancellationToken);
    }

    /// <summary>1 inside, falling to 0 outside by a raised cosine.</summary>
    /// <param name="inside">The voxels.</param>
    /// <param name="size">Size of the box.</param>
    /// <param name="widthVoxels">Width of the edge, in voxels.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    public static float[] Soften(bool[] inside, GridSize size, double widthVoxels, int threads, CancellationToken cancellationToken)
    {
        int[] squares = DistanceTransform.Squared(inside, size, threads, cancellationToken);
        float[] soft = new float[squares.Length];
        for (int i = 0; i < soft.Length; i++)
        {
            double share = Math.Sqrt(squares[i]) / widthVoxels;
            soft[i] = share < 1 ? (float)(0.5 + (0.5 * Math.Cos(Math.PI * share))) : 0;
        }

        return soft;
    }

    private static void Paint(ModelAtom atom, MapGrid grid, bool[] near)
    {
        double radius = VanDerWaalsRadii.Of(atom.AtomicNumber) + SolventRadius;
        GridSize size = grid.Size;
        double x = (atom.X - grid.Origin.X) / grid.Spacing.X;
        double y = (atom.Y - grid.Origin.Y) / grid.Spacing.Y;
        double z = (atom.Z - grid.Origin.Z) / grid.Spacing.Z;
        for (long iz = First(z, radius / grid.Spacing.Z); iz <= Last(z, radius / grid.Spacing.Z); iz++)
        {
            double dz = (iz - z) * grid.Spacing.Z;
            for (long iy = First(y, radius / grid.Spacing.Y); iy <= Last(y, radius / grid.Spacing.Y); iy++)
            {
                double dy = (iy - y) * grid.Spacing.Y;
                double room = (radius * radius) - (dy * dy) - (dz * dz);
                if (room < 0)
                {
                    continue;
                }

                double reach = Math.Sqrt(room) / grid.Spacing.X;
                Span<bool> row = near.AsSpan((int)size.Offset(0, Wrap(iy, size.Y), Wrap(iz, size.Z)), size.X);
                for (long ix = First(x, reach); ix <= Last(x, reach); ix++)
                {
                    row[Wrap(ix, size.X)] = true;
                }
            }
        }
    }

    private static bool[] Shrink(bool[] near, MapGrid grid, CancellationToken cancellationToken)
    {
        GridSize size = grid.Size;
        (int X, int Y, int Z)[] offsets = [.. Offsets(grid.Spacing)];
        bool[] inside = new bool[near.Length];
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                for (int x = 0; x < size.X; x++)
                {
                    long at = size.Offset(x, y, z);
                    bool keep = near[at];
                    for (int i = 0; keep && i < offsets.Length; i++)
                    {
                        keep = near[size.Offset(Wrap(x + offsets[i].X, size.X), Wrap(y + offsets[i].Y, size.Y), Wrap(z + offsets[i].Z, size.Z))];
                    }

                    inside[at] = keep;
                }
            }
        }

        return inside;
    }

    private static IEnumerable<(int X, int Y, int Z)> Offsets(AxisTriple spacing)
    {
        int reachX = (int)(Shrinking / spacing.X);
        int reachY = (int)(Shrinking / spacing.Y);
        int reachZ = (int)(Shrinking / spacing.Z);
        return from z in Enumerable.Range(-reachZ, (2 * reachZ) + 1)
               from y in Enumerable.Range(-reachY, (2 * reachY) + 1)
               from x in Enumerable.Range(-reachX, (2 * reachX) + 1)
               let square = (x * x * spacing.X * spacing.X) + (y * y * spacing.Y * spacing.Y) + (z * z * spacing.Z * spacing.Z)
               where square > 0 && square < Shrinking * Shrinking
               select (x, y, z);
    }

    private static long First(double place, double reach) => (long)Math.Ceiling(place - reach);

    private static long Last(double place, double reach) => (long)Math.Floor(place + reach);

    private static int Wrap(long index, int length)
    {
        long rest = index % length;
        return (int)(rest < 0 ? rest + length : rest);
    }
}
