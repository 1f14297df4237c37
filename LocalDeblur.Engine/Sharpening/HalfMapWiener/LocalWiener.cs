using System.Diagnostics;
using LocalDeblur.Bands;
using LocalDeblur.Maps;
using LocalDeblur.Masks;

namespace LocalDeblur.Sharpening.HalfMapWiener;

/// <summary>
/// Local Wiener restoration: two half maps say, place by place and band by band, what is signal and what is noise; each band is weighted by its share of signal there,
/// and its fall-off with resolution is undone to a stated B factor.
/// </summary>
/// <remarks>
/// <para>
/// Linear, one pass: no model, no iteration, no random numbers. Grey values keep their meaning: a band without noise and without blur comes out unchanged.
/// It cannot know noise that both halves share, nor a direction in which information is missing.
/// </para>
/// <para>
/// Source: a composition of known ideas. The filter is Wiener's; the weight from half maps is the figure of merit C_ref of Rosenthal and Henderson,
/// <i>J. Mol. Biol.</i> 333 (2003) 721; correlation in a window is that of Cardone, Heymann and Steven, <i>J. Struct. Biol.</i> 184 (2013) 226; the fall-off of a
/// protein follows Wilson's statistics.
/// </para>
/// </remarks>
public static class LocalWiener
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "LocalWiener";

    /// <summary>Share of the local fall-off that is undone.</summary>
    internal const double FallOffShare = 0.5;

    private const double LeastEdge = 40;
    private const long LeastMask = 1000;

    // Of the run, for the progress display.
    private const double MaskShare = 0.08;

    /// <summary>Restores the mean of two half maps.</summary>
    /// <param name="input">The half maps, unfiltered. Cubic voxels; finite values; an edge of at least 40 Å.</param>
    /// <param name="mask">Where the molecule is (≥ 0.5), on the same grid; used for statistics only. Null to make one.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The restored map, on the same grid, the whole box, and what was measured.</returns>
    /// <exception cref="EngineException">
    /// The input cannot be used, or does not fit together or into the memory allowed; MapCountUnsupported for one map; MaskEmpty for a mask of fewer than 1000 voxels;
    /// MapSizeUnsupported for a smaller box; ParameterOutOfRange.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static LocalWienerResult Run(
        Reconstruction input,
        CryoMap? mask = null,
        LocalWienerOptions? options = null,
        IProgress<StageProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new LocalWienerOptions();
        long started = Stopwatch.GetTimestamp();
        (LocalWienerWork work, mask, HistoryEntry? masking, long peakBytes) = Measure(input, mask, options, "Restoring", progress, cancellationToken);
        using LocalWienerWork working = work;
        if (options.Global)
        {
            work.RestoreGlobally();
        }
        else
        {
            work.RestoreLocally();
        }

        var found = new LocalWienerResult
        {
            FallOff = work.Spectrum.BFactor,
            TargetBFactor = options.TargetBFactor,
            MaskVoxels = work.Mask.Count,
            UsedBands = work.Spectrum.UsedBands,
            Totals = work.PowersOfInput(work.Spectrum.Totals),
            Noises = work.PowersOfInput(work.Spectrum.Noises),
            SampleStep = work.Grid.Step,
            ByProducts = work.ByProducts,
            NoiseShares = work.NoiseShares,
            Cost = new RunCost(work.Threads, Stopwatch.GetElapsedTime(started).TotalSeconds, peakBytes),
            Decisions = [.. Decisions(work, options), .. options.Limits.Decisions],
            Warnings = [.. input.Warnings(cancellationToken), .. MaskRule.Doubts(mask, cancellationToken), .. work.Warnings()],
        };
        progress?.Report(new StageProgress("Restoring", 1));
        CryoMap first = masking is null ? input.First : input.First.WithHistory([.. input.First.History, masking]);
        return found with
        {
            Map = first.Derive(work.ValuesOfInput(work.Restored), found.Entry(
            [
                .. input.HalfMapParameters,
                ("Mask", MapLabel.SourceOf(mask)),
                ("TargetBFactor", options.TargetBFactor),
                ("WeightExponent", options.Exponent),
                ("WindowWidth", options.Global ? null : options.WindowWidth),
                ("Positivity", options.Positivity),
                ("Global", options.Global),
            ])),
        };
    }

    /// <summary>What restoring and measuring begin with: the checks, the mask, and signal and noise of every band.</summary>
    /// <param name="input">As in <see cref="Run"/>.</param>
    /// <param name="mask">As in <see cref="Run"/>.</param>
    /// <param name="options">Parameters.</param>
    /// <param name="doing">What is done, as a sentence about memory begins.</param>
    /// <param name="progress">Told about the stages; or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The measured bands, the mask that was used, how it was made if it was, and the memory of the run (bytes).</returns>
    internal static (LocalWienerWork Work, CryoMap Mask, HistoryEntry? Masking, long PeakBytes) Measure(
        Reconstruction input, CryoMap? mask, LocalWienerOptions options, string doing, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        Require(input, mask, options);
        RequireMemory(input, options, LeastMask, doing);
        progress?.Report(new StageProgress("Reading maps", double.NaN));
        if (mask is not null)
        {
            MaskRule.RequireSignalInside(input, mask, cancellationToken);
        }

        input.RequireSound(cancellationToken);
        HistoryEntry? masking = null;
        if (mask is null)
        {
            mask = MaskBuilder.Run(input, new MaskOptions { Limits = options.Limits }, ScaledProgress.Part(progress, 0, MaskShare), cancellationToken).Map;
            masking = mask.History[^1];
        }

        mask.RequireFinite(cancellationToken);
        var selected = new MaskRuns(mask.AsSpan(cancellationToken), input.Grid.Size);
        long peakBytes = RequireMemory(input, options, selected.Count, doing);
        var work = new LocalWienerWork(input, mask, selected, options, ScaledProgress.Part(progress, MaskShare, 1 - MaskShare), cancellationToken);
        try
        {
            work.RequireMask(LeastMask);
            work.Measure();
            return (work, mask, masking, peakBytes);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> Decisions(LocalWienerWork work, LocalWienerOptions options)
    {
        WienerSpectrum spectrum = work.Spectrum;
        double crossing = 1 / FrequencyBands.Frequency(Math.Min(spectrum.Crossing, work.Bands.Last));
        double finest = 1 / FrequencyBands.Frequency(Math.Max(1, spectrum.UsedBands - 1));
        yield return Say($"The map falls off by {spectrum.BFactor:0.#} Å² beyond a protein whose atoms have B = {WienerSpectrum.ProteinBFactor:0} Å²,")
            + Say($" and is brought to {options.TargetBFactor:0.#} Å².");
        yield return Say($"Half of the power is signal down to {crossing:0.##} Å in the mask; detail finer than {finest:0.##} Å is left out.");
        if (options.Positivity)
        {
            yield return "Positive density was added in the molecule, one step. No Fourier shell correlation may be computed from half maps that went through this.";
        }
    }

    private static void Require(Reconstruction input, CryoMap? mask, LocalWienerOptions options)
    {
        if (!input.HasHalves)
        {
            throw new EngineException(
                EngineError.MapCountUnsupported,
                $"One map was given, '{input.First.Name}'. What is noise, place by place, only two half maps say; "
                    + "a single map has no noise estimate, and the filter would do harm.",
                input.First.Name)
            {
                Advice = [new("give both half maps", EngineParameter.HalfMaps), new("sharpen the one map by another method: LocalDeblur, one B factor or AutoSharpen")],
            };
        }

        input.Grid.RequireCubicVoxels(input.First.Name);
        mask?.Grid.RequireSameAs(mask.Name, input.Grid, input.First.Name);
        GridSize size = input.Grid.Size;
        double edge = Math.Min(size.X, Math.Min(size.Y, size.Z)) * input.First.VoxelSize;
        if (edge < LeastEdge)
        {
            throw new EngineException(
                EngineError.MapSizeUnsupported,
                Say($"The shortest edge of '{input.First.Name}' is {edge:0.##} Å; expected at least {LeastEdge:0} Å, so that a band holds enough of the transform.")
                    + " Give half maps of the whole box.",
                input.First.Name);
        }

        RequireRange(EngineParameter.TargetBFactor, "The B factor of the result", options.TargetBFactor, -200, 500, "Å², usually 20 to 60");
        RequireRange(EngineParameter.WeightExponent, "The exponent of the weights", options.Exponent, 0, 2, "; usually 0.75 or 1");
        RequireRange(EngineParameter.WindowWidth, "The width of the window", options.WindowWidth, 2, 20, "Å, usually 5");
        var positivity = new Advice("leave the positivity step out", EngineParameter.Positivity);
        var global = new Advice("take local weights", EngineParameter.Global);
        var byProducts = new Advice("leave them out", EngineParameter.ByProducts);
        if (options.Positivity && options.Global)
        {
            throw Conflict("The positivity step was asked for with one weight a shell; expected local weights.", positivity, global);
        }

        if (options.Positivity && options.Exponent != 1)
        {
            throw Conflict(
                Say($"The positivity step was asked for with an exponent of {options.Exponent}; expected 1."),
                positivity,
                new Advice("leave the exponent out", EngineParameter.WeightExponent));
        }

        if (options.ByProducts && options.Global)
        {
            throw Conflict("Local resolution, noise and confidence were asked for with one weight a shell, which knows no places.", byProducts, global);
        }

        if (options.ByProducts && options.Positivity)
        {
            throw Conflict("Local resolution, noise and confidence were asked for with the positivity step, after which they no longer hold.", byProducts, positivity);
        }
    }

    private static EngineException Conflict(string message, params Advice[] ways) => new(EngineError.ParameterOutOfRange, message) { Advice = ways };

    private static void RequireRange(EngineParameter parameter, string what, double value, double least, double most, string unit)
    {
        if (!(value >= least && value <= most))
        {
            throw EngineException.OutOfRange(parameter, Say($"{what} is {value}; expected {least} to {most}{(unit[0] == ';' ? string.Empty : " ")}{unit}."));
        }
    }

    // Half maps and mask throughout; while bands are measured one of them, and the last one's noise in the mask; then the result, and at the end what goes with it.
    private static long RequireMemory(Reconstruction input, LocalWienerOptions options, long maskVoxels, string doing)
    {
        GridSize size = input.Grid.Size;
        var bands = new FrequencyBands(input.First.VoxelSize, options.WindowWidth);
        var grid = new SampleGrid(size, input.First.VoxelSize);
        long volume = sizeof(float) * size.VoxelCount;
        long powers = options.Global ? 0 : 2L * bands.Count * sizeof(float) * SampleLanes.Padded(grid);
        long wide = sizeof(float) * (long)grid.WideCount;
        long measuring = volume + (sizeof(float) * maskVoxels) + BandSplit.Bytes(size, withDifference: true) + (options.Global ? 0 : LocalPowers.Bytes(grid));
        long restoring = ((options.Positivity ? 2 : 1) * volume) + BandSplit.Bytes(size, withDifference: false) + (options.Global ? 0 : LocalSpectra.Bytes(grid) + wide);
        long describing = options.ByProducts ? (5 * volume) + LocalSpectra.Bytes(grid) + wide : 0;
        long needed = (3 * volume) + powers + Math.Max(measuring, Math.Max(restoring, describing));
        return options.Limits.Require(needed, Say($"{doing} '{input.Name}' ({size} voxels)"), input.First.Name, enough: needed + volume - (sizeof(float) * maskVoxels));
    }
}
