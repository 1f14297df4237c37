using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// Fourier shell correlation of two maps, usually the half maps of one reconstruction: unmasked, masked, and corrected for what the mask
/// contributes.
/// </summary>
/// <remarks>
/// FSC of a shell = Re Σ F₁·F₂* / √(Σ|F₁|²·Σ|F₂|²). Masked: both maps times the mask, nothing subtracted. Randomised: from one shell on every
/// coefficient keeps its amplitude and gets a random phase, each map by itself, before the mask is applied. Corrected: the masked value up to two
/// shells beyond that one, then (masked − randomised)/(1 − randomised) (Chen et al., <i>Ultramicroscopy</i> 135 (2013) 24). Mask fraction:
/// q·F/(1 + (q − 1)·F) with F the unmasked value and q = 0.476 / the share of voxels where the mask is above ½. Conventions of RELION 3.1's
/// postprocess throughout. The shell of a coefficient is its frequency times the longest edge, rounded, so boxes need not be cubes.
/// </remarks>
public static class FourierShellCorrelation
{
    /// <summary>Phases are random from the first shell whose unmasked correlation is below this, unless a resolution is given.</summary>
    public const double RandomiseBelow = 0.8;

    // Shells after the first random one that are not corrected: the mask mixes neighbouring shells.
    private const int UncorrectedShells = 2;

    // Share of a cube that a particle takes in the mean, as RELION has it.
    private const double ParticleShare = 0.476;

    private const string Stage = "Fourier shell correlation";

    /// <summary>Measures two maps.</summary>
    /// <param name="halves">Both. Cubic voxels; finite values.</param>
    /// <param name="mask">Mask, 0 … 1 with a soft edge, on the same grid; or null for the unmasked curve alone.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The curves, from the mean to Nyquist of the longest edge. They do not depend on the number of threads.</returns>
    /// <exception cref="EngineException">The input cannot be used, does not fit together, or needs more memory than allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static FscResult Run(
        Reconstruction halves,
        CryoMap? mask = null,
        FourierShellCorrelationOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(halves);
        options ??= new FourierShellCorrelationOptions();
        halves.RequireHalves("A Fourier shell correlation");
        CryoMap first = halves.Half1;
        first.Grid.RequireCubicVoxels(first.Name);
        mask?.Grid.RequireSameAs(mask.Name, first.Grid, first.Name);
        RequireParameters(first, options);
        RequireMemory(first, mask, options);

        progress?.Report(new StageProgress(Stage, 0));
        halves.RequireFinite(cancellationToken);
        mask?.RequireFinite(cancellationToken);
        double share = mask is null ? double.NaN : ShareAboveHalf(mask, cancellationToken);

        var shells = new RadialShells(first.Size, first.VoxelSize, options.Counting, options.Limits);
        using var transform = new RealFft3D(first.Size, options.Limits);
        using Spectrum a = transform.AllocateSpectrum();
        using Spectrum b = transform.AllocateSpectrum();
        ReadOnlyMemory<float> firstVoxels = first.Load(cancellationToken);
        ReadOnlyMemory<float> secondVoxels = halves.Half2.Load(cancellationToken);
        transform.Forward(firstVoxels, a, cancellationToken);
        transform.Forward(secondVoxels, b, cancellationToken);
        IReadOnlyList<double> unmasked = Correlate();
        var decisions = new List<string>
        {
            options.Counting == ShellCounting.StoredCoefficients
                ? "Each stored coefficient of the half transform counts once, as in RELION."
                : "Each coefficient of the full transform counts once.",
        };
        decisions.AddRange(options.Limits.Decisions);
        List<string> warnings = [.. halves.Warnings(cancellationToken)];
        if (mask is null)
        {
            return new FscResult(Shells(null, null, null, null)) { Decisions = decisions, Warnings = warnings };
        }

        ReadOnlyMemory<float> shape = mask.Load(cancellationToken);
        int? start = FirstRandomShell(shells, unmasked, options);
        double[] randomised = [];
        if (start is { } from)
        {
            // Randomising destroys the transforms, so it comes before the masked curve takes their memory.
            var work = new float[first.Size.VoxelCount];
            progress?.Report(new StageProgress(Stage, 0.2));
            Randomise(a, 1);
            progress?.Report(new StageProgress(Stage, 0.45));
            Randomise(b, 2);
            randomised = [.. Correlate()];
            decisions.Add(
                Say($"Phases are random from shell {from} ({shells.Resolution(from):0.##} Å) on, ")
                    + Say($"{(options.RandomiseFrom is null ? "the first whose unmasked correlation is below 0.8" : "as asked for")}; seed {options.Seed}."));

            void Randomise(Spectrum spectrum, int map)
            {
                PhaseRandomisation.Apply(spectrum, from, options.Seed, map, options.Limits, cancellationToken);
                transform.Inverse(spectrum, work, cancellationToken);
                transform.Forward(new MaskedRows(work, shape, first.Size), spectrum, cancellationToken);
            }
        }
        else
        {
            decisions.Add("No phases are random: the unmasked correlation never falls below 0.8.");
        }

        progress?.Report(new StageProgress(Stage, 0.7));
        transform.Forward(new MaskedRows(firstVoxels, shape, first.Size), a, cancellationToken);
        transform.Forward(new MaskedRows(secondVoxels, shape, first.Size), b, cancellationToken);
        IReadOnlyList<double> masked = Correlate();
        double[] corrected = Correct(masked, start is null ? null : randomised, start ?? 0);
        double q = ParticleShare / share;
        double[] maskFraction = [.. unmasked.Select(value => q * value / (1 + ((q - 1) * value)))];
        decisions.Add(Say($"The mask '{MapLabel.Of(mask)}' is above 0.5 in {100 * share:0.##} % of the box."));

        var result = new FscResult(Shells(masked, start is null ? null : randomised, corrected, maskFraction)) { RandomisedFrom = start };
        if (result.Final.Curve == FscCurveKind.Unmasked)
        {
            warnings.Add(
                Say($"The unmasked curve reaches further ({result.ResolutionShell:0.##} Å) than the corrected one ")
                    + Say($"({result.For(FscCurveKind.Corrected)!.ResolutionShell:0.##} Å) and states the resolution. ")
                    + "The mask may cut the molecule.");
        }

        progress?.Report(new StageProgress(Stage, 1));
        return new FscResult(result.Shells) { RandomisedFrom = start, Decisions = decisions, Warnings = warnings };

        IReadOnlyList<double> Correlate() => ShellCorrelation.Measure(a, b, shells, options.Limits, cancellationToken).Values;

        IEnumerable<FscShell> Shells(IReadOnlyList<double>? inMask, double[]? random, double[]? freed, double[]? scaled) =>
            from i in Enumerable.Range(0, shells.Count)
            select new FscShell(
                i,
                shells.Resolution(i),
                shells.Frequency(i),
                shells.CoefficientCount(i),
                unmasked[i],
                inMask?[i] ?? double.NaN,
                random?[i] ?? double.NaN,
                freed?[i] ?? double.NaN,
                scaled?[i] ?? double.NaN);
    }

    /// <summary>The masked curve, freed of what the mask contributes.</summary>
    /// <param name="masked">Masked curve.</param>
    /// <param name="randomised">The same with random phases; null where none were random.</param>
    /// <param name="start">First shell with random phases.</param>
    internal static double[] Correct(IReadOnlyList<double> masked, IReadOnlyList<double>? randomised, int start) =>
    [
        .. masked.Select((value, i) => randomised is null || i < start + UncorrectedShells ? value : (value - randomised[i]) / (1 - randomised[i])),
    ];

    /// <summary>The shell from which on a resolution asks for random phases.</summary>
    /// <param name="edge">Longest edge of the box (Å).</param>
    /// <param name="resolution">Resolution (Å).</param>
    internal static int ShellOf(double edge, double resolution)
    {
        // A hair more than the quotient, which rounding may leave just below a whole number.
        const double RoundingTolerance = 1e-9;
        return Math.Max(1, (int)Math.Min(int.MaxValue, Math.Floor((edge / resolution) * (1 + RoundingTolerance))));
    }

    private static int? FirstRandomShell(RadialShells shells, IReadOnlyList<double> unmasked, FourierShellCorrelationOptions options)
    {
        if (options.RandomiseFrom is { } resolution)
        {
            int shell = ShellOf(shells.Edge, resolution);
            return shell < shells.Count ? shell : null;
        }

        for (int i = 1; i < unmasked.Count; i++)
        {
            if (unmasked[i] < RandomiseBelow)
            {
                return i;
            }
        }

        return null;
    }

    private static double ShareAboveHalf(CryoMap mask, CancellationToken cancellationToken)
    {
        long count = 0;
        ReadOnlySpan<float> values = mask.AsSpan(cancellationToken);
        foreach (float value in values)
        {
            if (value > 0.5f)
            {
                count++;
            }
        }

        return count > 0
            ? (double)count / values.Length
            : throw new EngineException(
                EngineError.MaskEmpty,
                Say($"The mask '{mask.Name}' has no voxel above 0.5; its largest value is {mask.Maximum:0.####}. Give a mask that is 1 in the molecule and 0 outside."),
                mask.Name);
    }

    private static void RequireParameters(CryoMap map, FourierShellCorrelationOptions options)
    {
        if (options.RandomiseFrom is { } resolution && (!(resolution > 0) || !double.IsFinite(resolution)))
        {
            throw EngineException.OutOfRange(
                EngineParameter.RandomiseFrom,
                Say($"Phases are to be random from {resolution} Å on; expected a positive number, or none for the automatic one."));
        }

        if (map.Size.Longest < 4)
        {
            throw new EngineException(
                EngineError.MapSizeUnsupported,
                Say($"'{map.Name}' has {map.Size} voxels; a Fourier shell correlation needs an edge of at least 4."),
                map.Name);
        }
    }

    // Both maps and their transforms; with a mask, the mask and a map with random phases.
    private static void RequireMemory(CryoMap map, CryoMap? mask, FourierShellCorrelationOptions options)
    {
        int volumes = mask is null ? 2 : 4;
        long needed = (volumes * sizeof(float) * map.Size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(map.Size));
        options.Limits.Require(needed, Say($"The Fourier shell correlation of '{map.Name}' ({map.Size} voxels)"), map.Name);
    }
}
