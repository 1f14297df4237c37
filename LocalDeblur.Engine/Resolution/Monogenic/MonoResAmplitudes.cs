using LocalDeblur.Fourier;
using LocalDeblur.Fourier.Monogenic;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>
/// The amplitudes of the monogenic signal of one map at a time, at the voxels that are looked at. Map and noise take turns: their spectra and components are
/// most of what a run holds, and half as much as both would take does for either.
/// </summary>
/// <param name="transform">Computes spectra; remains the caller's.</param>
internal sealed class MonoResAmplitudes(RealFft3D transform) : IDisposable
{
    private readonly MonogenicTransform _monogenic = new(transform.Size, transform.Pool);
    private readonly MonogenicComponents _components = new(transform.Size);
    private readonly Spectrum _spectrum = transform.AllocateSpectrum();
    private readonly OctantFilter _stop = OctantFilter.Create(transform.Size, static _ => 0, 0, transform.Pool);
    private readonly OctantFilter _lowPass = OctantFilter.Create(transform.Size, static _ => 0, 0, transform.Pool);

    /// <summary>Transforms the map that is to be measured next, in place of the one before.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Load(HalfMapRows rows, CancellationToken cancellationToken)
    {
        _components.Forget();
        transform.Forward(rows, _spectrum, cancellationToken);
    }

    /// <summary>Takes a constant off the map that was loaded. It counts where there is no high pass.</summary>
    /// <param name="value">The constant, in the values of the rows.</param>
    public void TakeOff(float value) => _spectrum.Shift(-value);

    /// <summary>Measures without any high pass, smoothed as the refinement of the mask wants it.</summary>
    /// <param name="sink">Takes the amplitudes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void MeasureSmoothed(VoxelSet.Sink sink, CancellationToken cancellationToken)
    {
        (Func<double, float> gaussian, double cutoff) = MonoResFilters.Gaussian(MonoResFilters.MaskWidth);
        _stop.Fill(static _ => 0, 0, transform.Pool);
        _lowPass.Fill(gaussian, cutoff, transform.Pool);
        _monogenic.Amplitude(_spectrum, _components, _stop, _lowPass, sink, cancellationToken);
    }

    /// <summary>Measures after the high pass at a frequency, smoothed by the low pass at the same. Fastest from low to high frequencies.</summary>
    /// <param name="frequency">Frequency (cycles/voxel), below ½.</param>
    /// <param name="sink">Takes the amplitudes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Measure(double frequency, VoxelSet.Sink sink, CancellationToken cancellationToken)
    {
        (Func<double, float> pass, double cutoff) = MonoResFilters.LowPass(frequency);
        _stop.Fill(MonoResFilters.Stop(frequency), frequency, transform.Pool);
        _lowPass.Fill(pass, cutoff, transform.Pool);
        _monogenic.Amplitude(_spectrum, _components, _stop, _lowPass, sink, cancellationToken);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _lowPass.Dispose();
        _stop.Dispose();
        _spectrum.Dispose();
        _components.Dispose();
        _monogenic.Dispose();
    }
}
