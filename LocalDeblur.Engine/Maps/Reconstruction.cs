using System.Collections.ObjectModel;
using System.Numerics.Tensors;

namespace LocalDeblur.Maps;

/// <summary>What a reconstruction left to work on: one map, or its two half maps. Every method takes one, so that which of both it is, is decided once.</summary>
/// <remarks>A map is taken for a reconstruction by itself wherever one is expected.</remarks>
public sealed class Reconstruction
{
    /// <summary>Name of the step in the history of <see cref="Mean"/>.</summary>
    public const string AverageStep = "Average";

    private const string SecondHalfKey = "HalfMap2";

    // Kept only as long as somebody works with it: a run that is done with the mean should not hold it beside its result.
    private readonly WeakReference<CryoMap?> _mean = new(null);
    private readonly Lock _gate = new();
    private HalfMapCheck? _check;

    /// <summary>Takes one map.</summary>
    /// <param name="map">The map.</param>
    public Reconstruction(CryoMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Maps = new ReadOnlyCollection<CryoMap>([map]);
    }

    /// <summary>Takes the two half maps of a reconstruction.</summary>
    /// <param name="half1">One half map. Its header, history and place go on to what is made of both.</param>
    /// <param name="half2">The other, on the same grid.</param>
    /// <exception cref="EngineException">The half maps do not lie on one grid.</exception>
    public Reconstruction(CryoMap half1, CryoMap half2)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        half2.Grid.RequireSameAs(half2.Name, half1.Grid, half1.Name);
        Maps = new ReadOnlyCollection<CryoMap>([half1, half2]);
    }

    /// <summary>The map, or the two half maps.</summary>
    public ReadOnlyCollection<CryoMap> Maps { get; }

    /// <summary>Whether there are half maps; false for one map.</summary>
    public bool HasHalves => Maps.Count == 2;

    /// <summary>The map, or the first half map. Its header, history and place go on to what is made of the reconstruction.</summary>
    public CryoMap First => Maps[0];

    /// <summary>The first half map.</summary>
    /// <exception cref="InvalidOperationException">There is one map, without halves.</exception>
    public CryoMap Half1 => HasHalves ? Maps[0] : throw NoHalves();

    /// <summary>The second half map.</summary>
    /// <exception cref="InvalidOperationException">There is one map, without halves.</exception>
    public CryoMap Half2 => HasHalves ? Maps[1] : throw NoHalves();

    /// <summary>The grid of the map, or of both half maps.</summary>
    public MapGrid Grid => First.Grid;

    /// <summary>For example <c>half1.mrc and half2.mrc</c>; the map's own name where there is one.</summary>
    public string Name => string.Join(" and ", Maps.Select(map => map.Name));

    /// <summary>Where the map, or the first half map, came from, as a history says it.</summary>
    public string Source => SourceOf(First);

    /// <summary>Where the second half map came from, as a history says it; null for one map.</summary>
    public string? SecondSource => HasHalves ? SourceOf(Half2) : null;

    /// <summary>What the history of a result says of the half maps that it was made of; both are null for one map.</summary>
    public IReadOnlyList<(string Name, object? Value)> HalfMapParameters => [("HalfMap1", HasHalves ? Source : null), (SecondHalfKey, SecondSource)];

    /// <summary>That one map came though its name says that it is one of two halves: the other may have failed to come. Null where that is not so.</summary>
    public string? WarningOfLoneHalf => HasHalves ? null : LoneHalfWarning(First.Name, First.History);

    /// <summary>A map is a reconstruction without halves.</summary>
    /// <param name="map">The map.</param>
    public static implicit operator Reconstruction(CryoMap map) => new(map);

    /// <summary>As <see cref="WarningOfLoneHalf"/>, for a map that came alone and is not open yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="history">What is known of its history.</param>
    public static string? LoneHalfWarning(string name, IEnumerable<HistoryEntry> history)
    {
        // What was made of both halves still has the name of the first.
        bool isMadeOfHalves = history.Any(step => step.Parameters.GetValueOrDefault(SecondHalfKey) is not null);
        return !isMadeOfHalves && HalfMapName.IsLone(name)
            ? $"{name} came alone and is taken as one map, though its name says that it is one of two halves. Give both half maps."
            : null;
    }

    /// <summary>The mean of the half maps, the map of all particles; or the one map.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">A half map cannot be read.</exception>
    public CryoMap Mean(CancellationToken cancellationToken = default)
    {
        if (!HasHalves)
        {
            return First;
        }

        lock (_gate)
        {
            if (!_mean.TryGetTarget(out CryoMap? mean))
            {
                mean = Average(cancellationToken);
                _mean.SetTarget(mean);
            }

            return mean;
        }
    }

    /// <summary>What the user should know of the half maps, one sentence each: that they are the same map, as where one file was given twice, or differ more than two halves
    /// of one reconstruction do. Of one map: that it is a mask.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">As <see cref="RequireSound"/>.</exception>
    public IReadOnlyList<string> Warnings(CancellationToken cancellationToken = default)
    {
        RequireSound(cancellationToken);
        return HasHalves
            ? [.. ((string?[])[Check(cancellationToken).Sameness, .. Check(cancellationToken).Doubts]).OfType<string>()]
            : [.. MaskRule.DoubtsOfDensity(First)];
    }

    /// <summary>As <see cref="Warnings"/>, for a method that compares any two maps, which need not be halves: that they show the same, or different things, is told and not
    /// refused.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite; MapWithoutSignal for a map that is the same everywhere.</exception>
    internal IReadOnlyList<string> WarningsOfComparison(CancellationToken cancellationToken)
    {
        RequireFinite(cancellationToken);
        HalfMapCheck check = Check(cancellationToken);
        return check.Emptiness is { } emptiness
            ? throw emptiness
            : [.. ((string?[])[check.Sameness, check.Difference?.Message]).OfType<string>()];
    }

    /// <summary>Refuses voxels that are NaN or infinite, a map that is the same everywhere, and half maps that are not the two halves of one reconstruction. Costs two readings of
    /// the half maps.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">
    /// MapNotFinite; MapWithoutSignal for a map that is the same everywhere; HalfMapMismatch for half maps that are opposed, mirrored, turned, shifted or have nothing in common,
    /// whose grey values or powers differ by more than a factor of 5, or one of which is a mask.
    /// </exception>
    public void RequireSound(CancellationToken cancellationToken = default)
    {
        RequireFinite(cancellationToken);
        HalfMapCheck.RequireSignal(First);
        if (HasHalves && Check(cancellationToken) is var check && (check.Emptiness ?? check.Difference ?? check.Unlikeness) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Refuses NaN and infinite voxels.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EngineException">MapNotFinite, for the first map that has any.</exception>
    public void RequireFinite(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (CryoMap map in Maps)
        {
            map.RequireFinite(cancellationToken);
        }
    }

    /// <summary>Refuses one map where a method compares half maps.</summary>
    /// <param name="method">The method, as a sentence begins with it.</param>
    /// <exception cref="EngineException">MapCountUnsupported.</exception>
    public void RequireHalves(string method)
    {
        if (!HasHalves)
        {
            throw new EngineException(
                EngineError.MapCountUnsupported,
                $"{method} compares the two half maps of a reconstruction, and one map was given, '{First.Name}'.",
                First.Name)
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps)],
            };
        }
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static string SourceOf(CryoMap map) => map.Path ?? map.Name;

    private static InvalidOperationException NoHalves() => new("One map has no halves.");

    // The voxels never change, so one look is enough.
    private HalfMapCheck Check(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _check ??= HalfMapCheck.Run(Half1, Half2, cancellationToken);
        }
    }

    private CryoMap Average(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> warnings = Warnings(cancellationToken);
        float[] mean = Half1.CopyVoxels(cancellationToken);
        TensorPrimitives.Add(mean, Half2.AsSpan(cancellationToken), mean);
        TensorPrimitives.Multiply(mean, 0.5f, mean);
        return Half1.Derive(mean, new HistoryEntry
        {
            Step = AverageStep,
            Telling = StepTelling.WhenLast,
            Parameters = HistoryEntry.Values([.. HalfMapParameters]),
            Warnings = warnings,
        });
    }
}
