using LocalDeblur.Fourier;
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

    /// <summary>At how many resolutions at least the noise is measured before the map is.</summary>
    private const int LeastLookAhead = 4;

    private const int ChunkLength = 1 << 16;
    private const double LeastShareAtStart = 0.5;

    private readonly GridSize _size;
    private readonly double _voxelSize;
    private readonly MonoResOptions _options;
    private readonly double _quantile;
    private readonly WorkerPool _pool;
    private readonly VoxelSet _signal;
    private readonly VoxelSet _noise;
    private readonly long _maskVoxels;
    private readonly byte[] _state;
    private readonly float[] _amplitudes;
    private readonly float[] _noiseAmplitudes;
    private readonly List<double> _evaluated = [];
    private double _largestMean;

    /// <summary>Prepares a scan.</summary>
    /// <param name="map">Grid of the map.</param>
    /// <param name="options">Step, significance, kind of threshold.</param>
    /// <param name="voxels">The voxels that are to be measured, and those that the noise is taken from.</param>
    /// <param name="maskVoxels">Number of voxels that shares refer to.</param>
    /// <param name="pool">Threads.</param>
    public MonoResScan(MapGrid map, MonoResOptions options, MonoResVoxels voxels, long maskVoxels, WorkerPool pool)
    {
        _size = map.Size;
        _voxelSize = map.VoxelSize;
        _options = options;
        _quantile = NormalQuantile.Approximate(options.Significance);
        _signal = voxels.Signal;
        _noise = voxels.Noise;
        _maskVoxels = maskVoxels;
        _pool = pool;
        _state = new byte[_signal.Count];
        _amplitudes = new float[_signal.Count];
        _noiseAmplitudes = new float[_noise.Count];
        Resolutions = new float[_signal.Count];
    }

    /// <summary>Local resolution of each voxel measured (Å); 0 where none was found.</summary>
    public float[] Resolutions { get; }

    /// <summary>The resolutions that were tried (Å), coarse to fine.</summary>
    public IReadOnlyList<double> Evaluated => _evaluated;

    /// <summary>Share of the voxels that are stronger than the noise where the scan begins.</summary>
    public double ShareAtStart { get; private set; } = double.NaN;

    /// <summary>Whether the scan begins where fewer than half of the voxels are stronger than the noise.</summary>
    public bool BeginsTooFine => ShareAtStart < LeastShareAtStart;

    /// <summary>Why the scan ended, one sentence.</summary>
    public string StopReason { get; private set; } = "";

    /// <summary>Scans, anew where it did before: what it holds is too large to have twice.</summary>
    /// <param name="coarsest">Resolution to begin with (Å).</param>
    /// <param name="amplitudes">Measures them; the map is loaded.</param>
    /// <param name="map">The rows of the map.</param>
    /// <param name="noise">The rows of the noise; null where it is taken from the map itself.</param>
    /// <param name="mayBeginCoarser">True to end after the first resolution where <see cref="BeginsTooFine"/>.</param>
    /// <param name="progress">Told about each resolution; or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(
        double coarsest,
        MonoResAmplitudes amplitudes,
        HalfMapRows map,
        HalfMapRows? noise,
        bool mayBeginCoarser,
        IProgress<StageProgress>? progress,
        CancellationToken cancellationToken)
    {
        _state.AsSpan().Fill(1);
        Resolutions.AsSpan().Clear();
        _evaluated.Clear();
        _largestMean = 0;
        string? stopReason = null;
        int[] indices = [.. Indices(coarsest)];
        var levels = new NoiseLevel[indices.Length];
        int measured = 0;
        for (int i = 0; i < indices.Length && stopReason is null; i++)
        {
            double resolution = Resolution(indices[i]);
            _evaluated.Add(resolution);
            double previous = _evaluated[Math.Max(0, i - 2)];
            long left = _state.LongLength - _state.AsSpan().Count(Done);
            if (left < SmallestShare * _maskVoxels)
            {
                stopReason = Say($"The scan ended at {resolution:0.###} Å, where only {left} voxels were left.");
                continue;
            }

            if (IsTwoVoxels(indices[i]))
            {
                // The published filter is 0·∞ here, so no voxel passes, and no other test applies.
                Update(double.PositiveInfinity, resolution, previous);
                continue;
            }

            if (noise is { } rows && i == measured)
            {
                measured = LookAhead(rows, i);
            }

            Report("Local resolution", i, i + measured);
            MeasureMap(i);
            stopReason = Compare(levels[i], resolution, previous);
            ShareAtStart = i == 0 ? (double)_state.AsSpan().Count((byte)1) / _state.Length : ShareAtStart;
            if (mayBeginCoarser && BeginsTooFine)
            {
                return;
            }
        }

        StopReason = stopReason ?? "The scan reached two voxels.";

        // Half of what is left: each change from noise to map costs a step's time, and so does each resolution that is not reached.
        int LookAhead(HalfMapRows rows, int from)
        {
            int to = from + Math.Max(LeastLookAhead, (indices.Length - from) / 2);
            amplitudes.Load(rows, cancellationToken);
            int i = from;
            for (; i < Math.Min(to, indices.Length) && !IsTwoVoxels(indices[i]); i++)
            {
                Report("Noise", i, from + i);
                amplitudes.Measure(Frequency(indices[i]), new VoxelSet.Sink(_noise, _noiseAmplitudes), cancellationToken);
                levels[i] = MeasureNoise();
            }

            amplitudes.Load(map, cancellationToken);
            return i;
        }

        void MeasureMap(int i)
        {
            double frequency = Frequency(indices[i]);
            if (noise is not null)
            {
                amplitudes.Measure(frequency, new VoxelSet.Sink(_signal, _amplitudes), cancellationToken);
                return;
            }

            amplitudes.Measure(frequency, new VoxelSet.Sink(_signal, _amplitudes, _noise, _noiseAmplitudes), cancellationToken);
            levels[i] = MeasureNoise();
        }

        void Report(string what, int i, int done) =>
            progress?.Report(new StageProgress(Say($"{what}: {Resolution(indices[i]):0.00} Å"), done / (noise is null ? 1.0 : 2.0) / indices.Length));
    }

    private double Resolution(int index) => _size.X * _voxelSize / index;

    private double Frequency(int index) => (double)index / _size.X;

    private bool IsTwoVoxels(int index) => 2 * index == _size.X;

    // Of the amplitudes measured last.
    private NoiseLevel MeasureNoise()
    {
        int count = _noiseAmplitudes.Length;
        double mean = VolumeStatistics.Sum(_noiseAmplitudes) / count;
        double variance = VolumeStatistics.SumOfSquares(_noiseAmplitudes, mean) / count;
        double threshold = _options.GaussianNoise
            ? mean + (_quantile * Math.Sqrt(variance))
            : OrderStatistic.Select(_noiseAmplitudes, Math.Min(count - 1, (int)(count * _options.Significance)));
        return new NoiseLevel(threshold, mean, variance / count);
    }

    // Compares each voxel with the noise at one resolution. Answers why the scan ends here; null where it goes on.
    private string? Compare(NoiseLevel noise, double resolution, double previous)
    {
        Moments signal = MeasureSignal();
        _largestMean = Math.Max(_largestMean, signal.Mean);
        if (signal.Mean < SmallestAmplitude * _largestMean)
        {
            return Say($"The scan ended at {resolution:0.###} Å, where the map has no amplitude left.");
        }

        Update(noise.Threshold, resolution, previous);
        double score = (signal.Mean - noise.Mean) / Math.Sqrt((signal.Variance / signal.Count) + noise.VarianceOfMean);
        return score < _quantile ? Say($"The scan ended at {resolution:0.###} Å, where the map is no stronger than the noise.") : null;
    }

    // Fourier indices of the scan, each once, up to and including two voxels.
    private IEnumerable<int> Indices(double coarsest)
    {
        double edge = _size.X * _voxelSize;
        int last = -1;
        for (int count = 0; ; count++)
        {
            double resolution = coarsest - (count * _options.Step);
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

    /// <summary>The noise at one resolution.</summary>
    /// <param name="Threshold">What a voxel has to exceed.</param>
    /// <param name="Mean">Mean amplitude.</param>
    /// <param name="VarianceOfMean">Variance of that mean.</param>
    private readonly record struct NoiseLevel(double Threshold, double Mean, double VarianceOfMean);

    private readonly record struct Moments(long Count, double Sum, double Squares)
    {
        public double Mean => Sum / Count;

        public double Variance => Math.Max(0, (Squares / Count) - (Mean * Mean));
    }
}
