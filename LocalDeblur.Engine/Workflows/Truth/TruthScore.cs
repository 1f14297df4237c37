using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Numerics;
using LocalDeblur.Shells;

namespace LocalDeblur.Workflows.Truth;

/// <summary>How near maps come to a sharp truth: Fourier shell correlation and correlation of the voxels, in a mask that fits the truth tightly.</summary>
/// <remarks>
/// The mask is where the truth, smoothed with a Gaussian of 2 Å, is above 15 % of its maximum, with a soft edge outwards; the correlation of voxels is taken where it
/// is 1. A looser mask counts solvent, where every map that damps noise is near to a truth of nothing. The Fourier shell correlation is the mean over the shells from
/// the first to the resolution, each counting once.
/// </remarks>
internal sealed class TruthScore : IDisposable
{
    /// <summary>Standard deviation of the Gaussian that smooths the truth for the mask (Å).</summary>
    public const double SmoothingWidth = 2;

    /// <summary>Share of the largest smoothed density from which on a voxel is inside.</summary>
    public const double ThresholdShare = 0.15;

    /// <summary>Width of the soft edge (Å).</summary>
    public const double EdgeWidth = 4;

    private readonly CryoMap _truth;
    private readonly double _finest;
    private readonly RunLimits _limits;
    private readonly float[] _mask;
    private readonly RadialShells _shells;
    private readonly RealFft3D _transform;
    private readonly Spectrum _truthSpectrum;
    private readonly Spectrum _spectrum;

    /// <summary>Makes the mask and transforms the truth.</summary>
    /// <param name="truth">The sharp truth. Cubic voxels; finite values.</param>
    /// <param name="finest">Finest resolution that counts (Å).</param>
    /// <param name="outline">The map that the mask is made of in the truth's place: where the sharp truth is not what the particles are on average; or null.</param>
    /// <param name="limits">Threads and memory. The result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EngineException">MapWithoutSignal: nothing in the truth is positive; InsufficientMemory.</exception>
    public TruthScore(CryoMap truth, double finest, CryoMap? outline, RunLimits limits, CancellationToken cancellationToken)
    {
        limits.Require(Bytes(truth.Size), Say($"Comparing with the truth '{truth.Name}' ({truth.Size} voxels)"), truth.Name);
        (_truth, _finest, _limits) = (truth, finest, limits);
        _shells = new RadialShells(truth.Size, truth.VoxelSize, limits: limits);
        _transform = new RealFft3D(truth.Size, limits);
        _truthSpectrum = _transform.AllocateSpectrum();
        _spectrum = _transform.AllocateSpectrum();
        _mask = TightMask(outline ?? truth, cancellationToken);
        _transform.Forward(new MaskedRows(truth.Load(cancellationToken), _mask, truth.Size), _truthSpectrum, cancellationToken);
    }

    /// <summary>Memory that is held (bytes).</summary>
    /// <param name="size">Size of the maps.</param>
    public static long Bytes(GridSize size) => (sizeof(float) * size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(size));

    /// <summary>Scores one map.</summary>
    /// <param name="map">The map, on the truth's grid.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Mean Fourier shell correlation, and correlation of the voxels; NaN for a map without contrast.</returns>
    public (double ShellCorrelation, double Correlation) Measure(CryoMap map, CancellationToken cancellationToken)
    {
        float[] voxels = map.Load(cancellationToken);
        ReadOnlySpan<float> truth = _truth.AsSpan(cancellationToken);
        PearsonSums sums = default;
        for (int i = 0; i < voxels.Length; i++)
        {
            if (_mask[i] == 1)
            {
                sums.Add(truth[i], voxels[i]);
            }
        }

        _transform.Forward(new MaskedRows(voxels, _mask, map.Size), _spectrum, cancellationToken);
        var shells = ShellCorrelation.Measure(_spectrum, _truthSpectrum, _shells, _limits, cancellationToken);
        return (shells.MeanBetween(double.PositiveInfinity, _finest * (1 - MapGrid.VoxelSizeTolerance)), sums.Correlation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spectrum.Dispose();
        _truthSpectrum.Dispose();
        _transform.Dispose();
    }

    private float[] TightMask(CryoMap outline, CancellationToken cancellationToken)
    {
        // Beyond this the filter is below 1e-6.
        const double Reach = 0.84;
        double width = SmoothingWidth / _truth.VoxelSize;
        float[] smooth = new float[_truth.Size.VoxelCount];
        using OctantFilter filter = OctantFilter.Create(_truth.Size, u => (float)Math.Exp(-2 * Math.Pow(Math.PI * width * u, 2)), Reach / width, _transform.Pool);
        _transform.Forward(outline.Load(cancellationToken), _spectrum, cancellationToken);
        _transform.Inverse(_spectrum, filter, _spectrum, smooth, cancellationToken);
        float threshold = (float)(ThresholdShare * System.Numerics.Tensors.TensorPrimitives.Max<float>(smooth));
        if (!(threshold > 0))
        {
            throw new EngineException(EngineError.MapWithoutSignal, $"'{outline.Name}' has no positive density, so that it is no truth to compare with.", outline.Name);
        }

        return ModelMask.Soften(Array.ConvertAll(smooth, value => value > threshold), _truth.Size, EdgeWidth / _truth.VoxelSize, _limits, cancellationToken);
    }
}
