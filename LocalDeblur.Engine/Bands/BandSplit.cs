using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Bands;

/// <summary>The mean of two half maps and half their difference, each split into bands, one at a time.</summary>
internal sealed class BandSplit : IDisposable
{
    private readonly RealFft3D _transform;
    private readonly Spectrum _mean;
    private readonly Spectrum _difference;
    private readonly Spectrum _work;
    private readonly OctantFilter _filter;
    private int _filtered = -1;

    /// <summary>Transforms mean and half difference.</summary>
    /// <param name="input">The half maps.</param>
    /// <param name="bands">The bands.</param>
    /// <param name="limits">Threads to use; the result does not depend on them.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public BandSplit(Reconstruction input, FrequencyBands bands, RunLimits limits, CancellationToken cancellationToken)
    {
        Bands = bands;
        Size = input.Grid.Size;
        _transform = new RealFft3D(Size, limits.AllowedThreads);
        _mean = _transform.AllocateSpectrum();
        _difference = _transform.AllocateSpectrum();
        _work = _transform.AllocateSpectrum();
        _filter = OctantFilter.Create(Size, static _ => 0, 0);
        float[] first = input.Half1.Load(cancellationToken);
        float[] second = input.Half2.Load(cancellationToken);
        _transform.Forward(new HalfMapRows(first, second, subtract: false, 0.5f, Size), _mean, cancellationToken);
        _transform.Forward(new HalfMapRows(first, second, subtract: true, 0.5f, Size), _difference, cancellationToken);
    }

    /// <summary>The bands.</summary>
    public FrequencyBands Bands { get; }

    /// <summary>Size of the maps.</summary>
    public GridSize Size { get; }

    /// <summary>Threads that work.</summary>
    public int Threads => _transform.Threads;

    /// <summary>Bytes that the transforms hold.</summary>
    /// <param name="size">Size of the maps.</param>
    /// <param name="withDifference">Whether the difference is among them.</param>
    public static long Bytes(GridSize size, bool withDifference) => ((withDifference ? 3 : 2) * RealFft3D.SpectrumBytes(size)) + OctantFilter.BytesFor(size);

    /// <summary>One band of the mean.</summary>
    public void Mean<TSink>(int band, TSink sink, CancellationToken cancellationToken)
        where TSink : struct, IRowSink => Invert(_mean, band, sink, cancellationToken);

    /// <summary>One band of half the difference. Faster after the same band of the mean than after another.</summary>
    public void Difference<TSink>(int band, TSink sink, CancellationToken cancellationToken)
        where TSink : struct, IRowSink => Invert(_difference, band, sink, cancellationToken);

    /// <summary>The mean with every band multiplied by a weight.</summary>
    /// <param name="weights">One weight per band.</param>
    /// <param name="volume">Takes one value a voxel.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Filtered(double[] weights, float[] volume, CancellationToken cancellationToken)
    {
        _filtered = -1;
        _filter.Fill(u => (float)Bands.Weighted(weights, u / Bands.VoxelSize), double.PositiveInfinity, _transform.Pool);
        _transform.Inverse(_mean, _filter, _work, volume, cancellationToken);
    }

    /// <summary>Frees the difference, whose bands are not asked for again.</summary>
    public void ForgetDifference() => _difference.Dispose();

    /// <summary>From here on bands are those of another volume instead of the mean.</summary>
    /// <param name="volume">One value a voxel.</param>
    /// <param name="cancellationToken">Looked at between planes.</param>
    public void Replace(float[] volume, CancellationToken cancellationToken) => _transform.Forward(volume, _mean, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _filter.Dispose();
        _work.Dispose();
        _difference.Dispose();
        _mean.Dispose();
        _transform.Dispose();
    }

    private void Invert<TSink>(Spectrum source, int band, TSink sink, CancellationToken cancellationToken)
        where TSink : struct, IRowSink
    {
        if (_filtered != band)
        {
            _filtered = band;
            _filter.Fill(u => (float)Bands.Value(band, u / Bands.VoxelSize), Bands.Cutoff(band), _transform.Pool);
        }

        _transform.Inverse(source, _filter, _work, sink, cancellationToken);
    }
}
