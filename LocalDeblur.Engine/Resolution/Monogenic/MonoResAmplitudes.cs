using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Monogenic;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The amplitudes of the monogenic signal, of the map and of the noise, at the voxels that are looked at.</summary>
/// <param name="transform">Computes spectra; remains the caller's.</param>
internal sealed class MonoResAmplitudes(RealFft3D transform) : IDisposable
{
    private readonly MonogenicTransform _monogenic = new(transform.Size, transform.Pool);
    private readonly MonogenicComponents _components = new(transform.Size);
    private readonly Spectrum _map = transform.AllocateSpectrum();
    private readonly OctantFilter _stop = OctantFilter.Create(transform.Size, static _ => 0, 0, transform.Pool);
    private readonly OctantFilter _lowPass = OctantFilter.Create(transform.Size, static _ => 0, 0, transform.Pool);
    private Spectrum? _difference;
    private MonogenicComponents? _differenceComponents;

    /// <summary>Transforms the map.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Load(HalfMapRows rows, CancellationToken cancellationToken) => transform.Forward(rows, _map, cancellationToken);

    /// <summary>Transforms a noise map. Without one the noise is taken from the map itself.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="ownMemory">True for work memory of its own; that of the map costs time and changes nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void LoadNoise(HalfMapRows rows, bool ownMemory, CancellationToken cancellationToken)
    {
        _difference = transform.AllocateSpectrum();
        transform.Forward(rows, _difference, cancellationToken);
        _differenceComponents = ownMemory ? new MonogenicComponents(transform.Size) : null;
    }

    /// <summary>Measures the map without any high pass, smoothed as the refinement of the mask wants it.</summary>
    /// <param name="inside">Voxels of the mask.</param>
    /// <param name="insideAmplitudes">Receives theirs.</param>
    /// <param name="outside">Voxels outside.</param>
    /// <param name="outsideAmplitudes">Receives theirs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void MeasureSmoothed(VoxelSet inside, float[] insideAmplitudes, VoxelSet outside, float[] outsideAmplitudes, CancellationToken cancellationToken)
    {
        (Func<double, float> gaussian, double cutoff) = MonoResFilters.Gaussian(MonoResFilters.MaskWidth);
        _stop.Fill(static _ => 0, 0, transform.Pool);
        _lowPass.Fill(gaussian, cutoff, transform.Pool);
        _monogenic.Amplitude(_map, _components, _stop, _lowPass, new VoxelSet.Sink(inside, insideAmplitudes, outside, outsideAmplitudes), cancellationToken);
    }

    /// <summary>Measures map and noise after the high pass at a frequency, smoothed by the low pass at the same.</summary>
    /// <param name="frequency">Frequency (cycles/voxel), below ½.</param>
    /// <param name="signal">Voxels of the map.</param>
    /// <param name="signalAmplitudes">Receives theirs.</param>
    /// <param name="noise">Voxels of the noise.</param>
    /// <param name="noiseAmplitudes">Receives theirs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Measure(double frequency, VoxelSet signal, float[] signalAmplitudes, VoxelSet noise, float[] noiseAmplitudes, CancellationToken cancellationToken)
    {
        (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(frequency);
        _stop.Fill(MonoResFilters.Stop(frequency), frequency, transform.Pool);
        _lowPass.Fill(pass, cutoff, transform.Pool);
        if (_difference is null)
        {
            _monogenic.Amplitude(_map, _components, _stop, _lowPass, new VoxelSet.Sink(signal, signalAmplitudes, noise, noiseAmplitudes), cancellationToken);
        }
        else
        {
            _monogenic.Amplitude(_map, _components, _stop, _lowPass, new VoxelSet.Sink(signal, signalAmplitudes), cancellationToken);
            _monogenic.Amplitude(_difference, _differenceComponents ?? _components, _stop, _lowPass, new VoxelSet.Sink(noise, noiseAmplitudes), cancellationToken);
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _differenceComponents?.Dispose();
        _difference?.Dispose();
        _lowPass.Dispose();
        _stop.Dispose();
        _map.Dispose();
        _components.Dispose();
        _monogenic.Dispose();
    }
}
