using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Shells;

namespace LocalDeblur.Resolution.Fsc;

/// <summary>
/// Fourier shell correlation of two maps, usually the half maps of one reconstruction: unmasked, masked, and corrected for what the mask
/// contributes.
/// </summary>
/// <remarks>
/// FSC of a shell = Re Σ F₁·F₂* / √(Σ|F₁|²·Σ|F₂|²). Masked: both maps times the mask, each without its background where that lies away from 0, for RELION
/// subtracts nothing. Randomised: from one shell on every coefficient keeps its amplitude and gets a random phase, each map by itself, before the mask is
/// applied. Corrected: the masked value up to two shells beyond that one, then (masked − randomised)/(1 − randomised) (Chen et al.,
/// <i>Ultramicroscopy</i> 135 (2013) 24). Mask fraction: q·F/(1 + (q − 1)·F) with F the unmasked value and q = 0.476 / the share of voxels where the mask
/// is above ½. Conventions of RELION 3.1's postprocess throughout. The shell of a coefficient is its frequency times the longest edge, rounded, so boxes
/// need not be cubes.
/// </remarks>
public static class FourierShellCorrelation
{
    /// <summary>Phases are random from the first shell whose unmasked correlation is below this, unless a resolution is given.</summary>
    public const double RandomiseBelow = 0.8;

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
        List<string> warnings = [.. halves.WarningsOfComparison(cancellationToken)];
        if (mask is not null)
        {
            mask.RequireFinite(cancellationToken);
            MaskRule.RequireSignalInside(halves, mask, cancellationToken);
            warnings.AddRange(MaskRule.Doubts(mask, cancellationToken));
        }

        double share = mask is null ? double.NaN : ShareAboveHalf(mask, cancellationToken);

        var shells = new RadialShells(first.Size, first.VoxelSize, options.Counting, options.Limits);
        (float First, float Second) backgrounds = mask is null
            ? default
            : (Background.Measure(halves.Half1, mask.AsSpan(cancellationToken), hasFloor: false, cancellationToken),
                Background.Measure(halves.Half2, mask.AsSpan(cancellationToken), hasFloor: false, cancellationToken));
        using var spectra = new HalfMapSpectra(halves, shells, options, done => progress?.Report(new StageProgress(Stage, done)), cancellationToken) { Backgrounds = backgrounds };
        var curves = new FscCurves(spectra.Unmasked());
        List<string> decisions = [CountingDecision(options.Counting), .. options.Limits.Decisions];
        string[] files = [.. ((CryoMap[])[halves.Half1, halves.Half2]).Select(half => half.Path ?? half.Name)];
        if (mask is null)
        {
            return new FscResult(curves.ByShell(shells)) { HalfMaps = files, Decisions = decisions, Warnings = warnings };
        }

        int? start = FirstRandomShell(shells, curves.Unmasked, options);
        decisions.Add(RandomisingDecision(start, shells, options));
        decisions.Add(Say($"The mask '{MapLabel.Of(mask)}' is above 0.5 in {100 * share:0.##} % of the box."));
        decisions.AddRange(Background.Decisions((halves.Half1, backgrounds.First), (halves.Half2, backgrounds.Second)));
        // Randomising destroys the transforms, so it comes before the masked curve takes their memory.
        IReadOnlyList<double>? randomised = start is { } from ? spectra.Randomised(mask, from) : null;
        curves = curves.WithMask(spectra.Masked(mask), randomised, start, share);
        var result = new FscResult(curves.ByShell(shells))
        {
            RandomisedFrom = start,
            HalfMaps = files,
            Mask = mask.Path ?? mask.Name,
            Decisions = decisions,
            Warnings = warnings,
        };
        if (result.For(FscCurveKind.Corrected) is not { } corrected)
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                $"'{first.Name}' and '{halves.Half2.Name}' have no correlation in the mask '{mask.Name}': in no shell is there a finite amount of power to compare.", first.Name)
            {
                Advice = [new("check that the mask is 1 in the molecule and 0 outside, and belongs to the maps", EngineParameter.Mask)],
            };
        }

        if (result.Final.Curve == FscCurveKind.Unmasked)
        {
            string reach = double.IsFinite(corrected.ResolutionShell) ? Say($"{corrected.ResolutionShell:0.##} Å") : "not even the first shell";
            warnings.Add(
                Say($"The unmasked curve reaches further ({result.ResolutionShell:0.##} Å) than the corrected one ({reach}) and states the resolution. ")
                    + "The mask may cut the molecule.");
        }

        progress?.Report(new StageProgress(Stage, 1));
        return result;
    }

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

    private static string CountingDecision(ShellCounting counting) => counting == ShellCounting.StoredCoefficients
        ? "Each stored coefficient of the half transform counts once, as in RELION."
        : "Each coefficient of the full transform counts once.";

    private static string RandomisingDecision(int? start, RadialShells shells, FourierShellCorrelationOptions options) => start is { } from
        ? Say($"Phases are random from shell {from} ({shells.Resolution(from):0.##} Å) on, ")
            + Say($"{(options.RandomiseFrom is null ? "the first whose unmasked correlation is below 0.8" : "as asked for")}; seed {options.Seed}.")
        : "No phases are random: the unmasked correlation never falls below 0.8.";

    private static double ShareAboveHalf(CryoMap mask, CancellationToken cancellationToken)
    {
        ReadOnlySpan<float> values = mask.AsSpan(cancellationToken);
        int count = VolumeStatistics.CountAbove(values, MaskRule.Threshold);
        return count > 0 ? (double)count / values.Length : throw MaskRule.Empty(mask, "above 0.5");
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

    /// <summary>What measuring holds at once (bytes): both maps and their transforms; with a mask, the mask and a map with random phases.</summary>
    /// <param name="map">A half map.</param>
    /// <param name="mask">The mask; null for none.</param>
    internal static long RequiredBytes(CryoMap map, CryoMap? mask) =>
        ((mask is null ? 2 : 4) * sizeof(float) * map.Size.VoxelCount) + (2 * RealFft3D.SpectrumBytes(map.Size));

    private static void RequireMemory(CryoMap map, CryoMap? mask, FourierShellCorrelationOptions options)
    {
        options.Limits.Require(RequiredBytes(map, mask), Say($"The Fourier shell correlation of '{map.Name}' ({map.Size} voxels)"), map.Name);
    }
}
