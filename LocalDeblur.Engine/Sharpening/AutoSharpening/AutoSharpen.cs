using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>
/// AutoSharpen: sharpens a map as a whole by the B factor that makes its strongest density most detailed while it still connects; or two half maps by
/// what they agree on; or either to the amplitudes of a model.
/// </summary>
/// <remarks>
/// <para>Source: Terwilliger, Sobolev, Afonine and Adams, <i>Acta Cryst.</i> D74 (2018) 545; conventions of phenix.auto_sharpen, cctbx 2022.9.</para>
/// <para>One map: in a part of it that holds the molecule the fall-off with frequency is measured and made equal in all directions. B factors of the result
/// from −100 to 300 Å² in steps of 20 are tried there; the best is applied to the whole map, whose own anisotropy is removed in the same way. There is no
/// refinement between the steps, as in the published program.</para>
/// <para>The part: the box around the molecule, which is where the variance within a sphere of twice the resolution reaches 5 % of its maximum, with a
/// margin of that radius on all sides, up to which a molecule may have shaped the variance. The published program takes its box from the profiles of
/// the largest density along the axes instead, which noise elsewhere in the map widens.</para>
/// <para>Half maps: every shell is weighted by what the half maps agree on over its amplitude in their mean; there is nothing to search.</para>
/// <para>A model: around its atoms every shell gets the amplitude of the model with B = 0, as far as the half maps, or the map and the model, agree; the
/// weights are then applied to the whole map. The atoms scatter as they scatter electrons; the published program takes X-ray scattering factors, whose weights
/// differ by up to 15 %.</para>
/// </remarks>
public static class AutoSharpen
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "AutoSharpen";

    // Lets a resolution stated as two voxels pass whatever the rounding.
    private const double NyquistTolerance = 1e-3;

    /// <summary>Sharpens one map, or the mean of two half maps.</summary>
    /// <param name="input">The map, or the half maps. Cubic voxels; finite values.</param>
    /// <param name="options">
    /// Its resolution, and parameters. The target has an effect on one map without a model; the box has none on half maps without a model, and with one is where
    /// maps and model are compared: around the model where it is null.
    /// </param>
    /// <param name="model">
    /// The model, fitted into the map, whose amplitudes the map gets; null for none. Its B factors do not count,
    /// nor atoms outside the box; hydrogens do.
    /// </param>
    /// <param name="progress">Told about the stages, one call at a time but from any of the threads; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The sharpened map on the same grid, mean 0, standard deviation 1, and what led to it.</returns>
    /// <exception cref="EngineException">
    /// The input cannot be used, or does not fit into the memory allowed; MapWithoutSignal for a flat map; ModelOutsideMap or ModelMismatch where the model is
    /// not in the map, ModelEmpty, ModelElementUnknown.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static AutoSharpenResult Run(
        Reconstruction input,
        AutoSharpenOptions options,
        AtomicModel? model = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        RequireParameters(input.First, options);
        input.RequireFinite(cancellationToken);
        input = GreyValues.Times(input, GreyValues.FactorOf(input.Maps), cancellationToken);
        AutoSharpenProgram program = model is not null ? new ModelProgram(input, model, options, progress, cancellationToken)
            : input.HasHalves ? new HalfMapsProgram(input, options, progress, cancellationToken)
            : new OneMapProgram(input.First, options, progress, cancellationToken);
        return program.Run();
    }

    private static void RequireParameters(CryoMap map, AutoSharpenOptions options)
    {
        map.Grid.RequireCubicVoxels(map.Name);
        if (!(options.Resolution > 0) || !double.IsFinite(options.Resolution))
        {
            throw Refuse(EngineParameter.Resolution, $"The resolution is {options.Resolution} Å; expected a positive number, at least two voxels ({2 * map.VoxelSize:0.###} Å).");
        }

        if (options.Resolution < 2 * map.VoxelSize * (1 - NyquistTolerance))
        {
            throw Refuse(
                EngineParameter.Resolution,
                $"The resolution is {options.Resolution:0.###} Å; expected at least {2 * map.VoxelSize:0.###} Å, two voxels of '{map.Name}'.");
        }

        if (!Enum.IsDefined(options.Target))
        {
            throw new EngineException(EngineError.ParameterOutOfRange, Say($"The target is number {(int)options.Target}; expected AdjustedSurfaceArea or Kurtosis."));
        }

        if (options.Box is { } box && !box.IsInside(map.Size))
        {
            throw Refuse(EngineParameter.Box, $"The box of the search is {box}; expected one inside the {map.Size} voxels of '{map.Name}'.");
        }
    }

    /// <summary>Refuses a map that is the same everywhere.</summary>
    /// <param name="map">The map.</param>
    internal static void RequireSignal(CryoMap map)
    {
        if (!(map.StandardDeviation > 0))
        {
            throw Flat(map);
        }
    }

    /// <summary>That a map has nothing to sharpen.</summary>
    /// <param name="map">The map.</param>
    internal static EngineException Flat(CryoMap map) =>
        new(
            EngineError.MapWithoutSignal,
            Say($"'{map.Name}' has the same value, {map.Mean:G5}, in every voxel, or nothing at the resolution asked for; ")
                + "expected the density of a molecule. Check that it is the map that was meant.",
            map.Name);

    /// <summary>That the fall-off cannot be measured in a box.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">Its resolution.</param>
    /// <param name="box">The box.</param>
    internal static EngineException TooSmall(CryoMap map, AutoSharpenOptions options, VoxelBox box) =>
        new(
            EngineError.ParameterOutOfRange,
            Say($"The B factor of '{map.Name}' is measured between 11.2 Å and the resolution, {options.Resolution:0.##} Å, ")
                + Say($"where the box {box} has too few Fourier coefficients."),
            map.Name)
        {
            Advice = [new("give a finer resolution", EngineParameter.Resolution), new("give a larger box", EngineParameter.Box)],
        };

    /// <summary>What helps where the box is not the right one.</summary>
    /// <param name="content">What it should hold.</param>
    internal static Advice[] BoxAdvice(string content) => [new($"give a box that holds {content}", EngineParameter.Box), new("give none, so that one is chosen")];

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));
}
