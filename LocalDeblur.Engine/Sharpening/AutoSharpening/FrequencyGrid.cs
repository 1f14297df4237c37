using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The frequencies (1/Å) of the coefficients of a half transform.</summary>
/// <param name="size">Voxels of the volume.</param>
/// <param name="voxelSize">Edge of a voxel (Å).</param>
internal sealed class FrequencyGrid(GridSize size, double voxelSize)
{
    /// <summary>Edge of a voxel (Å).</summary>
    public double VoxelSize => voxelSize;

    /// <summary>Number of planes of coefficients.</summary>
    public int Planes => size.Z;

    /// <summary>Lowest frequency other than 0.</summary>
    public double Lowest => 1 / (size.Longest * voxelSize);

    /// <summary>Along x.</summary>
    /// <param name="kx">0 … nx/2.</param>
    public double X(int kx) => kx / (size.X * voxelSize);

    /// <summary>Along y.</summary>
    /// <param name="ky">0 … ny−1.</param>
    public double Y(int ky) => Fold(ky, size.Y) / (size.Y * voxelSize);

    /// <summary>Along z.</summary>
    /// <param name="kz">0 … nz−1.</param>
    public double Z(int kz) => Fold(kz, size.Z) / (size.Z * voxelSize);

    /// <summary>Along x, 0 at Nyquist, where the sign is not known.</summary>
    /// <param name="kx">0 … nx/2.</param>
    public double SignedX(int kx) => 2 * kx == size.X ? 0 : X(kx);

    /// <summary>Along y, 0 at Nyquist.</summary>
    /// <param name="ky">0 … ny−1.</param>
    public double SignedY(int ky) => 2 * ky == size.Y ? 0 : Y(ky);

    /// <summary>Along z, 0 at Nyquist.</summary>
    /// <param name="kz">0 … nz−1.</param>
    public double SignedZ(int kz) => 2 * kz == size.Z ? 0 : Z(kz);

    private static int Fold(int index, int length) => 2 * index <= length ? index : index - length;
}
