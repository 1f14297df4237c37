using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>AutoSharpen of two half maps: their mean, each shell weighted by what they agree on.</summary>
/// <param name="halves">The half maps.</param>
/// <param name="options">Parameters.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal sealed class HalfMapsProgram(Reconstruction halves, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    : AutoSharpenProgram(halves, options, progress, cancellationToken)
{
    /// <inheritdoc/>
    public override AutoSharpenResult Run()
    {
        RequireMemory((3 * MapBytes) + (3 * RealFft3D.SpectrumBytes(Map.Size)) + OctantFilter.BytesFor(Map.Size));
        Report("Comparing the half maps", 0);
        Input.RequireSound(CancellationToken);
        CryoMap mean = Input.Mean(CancellationToken);
        AutoSharpen.RequireSignal(mean);

        var frequencies = new FrequencyGrid(Map.Size, Map.VoxelSize);
        using var transform = new RealFft3D(Map.Size, Options.Limits);
        using var transformed = new MapTransform(transform, frequencies, Options);
        using var first = new MapTransform(transform, frequencies, Options);
        using var second = new MapTransform(transform, frequencies, Options);
        double mapB = transformed.Load(mean, CancellationToken).Isotropic;
        first.Load(Input.Half1, CancellationToken);
        second.Load(Input.Half2, CancellationToken);
        Report("Comparing the half maps", 0.5);
        double cutoff = SharpeningFilter.Cutoff(Options.Resolution);
        ShellWeight weight = ShellWeight.FromHalfMaps(transformed.Spectrum, first.Spectrum, second.Spectrum, null, frequencies, cutoff, Options, CancellationToken)
            ?? throw WithoutCommonPower();

        Report("Sharpening", 0.8);
        SharpenedVoxels sharpened = transformed.Sharpen(mean, weight.At, CancellationToken);
        Report("Sharpening", 1);
        Decisions.Add(
            Say($"Amplitudes are weighted by how well the half maps agree, in {weight.Weights.Length} shells; ")
                + Say($"the B factor of the map goes from {mapB:0.#} to {sharpened.BIso:0.#} Å²."));
        Warnings.AddRange(Input.Warnings(CancellationToken));
        AutoSharpenResult found = InShells(sharpened, mapB, weight, "the half maps");
        return Conclude(found, mean, sharpened.Voxels, [.. Input.HalfMapParameters, ("Resolution", Options.Resolution), ("ExtrapolateWeight", Options.ExtrapolateWeight)]);
    }

    private EngineException WithoutCommonPower() =>
        new(
            EngineError.MapWithoutSignal,
            Say($"'{Input.Half1.Name}' and '{Input.Half2.Name}' have shells without power up to {Options.Resolution:0.##} Å, or are the same there up to a sign; ")
                + "expected two noisy half maps.",
            Map.Name)
        {
            Advice = [new("give half maps that are not filtered", EngineParameter.HalfMaps), new("give a coarser resolution", EngineParameter.Resolution)],
        };
}
