using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Phantom;

/// <summary>
/// A phantom with everything drawn: the half maps that a method gets, and what is otherwise unknown, the truth, the local resolution, the
/// mask and the atoms. All on one grid.
/// </summary>
public sealed class CryoPhantom
{
    // Shares of the time: the density takes it, mask and local resolution are quick.
    private const double OneDensity = 0.3;

    private readonly Lazy<AtomicModel> _model;

    private CryoPhantom(HelixPhantom phantom, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        phantom.RequireMemory(volumes: 5);
        Options = phantom.Options;
        AtomCount = phantom.Atoms.Count;
        _model = new Lazy<AtomicModel>(phantom.BuildModel);
        Truth = phantom.DrawTruth(ScaledProgress.Part(progress, 0, OneDensity), cancellationToken);
        HalfMap1 = phantom.DrawHalfMap(1, ScaledProgress.Part(progress, OneDensity, OneDensity), cancellationToken);
        HalfMap2 = phantom.DrawHalfMap(2, ScaledProgress.Part(progress, 2 * OneDensity, OneDensity), cancellationToken);
        Mask = phantom.DrawMask(cancellationToken);
        LocalResolution = phantom.DrawLocalResolution(cancellationToken);
    }

    /// <summary>What it was made with.</summary>
    public PhantomOptions Options { get; }

    /// <summary>First half map: the signal, blurred as the local resolution falls, with noise.</summary>
    public CryoMap HalfMap1 { get; }

    /// <summary>Second half map: the same signal, with noise of its own.</summary>
    public CryoMap HalfMap2 { get; }

    /// <summary>The truth: every atom at the finest resolution, no noise.</summary>
    public CryoMap Truth { get; }

    /// <summary>The true local resolution (Å) inside the mask, 0 outside.</summary>
    public CryoMap LocalResolution { get; }

    /// <summary>The mask: 1 within 5 Å of an atom, 0 elsewhere.</summary>
    public CryoMap Mask { get; }

    /// <summary>The atoms of the truth, each helix a chain. Built when it is first asked for.</summary>
    public AtomicModel Model => _model.Value;

    /// <summary>Number of atoms.</summary>
    public int AtomCount { get; }

    /// <summary>Draws a phantom.</summary>
    /// <param name="options">What to make; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the drawing.</param>
    /// <exception cref="EngineException">ParameterOutOfRange or InsufficientMemory.</exception>
    public static CryoPhantom Draw(PhantomOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new(new HelixPhantom(options), progress, cancellationToken);

    /// <summary>For example <c>phantom of 4012 atoms (128 × 128 × 128)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"phantom of {AtomCount} atoms ({Truth.Size})");
}
