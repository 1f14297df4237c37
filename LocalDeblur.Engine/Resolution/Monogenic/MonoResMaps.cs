using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The maps that a scan leads to: the local resolution, smoothed, and what is asked for beside it.</summary>
/// <param name="Resolution">The local resolution (Å), 0 outside.</param>
/// <param name="Filled">The same with its background filled; null unless asked for.</param>
/// <param name="Mask">1 where there is a resolution; null unless asked for.</param>
internal sealed record MonoResMaps(float[] Resolution, float[]? Filled, float[]? Mask)
{
    /// <summary>Voxels within this of the finest resolution tried (Å) count where the median is taken.</summary>
    private const double MedianTolerance = 0.001;

    /// <summary>Fills the background with the median, smooths, and keeps what the smoothing did not make coarser or finer than two voxels.</summary>
    /// <param name="map">The map.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="signal">The voxels that it measured.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="transform">Smooths.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">MapWithoutSignal where the scan found nothing.</exception>
    public static MonoResMaps Smooth(CryoMap map, MonoResScan scan, VoxelSet signal, MonoResOptions options, RealFft3D transform, CancellationToken cancellationToken)
    {
        float last = (float)scan.Evaluated[^1];
        float[] resolution = new float[map.Size.VoxelCount];
        signal.Scatter<float>(scan.Resolutions, resolution);
        float[] filled = Fill(resolution, last, Median(map, scan));
        using (Spectrum spectrum = transform.AllocateSpectrum())
        {
            (Func<double, float> gaussian, double cutoff) = MonoResFilters.Gaussian(MonoResFilters.MapWidth);
            using OctantFilter smoothing = OctantFilter.Create(map.Size, gaussian, cutoff, transform.Pool);
            transform.Forward(filled, spectrum, cancellationToken);
            transform.Inverse(spectrum, smoothing, spectrum, filled, cancellationToken);
        }

        float[]? mask = options.WithRefinedMask ? Array.ConvertAll(resolution, value => value >= last ? 1f : 0f) : null;
        KeepSmoothed(resolution, filled, last, (float)(2 * map.VoxelSize));
        return new MonoResMaps(resolution, options.WithFilledMap ? filled : null, mask);
    }

    private static float Median(CryoMap map, MonoResScan scan)
    {
        float last = (float)scan.Evaluated[^1];
        float[] found = Array.FindAll(scan.Resolutions, value => value > last - MedianTolerance);
        return found.Length > 0
            ? OrderStatistic.Select(found, found.Length / 2)
            : throw MonoRes.WithoutSignal(map, Say($"no voxel of the mask exceeds the noise at any of the {scan.Evaluated.Count} resolutions tried"));
    }

    private static float[] Fill(float[] resolution, float last, float background)
    {
        float[] filled = new float[resolution.Length];
        for (int i = 0; i < filled.Length; i++)
        {
            filled[i] = resolution[i] >= last ? resolution[i] : background;
        }

        return filled;
    }

    private static void KeepSmoothed(float[] resolution, float[] filled, float last, float twoVoxels)
    {
        for (int i = 0; i < resolution.Length; i++)
        {
            if (!(resolution[i] >= last))
            {
                resolution[i] = 0;
                continue;
            }

            if (filled[i] > resolution[i] || filled[i] < twoVoxels)
            {
                filled[i] = resolution[i];
            }

            resolution[i] = filled[i];
        }
    }
}
