using System.Numerics;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier;

/// <summary>
/// Half of the Fourier transform of a real volume: kx = 0 … nx/2, all ky and kz. The other half follows from
/// F(−k) = conj F(k). Kept in native memory, undefined until the first transform writes it.
/// </summary>
/// <remarks>
/// Layout: a row (ky, kz) is a sequence of blocks of eight kx, <c>[re×8 | im×8]</c>, each one cache line; rows follow in ky,
/// planes in kz. The distance of planes is an odd number of cache lines, since a power of two would send a whole z column
/// to the same cache sets. Lanes beyond nx/2 in the last block are padding. ky and kz are array indices: 0 … n−1, of which
/// those above n/2 stand for k−n. Reading from several threads is safe.
/// </remarks>
internal sealed unsafe class Spectrum : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <summary>Allocates the spectrum of a volume.</summary>
    /// <param name="size">Size of the volume in real space.</param>
    public Spectrum(GridSize size)
    {
        Layout = new SpectrumLayout(size);
        _memory = new NativeBuffer(Layout.Bytes);
    }

    /// <summary>Size of the volume in real space.</summary>
    public GridSize Size => Layout.Size;

    /// <summary>
    /// Frequency in cycles/voxel up to which the spectrum is defined: infinite, or the limit that was given to the forward
    /// transform. Columns wholly beyond it read as zero.
    /// </summary>
    public double Cutoff { get; internal set; } = double.PositiveInfinity;

    /// <summary>Bytes of memory held.</summary>
    public long Bytes => _memory.Bytes;

    internal SpectrumLayout Layout { get; }

    internal float* Floats => _memory.Floats;

    /// <summary>One coefficient.</summary>
    /// <param name="kx">0 … nx/2.</param>
    /// <param name="ky">0 … ny−1.</param>
    /// <param name="kz">0 … nz−1.</param>
    public Complex Get(int kx, int ky, int kz)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kx, (uint)(Size.X / 2), nameof(kx));
        float* row = Row(ky, kz);
        if (!Layout.Reaches(kx / Lanes.Width, Fold(ky, Size.Y), Cutoff))
        {
            return Complex.Zero;
        }

        float* element = row + kx / Lanes.Width * Lanes.Floats + kx % Lanes.Width;
        return new Complex(element[0], element[Lanes.Width]);
    }

    /// <summary>Copies one row to two plain arrays, kx = 0 … nx/2.</summary>
    /// <param name="ky">0 … ny−1.</param>
    /// <param name="kz">0 … nz−1.</param>
    /// <param name="re">Takes nx/2+1 real parts.</param>
    /// <param name="im">Takes nx/2+1 imaginary parts.</param>
    public void CopyRow(int ky, int kz, Span<float> re, Span<float> im)
    {
        float* row = Row(ky, kz);
        int count = Size.X / 2 + 1;
        re = re[..count];
        im = im[..count];
        for (int kx = 0, block = 0; kx < count; kx += Lanes.Width, block++, row += Lanes.Floats)
        {
            if (!Layout.Reaches(block, Fold(ky, Size.Y), Cutoff))
            {
                re[kx..].Clear();
                im[kx..].Clear();
                return;
            }

            int part = Math.Min(Lanes.Width, count - kx);
            new ReadOnlySpan<float>(row, part).CopyTo(re[kx..]);
            new ReadOnlySpan<float>(row + Lanes.Width, part).CopyTo(im[kx..]);
        }
    }

    /// <summary>Replaces one row. It is for the caller to keep F(−k) = conj F(k) in the planes kx = 0 and kx = nx/2.</summary>
    /// <param name="ky">0 … ny−1.</param>
    /// <param name="kz">0 … nz−1.</param>
    /// <param name="re">nx/2+1 real parts.</param>
    /// <param name="im">nx/2+1 imaginary parts.</param>
    public void SetRow(int ky, int kz, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        float* row = Row(ky, kz);
        int count = Size.X / 2 + 1;
        re = re[..count];
        im = im[..count];
        for (int kx = 0; kx < count; kx += Lanes.Width, row += Lanes.Floats)
        {
            int part = Math.Min(Lanes.Width, count - kx);
            new Span<float>(row, Lanes.Floats).Clear();
            re.Slice(kx, part).CopyTo(new Span<float>(row, part));
            im.Slice(kx, part).CopyTo(new Span<float>(row + Lanes.Width, part));
        }
    }

    /// <summary>Adds a constant to the volume.</summary>
    /// <param name="value">The constant.</param>
    public void Shift(float value) => Floats[0] += value;

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();

    private static int Fold(int index, int length) => Math.Min(index, length - index);

    private float* Row(int ky, int kz)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ky, (uint)Size.Y, nameof(ky));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)kz, (uint)Size.Z, nameof(kz));
        return Floats + kz * Layout.PlanePitch + ky * Layout.RowPitch;
    }
}
