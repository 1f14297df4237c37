using LocalDeblur.Maps;

namespace LocalDeblur.Validation;

/// <summary>Density of a map at places between its voxels: trilinear, from the eight voxels around. The box does not repeat.</summary>
internal readonly struct MapSampler
{
    private readonly float[] _voxels;
    private readonly GridSize _size;
    private readonly AxisTriple _origin;
    private readonly AxisTriple _spacing;

    /// <summary>Prepares a map.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public MapSampler(CryoMap map, CancellationToken cancellationToken)
    {
        _voxels = map.Load(cancellationToken);
        _size = map.Size;
        _origin = map.Grid.Origin;
        _spacing = map.Grid.Spacing;
    }

    /// <summary>Interpolates the density at a place.</summary>
    /// <param name="x">Place along x (Å).</param>
    /// <param name="y">Place along y (Å).</param>
    /// <param name="z">Place along z (Å).</param>
    /// <param name="density">The density; 0 where there is none.</param>
    /// <returns>False where one of the eight voxels is missing: below the first voxel's centre of an axis, or from the last one's on.</returns>
    public bool TrySample(double x, double y, double z, out double density)
    {
        double u = (x - _origin.X) / _spacing.X;
        double v = (y - _origin.Y) / _spacing.Y;
        double w = (z - _origin.Z) / _spacing.Z;
        double floorU = Math.Floor(u);
        double floorV = Math.Floor(v);
        double floorW = Math.Floor(w);
        if (!(floorU >= 0 && floorU < _size.X - 1 && floorV >= 0 && floorV < _size.Y - 1 && floorW >= 0 && floorW < _size.Z - 1))
        {
            density = 0;
            return false;
        }

        u -= floorU;
        v -= floorV;
        w -= floorW;
        nint row = _size.X;
        nint plane = row * _size.Y;
        nint at = (nint)_size.Offset((int)floorU, (int)floorV, (int)floorW);
        double near = Mix(Mix(_voxels[at], _voxels[at + 1], u), Mix(_voxels[at + row], _voxels[at + row + 1], u), v);
        at += plane;
        double far = Mix(Mix(_voxels[at], _voxels[at + 1], u), Mix(_voxels[at + row], _voxels[at + row + 1], u), v);
        density = Mix(near, far, w);
        return true;
    }

    private static double Mix(double from, double to, double share) => (from * (1 - share)) + (to * share);
}
