using LocalDeblur.Maps;
using LocalDeblur.Models;
using LocalDeblur.Validation;

namespace LocalDeblur.Reports;

/// <summary>What a model says of a map. A score that cannot be measured is null, and the warnings say why.</summary>
public sealed record ModelScores
{
    /// <summary>Side chains (EMRinger).</summary>
    public EMRingerResult? SideChains { get; init; }

    /// <summary>Atoms (Q-score).</summary>
    public QScoreResult? Atoms { get; init; }

    /// <summary>Correlations with the model's density, and their Fourier shell correlation; null without a resolution too.</summary>
    public MapModelFitResult? Fit { get; init; }

    /// <summary>Share of the atoms within the surface of the map, 0 … 1; NaN where there is none.</summary>
    public double AtomInclusion { get; init; } = double.NaN;

    /// <summary>What the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Measures every score.</summary>
    internal static ModelScores Measure(
        AtomicModel model, CryoMap map, double level, double? resolution, RunLimits limits, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        List<string> warnings = [];
        EMRingerResult? sides = Try(() => EMRinger.Measure(model, map, null, ScaledProgress.Part(progress, 0, 0.2), cancellationToken));
        QScoreResult? atoms = Try(() =>
            QScore.Measure(model, map, new QScoreOptions { Resolution = resolution, Limits = limits }, ScaledProgress.Part(progress, 0.2, 0.4), cancellationToken));
        MapModelFitResult? fit = resolution is { } finest
            ? Try(() => MapModelFit.Measure(model, map, finest, new MapModelFitOptions { Limits = limits }, ScaledProgress.Part(progress, 0.6, 0.4), cancellationToken))
            : null;
        warnings.AddRange((sides?.Warnings ?? []).Concat(atoms?.Warnings ?? []).Concat(fit?.Warnings ?? []));
        return new ModelScores
        {
            SideChains = sides,
            Atoms = atoms,
            Fit = fit,
            AtomInclusion = Validation.AtomInclusion.Share(model, map, level, cancellationToken),
            Warnings = [.. warnings.Distinct()],
        };

        // Side chains are not in every model: what one score lacks costs the others nothing.
        T? Try<T>(Func<T> measure)
            where T : class => Attempt.At(measure, warnings);
    }
}
