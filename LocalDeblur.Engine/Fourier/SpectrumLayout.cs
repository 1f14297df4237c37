using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;

namespace LocalDeblur.Fourier;

/// <summary>Where the elements of a <see cref="Spectrum"/> lie.</summary>
internal sealed class SpectrumLayout
{
    /// <summary>Works out the layout.</summary>
    /// <param name="size">Size of the volume in real space, at least 1 in each direction.</param>
    public SpectrumLayout(GridSize size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size.X, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Y, 1, nameof(size));
        ArgumentOutOfRangeException.ThrowIfLessThan(size.Z, 1, nameof(size));
        Size = size;
        Blocks = size.X / 2 / Lanes.Width + 1;
        RowPitch = (nint)Blocks * Lanes.Floats;
        nint lines = checked((nint)size.Y * Blocks);
        PlanePitch = checked((lines | 1) * Lanes.Floats);
        Bytes = checked((long)PlanePitch * size.Z * sizeof(float));
    }

    /// <summary>Size of the volume in real space.</summary>
    public GridSize Size { get; }

    /// <summary>Blocks of eight kx in a row.</summary>
    public int Blocks { get; }

    /// <summary>Floats from a row to the next.</summary>
    public nint RowPitch { get; }

    /// <summary>Floats from a plane to the next.</summary>
    public nint PlanePitch { get; }

    /// <summary>Size of the spectrum in bytes.</summary>
    public long Bytes { get; }

    /// <summary>
    /// True when any coefficient of column (block, ky) may lie within a cutoff. Written like the frequency in
    /// <see cref="OctantFilter"/>, so that both round alike and a skipped column is never read.
    /// </summary>
    /// <param name="block">Block of eight kx.</param>
    /// <param name="ky">|ky|, 0 … ny/2.</param>
    /// <param name="cutoff">Cycles/voxel.</param>
    public bool Reaches(int block, int ky, double cutoff) => Frequency(block * Lanes.Width, ky, 0) <= cutoff;

    /// <summary>Frequency of (kx, ky, kz) in cycles/voxel.</summary>
    public double Frequency(int kx, int ky, int kz)
    {
        double x = (double)kx / Size.X, y = (double)ky / Size.Y, z = (double)kz / Size.Z;
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
