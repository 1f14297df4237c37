using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>The Fourier transform of a whole map, whose anisotropy is removed.</summary>
/// <param name="transform">Computes it; remains the caller's.</param>
/// <param name="frequencies">Frequencies of its coefficients.</param>
/// <param name="options">Resolution and threads.</param>
internal sealed class MapTransform(RealFft3D transform, FrequencyGrid frequencies, AutoSharpenOptions options) : IDisposable
{
    /// <summary>The coefficients.</summary>
    public Spectrum Spectrum { get; } = transform.AllocateSpectrum();

    /// <summary>Transforms a map, measures its fall-off with frequency and makes it equal in all directions.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The fall-off.</returns>
    /// <exception cref="EngineException">ParameterOutOfRange where there are too few coefficients to measure it.</exception>
    public WilsonFit Load(CryoMap map, CancellationToken cancellationToken)
    {
        transform.Forward(map.Load(cancellationToken), Spectrum, cancellationToken);
        WilsonFit fit = WilsonFit.Measure(Spectrum, frequencies, options.Resolution, null, options.Limits, cancellationToken)
            ?? throw AutoSharpen.TooSmall(map, options, VoxelBox.Whole(map.Size));
        fit.RemoveAnisotropy(Spectrum, frequencies, SharpeningFilter.Cutoff(options.Resolution), options.Limits, cancellationToken);
        return fit;
    }

    /// <summary>Weights the map and brings it to mean 0 and standard deviation 1. The transform is lost.</summary>
    /// <param name="map">The map that was loaded.</param>
    /// <param name="weight">Weight by frequency (1/Å).</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">MapWithoutSignal where nothing is left.</exception>
    public SharpenedVoxels Sharpen(CryoMap map, Func<double, double> weight, CancellationToken cancellationToken)
    {
        double finalB = WilsonFit.Measure(Spectrum, frequencies, options.Resolution, weight, options.Limits, cancellationToken)?.Isotropic ?? double.NaN;
        using OctantFilter filter = SharpeningFilter.Create(map.Size, map.VoxelSize, options.Resolution, weight, transform.Pool);
        float[] voxels = new float[map.Size.VoxelCount];
        transform.Inverse(Spectrum, filter, Spectrum, voxels, cancellationToken);
        VolumeStatistics statistics = VolumeStatistics.Measure(voxels);
        if (!(statistics.StandardDeviation > 0))
        {
            throw AutoSharpen.Flat(map);
        }

        TensorPrimitives.Subtract(voxels, (float)statistics.Mean, voxels);
        TensorPrimitives.Multiply(voxels, (float)(1 / statistics.StandardDeviation), voxels);
        return new SharpenedVoxels(voxels, finalB, VolumeStatistics.Kurtosis(voxels));
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => Spectrum.Dispose();
}
