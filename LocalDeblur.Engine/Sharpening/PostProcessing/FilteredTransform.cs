using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>The Fourier transform of a map, and the radial filter that it is looked at through. The transform itself stays as it is.</summary>
/// <param name="transform">Computes it; remains the caller's.</param>
/// <param name="shells">The shells that amplitudes are averaged in.</param>
/// <param name="limits">Threads.</param>
internal sealed class FilteredTransform(RealFft3D transform, RadialShells shells, RunLimits limits) : IDisposable
{
    private readonly Spectrum _spectrum = transform.AllocateSpectrum();
    private OctantFilter? _filter;

    /// <summary>Transforms one map, or the mean of two half maps.</summary>
    /// <param name="input">The map, or the half maps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Load(Reconstruction input, CancellationToken cancellationToken)
    {
        float[] first = input.First.Load(cancellationToken);
        if (input.HasHalves)
        {
            transform.Forward(new HalfMapRows(first, input.Half2.Load(cancellationToken), subtract: false, 0.5f, shells.Size), _spectrum, cancellationToken);
        }
        else
        {
            transform.Forward(first, _spectrum, cancellationToken);
        }
    }

    /// <summary>Looks through another filter from now on.</summary>
    /// <param name="factor">What coefficients are multiplied by, by frequency (cycles/voxel).</param>
    /// <param name="cutoff">Frequency (cycles/voxel) beyond which all are 0.</param>
    public void Filter(Func<double, float> factor, double cutoff)
    {
        if (_filter is null)
        {
            _filter = OctantFilter.Create(shells.Size, factor, cutoff, transform.Pool);
        }
        else
        {
            _filter.Fill(factor, cutoff, transform.Pool);
        }
    }

    /// <summary>The mean amplitude of each shell, through the filter if there is one.</summary>
    /// <param name="name">Name of the map.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public GuinierProfile Profile(string name, CancellationToken cancellationToken) => GuinierProfile.Measure(_spectrum, _filter, shells, limits, cancellationToken).Named(name);

    /// <summary>The filtered map. It takes the place of the transform, which is lost.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public float[] ToVoxels(CancellationToken cancellationToken)
    {
        float[] voxels = new float[shells.Size.VoxelCount];
        transform.Inverse(_spectrum, _filter, _spectrum, voxels, cancellationToken);
        return voxels;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _filter?.Dispose();
        _spectrum.Dispose();
    }
}
