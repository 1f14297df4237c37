using System.Collections.ObjectModel;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>The Fourier transforms of two half maps, unmasked, masked or with random phases, and what of them correlates in each shell.</summary>
/// <param name="halves">The half maps.</param>
/// <param name="shells">The shells.</param>
/// <param name="options">Seed, and threads.</param>
/// <param name="report">Told the share of the run that is done.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class HalfMapSpectra(Reconstruction halves, RadialShells shells, FourierShellCorrelationOptions options, Action<double> report, CancellationToken cancellationToken)
    : IDisposable
{
    private readonly RealFft3D _transform = new(shells.Size, options.Limits);
    private Spectrum? _first;
    private Spectrum? _second;

    private Spectrum First => _first ??= _transform.AllocateSpectrum();

    private Spectrum Second => _second ??= _transform.AllocateSpectrum();

    /// <summary>What is taken off the half maps before a mask is applied.</summary>
    public (float First, float Second) Backgrounds { get; init; }

    /// <summary>The curve of the whole maps.</summary>
    public IReadOnlyList<double> Unmasked()
    {
        _transform.Forward(halves.Half1.Load(cancellationToken), First, cancellationToken);
        _transform.Forward(halves.Half2.Load(cancellationToken), Second, cancellationToken);
        return Correlate();
    }

    /// <summary>The curve of maps with random phases, masked. To be asked for after the unmasked curve, whose transforms it randomises.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="from">First shell with random phases.</param>
    public IReadOnlyList<double> Randomised(CryoMap mask, int from)
    {
        ReadOnlyMemory<float> shape = mask.Load(cancellationToken);
        var work = new float[shells.Size.VoxelCount];
        report(0.2);
        Randomise(First, 1, Backgrounds.First);
        report(0.45);
        Randomise(Second, 2, Backgrounds.Second);
        return Correlate();

        void Randomise(Spectrum spectrum, int map, float background)
        {
            PhaseRandomisation.Apply(spectrum, from, options.Seed, map, options.Limits, cancellationToken);
            _transform.Inverse(spectrum, work, cancellationToken);
            _transform.Forward(new MaskedRows(work, shape, shells.Size, background), spectrum, cancellationToken);
        }
    }

    /// <summary>The curve of the maps times a mask.</summary>
    /// <param name="mask">The mask.</param>
    public IReadOnlyList<double> Masked(CryoMap mask)
    {
        ReadOnlyMemory<float> shape = mask.Load(cancellationToken);
        report(0.7);
        _transform.Forward(new MaskedRows(halves.Half1.Load(cancellationToken), shape, shells.Size, Backgrounds.First), First, cancellationToken);
        _transform.Forward(new MaskedRows(halves.Half2.Load(cancellationToken), shape, shells.Size, Backgrounds.Second), Second, cancellationToken);
        return Correlate();
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        _second?.Dispose();
        _first?.Dispose();
        _transform.Dispose();
    }

    private ReadOnlyCollection<double> Correlate() => ShellCorrelation.Measure(First, Second, shells, options.Limits, cancellationToken).Values;
}
