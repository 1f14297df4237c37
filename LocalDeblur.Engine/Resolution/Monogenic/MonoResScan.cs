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
    private double _largestMean;

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
    /// <param name="amplitudes">Measures them.</param>
    /// <param name="noise">Where the noise is taken from.</param>
    /// <param name="progress">Told about each resolution; or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(MonoResAmplitudes amplitudes, VoxelSet noise, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        float[] noiseAmplitudes = new float[noise.Count];
        string? stopReason = null;
        int[] indices = [.. Indices()];
        for (int i = 0; i < indices.Length && stopReason is null; i++)
        {
            int index = indices[i];
            double resolution = _size.X * _voxelSize / index;
            _evaluated.Add(resolution);
            double previous = _evaluated[Math.Max(0, i - 2)];
            progress?.Report(new StageProgress(Say($"Local resolution: {resolution:0.00} Å"), (double)i / indices.Length));
            long left = _state.LongLength - _state.AsSpan().Count(Done);
            if (left < SmallestShare * _maskVoxels)
            {
                stopReason = Say($"The scan ended at {resolution:0.###} Å, where only {left} voxels were left.");
            }
            else if (2 * index == _size.X)
            {
                // The published filter is 0·∞ here, so no voxel passes, and no other test applies.
                Update(double.PositiveInfinity, resolution, previous);
            }
            else
            {
                amplitudes.Measure((double)index / _size.X, _signal, _amplitudes, noise, noiseAmplitudes, cancellationToken);
                stopReason = Compare(noiseAmplitudes, resolution, previous);
            }
        }

        StopReason = stopReason ?? "The scan reached two voxels.";
    }

    // Compares each voxel with the noise at one resolution. Answers why the scan ends here; null where it goes on.
    private string? Compare(float[] noiseAmplitudes, double resolution, double previous)
    {
        Moments signal = MeasureSignal();
        int count = noiseAmplitudes.Length;
        double noiseMean = VolumeStatistics.Sum(noiseAmplitudes) / count;
        double noiseVariance = VolumeStatistics.SumOfSquares(noiseAmplitudes, noiseMean) / count;
        _largestMean = Math.Max(_largestMean, signal.Mean);
        if (signal.Mean < SmallestAmplitude * _largestMean)
        {
            return Say($"The scan ended at {resolution:0.###} Å, where the map has no amplitude left.");
        }

        double quantile = NormalQuantile.Approximate(_options.Significance);
        double threshold = _options.GaussianNoise
            ? noiseMean + (quantile * Math.Sqrt(noiseVariance))
            : OrderStatistic.Select(noiseAmplitudes, Math.Min(count - 1, (int)(count * _options.Significance)));
        Update(threshold, resolution, previous);
        double score = (signal.Mean - noiseMean) / Math.Sqrt((signal.Variance / signal.Count) + (noiseVariance / count));
        return score < quantile ? Say($"The scan ended at {resolution:0.###} Å, where the map is no stronger than the noise.") : null;
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
