using LocalDeblur.Density;
using LocalDeblur.Maps;
using LocalDeblur.Models;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>AutoSharpen of one map, or of the mean of two half maps, to the amplitudes of a model.</summary>
/// <param name="input">The map, or the half maps.</param>
/// <param name="model">The model.</param>
/// <param name="options">Parameters.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal sealed class ModelProgram(Reconstruction input, AtomicModel model, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    : AutoSharpenProgram(input, options, progress, cancellationToken)
{
    // Of map and model where they agree best; below, the published program does nothing.
    private static readonly double LeastAgreement = Math.Sqrt(0.05);

    /// <inheritdoc/>
    public override AutoSharpenResult Run()
    {
        ModelAtom[] atoms = ModelDensity.RequireAtoms(model);
        ModelDensity.RequireInside(model, atoms, Map.Grid);
        VoxelBox box = Options.Box ?? ModelSurroundings.Bound([.. atoms.Where(atom => ModelDensity.IsInside(atom, Map.Grid))], Map.Grid);
        AtomicModel inside = AtomsIn(box, atoms);
        RequireMemory((Input.HasHalves ? 3 : 1) * MapBytes + Math.Max(WeightingBytes, ModelWeight.RequiredBytes(box.Size)));
        Report("Comparing with the model", 0);
        Input.RequireSound(CancellationToken);
        CryoMap whole = Input.Mean(CancellationToken);
        AutoSharpen.RequireSignal(whole);

        Report("Comparing with the model", 0.1);
        ShellWeight weight = MeasureWeight(whole, inside, box);
        Report("Sharpening", 0.7);
        (SharpenedVoxels sharpened, double mapB) = Apply(whole, weight.At);
        Report("Sharpening", 1);
        Tell(weight, box, mapB, sharpened.BIso, atoms.Length - inside.Atoms.Count, atoms.Length);
        AutoSharpenResult found = InShells(sharpened, mapB, weight, Input.HasHalves ? "the half maps" : "map and model");
        return Conclude(
            found with { BestAgreement = weight.BestAgreement, Box = box },
            whole,
            sharpened.Voxels,
            [
                .. Input.HalfMapParameters,
                ("Model", model.Path ?? model.Name),
                ("Resolution", Options.Resolution),
                ("Box", Options.Box?.ToString()),
                ("ExtrapolateWeight", Options.ExtrapolateWeight),
            ]);
    }

    // The atoms that count.
    private AtomicModel AtomsIn(VoxelBox box, ModelAtom[] atoms)
    {
        MapGrid part = box.On(Map.Grid);
        if (!atoms.Any(atom => ModelDensity.IsInside(atom, part)))
        {
            throw new EngineException(
                EngineError.ModelOutsideMap,
                Say($"No atom of '{model.Name}' lies in the box in which map and model are to be compared, {box}."),
                model.Path ?? model.Name)
            {
                Advice = AutoSharpen.BoxAdvice("the model"),
            };
        }

        return model.Where(atom => atom.Occupancy != 0 && ModelDensity.IsInside(atom, part));
    }

    private ShellWeight MeasureWeight(CryoMap whole, AtomicModel inside, VoxelBox box)
    {
        ShellWeight weight = ModelWeight.Measure(whole, Input, inside, box, Options, CancellationToken)
            ?? throw new EngineException(
                EngineError.MapWithoutSignal,
                Say($"'{Map.Name}' has shells without power up to {Options.Resolution:0.##} Å around '{model.Name}' ({box}); expected an unfiltered map of the model's molecule."),
                Map.Name)
            {
                Advice = [new("give a coarser resolution", EngineParameter.Resolution), new("check the map")],
            };
        if (weight.BestAgreement < LeastAgreement)
        {
            throw new EngineException(
                EngineError.ModelMismatch,
                Say($"'{model.Name}' and '{Map.Name}' hardly agree: their best correlation in a shell is {weight.BestAgreement:0.00}; expected at least {LeastAgreement:0.00}."),
                model.Path ?? model.Name)
            {
                Advice = [new("fit the model into this map"), new("read the map with the origin that the model was built for", EngineParameter.Origin)],
            };
        }

        return weight;
    }

    private void Tell(ShellWeight weight, VoxelBox box, double mapB, double finalB, int outside, int atoms)
    {
        string judge = Input.HasHalves ? "the half maps agree" : Say($"map and model agree, at best {weight.BestAgreement:0.00}");
        Decisions.AddRange(model.Decisions);
        Decisions.Add(
            Say($"Amplitudes are those of '{model.Name}' with B = 0 in {weight.Weights.Length} shells, as far as {judge}, measured in {box}; ")
                + Say($"the B factor of the map goes from {mapB:0.#} to {finalB:0.#} Å². Scores by the same model are no independent test."));
        Warnings.AddRange(model.Warnings);
        Warnings.AddRange(Input.Warnings(CancellationToken));
        if (outside > 0)
        {
            Warnings.Add(Say($"{outside} of {atoms} atoms lie outside the box {box} and do not count."));
        }
    }
}
