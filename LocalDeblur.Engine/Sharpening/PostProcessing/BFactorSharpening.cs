using System.Diagnostics;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>Sharpens a whole map by one B factor after weighting each shell by what the Fourier shell correlation says of it.</summary>
/// <remarks>
/// <para>
/// Source: Rosenthal and Henderson, <i>J. Mol. Biol.</i> 333 (2003) 721, in the form of RELION 3.1's post-processing. The mean of the half maps, never masked, is
/// divided by the detector's transfer function where one is given, and each shell multiplied by √(2F/(1 + F)), F its correlation; shells from the first with
/// F &lt; 0.0001 on become 0. The straight line through ln⟨|F|⟩ against 1/d² of what is left, each shell from 10 Å to Nyquist with the same weight and the mean
/// over stored coefficients, has the slope B/4. Coefficients up to Nyquist are multiplied by exp(−B/(4d²)), those beyond become 0. There is no low-pass filter
/// unless asked for. The shell of a coefficient is its frequency times the longest edge, rounded, so boxes need not be cubes.
/// </para>
/// <para>
/// Which axis is x matters, as in the published program. Its Guinier plot counts coefficients as they are stored, those of the plane kx = 0 twice as much as others: with the axes
/// of six pairs of half maps exchanged, B moved by 0.08 to 0.18 %. And the random phases that correct the correlation for a mask fall on other coefficients, as with another seed,
/// which moves B by as much as seeds do: 0.1 to 0.2 % with next to no noise, 5 to 20 % with much.
/// </para>
/// <para>The mean of the map is kept. Results do not depend on the number of threads.</para>
/// </remarks>
public static class BFactorSharpening
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "BFactorSharpening";

    /// <summary>A B factor that is given lies between minus this and this (Å²).</summary>
    public const double LargestBFactor = 1000;

    // A factor of 1e26: what is left of float32 numbers after that is rounding.
    private const double LargestExponent = 60;

    /// <summary>
    /// Sharpens the mean of two half maps; or one map, whose amplitudes are weighted where <see cref="BFactorSharpeningOptions.Fsc"/> has the curves of its half
    /// maps. Without them they are as they are: the fit should then end, and a low-pass filter lie, at the resolution of the map, so give
    /// <see cref="BFactorSharpeningOptions.Resolution"/>.
    /// </summary>
    /// <param name="input">The half maps, or the map: unfiltered. Cubic voxels; finite values.</param>
    /// <param name="mask">Mask for the Fourier shell correlation, 0 … 1 with a soft edge, on the same grid; null for that of the whole maps.</param>
    /// <param name="options">Parameters; null for the published ones.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>
    /// The sharpened map, on the same grid, with the curves, the profiles and the fit.
    /// </returns>
    /// <exception cref="EngineException">The input cannot be used, or does not fit together or into the memory allowed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static BFactorSharpeningResult Run(
        Reconstruction input,
        CryoMap? mask = null,
        BFactorSharpeningOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        CryoMap map = input.First;
        options ??= new BFactorSharpeningOptions();
        long started = Stopwatch.GetTimestamp();
        map.Grid.RequireCubicVoxels(map.Name);
        mask?.Grid.RequireSameAs(mask.Name, map.Grid, map.Name);
        RequireParameters(map, mask, options);
        long peakBytes = RequireMemory(input, mask, options);
        if (mask is not null)
        {
            MaskRule.RequireSignalInside(input, mask, cancellationToken);
        }

        input.RequireSound(cancellationToken);
        mask?.RequireFinite(cancellationToken);
        var decisions = new List<string>();
        if (options.ApplyMask)
        {
            mask = MaskRule.Weights(mask!, decisions, cancellationToken);
        }

        var run = new BFactorRun(input, mask, options, progress, cancellationToken);
        run.Decisions.AddRange(decisions);
        FscResult? fsc = run.FindCurves();
        AmplitudeWeight weights = run.FindWeights(fsc);
        using var transform = new RealFft3D(map.Size, options.Limits);
        using var filtered = new FilteredTransform(transform, run.Shells, options.Limits);
        GuinierProfile original = run.Transform(filtered);
        GuinierProfile weighted = run.FitGuinierPlot(filtered, weights);
        double finest = run.FinestShell(weighted);
        double bFactor = run.ChooseBFactor(weighted, finest);
        GuinierProfile sharpened = run.Sharpen(filtered, weights, bFactor);
        float[] voxels = run.TransformBack(filtered);
        var found = new BFactorSharpeningResult
        {
            Fsc = fsc,
            Original = original,
            Weighted = weighted,
            Sharpened = sharpened,
            BFactor = bFactor,
            Resolution = options.Resolution ?? fsc?.ResolutionShell ?? double.NaN,
            FinestShell = finest,
            Cost = new RunCost(transform.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = [.. run.Decisions.Union(options.Limits.Decisions)],
            Warnings = [.. input.Warnings(cancellationToken).Union(run.Warnings)],
        };
        return found with { Map = map.Derive(voxels, found.Entry(run.Parameters(isWeighted: fsc is not null))) };
    }

    /// <summary>Where the line is fitted.</summary>
    /// <param name="map">The map.</param>
    /// <param name="options">What was asked for.</param>
    internal static ResolutionRange FitRange(CryoMap map, BFactorSharpeningOptions options) =>
        options.FitRange ?? new ResolutionRange(BFactorSharpeningOptions.DefaultFitCoarsest, options.Resolution ?? 2 * map.VoxelSize);

    /// <summary>Refuses a B factor that amplifies beyond all measure.</summary>
    /// <param name="bFactor">B factor (Å²).</param>
    /// <param name="finest">Resolution of the last shell that is not 0 (Å).</param>
    /// <param name="options">What was asked for.</param>
    internal static void RequireAmplification(double bFactor, double finest, BFactorSharpeningOptions options)
    {
        if (-bFactor / (4 * finest * finest) > LargestExponent)
        {
            string fitted = options.BFactor is null ? " The fit goes through shells without signal, for example those of a map that was low-pass filtered." : string.Empty;
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"A B factor of {bFactor:0.##} Å² multiplies the amplitudes at {finest:0.##} Å by more than 1e26.{fitted}"))
            {
                Advice = options.BFactor is null
                    ?
                    [
                        new("give a fit range that ends where the signal does", EngineParameter.FitRange),
                        new("give the resolution", EngineParameter.Resolution),
                        new("give the B factor", EngineParameter.BFactor),
                    ]
                    : [new("give one closer to 0", EngineParameter.BFactor), new("give a low-pass filter", EngineParameter.LowPassResolution)],
            };
        }
    }

    private static void RequireParameters(CryoMap map, CryoMap? mask, BFactorSharpeningOptions options)
    {
        if (options.BFactor is { } b && !(Math.Abs(b) <= LargestBFactor))
        {
            throw Refuse(
                EngineParameter.BFactor,
                $"The B factor is {b} Å²; expected −{LargestBFactor} to {LargestBFactor}, usually −30 to −200 to sharpen, or none for the automatic one.");
        }

        if (options.FitRange is null && FitRange(map, options) is var fit && options.BFactor is null && !(fit.Finest < fit.Coarsest))
        {
            throw new EngineException(
                EngineError.FitRangeEmpty,
                Say($"The Guinier fit begins at {fit.Coarsest:0.##} Å and '{map.Name}' ends at {fit.Finest:0.##} Å; expected a map of finer resolution than that."),
                map.Name)
            {
                Advice =
                [
                    new("give a fit range that begins at lower resolution", EngineParameter.FitRange),
                    new("give the B factor instead of having it fitted", EngineParameter.BFactor),
                ],
            };
        }

        options.FitRange?.Require(map.VoxelSize, EngineParameter.FitRange, "The fit range");
        RequireResolution(map, options.Resolution, EngineParameter.Resolution, "The resolution");
        RequireResolution(map, options.LowPassResolution, EngineParameter.LowPassResolution, "The resolution of the low-pass filter");
        if (options.LowPassEdgeShells is < 0 or > 100)
        {
            throw Refuse(EngineParameter.LowPassEdgeShells, $"The edge of the low-pass filter is {options.LowPassEdgeShells} shells; expected 0 to 100.");
        }

        if (options.MtfPixelSize is { } pixel && (!(pixel > 0) || !double.IsFinite(pixel)))
        {
            throw Refuse(EngineParameter.MtfPixelSize, $"The detector's pixel is {pixel} Å; expected a positive number.");
        }

        if (options.ApplyMask && mask is null)
        {
            throw new EngineException(EngineError.ParameterOutOfRange, "The result is to be multiplied by the mask, and no mask was given.")
            {
                Advice = [new("give a mask", EngineParameter.Mask), new("leave that out", EngineParameter.ApplyMask)],
            };
        }

        if (map.Size.Longest < 4)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, Say($"'{map.Name}' has {map.Size} voxels; a Guinier plot needs an edge of at least 4."), map.Name);
        }
    }

    private static void RequireResolution(CryoMap map, double? value, EngineParameter parameter, string what)
    {
        if (value is not { } resolution)
        {
            return;
        }

        double nyquist = 2 * map.VoxelSize;
        double edge = map.Size.Longest * map.VoxelSize;
        if (!(resolution >= nyquist * (1 - MapGrid.VoxelSizeTolerance)) || !(resolution <= edge))
        {
            throw Refuse(
                parameter,
                $"{what} is {resolution} Å; expected {nyquist:0.####} Å, which is Nyquist of voxels of {map.VoxelSize:0.####} Å, to {edge:0.##} Å, the edge of the box.");
        }
    }

    // Both maps, mask, result, transform and filter. Measuring the curves comes before, and asks for itself.
    private static long RequireMemory(Reconstruction input, CryoMap? mask, BFactorSharpeningOptions options)
    {
        CryoMap map = input.First;
        int volumes = 1 + input.Maps.Count + (mask is null ? 0 : 1);
        long needed = (volumes * sizeof(float) * map.Size.VoxelCount) + RealFft3D.SpectrumBytes(map.Size) + OctantFilter.BytesFor(map.Size);
        long measuring = input.HasHalves ? FourierShellCorrelation.RequiredBytes(map, mask) : 0;
        return options.Limits.Require(needed, Say($"Sharpening '{map.Name}' ({map.Size} voxels)"), map.Name, enough: measuring);
    }

    private static EngineException Refuse(EngineParameter parameter, FormattableString message) => EngineException.OutOfRange(parameter, Say(message));
}
