using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Models;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The part of a map that a model explains: a box around its atoms, and in it a mask that fades out around them.</summary>
/// <remarks>1 within 3 Å plus the resolution of an atom, smoothed by a Gaussian of σ = the resolution and scaled to a largest value of 1; the box has
/// 6 Å around the atoms, as far as the map goes. As in the published program.</remarks>
internal static class ModelSurroundings
{
    // Å.
    private const double Margin = 6;
    private const double Radius = 3;

    // Of the Gaussian's transform: what is weaker does not matter to a float.
    private const double LeastWeight = 1e-9;

    /// <summary>The box around the atoms.</summary>
    /// <param name="atoms">Atoms in the map, at least one.</param>
    /// <param name="grid">Grid of the map. Cubic voxels.</param>
    public static VoxelBox Bound(IReadOnlyCollection<ModelAtom> atoms, MapGrid grid)
    {
        (int x, int sizeX) = Bound(atoms.Min(atom => atom.X), atoms.Max(atom => atom.X), grid.Origin.X, grid.Spacing.X, grid.Size.X);
        (int y, int sizeY) = Bound(atoms.Min(atom => atom.Y), atoms.Max(atom => atom.Y), grid.Origin.Y, grid.Spacing.Y, grid.Size.Y);
        (int z, int sizeZ) = Bound(atoms.Min(atom => atom.Z), atoms.Max(atom => atom.Z), grid.Origin.Z, grid.Spacing.Z, grid.Size.Z);
        return new VoxelBox(x, y, z, new GridSize(sizeX, sizeY, sizeZ));
    }

    /// <summary>The mask.</summary>
    /// <param name="atoms">Atoms that count.</param>
    /// <param name="grid">Grid of the box. Cubic voxels.</param>
    /// <param name="resolution">Resolution of the map (Å).</param>
    /// <param name="transform">Transform of the box's size.</param>
    /// <param name="scratch">A spectrum of it, which is overwritten.</param>
    /// <param name="cancellationToken">Stops within a fraction of a second.</param>
    /// <returns>0 … 1 for each voxel; null where no voxel is near an atom.</returns>
    public static float[]? Mask(IReadOnlyList<ModelAtom> atoms, MapGrid grid, double resolution, RealFft3D transform, Spectrum scratch, CancellationToken cancellationToken)
    {
        bool[] near = ModelMask.Near(atoms, grid, _ => Radius + resolution, isPeriodic: false, cancellationToken);
        float[] mask = Array.ConvertAll(near, voxel => voxel ? 1f : 0);
        double exponent = 2 * Math.PI * Math.PI * resolution * resolution / (grid.VoxelSize * grid.VoxelSize);
        using OctantFilter gaussian = OctantFilter.Create(grid.Size, u => (float)Math.Exp(-exponent * u * u), Math.Sqrt(-Math.Log(LeastWeight) / exponent), transform.Pool);
        transform.Forward(mask, scratch, cancellationToken);
        transform.Inverse(scratch, gaussian, scratch, mask, cancellationToken);
        float largest = mask.Max();
        if (!(largest > 0))
        {
            return null;
        }

        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = Math.Max(mask[i], 0) / largest;
        }

        return mask;
    }

    private static (int First, int Count) Bound(double lowest, double highest, double origin, double spacing, int length)
    {
        int first = (int)Math.Clamp(Math.Floor((lowest - Margin - origin) / spacing), 0, length - 1);
        int last = (int)Math.Clamp(Math.Ceiling((highest + Margin - origin) / spacing), first, length - 1);
        return (first, last - first + 1);
    }
}
