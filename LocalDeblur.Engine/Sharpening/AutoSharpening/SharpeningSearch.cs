using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The B factors that were tried on a part of a map, and what came out.</summary>
/// <remarks>
/// B factors of the result from −100 to 300 Å² in steps of 20, further where the map's own lies outside. The penalty W on the number of regions is what
/// makes both ends score alike, (A₋₁₀₀ − A₃₀₀)/(n₋₁₀₀ − n₃₀₀), kept between the same ratios of the stretches 50 → 300 and −100 → 50, a tenth of their
/// distance away from either, so that neither end beats the middle. As in the published program.
/// </remarks>
internal sealed class SharpeningSearch
{
    private const double Lowest = -100;
    private const double Highest = 300;
    private const int Points = 21;
    private const double MiddleShare = 0.375;
    private const double Buffer = 0.1;
    private const double LeastRegions = 1e-3;
    private const double DefaultRegionWeight = 30;

    private SharpeningSearch(WilsonFit map, double[] tried, SurfaceArea[] areas, double[] kurtoses, (double Weight, bool Measured) penalty, AutoSharpenTarget target)
    {
        Map = map;
        Tried = tried;
        Kurtoses = kurtoses;
        RegionWeight = penalty.Weight;
        RegionWeightMeasured = penalty.Measured;
        AdjustedAreas = [.. areas.Select(area => area.Ratio - (penalty.Weight * area.Regions))];
        double[] scores = target == AutoSharpenTarget.Kurtosis ? kurtoses : AdjustedAreas;
        Best = Array.IndexOf(scores, scores.Max());
    }

    /// <summary>The fall-off of the part before anything was done.</summary>
    public WilsonFit Map { get; }

    /// <summary>B factors of the result that were tried (Å²).</summary>
    public double[] Tried { get; }

    /// <summary>Adjusted surface area of each.</summary>
    public double[] AdjustedAreas { get; }

    /// <summary>Kurtosis of each.</summary>
    public double[] Kurtoses { get; }

    /// <summary>Penalty W on the number of regions.</summary>
    public double RegionWeight { get; }

    /// <summary>False where surface and regions do not both fall with B, and W is a fixed 30.</summary>
    public bool RegionWeightMeasured { get; }

    /// <summary>Number of the best.</summary>
    public int Best { get; }

    /// <summary>B that takes the map to the best (Å²), positive to sharpen.</summary>
    public double SharpeningB => Map.Isotropic - Tried[Best];

    /// <summary>Bytes that a search takes beside its part of the map.</summary>
    /// <param name="size">Size of the part.</param>
    /// <param name="workers">B factors tried at a time.</param>
    public static long RequiredBytes(GridSize size, int workers) =>
        RealFft3D.SpectrumBytes(size)
        + (workers * (RealFft3D.SpectrumBytes(size) + OctantFilter.BytesFor(size) + (sizeof(float) * size.VoxelCount) + SurfaceArea.RequiredBytes(size)));

    /// <summary>Tries them all.</summary>
    /// <param name="part">The part of the map.</param>
    /// <param name="size">Its size.</param>
    /// <param name="voxelSize">Edge of a voxel (Å).</param>
    /// <param name="solventFraction">Share of its voxels that are not molecule.</param>
    /// <param name="options">Resolution and target.</param>
    /// <param name="workers">B factors tried at a time; the result does not depend on it.</param>
    /// <param name="tried">Told how many are done.</param>
    /// <param name="cancellationToken">Stops within a B factor.</param>
    /// <returns>Null where the part is too small to measure its fall-off.</returns>
    public static SharpeningSearch? Run(
        float[] part, GridSize size, double voxelSize, double solventFraction, AutoSharpenOptions options, int workers, Action<double> tried,
        CancellationToken cancellationToken)
    {
        var frequencies = new FrequencyGrid(size, voxelSize);
        using Spectrum spectrum = new(size);
        RunLimits limits = options.Limits with { Threads = workers };
        using (var transform = new RealFft3D(size, limits))
        {
            transform.Forward(part, spectrum, cancellationToken);
        }

        if (WilsonFit.Measure(spectrum, frequencies, options.Resolution, null, limits, cancellationToken) is not { } map)
        {
            return null;
        }

        map.RemoveAnisotropy(spectrum, frequencies, SharpeningFilter.Cutoff(options.Resolution), limits, cancellationToken);
        double from = Math.Min(map.Isotropic, Lowest);
        double to = Math.Max(map.Isotropic, Highest);
        double middle = from + (MiddleShare * (to - from));
        double[] all = [.. Enumerable.Range(0, Points).Select(i => from + ((to - from) * i / (Points - 1))), middle];
        var areas = new SurfaceArea[all.Length];
        double[] kurtoses = new double[all.Length];
        int done = 0;
        limits.ForEach(
            all.Length,
            () => new Trial(size),
            (i, trial) =>
            {
                float[] voxels = trial.Filter(spectrum, voxelSize, options.Resolution, map.Isotropic - all[i], cancellationToken);
                areas[i] = SurfaceArea.Measure(voxels, size, solventFraction, cancellationToken);
                kurtoses[i] = VolumeStatistics.Kurtosis(voxels);
                lock (areas)
                {
                    done++;
                    tried((double)done / all.Length);
                }
            },
            cancellationToken);

        return new SharpeningSearch(map, all[..Points], areas[..Points], kurtoses[..Points], Penalty(areas[0], areas[Points], areas[Points - 1]), options.Target);
    }

    private static (double Weight, bool Measured) Penalty(SurfaceArea low, SurfaceArea middle, SurfaceArea high)
    {
        if (low.Ratio < high.Ratio || low.Regions < high.Regions)
        {
            return (DefaultRegionWeight, false);
        }

        double weight = (low.Ratio - high.Ratio) / Math.Max(1e-10, low.Regions - high.Regions);
        double most = Math.Max(1e-10, (middle.Ratio - high.Ratio) / Math.Max(LeastRegions, middle.Regions - high.Regions));
        double least = Math.Max(1e-10, (low.Ratio - middle.Ratio) / Math.Max(LeastRegions, low.Regions - middle.Regions));
        double buffer = Buffer * Math.Max(0, most - least);
        least += buffer;
        most -= buffer;
        return (least < most ? Math.Clamp(weight, least, most) : weight, true);
    }

    // What one thread needs to try a B factor.
    private sealed class Trial(GridSize size) : IDisposable
    {
        private readonly RealFft3D _transform = new(size, 1);
        private readonly Spectrum _work = new(size);
        private readonly float[] _voxels = new float[size.VoxelCount];

        public float[] Filter(Spectrum spectrum, double voxelSize, double resolution, double sharpening, CancellationToken cancellationToken)
        {
            using OctantFilter filter = SharpeningFilter.Create(size, voxelSize, resolution, SharpeningFilter.Weight(resolution, sharpening), _transform.Pool);
            _transform.Inverse(spectrum, filter, _work, _voxels, cancellationToken);
            return _voxels;
        }

        public void Dispose()
        {
            _work.Dispose();
            _transform.Dispose();
        }
    }
}
