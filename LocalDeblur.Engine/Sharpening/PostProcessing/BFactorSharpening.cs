using System.Diagnostics;
using System.Numerics.Tensors;
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
/// <para>The mean of the map is kept. Results do not depend on the number of threads.</para>
/// </remarks>
public static class BFactorSharpening
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "BFactorSharpening";

    /// <summary>A B factor that is given lies between minus this and this (Å²).</summary>
    public const double LargestBFactor = 1000;

    // Shells from the first below this on hold no signal.
    private const double NoCorrelation = 1e-4;

    // A factor of 1e26: what is left of float32 numbers after that is rounding.
    private const double LargestExponent = 60;

    // A frequency that is meant to be Nyquist's, or half-way between two shells, may differ from it by rounding.
    private const double RoundingTolerance = 1e-9;

    // Share of the run that measuring the curves takes.
    private const double FscShare = 0.6;

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
        input.RequireFinite(cancellationToken);
        mask?.RequireFinite(cancellationToken);

        List<string> decisions = [];
        List<string> warnings = [];
        FscResult? fsc = FindCurves(input, mask, options, progress, decisions, warnings, cancellationToken);
        if (progress is not null && fsc is not null && options.Fsc is null)
        {
            progress = new ScaledProgress(progress, FscShare, 1 - FscShare);
        }

        var shells = new RadialShells(map.Size, map.VoxelSize, ShellCounting.StoredCoefficients, options.Limits);
        double[]? weights = fsc is null ? null : Weights(fsc, shells, map.Name, decisions);

        progress?.Report(new StageProgress("Transforming the map", 0));
        using var transform = new RealFft3D(map.Size, options.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        if (input.HasHalves)
        {
            transform.Forward(new HalfMapRows(map.Load(cancellationToken), input.Half2.Load(cancellationToken), subtract: false, 0.5f, map.Size), spectrum, cancellationToken);
        }
        else
        {
            transform.Forward(map.Load(cancellationToken), spectrum, cancellationToken);
        }

        progress?.Report(new StageProgress("Fitting the Guinier plot", 0.3));
        GuinierProfile original = GuinierProfile.Measure(spectrum, null, shells, options.Limits, cancellationToken).Named(map.Name);
        using OctantFilter filter = OctantFilter.Create(map.Size, Weight, double.PositiveInfinity, transform.Pool);
        GuinierProfile weighted = GuinierProfile.Measure(spectrum, filter, shells, options.Limits, cancellationToken).Named(map.Name);
        weighted = Fit(weighted, map, options, warnings);
        double bFactor = options.BFactor ?? weighted.Fit!.BFactor;
        double? lowPass = options.LowPassResolution ?? options.Resolution;
        double finest = FinestShell(weighted, lowPass);
        RequireAmplification(bFactor, finest, options);
        if (bFactor > 0)
        {
            warnings.Add(Say($"The B factor is {bFactor:0.##} Å², and a positive one blurs; negative ones sharpen. {(options.BFactor is null ? "The amplitudes of this map rise with resolution: it may have been sharpened before." : "Give it with a minus sign to sharpen.")}"));
        }

        decisions.Add(lowPass is { } limit
            ? Say($"A low-pass filter lies at {limit:0.##} Å, with an edge of {options.LowPassEdgeShells} shells.")
            : "There is no low-pass filter.");

        progress?.Report(new StageProgress("Sharpening", 0.6));
        filter.Fill(Sharpen, 0.5 * (1 + RoundingTolerance), transform.Pool);
        GuinierProfile sharpened = GuinierProfile.Measure(spectrum, filter, shells, options.Limits, cancellationToken).Named(map.Name);
        float[] voxels = new float[map.Size.VoxelCount];
        transform.Inverse(spectrum, filter, spectrum, voxels, cancellationToken);
        if (options.ApplyMask)
        {
            TensorPrimitives.Multiply(voxels, mask!.Load(cancellationToken), voxels);
            decisions.Add($"The result is multiplied by the mask '{mask.Name}'.");
        }

        progress?.Report(new StageProgress("Sharpening", 1));
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
            Decisions = [.. decisions.Union(options.Limits.Decisions)],
            Warnings = warnings,
        };
        return found with
        {
            Map = map.Derive(voxels, found.Entry(
            [
                .. input.HalfMapParameters,
                ("Mask", MapLabel.SourceOf(mask)),
                ("Fsc", options.Fsc is null ? null : "given"),
                ("WeightByFsc", fsc is not null),
                ("BFactor", options.BFactor),
                ("FitCoarsest", FitRange(map, options).Coarsest),
                ("FitFinest", FitRange(map, options).Finest),
                ("Resolution", options.Resolution),
                ("LowPassResolution", lowPass),
                ("LowPassEdgeShells", options.LowPassEdgeShells),
                ("Mtf", options.Mtf?.Name),
                ("MtfPixelSize", options.Mtf is null ? null : options.MtfPixelSize ?? map.VoxelSize),
            ])),
        };

        // Factor at frequency u (cycles/voxel) before the fit: detector and shell.
        float Weight(double u)
        {
            double value = 1;
            if (options.Mtf is { } mtf)
            {
                value /= mtf.At(u * (options.MtfPixelSize ?? map.VoxelSize) / map.VoxelSize);
            }

            if (weights is not null)
            {
                int shell = (int)((u * map.Size.Longest) + 0.5 + RoundingTolerance);
                value *= shell < weights.Length ? weights[shell] : 0;
            }

            return (float)value;
        }

        // The same with B factor and low-pass filter.
        float Sharpen(double u)
        {
            double frequency = u / map.VoxelSize;
            double value = Weight(u) * Math.Exp(-bFactor * frequency * frequency / 4);
            return (float)(lowPass is { } middle ? value * LowPass(u * map.Size.Longest, shells.Edge / middle, options.LowPassEdgeShells) : value);
        }
    }

    /// <summary>Low-pass filter with an edge of a raised cosine.</summary>
    /// <param name="radius">Frequency in units of one over the longest edge.</param>
    /// <param name="middle">Frequency of the filter in the same unit; the nearest whole one counts.</param>
    /// <param name="edge">Width of the edge in the same unit.</param>
    internal static double LowPass(double radius, double middle, int edge)
    {
        double half = edge / 2.0;
        double into = radius - Math.Floor(middle + 0.5) + half;
        return into <= 0 ? 1 : into >= edge ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * into / edge));
    }

    private static FscResult? FindCurves(
        Reconstruction input,
        CryoMap? mask,
        BFactorSharpeningOptions options,
        IProgress<StageProgress>? progress,
        List<string> decisions,
        List<string> warnings,
        CancellationToken cancellationToken)
    {
        if (!options.WeightByFsc)
        {
            decisions.Add("The amplitudes are not weighted, as asked for.");
            return null;
        }

        if (options.Fsc is { } given)
        {
            decisions.Add(Say($"The amplitudes are weighted by the {Word(given.Final.Curve)} Fourier shell correlation that was given."));
            return given;
        }

        if (!input.HasHalves)
        {
            decisions.Add("The amplitudes are not weighted: one map has no Fourier shell correlation.");
            if (options.Resolution is null && (options.LowPassResolution is null || (options.BFactor is null && options.FitRange is null)))
            {
                warnings.Add("Without half maps, a curve or a resolution, noise up to Nyquist counts as signal. Give -Resolution (--resolution), -Fsc (--fsc), or the half maps.");
            }

            return null;
        }

        FourierShellCorrelationOptions parameters = (options.FscOptions ?? new FourierShellCorrelationOptions()) with { Limits = options.Limits };
        FscResult measured = FourierShellCorrelation.Run(input, mask, parameters, ScaledProgress.Part(progress, 0, FscShare), cancellationToken);
        decisions.AddRange(measured.Decisions);
        warnings.AddRange(measured.Warnings);
        decisions.Add(Say($"The amplitudes are weighted by the {Word(measured.Final.Curve)} Fourier shell correlation."));
        return measured;
    }

    // Weight of each shell. The mean of the map is no matter of resolution and stays.
    private static double[] Weights(FscResult fsc, RadialShells shells, string name, List<string> decisions)
    {
        double edge = fsc.Shells[1].Resolution;
        if (fsc.Shells.Count != shells.Count || Math.Abs(edge - shells.Edge) > MapGrid.VoxelSizeTolerance * shells.Edge)
        {
            throw new EngineException(
                EngineError.FscMismatch,
                Say($"The Fourier shell correlation has {fsc.Shells.Count} shells of a box of {edge:0.###} Å, and '{name}' has {shells.Count} of {shells.Edge:0.###} Å; expected the same. Give the curve of this map's half maps, at its box and voxel size."),
                name);
        }

        FscCurveKind curve = fsc.Final.Curve;
        double[] weights = new double[shells.Count];
        weights[0] = 1;
        int shell = 1;
        for (; shell < weights.Length && fsc.Shells[shell][curve] >= NoCorrelation; shell++)
        {
            double correlation = fsc.Shells[shell][curve];
            weights[shell] = Math.Sqrt(2 * correlation / (1 + correlation));
        }

        if (shell == 1)
        {
            throw new EngineException(EngineError.MapWithoutSignal, $"The Fourier shell correlation of '{name}' is below 0.0001 from the first shell on: the half maps have nothing in common. Check that they are of one reconstruction.", name);
        }

        if (shell < weights.Length)
        {
            decisions.Add(Say($"Shells from {shells.Resolution(shell):0.##} Å on are 0: the correlation is below 0.0001 there."));
        }

        return weights;
    }

    private static ResolutionRange FitRange(CryoMap map, BFactorSharpeningOptions options) =>
        options.FitRange ?? new ResolutionRange(BFactorSharpeningOptions.DefaultFitCoarsest, options.Resolution ?? 2 * map.VoxelSize);

    // With a B factor that was given, the line is only told, and may be missing.
    private static GuinierProfile Fit(GuinierProfile weighted, CryoMap map, BFactorSharpeningOptions options, List<string> warnings)
    {
        try
        {
            return weighted.WithFit(FitRange(map, options));
        }
        catch (EngineException exception) when (exception.Error == EngineError.FitRangeEmpty && options.BFactor is not null)
        {
            warnings.Add($"There is no Guinier fit. {exception.Message}");
            return weighted;
        }
    }

    // Resolution (Å) of the last shell that is not 0; NaN where there is only the mean.
    private static double FinestShell(GuinierProfile weighted, double? lowPass)
    {
        int last = weighted.Shells.Count - 1;
        while (last > 0 && double.IsNaN(weighted.LogAmplitudes[last]))
        {
            last--;
        }

        return last == 0 ? double.NaN : Math.Max(weighted.Shells.Resolution(last), lowPass ?? 0);
    }

    private static void RequireAmplification(double bFactor, double finest, BFactorSharpeningOptions options)
    {
        if (-bFactor / (4 * finest * finest) > LargestExponent)
        {
            throw Refuse($"A B factor of {bFactor:0.##} Å² multiplies what is left at {finest:0.##} Å by more than 1e26. {(options.BFactor is null ? "The fit goes through shells without signal, for example those of a map that was low-pass filtered: give -FitRange (--fit-range), -Resolution (--resolution) or -BFactor (--b-factor)." : "Give a smaller one, or -LowPass (--low-pass).")}");
        }
    }

    private static void RequireParameters(CryoMap map, CryoMap? mask, BFactorSharpeningOptions options)
    {
        if (options.BFactor is { } b && !(Math.Abs(b) <= LargestBFactor))
        {
            throw Refuse($"The B factor is {b} Å²; expected −{LargestBFactor} to {LargestBFactor}, usually −30 to −200 to sharpen, or none for the automatic one.");
        }

        if (options.FitRange is null && FitRange(map, options) is var fit && options.BFactor is null && !(fit.Finest < fit.Coarsest))
        {
            throw new EngineException(
                EngineError.FitRangeEmpty,
                Say($"The Guinier fit begins at {fit.Coarsest:0.##} Å and '{map.Name}' ends at {fit.Finest:0.##} Å. Give -FitRange (--fit-range), or -BFactor (--b-factor)."),
                map.Name);
        }

        options.FitRange?.Require(map.VoxelSize, "The fit range");
        RequireResolution(map, options.Resolution, "The resolution");
        RequireResolution(map, options.LowPassResolution, "The low-pass filter");
        if (options.LowPassEdgeShells is < 0 or > 100)
        {
            throw Refuse($"The edge of the low-pass filter is {options.LowPassEdgeShells} shells; expected 0 to 100.");
        }

        if (options.MtfPixelSize is { } pixel && (!(pixel > 0) || !double.IsFinite(pixel)))
        {
            throw Refuse($"The detector's pixel is {pixel} Å; expected a positive number.");
        }

        if (options.ApplyMask && mask is null)
        {
            throw Refuse($"The result is to be multiplied by a mask and there is none. Give -Mask (--mask).");
        }

        if (map.Size.Longest < 4)
        {
            throw new EngineException(EngineError.MapSizeUnsupported, Say($"'{map.Name}' has {map.Size} voxels; a Guinier plot needs an edge of at least 4."), map.Name);
        }
    }

    private static void RequireResolution(CryoMap map, double? value, string what)
    {
        if (value is not { } resolution)
        {
            return;
        }

        double nyquist = 2 * map.VoxelSize;
        double edge = map.Size.Longest * map.VoxelSize;
        if (!(resolution >= nyquist * (1 - MapGrid.VoxelSizeTolerance)) || !(resolution <= edge))
        {
            throw Refuse($"{what} is {resolution} Å; expected {nyquist:0.####} Å, which is Nyquist of voxels of {map.VoxelSize:0.####} Å, to the {edge:0.##} Å of the box.");
        }
    }

    // Both maps, mask, result, transform and filter. Measuring the curves comes before, and asks for itself.
    private static long RequireMemory(Reconstruction input, CryoMap? mask, BFactorSharpeningOptions options)
    {
        CryoMap map = input.First;
        int volumes = 1 + input.Maps.Count + (mask is null ? 0 : 1);
        long needed = (volumes * sizeof(float) * map.Size.VoxelCount) + RealFft3D.SpectrumBytes(map.Size) + OctantFilter.BytesFor(map.Size);
        return options.Limits.Require(needed, Say($"Sharpening '{map.Name}' ({map.Size} voxels)"), map.Name);
    }

    private static string Word(FscCurveKind curve) => curve switch
    {
        FscCurveKind.Corrected => "corrected",
        FscCurveKind.Unmasked => "unmasked",
        FscCurveKind.Masked => "masked",
        _ => "mask-fraction",
    };

    private static EngineException Refuse(FormattableString message) => new(EngineError.ParameterOutOfRange, Say(message));
}
