using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Spheres;

/// <summary>
/// Fourier shell correlation of two volumes of which only a small window differs from zero, on the frequencies of the whole box: exactly what
/// the transform of the box gives, for a fraction of the work.
/// </summary>
/// <remarks>
/// <para>Both volumes go through one complex transform, Z = F₁ + iF₂. Of its lines along x only those through the window are transformed, of those along y
/// only the planes through it; and nothing is computed or stored for frequencies beyond the shell asked for. The lines along z, which are most of
/// the work, stay in cache and are summed up at once: the transform is never stored.</para>
/// <para>With a = Z(k), b = Z(−k): |F₁|² + |F₂|² = (|a|² + |b|²)/2, |F₁|² − |F₂|² = Re(ab), Re F₁F₂* = Im(ab)/2. The four sign patterns of (ky, kz) are
/// added before they go to their common shell. The place of the window changes phases alone, which cancel.</para>
/// <para>Immutable; any number of threads may use it, each with a <see cref="Workspace"/> of its own. Float32 transforms, double sums.</para>
/// </remarks>
internal sealed unsafe class WindowShells : IDisposable
{
    private readonly GridSize _size;
    private readonly ShellCounting _counting;
    private readonly int _width;
    private readonly int _zBlocks;
    private readonly LineFft _lineX;
    private readonly LineFft _lineY;
    private readonly LineFft _lineZ;
    private readonly ushort[] _shells;
    private readonly int _yBlocks;
    private readonly int _depth;

    /// <summary>Makes the tables.</summary>
    /// <param name="size">Size of the box.</param>
    /// <param name="width">Most voxels of a window on any axis.</param>
    /// <param name="counting">How often a coefficient counts.</param>
    /// <param name="pool">The threads that sort the coefficients.</param>
    public WindowShells(GridSize size, int width, ShellCounting counting, WorkerPool pool)
    {
        _size = size;
        _counting = counting;
        _width = width;
        _zBlocks = Blocks(width);
        _lineX = new LineFft(size.X);
        _lineY = new LineFft(size.Y);
        _lineZ = new LineFft(size.Z);
        Count = (size.Longest / 2) + 1;
        _yBlocks = Blocks((size.Y / 2) + 1);
        _depth = (size.Z / 2) + 1;
        _shells = new ushort[checked(((size.X / 2) + 1) * _yBlocks * _depth * Lanes.Width)];
        pool.Run((size.X / 2) + 1, SortPlane);
    }

    /// <summary>Number of shells of the box, as <see cref="RadialShells.Count"/>.</summary>
    public int Count { get; }

    /// <summary>Bytes that the tables and the workspaces of a number of threads take.</summary>
    /// <param name="size">Size of the box.</param>
    /// <param name="width">Most voxels of a window on any axis.</param>
    /// <param name="threads">Number of threads.</param>
    public static long RequiredBytes(GridSize size, int width, int threads)
    {
        long tables = (long)sizeof(ushort) * ((size.X / 2) + 1) * Blocks((size.Y / 2) + 1) * ((size.Z / 2) + 1) * Lanes.Width;
        long workspace = ((long)(size.X + 1) * Blocks(width) * width) + (4L * Blocks(width) * (size.Y + (2 * Lanes.Width))) + (6L * size.Longest);
        return tables + (threads * workspace * Lanes.Floats * sizeof(float));
    }

    /// <summary>Memory for one thread.</summary>
    public Workspace CreateWorkspace() => new(this);

    /// <summary>Measures a window.</summary>
    /// <param name="first">One volume, x fastest, the whole box.</param>
    /// <param name="second">The other.</param>
    /// <param name="backgrounds">What is taken off each.</param>
    /// <param name="grid">The spheres.</param>
    /// <param name="centre">Centre of the sphere whose soft mask multiplies both volumes.</param>
    /// <param name="limit">Last shell that is wanted, below <see cref="Count"/>.</param>
    /// <param name="workspace">The thread's memory.</param>
    /// <param name="correlation">Takes the FSC of shells 0 … limit; NaN where either volume has no power.</param>
    public void Measure(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, (float First, float Second) backgrounds, SphereGrid grid, (int X, int Y, int Z) centre, int limit,
        Workspace workspace, Span<double> correlation)
    {
        (int x0, int nx) = grid.Window(centre.X, _size.X);
        (int y0, int ny) = grid.Window(centre.Y, _size.Y);
        (int z0, int nz) = grid.Window(centre.Z, _size.Z);
        int reachX = Reach(_size.X, limit, 0);
        workspace.Sums.Clear();
        for (int slot = 0; slot < workspace.Slots.Length; slot++)
        {
            workspace.Slots[slot] = slot <= reachX ? slot : _size.X - slot <= reachX ? reachX + _size.X - slot : -1;
        }

        int usedBlocks = Blocks(nz);
        nint slotPitch = (nint)usedBlocks * ny * Lanes.Floats;
        for (int block = 0; block < usedBlocks; block++)
        {
            for (int y = 0; y < ny; y++)
            {
                Stage(first, second, backgrounds, grid, centre, (x0, nx), y0 + y, z0 + (block * Lanes.Width), Math.Min(Lanes.Width, nz - (block * Lanes.Width)), workspace);
                fixed (int* slots = workspace.Slots)
                {
                    _lineX.Transform(
                        new WindowLine(workspace.Line, nx),
                        new SlotStorer(workspace.RowsX + (((nint)block * ny) + y) * Lanes.Floats, slotPitch, slots), workspace.Scratch);
                }
            }
        }

        for (int kx = 0; kx <= reachX; kx++)
        {
            // At kx = 0, and at Nyquist of an even length, kx is its own negative.
            bool single = kx == 0 || 2 * kx == _size.X;
            int reachY = Reach(_size.Y, limit, Scaled(kx, _size.X));
            for (int block = 0; block < usedBlocks; block++)
            {
                TransformY(workspace, kx, block, ny, slotPitch, reachY, 0);
                TransformY(workspace, single ? kx : reachX + kx, block, ny, slotPitch, reachY, 2);
            }

            float weight = _counting == ShellCounting.FullTransform && !single ? 2 : 1;
            for (int block = 0; block * Lanes.Width <= reachY; block++)
            {
                int reachZ = Reach(_size.Z, limit, Math.Sqrt(Square(Scaled(kx, _size.X)) + Square(Scaled(block * Lanes.Width, _size.Y))));
                for (int column = 0; column < 4; column++)
                {
                    TransformZ(workspace, column, block, usedBlocks, nz);
                }

                Accumulate(workspace, kx, block, reachZ, weight);
            }
        }

        for (int shell = 0; shell <= limit; shell++)
        {
            double* sums = workspace.SumsPointer + (4 * shell);
            double firstPower = sums[0] + (2 * sums[1]);
            double secondPower = sums[0] - (2 * sums[1]);
            correlation[shell] = firstPower > 0 && secondPower > 0 ? 2 * sums[2] / Math.Sqrt(firstPower * secondPower) : double.NaN;
        }
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        _lineX.Dispose();
        _lineY.Dispose();
        _lineZ.Dispose();
    }

    private static int Blocks(int count) => (count + Lanes.Width - 1) / Lanes.Width;

    private static double Square(double value) => value * value;

    private double Scaled(int k, int length) => (double)k * _size.Longest / length;

    // Largest |k| of an axis that can lie in the shells up to a limit, given the frequency on the other axes.
    private int Reach(int length, int limit, double others)
    {
        double rest = Square(limit + 0.5) - Square(others);
        return rest < 0 ? 0 : Math.Min(length / 2, (int)(Math.Sqrt(rest) * length / _size.Longest) + 1);
    }

    // Written like RadialShells, so that both sort alike.
    private void SortPlane(int kx)
    {
        double x = kx * ((double)_size.Longest / _size.X);
        for (int block = 0; block < _yBlocks; block++)
        {
            for (int kz = 0; kz < _depth; kz++)
            {
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    int ky = (block * Lanes.Width) + lane;
                    double y = Scaled(ky, _size.Y);
                    double z = Scaled(kz, _size.Z);
                    double square = (y * y) + (z * z);
                    int shell = ky > _size.Y / 2 ? Count : Math.Min(Count, (int)(Math.Sqrt((x * x) + square) + 0.5));
                    _shells[(((((kx * _yBlocks) + block) * _depth) + kz) * Lanes.Width) + lane] = (ushort)shell;
                }
            }
        }
    }

    // Eight rows of both volumes times the mask, one per lane.
    private static void Stage(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, (float First, float Second) backgrounds, SphereGrid grid, (int X, int Y, int Z) centre,
        (int First, int Count) x, int y, int z0, int rows, Workspace workspace)
    {
        GridSize size = grid.Size;
        nint pitch = workspace.StagePitch;
        ReadOnlySpan<float> weights = workspace.Weights;
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            Span<float> re = new(workspace.Stage + (lane * pitch), (int)pitch);
            Span<float> im = new(workspace.Stage + ((lane + Lanes.Width) * pitch), (int)pitch);
            re.Clear();
            im.Clear();
            if (lane >= rows)
            {
                continue;
            }

            int offset = (int)size.Offset(x.First, y, z0 + lane);
            ReadOnlySpan<float> a = first.Slice(offset, x.Count);
            ReadOnlySpan<float> b = second.Slice(offset, x.Count);
            int across = ((y - centre.Y) * (y - centre.Y)) + ((z0 + lane - centre.Z) * (z0 + lane - centre.Z));
            for (int i = 0; i < a.Length; i++)
            {
                int square = across + ((x.First + i - centre.X) * (x.First + i - centre.X));
                float weight = square < weights.Length ? weights[square] : 0;
                re[i] = weight * (a[i] - backgrounds.First);
                im[i] = weight * (b[i] - backgrounds.Second);
            }
        }

        for (int i = 0; i < x.Count; i += Lanes.Width)
        {
            Transpose8.Copy(workspace.Stage + i, pitch, workspace.Line + (i * Lanes.Floats), Lanes.Floats);
            Transpose8.Copy(workspace.Stage + (Lanes.Width * pitch) + i, pitch, workspace.Line + (i * Lanes.Floats) + Lanes.Width, Lanes.Floats);
        }
    }

    // Lines along y of one kx, eight z at a time: positive frequencies to one column of rows, negative ones to the next.
    private void TransformY(Workspace workspace, int slot, int block, int ny, nint slotPitch, int reach, int column)
    {
        float* positive = workspace.Column(column) + (block * workspace.ColumnPitch);
        float* negative = workspace.Column(column + 1) + (block * workspace.ColumnPitch);
        float* line = workspace.RowsX + (slot * slotPitch) + ((nint)block * ny * Lanes.Floats);
        _lineY.Transform(new WindowLine(line, ny), new SignStorer(positive, negative, reach, _size.Y), workspace.Scratch);
    }

    // Lines along z of eight ky.
    private void TransformZ(Workspace workspace, int column, int block, int usedBlocks, int nz)
    {
        float* source = workspace.Column(column) + ((nint)block * Lanes.Width * Lanes.Floats);
        float* line = workspace.Line;
        for (int z = 0; z < usedBlocks; z++)
        {
            Transpose8.Copy(source, Lanes.Floats, line, Lanes.Floats);
            Transpose8.Copy(source + Lanes.Width, Lanes.Floats, line + Lanes.Width, Lanes.Floats);
            source += workspace.ColumnPitch;
            line += Lanes.Width * Lanes.Floats;
        }

        _lineZ.Transform(new WindowLine(workspace.Line, nz), new StridedLine(workspace.Depth(column), Lanes.Floats), workspace.Scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Accumulate(Workspace workspace, int kx, int block, int reachZ, float weight)
    {
        // Columns: 0 is (kx, ky), 1 is (kx, −ky), 2 is (−kx, ky), 3 is (−kx, −ky).
        float* pp = workspace.Depth(0);
        float* pn = workspace.Depth(1);
        float* np = workspace.Depth(2);
        float* nn = workspace.Depth(3);
        int ky = block * Lanes.Width;
        Vector256<float> factor = Vector256.Create(weight);

        // Where ky is its own negative, both columns are the same.
        if (ky == 0)
        {
            factor = factor.WithElement(0, 0.5f * weight);
        }

        if (_size.Y % 2 == 0 && _size.Y / 2 >= ky && _size.Y / 2 < ky + Lanes.Width)
        {
            factor = factor.WithElement((_size.Y / 2) - ky, 0.5f * weight);
        }

        float* values = stackalloc float[3 * Lanes.Width];
        double* sums = workspace.SumsPointer;
        fixed (ushort* table = &_shells[((kx * _yBlocks) + block) * _depth * Lanes.Width])
        {
            for (int kz = 0; kz <= reachZ; kz++)
            {
                nint up = (nint)kz * Lanes.Floats;
                nint down = (nint)(kz == 0 ? 0 : _size.Z - kz) * Lanes.Floats;
                Vector256<float> power = Vector256<float>.Zero;
                Vector256<float> re = Vector256<float>.Zero;
                Vector256<float> im = Vector256<float>.Zero;
                Add(pp + up, nn + down, ref power, ref re, ref im);
                Add(pn + up, np + down, ref power, ref re, ref im);
                if (up != down)
                {
                    Add(pp + down, nn + up, ref power, ref re, ref im);
                    Add(pn + down, np + up, ref power, ref re, ref im);
                }

                (power * factor).Store(values);
                (re * factor).Store(values + Lanes.Width);
                (im * factor).Store(values + (2 * Lanes.Width));
                ushort* shells = table + (kz * Lanes.Width);
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    double* shell = sums + (4 * shells[lane]);
                    shell[0] += values[lane];
                    shell[1] += values[lane + Lanes.Width];
                    shell[2] += values[lane + (2 * Lanes.Width)];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* first, float* second, ref Vector256<float> power, ref Vector256<float> re, ref Vector256<float> im)
    {
        Lanes a = Lanes.Load(first);
        Lanes b = Lanes.Load(second);
        power += (a.Re * a.Re) + (a.Im * a.Im) + (b.Re * b.Re) + (b.Im * b.Im);
        re += (a.Re * b.Re) - (a.Im * b.Im);
        im += (a.Re * b.Im) + (a.Im * b.Re);
    }

    /// <summary>What one thread works with.</summary>
    public sealed class Workspace : IDisposable
    {
        private readonly NativeBuffer _memory;
        private readonly NativeBuffer _sums;
        private readonly float* _columns;
        private readonly float* _depths;
        private readonly nint _depthPitch;
        private readonly nint _columnFloats;
        private readonly int _sumCount;
        private float[] _weights = [];
        private SphereGrid? _grid;

        internal Workspace(WindowShells plan)
        {
            long rows = (long)(plan._size.X + 1) * plan._zBlocks * plan._width * Lanes.Floats;
            StagePitch = Blocks(plan._width) * Lanes.Width + Lanes.Width;
            long stage = Round(2 * Lanes.Width * StagePitch);
            long line = Math.Max(plan._width + Lanes.Width, plan._size.Longest) * (long)Lanes.Floats;
            ColumnPitch = ((nint)plan._yBlocks * Lanes.Width + 1) * Lanes.Floats;
            _columnFloats = plan._zBlocks * ColumnPitch;
            _depthPitch = ((nint)plan._size.Z + 1) * Lanes.Floats;
            long scratch = Round(Math.Max(plan._lineX.ScratchFloats, Math.Max(plan._lineY.ScratchFloats, plan._lineZ.ScratchFloats)));
            long total = rows + stage + line + (4 * _columnFloats) + (4 * _depthPitch) + scratch;
            _memory = NativeBuffer.OfFloats(total);

            // What lies between the columns is read along with them and belongs to no shell; it must be finite.
            NativeMemory.Clear(_memory.Pointer, (nuint)(total * sizeof(float)));
            RowsX = _memory.Floats;
            Stage = RowsX + rows;
            Line = Stage + stage;
            _columns = Line + line;
            _depths = _columns + (4 * _columnFloats);
            Scratch = _depths + (4 * _depthPitch);
            Slots = new int[plan._size.X];
            _sumCount = 4 * (plan.Count + 1);
            _sums = new NativeBuffer(_sumCount * (long)sizeof(double));
            Correlation = new double[plan.Count];
            Randomised = new double[plan.Count];
        }

        /// <summary>Room for a curve.</summary>
        public double[] Correlation { get; }

        /// <summary>Room for another.</summary>
        public double[] Randomised { get; }

        internal float* RowsX { get; }

        internal float* Stage { get; }

        internal nint StagePitch { get; }

        internal float* Line { get; }

        internal float* Scratch { get; }

        internal nint ColumnPitch { get; }

        internal int[] Slots { get; }

        internal double* SumsPointer => (double*)_sums.Pointer;

        internal Span<double> Sums => new(_sums.Pointer, _sumCount);

        internal ReadOnlySpan<float> Weights => _weights;

        /// <summary>Says which spheres come next.</summary>
        /// <param name="grid">The spheres.</param>
        public void Use(SphereGrid grid)
        {
            if (ReferenceEquals(_grid, grid))
            {
                return;
            }

            _grid = grid;
            _weights = new float[grid.Weights.Length];
            for (int i = 0; i < _weights.Length; i++)
            {
                _weights[i] = (float)grid.Weights[i];
            }
        }

        /// <summary>Frees the memory.</summary>
        public void Dispose()
        {
            _memory.Dispose();
            _sums.Dispose();
        }

        internal float* Column(int column) => _columns + (column * _columnFloats);

        internal float* Depth(int column) => _depths + (column * _depthPitch);

        private static long Round(long floats) => (floats + Lanes.Floats - 1) / Lanes.Floats * Lanes.Floats;
    }

    // A line of which only the first elements differ from zero.
    private readonly struct WindowLine(float* first, nint count) : ILineLoader
    {
        private readonly float* _first = first;
        private readonly nint _count = count;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Lanes Load(nint index) => index < _count ? Lanes.Load(_first + (index * Lanes.Floats)) : Lanes.Zero;
    }

    // Keeps the frequencies that have a slot.
    private readonly struct SlotStorer(float* target, nint pitch, int* slots) : ILineStorer
    {
        private readonly float* _target = target;
        private readonly nint _pitch = pitch;
        private readonly int* _slots = slots;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nint index, Lanes value)
        {
            int slot = _slots[index];
            if (slot >= 0)
            {
                value.Store(_target + (slot * _pitch));
            }
        }
    }

    // Keeps the frequencies up to a reach, positive and negative ones apart. Zero, and Nyquist of an even length, are both.
    private readonly struct SignStorer(float* positive, float* negative, nint reach, nint length) : ILineStorer
    {
        private readonly float* _positive = positive;
        private readonly float* _negative = negative;
        private readonly nint _reach = reach;
        private readonly nint _length = length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(nint index, Lanes value)
        {
            nint back = index == 0 ? 0 : _length - index;
            if (index <= _reach)
            {
                value.Store(_positive + (index * Lanes.Floats));
            }

            if (back <= _reach)
            {
                value.Store(_negative + (back * Lanes.Floats));
            }
        }
    }
}
