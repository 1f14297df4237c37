using System.Diagnostics;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;

namespace LocalDeblur.Sharpening.AutoSharpening;

/// <summary>One run of one of the three programs of <see cref="AutoSharpen"/>: what they share.</summary>
/// <param name="input">The map, or the half maps.</param>
/// <param name="options">Parameters.</param>
/// <param name="progress">Told about the stages; or null.</param>
/// <param name="cancellationToken">Stops the run.</param>
internal abstract class AutoSharpenProgram(Reconstruction input, AutoSharpenOptions options, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _peakBytes;

    /// <summary>The map, or the half maps.</summary>
    protected Reconstruction Input => input;

    /// <summary>The map, or the first half map.</summary>
    protected CryoMap Map => input.First;

    /// <summary>Parameters.</summary>
    protected AutoSharpenOptions Options => options;

    /// <summary>Stops the run.</summary>
    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>What was decided, one sentence each.</summary>
    protected List<string> Decisions { get; } = [];

    /// <summary>What the user should know, one sentence each.</summary>
    protected List<string> Warnings { get; } = [];

    /// <summary>Bytes that a map on the grid of the input takes.</summary>
    protected long MapBytes => sizeof(float) * Map.Size.VoxelCount;

    /// <summary>Bytes that weighting a whole map takes beside it.</summary>
    protected long WeightingBytes => MapBytes + RealFft3D.SpectrumBytes(Map.Size) + OctantFilter.BytesFor(Map.Size);

    /// <summary>Follows the steps.</summary>
    public abstract AutoSharpenResult Run();

    /// <summary>Tells where the run is.</summary>
    /// <param name="stage">Name of the stage.</param>
    /// <param name="fraction">Share of the run that is done.</param>
    protected void Report(string stage, double fraction) => progress?.Report(new StageProgress(stage, fraction));

    /// <summary>Refuses what takes more memory than allowed, before it is allocated.</summary>
    /// <param name="bytes">What is held at once at most.</param>
    /// <param name="enough">What is enough for certain, where that turns out on the way.</param>
    protected void RequireMemory(long bytes, long enough = 0) =>
        _peakBytes = Math.Max(_peakBytes, options.Limits.Require(bytes, Say($"Sharpening '{Map.Name}' ({Map.Size} voxels)"), Map.Name, enough: enough));

    /// <summary>Removes the anisotropy of a whole map and weights it.</summary>
    /// <param name="map">The map.</param>
    /// <param name="weight">Weight by frequency (1/Å).</param>
    /// <returns>The result, and the B factor of the map before (Å²).</returns>
    protected (SharpenedVoxels Sharpened, double MapB) Apply(CryoMap map, Func<double, double> weight)
    {
        using var transform = new RealFft3D(map.Size, options.Limits);
        using var transformed = new MapTransform(transform, new FrequencyGrid(map.Size, map.VoxelSize), options);
        WilsonFit fit = transformed.Load(map, cancellationToken);
        return (transformed.Sharpen(map, weight, cancellationToken), fit.Isotropic);
    }

    /// <summary>What a run that weights shells found.</summary>
    /// <param name="sharpened">The result.</param>
    /// <param name="mapB">B factor of the map before (Å²).</param>
    /// <param name="weight">The weights.</param>
    /// <param name="judges">Who has to agree in a shell.</param>
    protected AutoSharpenResult InShells(SharpenedVoxels sharpened, double mapB, ShellWeight weight, string judges)
    {
        // The decay beyond the last good shell ends at 0 in the last, whatever was measured there.
        int silent = weight.Weights[..^1].Count(value => value < 1e-3);
        if (silent > 0)
        {
            Warnings.Add(
                Say($"In {silent} of {weight.Weights.Length} shells {judges} do not agree, and the weight is about 0 there. ")
                    + "A coarser resolution may fit the map better.");
        }

        return new AutoSharpenResult
        {
            SharpeningB = mapB - sharpened.BIso,
            BIso = sharpened.BIso,
            MapBIso = mapB,
            Kurtosis = sharpened.Kurtosis,
            Shells = new AutoSharpenShells(weight.Resolutions, weight.Correlations, weight.Weights),
        };
    }

    /// <summary>Adds to what was found the cost, what was decided, and the map with its history.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="map">The map that was sharpened.</param>
    /// <param name="voxels">The result.</param>
    /// <param name="parameters">What the history says was asked for.</param>
    protected AutoSharpenResult Conclude(AutoSharpenResult found, CryoMap map, float[] voxels, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        found = found with
        {
            Cost = new RunCost(options.Limits.AllowedThreads, Stopwatch.GetElapsedTime(_started).TotalSeconds, _peakBytes),
            Decisions = [.. Decisions, .. options.Limits.Decisions],
            Warnings = Warnings,
        };
        return found with { Map = map.Derive(voxels, found.Entry(parameters)) };
    }
}
