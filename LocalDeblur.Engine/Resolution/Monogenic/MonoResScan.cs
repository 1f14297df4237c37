using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Monogenic;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>
/// The scan of MonoRes from coarse to fine: at each resolution the amplitude of every voxel is compared with a threshold from the noise,
/// and a voxel that falls behind twice running keeps the last resolution at which it did not.
/// </summary>
internal sealed class MonoResScan
{
    /// <summary>The scan ends when less than this share of the mask is left.</summary>
    private const double SmallestShare = 0.025;

    /// <summary>The scan ends when the mean amplitude has fallen to this share of its largest.</summary>
    private const double SmallestAmplitude = 0.001;

    /// <summary>A voxel that was below the threshold this often, less one, in a row is done.</summary>
    private const byte Done = 3;

    private const int ChunkLength = 1 << 16;

    private readonly GridSize _size;
    private readonly double _voxelSize;
    private readonly MonoResOptions _options;
    private readonly double _coarsest;
    private readonly WorkerPool _pool;
    private readonly VoxelSet _signal;
    private readonly long _maskVoxels;
    private readonly byte[] _state;
    private readonly float[] _amplitudes;
    private readonly List<double> _evaluated = [];

    /// <summary>Prepares a scan.</summary>
    /// <param name="map">Grid of the map.</param>
    /// <param name="options">Step, significance, kind of threshold.</param>
    /// <param name="coarsest">Resolution to begin with (Å).</param>
    /// <param name="signal">The voxels that are to be measured.</param>
    /// <param name="maskVoxels">Number of voxels that shares refer to.</param>
    /// <param name="pool">Threads.</param>
    public MonoResScan(MapGrid map, MonoResOptions options, double coarsest, VoxelSet signal, long maskVoxels, WorkerPool pool)
    {
        _size = map.Size;
        _voxelSize = map.VoxelSize;
        _options = options;
        _coarsest = coarsest;
        _signal = signal;
        _maskVoxels = maskVoxels;
        _pool = pool;
        _state = new byte[signal.Count];
        _state.AsSpan().Fill(1);
        _amplitudes = new float[signal.Count];
        Resolutions = new float[signal.Count];
    }

    /// <summary>Local resolution of each voxel measured (Å); 0 where none was found.</summary>
    public float[] Resolutions { get; }

    /// <summary>The resolutions that were tried (Å), coarse to fine.</summary>
    public IReadOnlyList<double> Evaluated => _evaluated;

    /// <summary>Why the scan ended, one sentence.</summary>
    public string StopReason { get; private set; } = "";

    /// <summary>Scans.</summary>
    /// <param name="transform">Computes amplitudes.</param>
    /// <param name="map">Spectrum of the map.</param>
    /// <param name="components">Memory for the map's components.</param>
    /// <param name="difference">Spectrum of the noise map; null to take the noise from the map.</param>
    /// <param name="differenceComponents">Memory for the noise map's components; the same object costs time and changes nothing.</param>
    /// <param name="noise">Where the noise is taken from.</param>
    /// <param name="progress">Told about each resolution; or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(
        MonogenicTransform transform,
        Spectrum map,
        MonogenicComponents components,
        Spectrum? difference,
        MonogenicComponents differenceComponents,
        VoxelSet noise,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        float[] noiseAmplitudes = new float[noise.Count];
        using OctantFilter stop = OctantFilter.Create(_size, static _ => 0, 0, _pool);
        using OctantFilter lowPass = OctantFilter.Create(_size, static _ => 0, 0, _pool);
        double quantile = NormalQuantile.Approximate(_options.Significance);
        int rank = Math.Min(noise.Count - 1, (int)(noise.Count * _options.Significance));
        double largestMean = 0;

        int[] indices = [.. Indices()];
        for (int i = 0; i < indices.Length; i++)
        {
            int index = indices[i];
            double resolution = _size.X * _voxelSize / index;
            _evaluated.Add(resolution);
            double previous = _evaluated[Math.Max(0, i - 2)];
            progress?.Report(new StageProgress(Say($"Local resolution: {resolution:0.00} Å"), (double)i / indices.Length));
            long left = _state.LongLength - _state.AsSpan().Count(Done);
            if (left < SmallestShare * _maskVoxels)
            {
                StopReason = Say($"The scan ended at {resolution:0.###} Å, where only {left} voxels were left.");
                return;
            }

            if (2 * index == _size.X)
            {
                // The published filter is 0·∞ here, so no voxel passes, and no other test applies.
                Update(double.PositiveInfinity, resolution, previous);
                break;
            }

            double f = (double)index / _size.X;
            (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(f);
            stop.Fill(MonoResFilters.Stop(f), f, _pool);
            lowPass.Fill(pass, cutoff, _pool);
            if (difference is null)
            {
                transform.Amplitude(map, components, stop, lowPass, new VoxelSet.Sink(_signal, _amplitudes, noise, noiseAmplitudes), cancellationToken);
            }
            else
            {
                transform.Amplitude(map, components, stop, lowPass, new VoxelSet.Sink(_signal, _amplitudes), cancellationToken);
                transform.Amplitude(difference, differenceComponents, stop, lowPass, new VoxelSet.Sink(noise, noiseAmplitudes), cancellationToken);
            }

            Moments signal = MeasureSignal();
            double noiseMean = VolumeStatistics.Sum(noiseAmplitudes) / noise.Count;
            double noiseVariance = VolumeStatistics.SumOfSquares(noiseAmplitudes, noiseMean) / noise.Count;
            largestMean = Math.Max(largestMean, signal.Mean);
            if (signal.Mean < SmallestAmplitude * largestMean)
            {
                StopReason = Say($"The scan ended at {resolution:0.###} Å, where the map has no amplitude left.");
                return;
            }

            double threshold = _options.GaussianNoise
                ? noiseMean + (quantile * Math.Sqrt(noiseVariance))
                : OrderStatistic.Select(noiseAmplitudes, rank);
            Update(threshold, resolution, previous);
            double score = (signal.Mean - noiseMean) / Math.Sqrt((signal.Variance / signal.Count) + (noiseVariance / noise.Count));
            if (score < quantile)
            {
                StopReason = Say($"The scan ended at {resolution:0.###} Å, where the map is no stronger than the noise.");
                return;
            }
        }

        StopReason = "The scan reached two voxels.";
    }

    // Fourier indices of the scan, each once, up to and including two voxels.
    private IEnumerable<int> Indices()
    {
        double edge = _size.X * _voxelSize;
        int last = -1;
        for (int count = 0; ; count++)
        {
            double resolution = _coarsest - (count * _options.Step);
            if (resolution <= 0)
            {
                yield break;
            }

            double index = Math.Round(edge / resolution, MidpointRounding.AwayFromZero);
            if (2 * index > _size.X)
            {
                yield break;
            }

            if ((int)index == last)
            {
                continue;
            }

            last = (int)index;
            yield return last;
        }
    }

    // Over the voxels that are still measured. Chunks have a fixed length, so the sums do not depend on the number of threads.
    private Moments MeasureSignal()
    {
        var chunks = new Moments[(_state.Length + ChunkLength - 1) / ChunkLength];
        _pool.Run(chunks.Length, i =>
        {
            int start = i * ChunkLength;
            int length = Math.Min(ChunkLength, _state.Length - start);
            ReadOnlySpan<byte> state = _state.AsSpan(start, length);
            ReadOnlySpan<float> amplitudes = _amplitudes.AsSpan(start, length);
            long count = 0;
            double sum = 0, squares = 0;
            for (int j = 0; j < state.Length; j++)
            {
                if (state[j] == Done)
                {
                    continue;
                }

                double amplitude = amplitudes[j];
                count++;
                sum += amplitude;
                squares += amplitude * amplitude;
            }

            chunks[i] = new Moments(count, sum, squares);
        });

        return chunks.Aggregate(static (a, b) => new Moments(a.Count + b.Count, a.Sum + b.Sum, a.Squares + b.Squares));
    }

    private void Update(double threshold, double resolution, double previous)
    {
        float here = (float)resolution, before = (float)previous;
        _pool.Run((_state.Length + ChunkLength - 1) / ChunkLength, chunk =>
        {
            int start = chunk * ChunkLength;
            int end = Math.Min(_state.Length, start + ChunkLength);
            for (int i = start; i < end; i++)
            {
                if (_state[i] == Done)
                {
                    continue;
                }

                if (_amplitudes[i] > threshold)
                {
                    _state[i] = 1;
                    Resolutions[i] = here;
                }
                else if (++_state[i] == Done)
                {
                    Resolutions[i] = before;
                }
            }
        });
    }

    private readonly record struct Moments(long Count, double Sum, double Squares)
    {
        public double Mean => Sum / Count;

        public double Variance => Math.Max(0, (Squares / Count) - (Mean * Mean));
    }
}
