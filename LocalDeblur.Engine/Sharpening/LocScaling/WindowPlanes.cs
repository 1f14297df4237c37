using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.LocScaling;

/// <summary>
/// The transforms along x and y of the planes of small windows, eight windows side by side along x in the lanes. A row's
/// transform serves all windows of a block of rows and planes, a plane's transform all windows of a stack along z; and from one
/// row of windows to the next, a plane's transform is renewed rather than made anew.
/// </summary>
/// <remarks>
/// A window of w voxels around voxel v holds v − w/2 … v − w/2 + w − 1 (w/2 rounded down). The transforms have their origin at
/// v, so that no phase is needed along x and y. Holds memory; for one thread at a time.
/// </remarks>
internal sealed unsafe class WindowPlanes : IDisposable
{
    private readonly int _window;
    private readonly int _before;
    private readonly int _frequencies;
    private readonly int _maximumRows;
    private readonly int _maximumPlanes;
    private readonly LineFft _line;
    private readonly NativeBuffer _rows;
    private readonly NativeBuffer _planes;
    private readonly NativeBuffer _scratch;
    private readonly float* _padding;
    private readonly (float Re, float Im)[] _roots;

    /// <summary>Allocates.</summary>
    /// <param name="line">The transform of one line; its length is the edge of the window. Belongs to the caller.</param>
    /// <param name="rows">Most windows along y of a block.</param>
    /// <param name="planes">Most windows along z of a block.</param>
    public WindowPlanes(LineFft line, int rows, int planes)
    {
        _line = line;
        _window = line.Length;
        _before = _window / 2;
        _frequencies = (_window / 2) + 1;
        _maximumRows = EvenRows(rows, _window);
        _maximumPlanes = planes + _window - 1;
        PlaneStride = PaddedPlanes(planes, _window) * Lanes.Floats;
        _rows = new NativeBuffer(RowBytes(_window, rows, planes));
        _planes = new NativeBuffer(PlaneBytes(_window, planes));
        long lineFloats = Math.Max(((long)_window * Lanes.Floats) + line.ScratchFloats, (long)_maximumPlanes * Lanes.Floats);
        _scratch = NativeBuffer.OfFloats(lineFloats + (2 * PaddingFloats(_window)));
        _padding = _scratch.Floats + lineFloats;
        _roots = new (float, float)[_window];
        for (int i = 0; i < _window; i++)
        {
            (double sin, double cos) = double.SinCosPi(2.0 * i / _window);
            _roots[i] = ((float)cos, (float)sin);
        }
    }

    /// <summary>Floats from the planes of one ky to those of the next.</summary>
    public nint PlaneStride { get; }

    /// <summary>Memory that the object allocates, but for a few lines (bytes).</summary>
    public static long RequiredBytes(int window, int rows, int planes) => RowBytes(window, rows, planes) + PlaneBytes(window, planes);

    /// <summary>Transforms the rows that a block of windows covers, along x.</summary>
    /// <param name="volume">A volume, x fastest.</param>
    /// <param name="size">Its size.</param>
    /// <param name="second">False for the first of the two volumes that the object holds, true for the second.</param>
    /// <param name="x">Centre of the window in lane 0; the other lanes follow. What a window holds beyond the volume counts as 0.</param>
    /// <param name="y">Centre of the first windows along y; they, and those along z, lie inside the volume.</param>
    /// <param name="z">Centre of the first windows along z.</param>
    /// <param name="rows">Windows along y.</param>
    /// <param name="planes">Windows along z.</param>
    /// <param name="cancellationToken">Looked at once a plane.</param>
    public void TransformRows(float* volume, GridSize size, bool second, int x, int y, int z, int rows, int planes, CancellationToken cancellationToken)
    {
        int rowCount = rows + _window - 1;
        bool isInside = x >= _before && x + Lanes.Width + _window - _before - 1 <= size.X;
        for (int plane = 0; plane < planes + _window - 1; plane++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int row = 0; row < rowCount; row += 2)
            {
                // An odd last row goes twice; its copy lands in the spare row.
                int nextRow = Math.Min(row + 1, rowCount - 1);
                float* a = volume + size.Offset(0, y - _before + row, z - _before + plane);
                float* b = volume + size.Offset(0, y - _before + nextRow, z - _before + plane);
                if (isInside)
                {
                    Pair(a + x, b + x, Row(second, plane, row));
                }
                else
                {
                    Pair(Pad(a, x, size.X, _padding), Pad(b, x, size.X, _padding + PaddingFloats(_window)), Row(second, plane, row));
                }
            }
        }
    }

    /// <summary>Transforms all planes of a block for its first windows along y, along y, for one kx.</summary>
    /// <param name="second">Which volume.</param>
    /// <param name="kx">0 … w/2.</param>
    /// <param name="count">Number of planes.</param>
    public void BeginPlanes(bool second, int kx, int count)
    {
        float* target = Plane(second, 0);
        for (int i = 0; i < count; i++)
        {
            var line = new CentredLine(Row(second, i, _before) + (kx * KxStride), _window);
            _line.Transform(line, new StridedLine(target + ((nint)i * Lanes.Floats), PlaneStride), _scratch.Floats);
        }
    }

    /// <summary>
    /// Moves the planes from the windows before to the next ones along y: with one row entering, r₊, and one leaving, r₋,
    /// F ← F·exp(2πi·ky/w) + (r₊ − r₋)·exp(2πi·ky·(w/2 + 1)/w).
    /// </summary>
    /// <param name="second">Which volume.</param>
    /// <param name="kx">0 … w/2, as when the planes were begun.</param>
    /// <param name="row">The windows to move to, from the first of the block, at least 1; the planes are at those before.</param>
    /// <param name="count">Number of planes.</param>
    /// <param name="reach">Largest |ky| that is needed; the others become meaningless.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MovePlanes(bool second, int kx, int row, int count, int reach)
    {
        float* differences = _scratch.Floats;
        for (int i = 0; i < count; i++)
        {
            float* leaving = Row(second, i, row - 1) + (kx * KxStride);
            (Lanes.Load(leaving + ((nint)_window * Lanes.Floats)) - Lanes.Load(leaving)).Store(differences + ((nint)i * Lanes.Floats));
        }

        for (int ky = 0; ky < _window; ky++)
        {
            if (Math.Min(ky, _window - ky) > reach)
            {
                continue;
            }

            (float turnRe, float turnIm) = _roots[ky];
            (float phaseRe, float phaseIm) = _roots[ky * (_before + 1) % _window];
            Vector256<float> a = Vector256.Create(turnRe), b = Vector256.Create(turnIm), minusB = -b;
            Vector256<float> c = Vector256.Create(phaseRe), d = Vector256.Create(phaseIm), minusD = -d;
            float* coefficient = Plane(second, ky);
            float* difference = differences;
            for (int i = 0; i < count; i++)
            {
                Lanes f = Lanes.Load(coefficient), r = Lanes.Load(difference);
                Vector256<float> re = Lanes.MultiplyAdd(f.Re, a, Lanes.MultiplyAdd(f.Im, minusB, Lanes.MultiplyAdd(r.Re, c, r.Im * minusD)));
                Vector256<float> im = Lanes.MultiplyAdd(f.Im, a, Lanes.MultiplyAdd(f.Re, b, Lanes.MultiplyAdd(r.Im, c, r.Re * d)));
                new Lanes(re, im).Store(coefficient);
                coefficient += Lanes.Floats;
                difference += Lanes.Floats;
            }
        }
    }

    /// <summary>Coefficients of the planes as they stand, one element per plane.</summary>
    /// <param name="second">Which volume.</param>
    /// <param name="ky">0 … w−1, wrapped.</param>
    public float* Plane(bool second, int ky) => _planes.Floats + (((second ? _window : 0) + ky) * PlaneStride);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _rows.Dispose();
        _planes.Dispose();
        _scratch.Dispose();
    }

    private static int EvenRows(int rows, int window) => (rows + window) / 2 * 2;

    // Odd, so that the planes of neighbouring ky do not fall into the same set of the cache.
    private static int PaddedPlanes(int planes, int window) => (planes + window - 1) | 1;

    private static long PaddingFloats(int window) => window + Lanes.Width;

    private static long RowBytes(int window, int rows, int planes) =>
        2L * (planes + window - 1) * ((window / 2) + 1) * EvenRows(rows, window) * Lanes.Floats * sizeof(float);

    private static long PlaneBytes(int window, int planes) => 2L * window * PaddedPlanes(planes, window) * Lanes.Floats * sizeof(float);

    private nint KxStride => (nint)_maximumRows * Lanes.Floats;

    // First kx of a row; the next kx follows after all rows of the plane.
    private float* Row(bool second, int plane, int row) =>
        _rows.Floats + ((((((second ? (nint)_maximumPlanes : 0) + plane) * _frequencies) * _maximumRows) + row) * Lanes.Floats);

    // Two real rows go through one complex transform and are separated by their symmetry.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pair(float* a, float* b, float* target)
    {
        float* buffer = _scratch.Floats;
        _line.Transform(new CentredRows(a, b, _window), new StridedLine(buffer, Lanes.Floats), buffer + ((nint)_window * Lanes.Floats));
        Vector256<float> half = Vector256.Create(0.5f);
        nint stride = KxStride;
        for (int k = 0; k < _frequencies; k++)
        {
            Lanes p = Lanes.Load(buffer + ((nint)k * Lanes.Floats));
            Lanes q = Lanes.Load(buffer + ((nint)(k == 0 ? 0 : _window - k) * Lanes.Floats));
            new Lanes((p.Re + q.Re) * half, (p.Im - q.Im) * half).Store(target);
            new Lanes((p.Im + q.Im) * half, (q.Re - p.Re) * half).Store(target + Lanes.Floats);
            target += stride;
        }
    }

    private float* Pad(float* row, int x, int length, float* padding)
    {
        for (int i = 0; i < PaddingFloats(_window); i++)
        {
            int source = x - _before + i;
            padding[i] = (uint)source < (uint)length ? row[source] : 0;
        }

        return padding + _before;
    }

    /// <summary>Two rows as real and imaginary part, in the order 0, 1 … −2, −1 around the centre.</summary>
    private readonly struct CentredRows(float* a, float* b, nint window) : ILineLoader
    {
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly nint _window = window;
        private readonly nint _positive = window - (window / 2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Load(nint index)
        {
            nint offset = index < _positive ? index : index - _window;
            return new(Vector256.Load(_a + offset), Vector256.Load(_b + offset));
        }
    }

    /// <summary>A line of contiguous elements, in the order 0, 1 … −2, −1 around the centre.</summary>
    private readonly struct CentredLine(float* centre, nint window) : ILineLoader
    {
        private readonly float* _centre = centre;
        private readonly nint _window = window;
        private readonly nint _positive = window - (window / 2);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Load(nint index)
        {
            nint offset = index < _positive ? index : index - _window;
            return Lanes.Load(_centre + (offset * Lanes.Floats));
        }
    }
}
