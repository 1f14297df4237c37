using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Numerics;

namespace LocalDeblur.Masks;

/// <summary>The voxels that a model takes up.</summary>
/// <remarks>
/// The molecule: what lies within the van der Waals radius plus 1.1 Å of an atom, but for what lies within 0.9 Å of the rest; with the crevices that no solvent
/// fits into. Conventions of cctbx's five_cc.
/// </remarks>
internal static class ModelMask
{
    private const double SolventRadius = 1.1;
    private const double Shrinking = 0.9;

    /// <summary>The molecule, in a box that repeats.</summary>
    /// <param name="atoms">Atoms that count.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    public static bool[] Create(IReadOnlyList<ModelAtom> atoms, MapGrid grid, CancellationToken cancellationToken) =>
        Shrink(Near(atoms, grid, atom => VanDerWaalsRadii.Of(atom.AtomicNumber) + SolventRadius, isPeriodic: true, cancellationToken), grid, cancellationToken);

    /// <summary>What lies within a distance of an atom.</summary>
    /// <param name="atoms">Atoms that count.</param>
    /// <param name="grid">The grid.</param>
    /// <param name="radius">Distance of an atom (Å).</param>
    /// <param name="isPeriodic">True where the box repeats; false where what leaves it is lost.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    public static bool[] Near(IReadOnlyList<ModelAtom> atoms, MapGrid grid, Func<ModelAtom, double> radius, bool isPeriodic, CancellationToken cancellationToken)
    {
        bool[] near = new bool[grid.Size.VoxelCount];
        for (int i = 0; i < atoms.Count; i++)
        {
            if (i % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            Paint(atoms[i], radius(atoms[i]), grid, isPeriodic, near);
        }

        return near;
    }

    /// <summary>1 inside, falling to 0 outside by a raised cosine.</summary>
    /// <param name="inside">The voxels.</param>
    /// <param name="size">Size of the box.</param>
    /// <param name="widthVoxels">Width of the edge, in voxels.</param>
    /// <param name="limits">Of these the threads.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    public static float[] Soften(bool[] inside, GridSize size, double widthVoxels, RunLimits limits, CancellationToken cancellationToken)
    {
        int[] squares = DistanceTransform.Squared(inside, size, limits, cancellationToken);
        float[] soft = new float[squares.Length];
        for (int i = 0; i < soft.Length; i++)
        {
            soft[i] = (float)RaisedCosine.Fall(Math.Sqrt(squares[i]) / widthVoxels, 1);
        }

        return soft;
    }

    private static void Paint(ModelAtom atom, double radius, MapGrid grid, bool isPeriodic, bool[] near)
    {
        GridSize size = grid.Size;
        double x = (atom.X - grid.Origin.X) / grid.Spacing.X;
        double y = (atom.Y - grid.Origin.Y) / grid.Spacing.Y;
        double z = (atom.Z - grid.Origin.Z) / grid.Spacing.Z;
        (long firstZ, long lastZ) = Reach(z, radius / grid.Spacing.Z, size.Z, isPeriodic);
        (long firstY, long lastY) = Reach(y, radius / grid.Spacing.Y, size.Y, isPeriodic);
        for (long iz = firstZ; iz <= lastZ; iz++)
        {
            double dz = (iz - z) * grid.Spacing.Z;
            for (long iy = firstY; iy <= lastY; iy++)
            {
                double dy = (iy - y) * grid.Spacing.Y;
                double room = (radius * radius) - (dy * dy) - (dz * dz);
                if (room < 0)
                {
                    continue;
                }

                Span<bool> row = near.AsSpan((int)size.Offset(0, Wrap(iy, size.Y), Wrap(iz, size.Z)), size.X);
                (long firstX, long lastX) = Reach(x, Math.Sqrt(room) / grid.Spacing.X, size.X, isPeriodic);
                int start = Wrap(firstX, size.X);
                int count = (int)Math.Clamp(lastX - firstX + 1, 0, size.X);
                int beforeEnd = Math.Min(count, size.X - start);
                row.Slice(start, beforeEnd).Fill(true);
                row[..(count - beforeEnd)].Fill(true);
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

    // Voxels along an axis, those of the box alone where it does not repeat.
    private static (long First, long Last) Reach(double place, double reach, int length, bool isPeriodic)
    {
        long first = (long)Math.Ceiling(place - reach);
        long last = (long)Math.Floor(place + reach);
        return isPeriodic ? (first, last) : (Math.Max(first, 0), Math.Min(last, length - 1));
    }

    private static int Wrap(long index, int length)
    {
        long rest = index % length;
        return (int)(rest < 0 ? rest + length : rest);
    }
}
