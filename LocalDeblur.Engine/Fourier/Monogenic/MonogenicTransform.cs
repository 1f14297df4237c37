using LocalDeblur.Fourier.Sweeps;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Fourier.Monogenic;

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
/// h is given by what it takes away, 1 − h, below some frequency. Blocks of kx that lie beyond that frequency come out the same for every
/// h, and the components keep them: from the second call on the same map, with h taking away no less than before and l reaching no less
/// far, only the blocks below are taken through z and y. The result is the same, bit for bit.
/// </para>
/// <para>
/// Holds one filter. Results do not depend on the number of threads. One call at a time.
/// </para>
/// </remarks>
internal sealed class MonogenicTransform : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly TransformContext _context;
    private readonly MonogenicScratch _scratch;
    private readonly OctantFilter _inverseFrequency;
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
        _rieszColumns = new RieszColumns(_context, _scratch);
        _amplitudePlanes = new AmplitudePlanes(_context, _scratch);
        _refilteredColumns = new RefilteredColumns(_context, _scratch);
    }

    /// <summary>Bytes that a plan takes, scratch left out.</summary>
    /// <param name="size">Size of the volume.</param>
    public static long BytesFor(GridSize size) => OctantFilter.BytesFor(size);

    /// <summary>The filtered amplitude of a filtered map; the rows go to a sink.</summary>
    /// <typeparam name="TSink">Where the rows go.</typeparam>
    /// <param name="source">F, forward transform of the map, scaled by 1/N, complete; kept.</param>
    /// <param name="components">Memory for the components, and what an earlier call with the same map left there.</param>
    /// <param name="stop">1 − h.</param>
    /// <param name="amplitudeFilter">l, applied to the amplitude. What lies beyond its reach is not computed.</param>
    /// <param name="sink">Takes each wanted row once.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Amplitude<TSink>(
        Spectrum source, MonogenicComponents components, OctantFilter stop, OctantFilter amplitudeFilter, TSink sink, CancellationToken cancellationToken)
        where TSink : struct, IRowSink
    {
        int depth = _context.Layout.Size.Z;
        // The amplitude lies where these blocks of Rx would, so that many are not kept.
        int passing = Math.Max(stop.BlockCount, amplitudeFilter.BlockCount);
        int blocks = components.Begin(source, stop, passing);
        try
        {
            _rieszColumns.Begin(source, stop, _inverseFrequency, components, blocks);
            _pool.Run(_rieszColumns.Count, _rieszColumns, cancellationToken);
            _amplitudePlanes.Begin(components, passing, blocks);
            _pool.Run(depth, _amplitudePlanes, cancellationToken);
            components.Complete(source, stop, passing);
            _refilteredColumns.Begin(components.X, amplitudeFilter);
            _pool.Run(_refilteredColumns.Count, _refilteredColumns, cancellationToken);
            var planes = new InversePlanes<TSink>(_context);
            planes.Begin(components.X, amplitudeFilter, sink);
            _pool.Run(depth, planes, cancellationToken);
        }
        finally
        {
            _rieszColumns.End();
            _amplitudePlanes.End();
            _refilteredColumns.End();
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _inverseFrequency.Dispose();
        _scratch.Dispose();
        _context.Dispose();
    }
}
