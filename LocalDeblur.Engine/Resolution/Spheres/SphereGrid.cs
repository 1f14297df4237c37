using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Spheres;

/// <summary>Soft spheres on a grid about the middle of a box.</summary>
/// <remarks>
/// The middle is voxel n/2. Centres lie at −n/2, −n/2 + step, … from it on each axis, and are kept inside the ellipsoid (in a cube the sphere) whose
/// half axes are n/2 − radius. A sphere weighs 1 at distances below the radius, ½ + ½·cos(π·(d − radius)/edge) to the end of its edge, and 0 from there.
/// </remarks>
internal sealed class SphereGrid
{
    private readonly double[] _weights;

    /// <summary>Places the spheres.</summary>
    /// <param name="size">Size of the box.</param>
    /// <param name="spacing">Distance of the spheres in voxels; also the width of their edge; at least 1.</param>
    /// <param name="radius">Radius in voxels.</param>
    public SphereGrid(GridSize size, int spacing, int radius)
    {
        Size = size;
        Spacing = spacing;
        Radius = radius;
        Reach = radius + spacing;
        Centres = [.. Place()];
        _weights = new double[(Reach * Reach) + 1];
        for (int square = 0; square < _weights.Length; square++)
        {
            _weights[square] = RaisedCosine.Fall(Math.Sqrt(square) - radius, spacing);
        }
    }

    /// <summary>Size of the box.</summary>
    public GridSize Size { get; }

    /// <summary>Distance of the spheres in voxels, and the width of their edge.</summary>
    public int Spacing { get; }

    /// <summary>Radius in voxels.</summary>
    public int Radius { get; }

    /// <summary>Distance in voxels from which on a sphere weighs nothing.</summary>
    public int Reach { get; }

    /// <summary>Voxels at the centres, x changing fastest.</summary>
    public IReadOnlyList<(int X, int Y, int Z)> Centres { get; }

    /// <summary>Weight by squared distance from the centre, 0 … Reach².</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>First voxel and number of voxels of the window that holds a sphere on one axis, cut at the box.</summary>
    /// <param name="centre">Its centre on the axis.</param>
    /// <param name="length">Voxels of the box on the axis.</param>
    public (int First, int Count) Window(int centre, int length)
    {
        int first = Math.Max(0, centre - Reach + 1);
        int end = Math.Min(length, centre + Reach);
        return (first, end - first);
    }

    private IEnumerable<(int X, int Y, int Z)> Place()
    {
        Int128 hx = Square((Size.X / 2) - Radius);
        Int128 hy = Square((Size.Y / 2) - Radius);
        Int128 hz = Square((Size.Z / 2) - Radius);
        for (int z = -(Size.Z / 2); z < Size.Z / 2; z += Spacing)
        {
            for (int y = -(Size.Y / 2); y < Size.Y / 2; y += Spacing)
            {
                for (int x = -(Size.X / 2); x < Size.X / 2; x += Spacing)
                {
                    if ((Square(x) * hy * hz) + (Square(y) * hx * hz) + (Square(z) * hx * hy) < hx * hy * hz)
                    {
                        yield return (x + (Size.X / 2), y + (Size.Y / 2), z + (Size.Z / 2));
                    }
                }
            }
        }
    }

    private static Int128 Square(int value) => (Int128)value * value;
}
