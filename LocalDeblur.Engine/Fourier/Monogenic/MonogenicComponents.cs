using LocalDeblur.Maps;

namespace LocalDeblur.Fourier.Monogenic;

/// <summary>
/// The four components of a monogenic signal, v, Rx, Ry and Rz, taken through z and y but not through x; four spectra. What does not
/// depend on the filter stays there from one call to the next; the rest is room to work in.
/// </summary>
/// <param name="size">Size of the volume.</param>
internal sealed class MonogenicComponents(GridSize size) : IDisposable
{
    private readonly int _allBlocks = new SpectrumLayout(size).Blocks;
    private Spectrum? _source;
    private double _stopFrequency;
    private int _passingBlocks;

    /// <summary>v.</summary>
    public Spectrum Signal { get; } = new(size);

    /// <summary>Rx.</summary>
    public Spectrum X { get; } = new(size);

    /// <summary>Ry.</summary>
    public Spectrum Y { get; } = new(size);

    /// <summary>Rz.</summary>
    public Spectrum Z { get; } = new(size);

    /// <summary>Bytes held.</summary>
    /// <param name="size">Size of the volume.</param>
    public static long BytesFor(GridSize size) => 4 * RealFft3D.SpectrumBytes(size);

    /// <summary>Blocks of kx that have to be computed. Until <see cref="Complete"/> nothing here counts as computed.</summary>
    /// <param name="source">The map.</param>
    /// <param name="stop">What the filter takes away.</param>
    /// <param name="passingBlocks">Blocks of kx that will not be kept; all that the filter reaches are among them.</param>
    public int Begin(Spectrum source, OctantFilter stop, int passingBlocks)
    {
        // Both filters are 1 in the blocks beyond the new one's reach only if the earlier one did not reach farther.
        bool known = ReferenceEquals(source, _source) && stop.CutoffFrequency >= _stopFrequency && passingBlocks >= _passingBlocks;
        _source = null;
        return known ? passingBlocks : _allBlocks;
    }

    /// <summary>Says what has been computed.</summary>
    /// <param name="source">The map, which must not change while it is relied upon.</param>
    /// <param name="stop">What the filter took away.</param>
    /// <param name="passingBlocks">Blocks of kx that were not kept.</param>
    public void Complete(Spectrum source, OctantFilter stop, int passingBlocks)
    {
        _source = source;
        _stopFrequency = stop.CutoffFrequency;
        _passingBlocks = passingBlocks;
    }

    /// <summary>Says that the map has changed, so that nothing here counts as computed.</summary>
    public void Forget() => _source = null;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Signal.Dispose();
        X.Dispose();
        Y.Dispose();
        Z.Dispose();
    }
}
