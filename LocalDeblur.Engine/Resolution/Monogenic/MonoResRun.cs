using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Resolution.Monogenic;

/// <summary>The steps of one run of <see cref="MonoRes"/>, and what they share.</summary>
/// <param name="input">The map, or the half maps.</param>
/// <param name="mask">The mask.</param>
/// <param name="options">Parameters, with what was chosen where nothing was asked for: where the noise is, and where the scan begins.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal sealed class MonoResRun(Reconstruction input, CryoMap mask, MonoResOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>By this factor the scan begins coarser, each time.</summary>
    private const double CoarserFactor = 1.5;

    /// <summary>Share of the mask that may lie beyond the sphere of the measurement, where masks of whole boxes have their corners, without a word.</summary>
    private const double LeastShareBeyond = 0.01;

    private readonly CryoMap _map = input.First;

    /// <summary>What was decided, one sentence each.</summary>
    public List<string> Decisions { get; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Where molecule and noise are.</summary>
    /// <param name="map">The rows of the map.</param>
    public MonoResRegions FindRegions(HalfMapRows map)
    {
        MonoResRegions regions = MonoResRegions.Read(mask, Decisions, Warnings, cancellationToken);
        if (!regions.VariesInside(map, out float only, cancellationToken))
        {
            throw MaskRule.WithoutSignal(_map, only / map.Factor, $"inside the mask '{mask.Name}'");
        }

        regions.IgnoreBeyondReconstruction(map, cancellationToken);
        WarnOfVoxelsBeyond(regions);
        if (options.ExclusionMask is { } exclusion)
        {
            regions.Exclude(exclusion, cancellationToken);
        }

        if (options.NoiseFrom == MonoResNoise.Halves)
        {
            regions.IgnoreOutside();
        }

        return regions;
    }

    private void WarnOfVoxelsBeyond(MonoResRegions regions)
    {
        long beyond = regions.MaskVoxels - regions.CountInside();
        if (beyond > LeastShareBeyond * regions.MaskVoxels)
        {
            Warnings.Add(
                Say($"{beyond} of the {regions.MaskVoxels} voxels of the mask lie {regions.NoiseRadius} voxels or more from the centre of the box, where MonoRes ")
                    + "measures nothing: they have no local resolution, and what is sharpened by it is not sharpened there. "
                    + "Centre the molecule in its box, or make the box longer along x.");
        }
    }

    /// <summary>Measures noise and signal from coarse to fine, after the refinement of the mask.</summary>
    /// <param name="transform">Computes spectra.</param>
    /// <param name="map">The rows of the map.</param>
    /// <param name="regions">The regions; their mask is refined.</param>
    /// <param name="voxels">Their voxels.</param>
    /// <param name="limit">Where the scan may begin at most, if most of the mask is no stronger than the noise where it does (Å).</param>
    public MonoResScan Scan(RealFft3D transform, HalfMapRows map, MonoResRegions regions, MonoResVoxels voxels, double limit)
    {
        using var amplitudes = new MonoResAmplitudes(transform);
        amplitudes.Load(map, cancellationToken);
        if (options.NoiseFrom == MonoResNoise.OutsideMask)
        {
            // The published program takes what surrounds the molecule for 0: an offset makes its refined mask another one.
            (float background, double share) = regions.LookOutside(map, cancellationToken);
            amplitudes.TakeOff(background);
            if (AppliedMask.WarningOfOutside(_map, share, AppliedMask.MostForRanks) is { } masked)
            {
                Warnings.Add(
                    masked + ", and the local resolution comes out too fine. "
                        + (input.HasHalves ? "Take the noise from the half maps, or give them" : "Give both half maps, or the map")
                        + " as the reconstruction left them, without a mask.");
            }

            RefineMask(amplitudes, regions, voxels);
        }

        HalfMapRows? noise = input.HasHalves ? ReadRows(subtract: true) : null;
        double begin = options.CoarsestResolution!.Value;
        var scan = new MonoResScan(_map.Grid, options, voxels, regions.MaskVoxels, transform.Pool);
        for (; ; )
        {
            double coarser = Math.Min(limit, CoarserFactor * begin);
            bool mayBeginCoarser = Index(coarser) < Index(begin);
            scan.Run(begin, amplitudes, map, noise, mayBeginCoarser, progress, cancellationToken);
            if (!mayBeginCoarser || !scan.BeginsTooFine)
            {
                break;
            }

            Decisions.Add(
                Say($"The scan begins anew at {coarser:0.##} Å: at {scan.Evaluated[0]:0.##} Å ")
                    + Say($"no more than {100 * scan.ShareAtStart:0} % of the mask is stronger than the noise."));
            begin = coarser;
        }

        Decisions.Add(Say($"The molecule reaches {regions.Radius} voxels from the centre; noise is looked for up to {regions.NoiseRadius}."));
        Decisions.Add(scan.StopReason);
        Decisions.Add($"The transform runs on {transform.Threads} threads with {RealFft3D.CodePath} kernels.");
        Decisions.AddRange(options.Limits.Decisions);
        return scan;

        double Index(double resolution) => Math.Round(_map.Size.X * _map.VoxelSize / resolution, MidpointRounding.AwayFromZero);
    }

    /// <summary>Smooths what the scan found.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="signal">The voxels that it measured.</param>
    /// <param name="transform">Computes spectra.</param>
    public MonoResMaps Smooth(MonoResScan scan, VoxelSet signal, RealFft3D transform)
    {
        Report("Smoothing the resolution map");
        return MonoResMaps.Smooth(_map, scan, signal, options, transform, cancellationToken);
    }

    /// <summary>
    /// The rows of the map, the mean of the half maps, or of the noise, half their difference. They are scaled by a power of two, which changes no digit, so that
    /// their squares neither overflow nor vanish.
    /// </summary>
    /// <param name="subtract">True for the noise.</param>
    public HalfMapRows ReadRows(bool subtract)
    {
        input.RequireFinite(cancellationToken);
        double deviation = input.Maps.Max(map => map.StandardDeviation);
        if (!(deviation > 0))
        {
            throw MonoRes.WithoutSignal(_map, "every voxel is the same");
        }

        float[] one = _map.Load(cancellationToken);
        float[]? two = input.HasHalves ? input.Half2.Load(cancellationToken) : null;
        if (subtract)
        {
            MonoRes.RequireNoise(input, cancellationToken);
        }

        float factor = (float)Math.ScaleB(input.HasHalves ? 0.5 : 1, Math.Clamp(-Math.ILogB(deviation), -120, 120));
        return new HalfMapRows(one, two, subtract, factor, _map.Size);
    }

    /// <summary>Adds the maps that were made to what was found.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="maps">Their voxels.</param>
    public MonoResResult WithMaps(MonoResResult found, MonoResMaps maps)
    {
        return found with
        {
            Map = Output("local resolution", maps.Resolution),
            Filled = maps.Filled is null ? null : Output("filled local resolution", maps.Filled),
            RefinedMask = maps.Mask is null ? null : Output("refined mask", maps.Mask),
        };

        CryoMap Output(string kind, float[] voxels)
        {
            HistoryEntry step = found.Entry(
                ("Output", kind),
                ("SecondHalfMap", input.SecondSource),
                ("Mask", MapLabel.SourceOf(mask)),
                ("ExclusionMask", MapLabel.SourceOf(options.ExclusionMask)),
                ("CoarsestResolution", options.CoarsestResolution),
                ("Step", options.Step),
                ("Significance", options.Significance),
                ("NoiseFrom", options.NoiseFrom.ToString()),
                ("GaussianNoise", options.GaussianNoise));
            return new CryoMap(_map.Grid, voxels, $"{kind} of {_map.Name}", [.. _map.History, step], _map.Header);
        }
    }

    private void RefineMask(MonoResAmplitudes amplitudes, MonoResRegions regions, MonoResVoxels voxels)
    {
        Report("Refining the mask");
        int given = voxels.Signal.Count;
        float[] inside = new float[given];
        float[] background = new float[voxels.Outside.Count];
        amplitudes.MeasureSmoothed(new VoxelSet.Sink(voxels.Signal, inside, voxels.Outside, background), cancellationToken);
        voxels.Refine(inside, OrderStatistic.Select(background, Math.Min(background.Length - 1, (int)(background.Length * MonoResOptions.DefaultSignificance))));
        Decisions.Add(Say($"The mask was refined: {regions.MaskVoxels} of its {given} voxels are stronger than the outside."));
        if (voxels.Signal.Count == 0)
        {
            throw MonoRes.WithoutSignal(_map, "inside the mask it is no stronger than outside");
        }
    }

    private void Report(string stage) => progress?.Report(new StageProgress(stage, double.NaN));
}
