using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Fourier.Sweeps;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier;

/// <summary>
/// Plan for the three-dimensional discrete Fourier transform of real float volumes of one size, any size.
/// </summary>
/// <remarks>
/// <para>
/// Forward, with the factor: F(k) = 1/N · Σ_r f(r)·exp(−2πi·(kx·x/nx + ky·y/ny + kz·z/nz)), N = nx·ny·nz.
/// Inverse, without: f(r) = Σ_k F(k)·exp(+2πi·…). So the inverse of the forward transform is the volume itself, and
/// F(0) is its mean. The inverse ignores the imaginary part where a real volume has none.
/// </para>
/// <para>
/// Two sweeps over memory. The first takes each z plane through x and y while it is in cache, the second the z columns;
/// the inverse goes the other way. Eight lines are transformed at once, one in each vector lane (<see cref="Lanes"/>).
/// Relative L2 error about 1.6e-7, 3e-7 where a length has a prime factor above 61.
/// </para>
/// <para>
/// Nothing is allocated by a call, after the first with a given type of source or sink. Results do not depend on the
/// number of threads. A plan does one transform at a time; it stays usable after a cancellation or an exception, but what
/// was being written is then undefined. NaN and infinities spread over the whole result.
/// </para>
/// </remarks>
internal sealed class RealFft3D : IDisposable
{
    // Below this the threads would spend longer waking than working.
    private const long SingleThreadVoxels = 24 * 24 * 24;

    private readonly WorkerPool _pool;
    private readonly bool _ownsPool;
    private readonly TransformContext _context;
    private readonly ForwardColumns _forwardColumns;
    private readonly InverseColumns _inverseColumns;
    private readonly FilteredSumColumns _filteredSumColumns;
    private readonly Dictionary<Type, IIndexedWork> _planeSweeps = [];
    private ExclusiveUse _use;

    /// <summary>Makes a plan with threads of its own.</summary>
    /// <param name="size">Size of the volume, at least 1 in each direction.</param>
    /// <param name="limits">Of these the threads; null for as many as the process may use.</param>
    public RealFft3D(GridSize size, RunLimits? limits = null) : this(size, new WorkerPool(ThreadsWorthStarting(size, limits ?? new RunLimits())), ownsPool: true)
    {
    }

    /// <summary>Makes a plan with threads of its own.</summary>
    /// <param name="size">Size of the volume, at least 1 in each direction.</param>
    /// <param name="threads">Number of threads; 0 for as many as the process may use.</param>
    public RealFft3D(GridSize size, int threads) : this(size, new RunLimits { Threads = threads })
    {
    }

    /// <summary>Makes a plan that works on a pool it shares with others.</summary>
    /// <param name="size">Size of the volume, at least 1 in each direction.</param>
    /// <param name="pool">The pool; it must outlive the plan, and no transform may be called from within a body of it.</param>
    public RealFft3D(GridSize size, WorkerPool pool) : this(size, pool, ownsPool: false)
    {
    }

    private RealFft3D(GridSize size, WorkerPool pool, bool ownsPool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
        _ownsPool = ownsPool;
        try
        {
            _context = new TransformContext(size, pool.Threads);
            _forwardColumns = new ForwardColumns(_context);
            _inverseColumns = new InverseColumns(_context);
            _filteredSumColumns = new FilteredSumColumns(_context);
        }
        catch
        {
            // The scratch of a great volume may not fit; the threads would outlive the plan that never was.
            if (ownsPool)
            {
                pool.Dispose();
            }

            throw;
        }
    }

    /// <summary>Which kernels run on this machine, for example "Vector256 (AVX2, FMA)".</summary>
    public static string CodePath =>
        Vector256.IsHardwareAccelerated
            ? $"Vector256 (AVX2{(Fma.IsSupported ? ", FMA" : "")}{(Vector512.IsHardwareAccelerated ? ", 32 registers" : "")})"
            : Vector128.IsHardwareAccelerated ? $"Vector128 ({(AdvSimd.IsSupported ? "AdvSimd" : Sse.IsSupported ? "SSE" : "other")})" : "scalar";

    /// <summary>Size of the volume.</summary>
    public GridSize Size => _context.Layout.Size;

    /// <summary>Number of threads.</summary>
    public int Threads => _pool.Threads;

    /// <summary>The threads, for other work on the same volume between transforms.</summary>
    public WorkerPool Pool => _pool;

    /// <summary>Bytes of scratch that the plan holds, all threads together.</summary>
    public long ScratchBytes => _context.ScratchBytes;

    /// <summary>Bytes that a spectrum takes.</summary>
    /// <param name="size">Size of the volume in real space.</param>
    public static long SpectrumBytes(GridSize size) => new SpectrumLayout(size).Bytes;

    /// <summary>A new spectrum of this plan's size; contents undefined.</summary>
    public Spectrum AllocateSpectrum() => new(Size);

    /// <summary>Forward transform of a volume in memory, scaled by 1/N.</summary>
    /// <param name="volume">nx·ny·nz values, x fastest.</param>
    /// <param name="spectrum">Takes the coefficients.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Forward(ReadOnlyMemory<float> volume, Spectrum spectrum, CancellationToken cancellationToken = default)
    {
        CheckLength(volume.Length, nameof(volume));
        Forward(new VolumeRowSource(volume, Size), spectrum, double.PositiveInfinity, cancellationToken);
    }

    /// <summary>Forward transform, scaled by 1/N, of a volume that a source gives row by row.</summary>
    /// <param name="source">Gives each row once.</param>
    /// <param name="spectrum">Takes the coefficients.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Forward<TSource>(TSource source, Spectrum spectrum, CancellationToken cancellationToken = default)
        where TSource : struct, IRowSource =>
        Forward(source, spectrum, double.PositiveInfinity, cancellationToken);

    /// <summary>Forward transform, scaled by 1/N, of which only the frequencies up to a cutoff are needed.</summary>
    /// <param name="source">Gives each row once.</param>
    /// <param name="spectrum">Takes the coefficients.</param>
    /// <param name="cutoff">
    /// Frequency in cycles/voxel that the caller will not go beyond: columns of coefficients wholly above it are not computed
    /// and read as zero, others are complete. Only filters with this cutoff or a lower one may then be used.
    /// </param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Forward<TSource>(TSource source, Spectrum spectrum, double cutoff, CancellationToken cancellationToken = default)
        where TSource : struct, IRowSource
    {
        CheckSpectrum(spectrum, nameof(spectrum));
        if (!(cutoff >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(cutoff), "The cutoff must be a frequency of at least 0 cycles/voxel.");
        }

        Enter();
        ForwardPlanes<TSource>? planes = null;
        try
        {
            planes = Cached(static context => new ForwardPlanes<TSource>(context));
            int blocks = 0;
            while (blocks < _context.Layout.Blocks && _context.Layout.Reaches(blocks, 0, cutoff))
            {
                blocks++;
            }

            spectrum.Cutoff = cutoff;
            planes.Begin(source, spectrum, blocks, (float)(1.0 / Size.VoxelCount));
            _pool.Run(Size.Z, planes, cancellationToken);
            _forwardColumns.Begin(spectrum, cutoff);
            _pool.Run(_forwardColumns.Count, _forwardColumns, cancellationToken);
        }
        finally
        {
            planes?.End();
            _forwardColumns.End();
            _use.Leave();
        }
    }

    /// <summary>sum = (add ? sum : 0) + filter · F(source): a forward transform, scaled by 1/N, of which only a filtered sum is kept.</summary>
    /// <param name="source">Gives each row once.</param>
    /// <param name="work">Memory for the intermediate; undefined afterwards.</param>
    /// <param name="filter">Multiplies the coefficients.</param>
    /// <param name="sum">Takes the product; not the same object as <paramref name="work"/>. Complete, and zero where every filter added so far is.</param>
    /// <param name="add">True to add to the sum, false to replace it.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's, or both spectra are the same.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ForwardFilteredSum<TSource>(TSource source, Spectrum work, OctantFilter filter, Spectrum sum, bool add, CancellationToken cancellationToken = default)
        where TSource : struct, IRowSource
    {
        CheckSpectrum(work, nameof(work));
        CheckSpectrum(sum, nameof(sum));
        ArgumentNullException.ThrowIfNull(filter);
        if (ReferenceEquals(work, sum))
        {
            throw new ArgumentException("The sum needs a spectrum of its own.", nameof(sum));
        }

        if (filter.Size != Size)
        {
            throw new ArgumentException($"The filter is for {filter.Size} voxels, the plan for {Size}.", nameof(filter));
        }

        Enter();
        ForwardPlanes<TSource>? planes = null;
        try
        {
            planes = Cached(static context => new ForwardPlanes<TSource>(context));
            work.Cutoff = double.PositiveInfinity;
            sum.Cutoff = double.PositiveInfinity;
            planes.Begin(source, work, filter.BlockCount, (float)(1.0 / Size.VoxelCount));
            _pool.Run(Size.Z, planes, cancellationToken);
            _filteredSumColumns.Begin(work, filter, sum, add);
            _pool.Run(_filteredSumColumns.Count, _filteredSumColumns, cancellationToken);
        }
        finally
        {
            planes?.End();
            _filteredSumColumns.End();
            _use.Leave();
        }
    }

    /// <summary>Inverse transform, unscaled, into a volume in memory. The spectrum is destroyed.</summary>
    /// <param name="spectrum">The coefficients; undefined afterwards.</param>
    /// <param name="volume">Takes nx·ny·nz values, x fastest.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Inverse(Spectrum spectrum, Memory<float> volume, CancellationToken cancellationToken = default) =>
        Inverse(spectrum, null, spectrum, volume, cancellationToken);

    /// <summary>Inverse transform, unscaled, of a filtered spectrum into a volume in memory.</summary>
    /// <param name="source">The coefficients; kept unless <paramref name="work"/> is the same object.</param>
    /// <param name="filter">Multiplies the coefficients; null for none.</param>
    /// <param name="work">Memory for the intermediate; undefined afterwards.</param>
    /// <param name="volume">Takes nx·ny·nz values, x fastest.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's, or the filter passes frequencies beyond the spectrum's cutoff.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Inverse(Spectrum source, OctantFilter? filter, Spectrum work, Memory<float> volume, CancellationToken cancellationToken = default)
    {
        CheckLength(volume.Length, nameof(volume));
        Inverse(source, filter, work, new VolumeRowSink(volume, Size), cancellationToken);
    }

    /// <summary>Inverse transform, unscaled, of a filtered spectrum; the rows go to a sink while they are in cache.</summary>
    /// <param name="source">The coefficients; kept unless <paramref name="work"/> is the same object.</param>
    /// <param name="filter">Multiplies the coefficients; null for none. What lies beyond its reach is neither read nor computed.</param>
    /// <param name="work">Memory for the intermediate; undefined afterwards.</param>
    /// <param name="sink">Takes each wanted row once.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    /// <exception cref="ArgumentException">A size differs from the plan's, or the filter passes frequencies beyond the spectrum's cutoff.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Inverse<TSink>(Spectrum source, OctantFilter? filter, Spectrum work, TSink sink, CancellationToken cancellationToken = default)
        where TSink : struct, IRowSink
    {
        CheckSpectrum(source, nameof(source));
        CheckSpectrum(work, nameof(work));
        if (filter is not null && filter.Size != Size)
        {
            throw new ArgumentException($"The filter is for {filter.Size} voxels, the plan for {Size}.", nameof(filter));
        }

        if (!double.IsPositiveInfinity(source.Cutoff) && !(filter?.CutoffFrequency <= source.Cutoff))
        {
            throw new ArgumentException("The spectrum was computed up to a cutoff, so it takes a filter that is zero beyond it.", nameof(filter));
        }

        Enter();
        InversePlanes<TSink>? planes = null;
        try
        {
            planes = Cached(static context => new InversePlanes<TSink>(context));
            // The intermediate is no spectrum; whoever uses it as one again goes through a forward transform.
            work.Cutoff = double.PositiveInfinity;
            _inverseColumns.Begin(source, filter, work);
            _pool.Run(_inverseColumns.Count, _inverseColumns, cancellationToken);
            planes.Begin(work, filter, sink);
            _pool.Run(Size.Z, planes, cancellationToken);
        }
        finally
        {
            _inverseColumns.End();
            planes?.End();
            _use.Leave();
        }
    }

    /// <summary>Frees tables, scratch and the plan's own threads.</summary>
    /// <exception cref="InvalidOperationException">The plan is at work.</exception>
    public void Dispose()
    {
        if (!_use.End("The plan is at work: it is disposed of when its transform has returned."))
        {
            return;
        }

        _context.Dispose();
        if (_ownsPool)
        {
            _pool.Dispose();
        }
    }

    private static int ThreadsWorthStarting(GridSize size, RunLimits limits) => limits.Threads == 0 && size.VoxelCount < SingleThreadVoxels ? 1 : limits.AllowedThreads;

    private void Enter() => _use.Enter(this, "The plan is at work already: it does one transform at a time.");

    // A sweep holds a source or sink, so there is one for each type; it is kept so that calls allocate nothing.
    private TSweep Cached<TSweep>(Func<TransformContext, TSweep> create) where TSweep : class, IIndexedWork
    {
        if (_planeSweeps.TryGetValue(typeof(TSweep), out IIndexedWork? sweep))
        {
            return (TSweep)sweep;
        }

        TSweep created = create(_context);
        _planeSweeps.Add(typeof(TSweep), created);
        return created;
    }

    private void CheckLength(int length, string name)
    {
        if (length != Size.VoxelCount)
        {
            throw new ArgumentException($"The volume has {length} values; {Size} voxels are {Size.VoxelCount}.", name);
        }
    }

    private void CheckSpectrum(Spectrum spectrum, string name)
    {
        ArgumentNullException.ThrowIfNull(spectrum, name);
        if (spectrum.Size != Size)
        {
            throw new ArgumentException($"The spectrum is of {spectrum.Size} voxels, the plan for {Size}.", name);
        }
    }
}
