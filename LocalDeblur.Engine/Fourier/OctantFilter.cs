using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier;

/// <summary>
/// A real filter that is even in kx, ky and kz, stored for |kx| ≤ nx/2, |ky| ≤ ny/2, |kz| ≤ nz/2: about an eighth of a float
/// per voxel. An inverse transform multiplies by it while it loads, and leaves out what the filter makes zero.
/// </summary>
/// <remarks>Layout: for each |ky| and each block of eight kx, eight floats for each |kz| in turn, so that a z column reads the filter in one stream.</remarks>
internal sealed unsafe class OctantFilter : IDisposable
{
    // Smaller magnitudes would soon be denormal products, which cost a tenth of the transform's time and mean nothing.
    private const float Negligible = 1e-30f;

    private readonly SpectrumLayout _layout;
    private readonly NativeBuffer _memory;
    private readonly int _depth;
    private readonly int[] _reachZ;
    private readonly int[] _reachY;

    private OctantFilter(GridSize size)
    {
        _layout = new SpectrumLayout(size);
        _depth = size.Z / 2 + 1;
        _memory = new NativeBuffer(BytesFor(size));
        _reachZ = new int[(size.Y / 2 + 1) * _layout.Blocks];
        _reachY = new int[_layout.Blocks];
    }

    /// <summary>Size of the volume in real space.</summary>
    public GridSize Size => _layout.Size;

    /// <summary>Frequency in cycles/voxel beyond which every value is zero.</summary>
    public double CutoffFrequency { get; private set; }

    /// <summary>Bytes of memory that a filter takes.</summary>
    /// <param name="size">Size of the volume in real space.</param>
    public static long BytesFor(GridSize size) =>
        checked((size.Y / 2 + 1L) * new SpectrumLayout(size).Blocks * (size.Z / 2 + 1L) * Lanes.Width * sizeof(float));

    /// <summary>Makes a radial filter.</summary>
    /// <param name="size">Size of the volume in real space.</param>
    /// <param name="value">Value at frequency u = √((kx/nx)² + (ky/ny)² + (kz/nz)²) in cycles/voxel, 0 … √0.75. Called from the threads of the pool.</param>
    /// <param name="cutoff">Frequency in cycles/voxel beyond which the filter is zero; the function is not asked there.</param>
    /// <param name="pool">Threads to use; null for the calling one.</param>
    /// <remarks>Values below 1e-30 in magnitude become 0.</remarks>
    public static OctantFilter Create(GridSize size, Func<double, float> value, double cutoff, WorkerPool? pool = null)
    {
        var filter = new OctantFilter(size);
        filter.Fill(value, cutoff, pool);
        return filter;
    }

    /// <summary>Replaces the values by those of another radial function.</summary>
    /// <param name="value">As in <see cref="Create"/>.</param>
    /// <param name="cutoff">As in <see cref="Create"/>.</param>
    /// <param name="pool">As in <see cref="Create"/>.</param>
    public void Fill(Func<double, float> value, double cutoff, WorkerPool? pool = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (double.IsNaN(cutoff))
        {
            throw new ArgumentOutOfRangeException(nameof(cutoff), "The cutoff is not a number.");
        }

        CutoffFrequency = cutoff;
        int rows = Size.Y / 2 + 1;
        float[]? bySquare = Size.X == Size.Y && Size.X == Size.Z ? Tabulate(value, cutoff, pool) : null;
        Run(pool, rows, ky => FillRow(ky, value, cutoff, bySquare));

        BlockCount = 0;
        for (int block = 0; block < _layout.Blocks; block++)
        {
            int reach = 0;
            for (int ky = 0; ky < rows; ky++)
            {
                if (ReachZ(block, ky) > 0)
                {
                    reach = ky + 1;
                }
            }

            _reachY[block] = reach;
            if (reach > 0)
            {
                BlockCount = block + 1;
            }
        }
    }

    /// <summary>Value at one place.</summary>
    /// <param name="kx">|kx|, 0 … nx/2.</param>
    /// <param name="ky">|ky|, 0 … ny/2.</param>
    /// <param name="kz">|kz|, 0 … nz/2.</param>
    public float Get(int kx, int ky, int kz)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kx, (uint)(Size.X / 2), nameof(kx));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)ky, (uint)(Size.Y / 2), nameof(ky));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kz, (uint)(Size.Z / 2), nameof(kz));
        return Column(kx / Lanes.Width, ky)[kz * Lanes.Width + kx % Lanes.Width];
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();

    /// <summary>Blocks of kx from which on everything is zero.</summary>
    internal int BlockCount { get; private set; }

    /// <summary>Number of |ky| in a block from which on everything is zero.</summary>
    internal int ReachY(int block) => _reachY[block];

    /// <summary>Number of |kz| in a column from which on everything is zero.</summary>
    internal int ReachZ(int block, int ky) => _reachZ[ky * _layout.Blocks + block];

    /// <summary>The values of a column: eight for each |kz|.</summary>
    internal float* Column(int block, int ky) => _memory.Floats + ((long)ky * _layout.Blocks + block) * _depth * Lanes.Width;

    private static void Run(WorkerPool? pool, int count, Action<int> body)
    {
        if (pool is not null)
        {
            pool.Run(count, body);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }

    private static float At(double u, Func<double, float> value)
    {
        float v = value(u);
        return MathF.Abs(v) < Negligible ? 0 : v;
    }

    /// <summary>The values of a cube by kx² + ky² + kz², which takes far fewer values than there are places; up to the cutoff.</summary>
    private float[] Tabulate(Func<double, float> value, double cutoff, WorkerPool? pool)
    {
        const int Chunk = 1024;
        int half = Size.X / 2;
        double reach = Math.Min(3.0 * half * half, Math.Floor(cutoff * cutoff * Size.X * Size.X));
        float[] table = new float[reach < 0 ? 0 : (int)reach + 1];
        Run(pool, (table.Length + Chunk - 1) / Chunk, chunk =>
        {
            int end = Math.Min(table.Length, (chunk + 1) * Chunk);
            for (int square = chunk * Chunk; square < end; square++)
            {
                table[square] = At(Math.Sqrt(square) / Size.X, value);
            }
        });
        return table;
    }

    private void FillRow(int ky, Func<double, float> value, double cutoff, float[]? bySquare)
    {
        int last = Size.X / 2;
        for (int block = 0; block < _layout.Blocks; block++)
        {
            float* column = Column(block, ky);
            new Span<float>(column, _depth * Lanes.Width).Clear();
            int reach = 0;
            for (int kz = 0; kz < _depth; kz++)
            {
                for (int lane = 0; lane < Lanes.Width && block * Lanes.Width + lane <= last; lane++)
                {
                    int kx = block * Lanes.Width + lane;
                    float v;
                    if (bySquare is not null)
                    {
                        int square = kx * kx + ky * ky + kz * kz;
                        if (square >= bySquare.Length)
                        {
                            break;
                        }

                        v = bySquare[square];
                    }
                    else
                    {
                        double u = _layout.Frequency(kx, ky, kz);
                        if (u > cutoff)
                        {
                            break;
                        }

                        v = At(u, value);
                    }

                    if (v == 0)
                    {
                        continue;
                    }

                    column[kz * Lanes.Width + lane] = v;
                    reach = kz + 1;
                }
            }

            _reachZ[ky * _layout.Blocks + block] = reach;
        }
    }
}
