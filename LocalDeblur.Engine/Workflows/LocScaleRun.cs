using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Sharpening.LocScaling;

namespace LocalDeblur.Workflows;

/// <summary>
/// A whole LocScale run: by a reference map, or by a model whose density is drawn first, once for all maps on one grid. For one map after another, not for
/// several at once.
/// </summary>
public sealed class LocScaleRun
{
    // Of the run, for the progress display.
    private const double DrawingShare = 0.1;

    private readonly CryoMap? _reference;
    private readonly AtomicModel? _model;
    private readonly ModelDensityOptions? _drawing;

    /// <summary>Scales by a map.</summary>
    /// <param name="reference">The map whose amplitudes are taken over.</param>
    public LocScaleRun(CryoMap reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        _reference = reference;
    }

    /// <summary>Scales by a model.</summary>
    /// <param name="model">The model, fitted into the maps.</param>
    /// <param name="drawing">How its density is drawn; null for the defaults.</param>
    public LocScaleRun(AtomicModel model, ModelDensityOptions? drawing = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _drawing = drawing;
    }

    /// <summary>Density of the model that was drawn last, whose history says how; null where none was drawn.</summary>
    public CryoMap? Density { get; private set; }

    /// <summary>Scales a map, or the mean of two half maps.</summary>
    /// <param name="input">The map, or the half maps: as they are, or sharpened.</param>
    /// <param name="mask">Voxels above 0.99 are scaled; null to make a mask from the map.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>As <see cref="LocScale.Run"/>.</returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public LocScaleResult Run(
        Reconstruction input,
        CryoMap? mask = null,
        LocScaleOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new LocScaleOptions();
        if (input.HasHalves)
        {
            // They stay beside their mean.
            options = options with { Limits = options.Limits.Beside(2 * sizeof(float) * input.Grid.Size.VoxelCount) };
        }

        LocScale.RequireMemory(input.First, options);
        if (mask is not null)
        {
            mask.Grid.RequireSameAs(mask.Name, input.Grid, input.First.Name);
            MaskRule.RequireSignalInside(input, mask, cancellationToken);
        }

        CryoMap map = input.Mean(cancellationToken);
        if (_model is not null && Density?.Grid != map.Grid)
        {
            Density = ModelDensity.DrawReference(_model, map.Grid, _drawing, ScaledProgress.Part(progress, 0, DrawingShare), cancellationToken);
            progress = ScaledProgress.Part(progress, DrawingShare, 1 - DrawingShare);
        }

        return LocScale.Run(map, _reference ?? Density!, mask, options, progress, cancellationToken);
    }
}
