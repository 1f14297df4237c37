using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Lines;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution;

namespace LocalDeblur.Filters;

/// <summary>
/// The operator H of LocalDeblur, a low-pass that varies from voxel to voxel with the local resolution, and its adjoint:
/// (Hv)(x) = Σ_k a_k(R(x)) · (b_k ∗ v)(x) inside, 0 outside; (Hᵀv) = Σ_k b_k ∗ (a_k(R) v).
/// </summary>
/// <remarks>
/// The terms are those of the bank reduced to its rank, or, on request, the bank's own bands (the definition).
/// Holds two spectra and one radial filter a term; volumes belong to the caller. Not for two threads at once.
/// Source: Ramírez-Aportela et al., Bioinformatics 36 (2020) 765–772, equations of H; the reduction is ours.
/// </remarks>
internal sealed class LocalFilter : IDisposable
{
    private readonly GridSize _size;
    private readonly float[] _resolution;
    private readonly bool[] _rowIsInside;
    private readonly TermCoefficient[] _coefficients;
    private readonly OctantFilter[] _filters;
    private readonly double _cutoff;
    private readonly RealFft3D _transform;
    private readonly Spectrum _spectrum;
    private readonly Spectrum _work;

    /// <summary>Prepares the operator.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="resolution">Local resolution of every voxel, on the bank's grid.</param>
    /// <param name="limits">Of these the threads; null for as many as the process may use.</param>
    /// <param name="explicitBank">True for one term per band, as the operator is defined; false for the reduced form.</param>
    /// <exception cref="ArgumentException">The resolution does not have the bank's number of voxels.</exception>
    public LocalFilter(FilterBank bank, ResolutionField resolution, RunLimits? limits = null, bool explicitBank = false)
    {
        ArgumentNullException.ThrowIfNull(bank);
        ArgumentNullException.ThrowIfNull(resolution);
        _size = bank.Size;
        _resolution = resolution.Values;
        if (_resolution.LongLength != _size.VoxelCount)
        {
            throw new ArgumentException($"{_resolution.LongLength} voxels for a bank of {_size}.", nameof(resolution));
        }

        LowRankKernel kernel = explicitBank ? LowRankKernel.Explicit(bank) : bank.Kernel;
        _coefficients = TermCoefficient.Create(bank, kernel);
        _cutoff = bank.CutoffFrequency;
        _transform = new RealFft3D(_size, limits);
        _filters = RadialTerms.Create(bank, kernel, _transform.Pool);
        _spectrum = _transform.AllocateSpectrum();
        _work = _transform.AllocateSpectrum();
        _rowIsInside = FindRows(_resolution, _size);
    }

    /// <summary>Number of terms: inverse transforms in one application.</summary>
    public int Terms => _filters.Length;

    /// <summary>Threads in use.</summary>
    public int Threads => _transform.Threads;

    /// <summary>Which kernels the transform runs on this machine.</summary>
    public static string CodePath => RealFft3D.CodePath;

    /// <summary>Called after each transform of an application, from the calling thread; for progress.</summary>
    public Action? AfterTransform { get; set; }

    /// <summary>Memory that an operator holds besides the volumes of its caller (bytes).</summary>
    /// <param name="size">Size of the maps.</param>
    /// <param name="terms">Number of terms.</param>
    public static long RequiredBytes(GridSize size, int terms) =>
        (2 * RealFft3D.SpectrumBytes(size)) + (terms * OctantFilter.BytesFor(size)) + ((long)size.Y * size.Z);

    /// <summary>destination = H v.</summary>
    /// <param name="volume">v, x fastest.</param>
    /// <param name="destination">Receives Hv; not the same array as <paramref name="volume"/>.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    public void Apply(float[] volume, float[] destination, CancellationToken cancellationToken = default)
    {
        Array.Clear(destination);
        Apply(new VolumeRowSource(volume, _size), new TermResult(destination), cancellationToken);
    }

    /// <summary>destination = Hᵀ v.</summary>
    /// <param name="volume">v, x fastest.</param>
    /// <param name="destination">Receives Hᵀv; may be the same array as <paramref name="volume"/>.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    public void ApplyAdjoint(float[] volume, float[] destination, CancellationToken cancellationToken = default) =>
        ApplyAdjoint(new VolumeRowSource(volume, _size), new VolumeRowSink(destination, _size), cancellationToken);

    /// <summary>Applies H to rows and combines the outcome with a volume, term by term, while the rows are in cache.</summary>
    /// <typeparam name="TSource">Where the rows come from.</typeparam>
    /// <param name="source">The rows of v.</param>
    /// <param name="result">What becomes of Hv. Its volume is left alone outside.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    internal void Apply<TSource>(TSource source, TermResult result, CancellationToken cancellationToken)
        where TSource : struct, IRowSource
    {
        _transform.Forward(source, _spectrum, _cutoff, cancellationToken);
        AfterTransform?.Invoke();
        for (int term = 0; term < _filters.Length; term++)
        {
            var sink = new TermSink(this, term, result);
            _transform.Inverse(_spectrum, _filters[term], _work, sink, cancellationToken);
            AfterTransform?.Invoke();
        }
    }

    /// <summary>Applies Hᵀ to rows and hands the rows of the outcome on.</summary>
    /// <typeparam name="TSource">Where the rows come from.</typeparam>
    /// <typeparam name="TSink">Where the rows go.</typeparam>
    /// <param name="source">The rows of v.</param>
    /// <param name="sink">Takes the rows of Hᵀv.</param>
    /// <param name="cancellationToken">Stops between planes.</param>
    internal void ApplyAdjoint<TSource, TSink>(TSource source, TSink sink, CancellationToken cancellationToken)
        where TSource : struct, IRowSource
        where TSink : struct, IRowSink
    {
        for (int term = 0; term < _filters.Length; term++)
        {
            var weighted = new WeightedRows<TSource>(source, _coefficients[term], _resolution, _size);
            _transform.ForwardFilteredSum(weighted, _work, _filters[term], _spectrum, add: term > 0, cancellationToken);
            AfterTransform?.Invoke();
        }

        _transform.Inverse(_spectrum, null, _spectrum, sink, cancellationToken);
        AfterTransform?.Invoke();
    }

    /// <summary>Frees the spectra and stops the threads.</summary>
    public void Dispose()
    {
        _spectrum.Dispose();
        _work.Dispose();
        foreach (OctantFilter filter in _filters)
        {
            filter.Dispose();
        }

        _transform.Dispose();
    }

    private static bool[] FindRows(ReadOnlySpan<float> resolution, GridSize size)
    {
        bool[] rows = new bool[size.Y * size.Z];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = resolution.Slice(row * size.X, size.X).ContainsAnyExcept(0f);
        }

        return rows;
    }

    /// <summary>What becomes of Hv: volume = (Add ? volume : 0) + Factor · Hv, then at least Floor; and the sum of squares of the result.</summary>
    /// <param name="Volume">The volume.</param>
    /// <param name="Factor">Factor of Hv.</param>
    /// <param name="Add">True to add to the volume, false to replace it inside.</param>
    /// <param name="Floor">Smallest value that stays.</param>
    /// <param name="SquaresByPlane">Receives the sum of squares of each plane that has a voxel inside; or null. Cleared by the caller.</param>
    internal readonly record struct TermResult(
        float[] Volume,
        float Factor = 1,
        bool Add = false,
        float Floor = float.NegativeInfinity,
        double[]? SquaresByPlane = null);

    private readonly struct TermSink(LocalFilter filter, int term, TermResult result) : IRowSink
    {
        private readonly bool _isFirst = term == 0;
        private readonly bool _isLast = term == filter._filters.Length - 1;

        public bool Wants(int y0, int count, int z) =>
            filter._rowIsInside.AsSpan((z * filter._size.Y) + y0, count).Contains(true);

        public void Accept(int y, int z, ReadOnlySpan<float> row)
        {
            int width = filter._size.X;
            int start = (int)filter._size.Offset(0, y, z);
            ReadOnlySpan<float> resolution = filter._resolution.AsSpan(start, width);
            Span<float> destination = result.Volume.AsSpan(start, width);
            // What the next group of rows will meet comes in while it is transformed: 7 % of an application at 256³, 14 % at 128³.
            LinePrefetch.After(resolution, RowTransform.Rows * width);
            LinePrefetch.After(destination, RowTransform.Rows * width);
            filter._coefficients[term].Multiply(resolution, row, result.Factor, result.Add || !_isFirst, destination);
            if (!_isLast)
            {
                return;
            }

            if (result.Floor > float.NegativeInfinity)
            {
                TensorPrimitives.Max(destination, result.Floor, destination);
            }

            if (result.SquaresByPlane is { } squares)
            {
                squares[z] += VolumeStatistics.SumOfSquares(destination);
            }
        }
    }

    private readonly struct WeightedRows<TSource>(TSource source, TermCoefficient coefficients, float[] resolution, GridSize size) : IRowSource
        where TSource : struct, IRowSource
    {
        public ReadOnlySpan<float> Row(int y, int z, Span<float> scratch)
        {
            ReadOnlySpan<float> values = source.Row(y, z, scratch);
            coefficients.Multiply(resolution.AsSpan((int)size.Offset(0, y, z), size.X), values, 1, false, scratch);
            return scratch;
        }
    }
}
