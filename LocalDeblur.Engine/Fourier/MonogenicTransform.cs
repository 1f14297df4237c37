using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier;

/// <summary>
/// Plan for the amplitude of the monogenic signal of a filtered map, itself filtered:
/// a = √(v² + Rx² + Ry² + Rz²) with v = IFFT(h·F) and R_axis = IFFT(−i·f_axis/u·h·F), and the result is IFFT(l·FFT(a)).
/// </summary>
/// <remarks>
/// <para>
/// Six transforms by their count, four inverse and the pair of the second filter, done in four sweeps over memory:
/// the z columns of v, of what Rx and Ry share, and of Rz; plane by plane through y and x to the amplitude and back, while the
/// plane is in cache; the z columns forth, filtered, and back; the planes to the sink. The amplitude itself is never stored.
/// </para>
/// <para>
/// f_axis is the signed frequency in cycles/voxel, positive at n/2. A coefficient that is its own conjugate is imaginary
/// after −i, so kx = 0 and kx = nx/2 lose theirs, as in any transform to real values; at ky = ny/2 and kz = nz/2
/// the stored half decides.
/// </para>
/// <para>
/// Holds three spectra, one filter and a plane for each thread. Results do not depend on the number of threads. One call at a time.
/// </para>
/// </remarks>
internal sealed class MonogenicTransform : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly TransformContext _context;
    private readonly MonogenicScratch _scratch;
    private readonly OctantFilter _inverseFrequency;
    private readonly Spectrum _signal;
    private readonly Spectrum _lateral;
    private readonly Spectrum _axial;
    private readonly RieszColumns _rieszColumns;
    private readonly AmplitudePlanes _amplitudePlanes;
    private readonly RefilteredColumns _refilteredColumns;

    /// <summary>Makes the plan.</summary>
    /// <param name="size">Size of the volume.</param>
    /// <param name="pool">Threads; they must outlive the plan.</param>
    public MonogenicTransform(GridSize size, WorkerPool pool)
    {
        _pool = pool;
        _context = new TransformContext(size, pool.Threads);
        _scratch = new MonogenicScratch(_context, pool.Threads);
        _inverseFrequency = OctantFilter.Create(size, static u => u > 0 ? (float)(1 / u) : 0, double.PositiveInfinity, pool);
        _signal = new Spectrum(size);
        _lateral = new Spectrum(size);
        _axial = new Spectrum(size);
        _rieszColumns = new RieszColumns(_context, _scratch);
        _amplitudePlanes = new AmplitudePlanes(_context, _scratch);
        _refilteredColumns = new RefilteredColumns(_context, _scratch);
    }

    /// <summary>Bytes that a plan takes, scratch left out.</summary>
    /// <param name="size">Size of the volume.</param>
    public static long BytesFor(GridSize size) => (3 * RealFft3D.SpectrumBytes(size)) + OctantFilter.BytesFor(size);

    /// <summary>The filtered amplitude of a filtered map; the rows go to a sink.</summary>
    /// <typeparam name="TSink">Where the rows go.</typeparam>
    /// <param name="source">F, forward transform of the map, scaled by 1/N, complete; kept.</param>
    /// <param name="filter">h, applied to the map.</param>
    /// <param name="amplitudeFilter">l, applied to the amplitude. What lies beyond its reach is not computed.</param>
    /// <param name="sink">Takes each wanted row once.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Amplitude<TSink>(Spectrum source, OctantFilter filter, OctantFilter amplitudeFilter, TSink sink, CancellationToken cancellationToken)
        where TSink : struct, IRowSink
    {
        int depth = _context.Layout.Size.Z;
        _rieszColumns.Begin(source, filter, _inverseFrequency, _signal, _lateral, _axial);
        _pool.Run(_rieszColumns.Count, _rieszColumns, cancellationToken);
        _amplitudePlanes.Begin(_signal, _lateral, _axial, amplitudeFilter.BlockCount);
        _pool.Run(depth, _amplitudePlanes, cancellationToken);
        _refilteredColumns.Begin(_signal, amplitudeFilter);
        _pool.Run(_refilteredColumns.Count, _refilteredColumns, cancellationToken);
        var planes = new InversePlanes<TSink>(_context);
        planes.Begin(_signal, amplitudeFilter, sink);
        _pool.Run(depth, planes, cancellationToken);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _signal.Dispose();
        _lateral.Dispose();
        _axial.Dispose();
        _inverseFrequency.Dispose();
        _scratch.Dispose();
        _context.Dispose();
    }
}
