using System.Runtime.InteropServices;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>
/// Geometry of the transform of a small cubic window of w voxels: which coefficients lie in which shell ⌊|k|⌋, with which
/// weight they count, and the phases along z.
/// </summary>
/// <remarks>
/// Half of the coefficients follow from the other half, so kx = 0 … w/2 only, and ky = 0 … w/2 only where kx is its own partner
/// (0, and w/2 for an even w). Coefficients kz and −kz are handled together; a kz that is its own partner therefore has half
/// the weight. Shells beyond w/2 are left out.
/// Immutable but for <see cref="Dispose"/>.
/// </remarks>
internal sealed unsafe class SlidingShells : IDisposable
{
    private readonly NativeBuffer _memory;
    private readonly WindowTerm* _terms;
    private readonly float* _turns;
    private readonly int[] _first;
    private readonly int[] _count;

    /// <summary>Makes the tables.</summary>
    /// <param name="window">Edge w of the window (voxels), at least 2.</param>
    /// <param name="octant">True where only coefficients with three non-negative frequencies count for the profile.</param>
    public SlidingShells(int window, bool octant)
    {
        Window = window;
        Last = window / 2;
        Frequencies = Last + 1;
        _first = new int[Frequencies * Frequencies];
        _count = new int[Frequencies * Frequencies];
        int total = 0;
        int limit = (Last + 1) * (Last + 1);
        for (int pair = 0; pair < _count.Length; pair++)
        {
            (int kx, int ky) = Math.DivRem(pair, Frequencies);
            _first[pair] = total;
            int kz = 0;
            for (; kz < Frequencies && (kx * kx) + (ky * ky) + (kz * kz) < limit; kz++)
            {
                total++;
            }

            _count[pair] = kz;
        }

        long turnFloats = 2L * window * Frequencies;
        _memory = new NativeBuffer(((long)total * sizeof(WindowTerm)) + (turnFloats * sizeof(float)));
        _terms = (WindowTerm*)_memory.Pointer;
        _turns = (float*)(_terms + total);
        for (int pair = 0; pair < _count.Length; pair++)
        {
            (int kx, int ky) = Math.DivRem(pair, Frequencies);
            for (int kz = 0; kz < _count[pair]; kz++)
            {
                _terms[_first[pair] + kz] = Term(kx, ky, kz, octant);
            }
        }

        for (int z = 0; z < window; z++)
        {
            for (int kz = 0; kz < Frequencies; kz++)
            {
                (double sin, double cos) = double.SinCosPi(2.0 * ((long)kz * z % window) / window);
                _turns[2 * ((z * Frequencies) + kz)] = (float)cos;
                _turns[(2 * ((z * Frequencies) + kz)) + 1] = (float)sin;
            }
        }
    }

    /// <summary>Edge of the window, w.</summary>
    public int Window { get; }

    /// <summary>The last shell, ⌊w/2⌋.</summary>
    public int Last { get; }

    /// <summary>Number of non-negative frequencies of an axis, ⌊w/2⌋ + 1.</summary>
    public int Frequencies { get; }

    /// <summary>Number of kz ≥ 0 that lie in the shells, for a kx and |ky|; 0 where there is none.</summary>
    public int Count(int kx, int ky) => _count[(kx * Frequencies) + ky];

    /// <summary>Whether k and −k are the same frequency.</summary>
    public bool IsAlone(int k) => k == 0 || 2 * k == Window;

    /// <summary>Largest |ky| that lies in the shells, for a kx.</summary>
    public int Reach(int kx)
    {
        int ky = Last;
        while (Count(kx, ky) == 0)
        {
            ky--;
        }

        return ky;
    }

    /// <summary>The terms kz = 0 … Count − 1 of a kx and |ky|.</summary>
    public WindowTerm* Terms(int kx, int ky) => _terms + _first[(kx * Frequencies) + ky];

    /// <summary>cos and sin of 2π·kz·z/w for kz = 0 … w/2, as pairs.</summary>
    /// <param name="z">0 … w−1.</param>
    public float* Turns(int z) => _turns + (2L * z * Frequencies);

    /// <summary>Frees the tables.</summary>
    public void Dispose() => _memory.Dispose();

    private WindowTerm Term(int kx, int ky, int kz, bool octant)
    {
        double radius = Math.Sqrt((kx * kx) + (ky * ky) + (kz * kz));
        int shell = (int)radius;
        double weight = (IsAlone(kx) && IsAlone(ky) ? 1 : 2) * (IsAlone(kz) ? 0.5 : 1);
        double value = shell < Last ? 2 * weight / ((double)Window * Window * Window) : 0;
        return new WindowTerm
        {
            Offset = shell * WindowSums.Floats,
            Magnitude = octant ? 1 : (float)weight,
            Value = (float)value,
            Slope = (float)(value * (radius - shell)),
        };
    }

}

/// <summary>What the coefficients (kx, ky, ±kz) contribute to the sums of a window.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowTerm
{
    /// <summary>Where the sums of the shell lie (floats).</summary>
    public int Offset;

    /// <summary>Weight of |F|.</summary>
    public float Magnitude;

    /// <summary>Weight of F in the value at the centre; 0 in the last shell.</summary>
    public float Value;

    /// <summary>That weight times |k| − ⌊|k|⌋.</summary>
    public float Slope;
}

/// <summary>Sums of one shell for eight windows: four vectors of eight floats.</summary>
internal static class WindowSums
{
    /// <summary>Σ|F| of the map.</summary>
    public const int Map = 0;

    /// <summary>Σ|F| of the reference.</summary>
    public const int Reference = Lanes.Width;

    /// <summary>What the map's coefficients add to the value at the centre.</summary>
    public const int Value = 2 * Lanes.Width;

    /// <summary>The same, each times |k| − ⌊|k|⌋.</summary>
    public const int Slope = 3 * Lanes.Width;

    /// <summary>Floats of a shell.</summary>
    public const int Floats = 4 * Lanes.Width;
}
