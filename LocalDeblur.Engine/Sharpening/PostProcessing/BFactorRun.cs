using System.Numerics.Tensors;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Shells;

namespace LocalDeblur.Sharpening.PostProcessing;

/// <summary>The steps of one run of <see cref="BFactorSharpening"/>, and what they share.</summary>
/// <param name="input">The map, or the half maps.</param>
/// <param name="mask">Mask; or null.</param>
/// <param name="options">Parameters.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal sealed class BFactorRun(Reconstruction input, CryoMap? mask, BFactorSharpeningOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
{
    // Share of the run that measuring the curves takes.
    private const double FscShare = 0.6;

    private readonly CryoMap _map = input.First;
    private IProgress<StageProgress>? _progress = progress;

    /// <summary>The shells of the map, as RELION counts them.</summary>
    public RadialShells Shells { get; } = new(input.First.Size, input.First.VoxelSize, ShellCounting.StoredCoefficients, options.Limits);

    /// <summary>What was decided, one sentence each.</summary>
    public List<string> Decisions { get; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Where the low-pass filter lies (Å); null for none.</summary>
    public double? LowPass => options.LowPassResolution ?? options.Resolution;

    /// <summary>The curves that amplitudes are weighted by: those given, or those of the half maps; null for none.</summary>
    public FscResult? FindCurves()
    {
        if (!options.WeightByFsc)
        {
            Decisions.Add("The amplitudes are not weighted, as asked for.");
            return null;
        }

        if (options.Fsc is { } given)
        {
            Decisions.Add(Say($"The amplitudes are weighted by the {Word(given.Final.Curve)} Fourier shell correlation that was given."));
            return given;
        }

        if (!input.HasHalves)
        {
            Decisions.Add("The amplitudes are not weighted: one map has no Fourier shell correlation.");
            if (options.Resolution is null && (options.LowPassResolution is null || (options.BFactor is null && options.FitRange is null)))
            {
                Warnings.Add("Without half maps, a curve or a resolution, noise up to Nyquist counts as signal. Give a resolution, a Fourier shell correlation, or the half maps.");
            }

            return null;
        }

        FourierShellCorrelationOptions parameters = (options.FscOptions ?? new FourierShellCorrelationOptions()) with { Limits = options.Limits };
        FscResult measured = FourierShellCorrelation.Run(input, mask, parameters, ScaledProgress.Part(_progress, 0, FscShare), cancellationToken);
        Decisions.AddRange(measured.Decisions);
        Warnings.AddRange(measured.Warnings);
        Decisions.Add(Say($"The amplitudes are weighted by the {Word(measured.Final.Curve)} Fourier shell correlation."));
        _progress = ScaledProgress.Part(_progress, FscShare, 1 - FscShare);
        return measured;
    }

    /// <summary>The weight of amplitudes before any sharpening.</summary>
    /// <param name="curves">The curves; null to leave the shells unweighted.</param>
    public AmplitudeWeight FindWeights(FscResult? curves)
    {
        options.Mtf?.RequireReach(0.5 * (options.MtfPixelSize ?? Shells.VoxelSize) / Shells.VoxelSize);
        return new(Shells, curves is null ? null : AmplitudeWeight.ByShell(curves, Shells, _map.Name, Decisions), options);
    }

    /// <summary>Transforms the map, or the mean of the half maps, which is never masked.</summary>
    /// <param name="transform">Where to.</param>
    /// <returns>The amplitudes, as they are.</returns>
    public GuinierProfile Transform(FilteredTransform transform)
    {
        Report("Transforming the map", 0);
        transform.Load(input, cancellationToken);
        Report("Fitting the Guinier plot", 0.3);
        return transform.Profile(_map.Name, cancellationToken);
    }

    /// <summary>Fits a line to the logarithms of the weighted amplitudes.</summary>
    /// <param name="transform">The map's transform.</param>
    /// <param name="weights">The weights.</param>
    /// <returns>The amplitudes with the fit. With a B factor that was given, the line is only told, and may be missing.</returns>
    public GuinierProfile FitGuinierPlot(FilteredTransform transform, AmplitudeWeight weights)
    {
        transform.Filter(weights.Weight, double.PositiveInfinity);
        GuinierProfile weighted = transform.Profile(_map.Name, cancellationToken);
        try
        {
            return weighted.WithFit(BFactorSharpening.FitRange(_map, options));
        }
        catch (EngineException exception) when (exception.Error == EngineError.FitRangeEmpty && options.BFactor is not null)
        {
            Warnings.Add($"There is no Guinier fit. {exception.Message}");
            return weighted;
        }
    }

    /// <summary>The B factor that was given, or that of the fit (Å²).</summary>
    /// <param name="weighted">The weighted amplitudes.</param>
    /// <param name="finest">Resolution of the last shell that is not 0 (Å).</param>
    /// <exception cref="EngineException">ParameterOutOfRange where it amplifies beyond all measure.</exception>
    public double ChooseBFactor(GuinierProfile weighted, double finest)
    {
        double bFactor = options.BFactor ?? weighted.Fit!.BFactor;
        BFactorSharpening.RequireAmplification(bFactor, finest, options);
        if (bFactor > 0)
        {
            string why = options.BFactor is null
                ? "The amplitudes of this map rise with resolution: it may have been sharpened before."
                : "Give it with a minus sign to sharpen.";
            Warnings.Add(Say($"The B factor is {bFactor:0.##} Å², and a positive one blurs; negative ones sharpen. {why}"));
        }

        return bFactor;
    }

    /// <summary>Resolution of the last shell that is not 0 (Å); NaN where there is only the mean.</summary>
    /// <param name="weighted">The weighted amplitudes.</param>
    public double FinestShell(GuinierProfile weighted)
    {
        int last = weighted.Shells.Count - 1;
        while (last > 0 && double.IsNaN(weighted.LogAmplitudes[last]))
        {
            last--;
        }

        return last == 0 ? double.NaN : Math.Max(weighted.Shells.Resolution(last), LowPass ?? 0);
    }

    /// <summary>Filters the transform by weights, B factor and low-pass filter, up to Nyquist.</summary>
    /// <param name="transform">The map's transform.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="bFactor">The B factor (Å²).</param>
    /// <returns>The sharpened amplitudes.</returns>
    public GuinierProfile Sharpen(FilteredTransform transform, AmplitudeWeight weights, double bFactor)
    {
        Decisions.Add(LowPass is { } limit
            ? Say($"A low-pass filter lies at {limit:0.##} Å, with an edge of {options.LowPassEdgeShells} shells.")
            : "There is no low-pass filter.");

        Report("Sharpening", 0.6);
        transform.Filter(u => weights.Sharpen(u, bFactor, LowPass), 0.5 * (1 + AmplitudeWeight.RoundingTolerance));
        return transform.Profile(_map.Name, cancellationToken);
    }

    /// <summary>The sharpened map, multiplied by the mask where that is asked for.</summary>
    /// <param name="transform">The filtered transform of the map, which is lost.</param>
    public float[] TransformBack(FilteredTransform transform)
    {
        float[] voxels = transform.ToVoxels(cancellationToken);
        RequireFinite(voxels);
        if (options.ApplyMask)
        {
            TensorPrimitives.Multiply(voxels, mask!.Load(cancellationToken), voxels);
            Decisions.Add($"The result is multiplied by the mask '{mask.Name}'.");
        }

        Report("Sharpening", 1);
        return voxels;
    }

    /// <summary>What the history says was asked for.</summary>
    /// <param name="isWeighted">Whether shells were weighted by a curve.</param>
    public (string Name, object? Value)[] Parameters(bool isWeighted)
    {
        ResolutionRange fit = BFactorSharpening.FitRange(_map, options);
        return
        [
            .. input.HalfMapParameters,
            ("Mask", MapLabel.SourceOf(mask)),
            ("Fsc", options.Fsc is null ? null : "given"),
            ("WeightByFsc", isWeighted),
            ("Seed", isWeighted && options.Fsc is null ? (options.FscOptions ?? new FourierShellCorrelationOptions()).Seed : null),
            ("BFactor", options.BFactor),
            ("FitCoarsest", fit.Coarsest),
            ("FitFinest", fit.Finest),
            ("Resolution", options.Resolution),
            ("LowPassResolution", LowPass),
            ("LowPassEdgeShells", options.LowPassEdgeShells),
            ("Mtf", options.Mtf?.Name),
            ("MtfPixelSize", options.Mtf is null ? null : options.MtfPixelSize ?? _map.VoxelSize),
            ("ApplyMask", options.ApplyMask),
        ];
    }

    // The input was finite: what is not is the doing of the weights.
    private void RequireFinite(float[] voxels)
    {
        VolumeStatistics found = VolumeStatistics.Measure(voxels);
        if (found.NonFinite > 0)
        {
            throw new EngineException(
                EngineError.ParameterOutOfRange,
                Say($"Sharpening '{_map.Name}' makes {found.NonFinite} of {voxels.Length} voxels infinite: its amplitudes, times the sharpening, are beyond float32."),
                _map.Name)
            {
                Advice = [new("give a B factor nearer to 0", EngineParameter.BFactor), new("scale the map to values near 1")],
            };
        }
    }

    private static string Word(FscCurveKind curve) => curve switch
    {
        FscCurveKind.Corrected => "corrected",
        FscCurveKind.Unmasked => "unmasked",
        FscCurveKind.Masked => "masked",
        _ => "mask-fraction",
    };

    private void Report(string stage, double fraction) => _progress?.Report(new StageProgress(stage, fraction));
}
