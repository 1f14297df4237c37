using System.Numerics.Tensors;
using LocalDeblur.Fourier;
using LocalDeblur.Maps;
using LocalDeblur.Numerics;

namespace LocalDeblur.Masks;

/// <summary>
/// Makes a mask, 1 in the molecule and 0 outside, from a map or from two half maps: low-pass, threshold, connected parts, extension, soft edge.
/// </summary>
/// <remarks>
/// <para>Low-pass: Gaussian, exp(−ln 2·(s·d)²), one half at the resolution d; over the periodic box, nothing is padded.</para>
/// <para>Automatic threshold: between four standard deviations of the noise above the solvent and a fifth of the way from the solvent to the
/// molecule's strong density, at the geometric mean of the two. The solvent is the mode of the low-passed densities; the noise comes from the
/// difference of the half maps, or from the densities below the mode.</para>
/// <para>Parts are connected by faces. Distances are exact Euclidean ones between voxel centres; at distance d the mask is 1 for d ≤ extension,
/// ½ + ½·cos(π·(d − extension)/edge) to the end of the soft edge, and 0 beyond. The box does not repeat.</para>
/// </remarks>
public static class MaskBuilder
{
    /// <summary>Name of the step in a map's history.</summary>
    public const string StepName = "Mask";

    /// <summary>Resolution (Å) of the low-pass before the automatic threshold.</summary>
    public const double DefaultLowPassResolution = 12;

    // At least so many voxels to the resolution of the low-pass.
    private const double LeastLowPassVoxels = 4;
    private const double LargestDistance = 1000;

    /// <summary>A mask that takes more of the box than this is worth a warning.</summary>
    internal const double SuspiciousShare = 0.5;

    /// <summary>Makes a mask from one map, or from the mean of two half maps with the noise from their difference.</summary>
    /// <param name="input">The map, or the half maps. Cubic voxels; finite values; the molecule brighter than what surrounds it.</param>
    /// <param name="options">Parameters; null for the defaults.</param>
    /// <param name="progress">Told about the stages, from the calling thread; or null.</param>
    /// <param name="cancellationToken">Stops the run within a fraction of a second.</param>
    /// <returns>The mask, on the same grid, and how it came about.</returns>
    /// <exception cref="EngineException">The input cannot be used; MaskEmpty where nothing is selected; MapWithoutSignal.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static MaskResult Run(Reconstruction input, MaskOptions? options = null, IProgress<StageProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new MaskOptions();
        CryoMap map = input.First;
        const string Stage = "Making the mask";
        map.Grid.RequireCubicVoxels(map.Name);
        RequireParameters(options);
        double lowPass = options.LowPassResolution ?? (options.Threshold is null ? Math.Max(DefaultLowPassResolution, LeastLowPassVoxels * map.VoxelSize) : 0);
        RequireMemory(input, lowPass, options);
        progress?.Report(new StageProgress(Stage, 0));
        input.RequireSound(cancellationToken);

        var decisions = new List<string>();
        float[] voxels = map.CopyVoxels(cancellationToken);
        if (input.HasHalves)
        {
            TensorPrimitives.Add(voxels, input.Half2.AsSpan(cancellationToken), voxels);
            TensorPrimitives.Multiply(voxels, 0.5f, voxels);
        }

        double? noise = null;
        if (lowPass > 0)
        {
            noise = LowPass(input, voxels, lowPass, options, cancellationToken);
            decisions.Add(Say($"The map is low-passed at {lowPass:0.##} Å before the threshold (Gaussian, one half at that resolution)."));
        }

        progress?.Report(new StageProgress(Stage, 0.5));
        List<string> warnings = [.. input.Warnings(cancellationToken)];
        double threshold = options.Threshold ?? FindThreshold(map, voxels, noise, decisions, warnings);
        bool[] inside = Array.ConvertAll(voxels, value => value >= threshold);
        cancellationToken.ThrowIfCancellationRequested();
        (int found, int kept, long selected) = KeepParts(map, inside, threshold, voxels, options, decisions, cancellationToken);

        progress?.Report(new StageProgress(Stage, 0.7));
        (long count, bool touches) = Shape(map.Size, inside, voxels, options, cancellationToken);
        double volume = count * map.VoxelSize * map.VoxelSize * map.VoxelSize;
        double share = (double)count / voxels.Length;
        decisions.Add(Say($"The mask is at least 0.5 in {count} voxels, {volume:0} Å³, {100 * share:0.##} % of the box."));
        if (share > SuspiciousShare)
        {
            warnings.Add(Say($"The mask takes {100 * share:0} % of the box; a molecule in its box usually takes less. Look at it, and give a threshold if it is too wide."));
        }

        if (touches)
        {
            warnings.Add("The mask reaches the edge of the box, where it is cut.");
        }

        progress?.Report(new StageProgress(Stage, 1));
        var made = new MaskResult
        {
            Threshold = threshold,
            Components = found,
            KeptComponents = kept,
            ThresholdVoxels = selected,
            InsideVoxels = count,
            Volume = volume,
            Share = share,
            Decisions = [.. decisions, .. options.Limits.Decisions],
            Warnings = warnings,
        };
        return made with
        {
            Map = map.Derive(voxels, made.Entry(
                ("Map", input.Source),
                ("SecondHalfMap", input.SecondSource),
                ("Threshold", options.Threshold),
                ("LowPassResolution", lowPass),
                ("MinimumComponentVoxels", options.MinimumComponentVoxels),
                ("ExtendVoxels", options.ExtendVoxels),
                ("SoftEdgeVoxels", options.SoftEdgeVoxels))),
        };
    }

    // Replaces the voxels by their low-passed form; the standard deviation of their noise where there are two half maps.
    private static double? LowPass(Reconstruction input, float[] voxels, double resolution, MaskOptions options, CancellationToken cancellationToken)
    {
        CryoMap map = input.First;
        // Beyond this the filter is below 1e-6.
        const double Reach = 4.5;
        double scale = resolution / map.VoxelSize;
        using var transform = new RealFft3D(map.Size, options.Limits);
        using Spectrum spectrum = transform.AllocateSpectrum();
        using OctantFilter filter = OctantFilter.Create(map.Size, u => (float)Math.Exp(-Math.Log(2) * u * u * scale * scale), Reach / scale, transform.Pool);
        transform.Forward(voxels, spectrum, cancellationToken);
        transform.Inverse(spectrum, filter, spectrum, voxels, cancellationToken);
        if (!input.HasHalves)
        {
            return null;
        }

        float[] difference = new float[voxels.Length];
        transform.Forward(new DifferenceRows(map.Load(cancellationToken), input.Half2.Load(cancellationToken), map.Size), spectrum, cancellationToken);
        transform.Inverse(spectrum, filter, spectrum, difference, cancellationToken);
        return AutomaticThreshold.Spread(difference) / 2;
    }

    private static double FindThreshold(CryoMap map, float[] voxels, double? noise, List<string> decisions, List<string> warnings)
    {
        var rule = AutomaticThreshold.Find(voxels, noise);
        string? dark = rule.Dark is { } darkest ? Background.Dark(map, darkest, rule.Solvent, "the mask is not that of the molecule") : null;
        if (double.IsNaN(rule.Value))
        {
            throw new EngineException(
                EngineError.MapWithoutSignal,
                $"'{map.Name}' has no density above its background to make a mask from.{(dark is null ? string.Empty : " " + dark)}",
                map.Name)
            {
                Advice =
                [
                    new("make the mask with a threshold of your own", EngineParameter.Threshold),
                    new("give a mask", EngineParameter.Mask),
                    new("check that the map is the one that was meant"),
                ],
            };
        }

        if (dark is not null)
        {
            warnings.Add(dark);
        }

        decisions.Add(rule.Sentence);
        return rule.Value;
    }

    private static (int Found, int Kept, long Voxels) KeepParts(
        CryoMap map, bool[] inside, double threshold, float[] voxels, MaskOptions options, List<string> decisions,
        CancellationToken cancellationToken)
    {
        var parts = new ConnectedComponents(inside, map.Size, cancellationToken);
        if (parts.Largest is not { } largest)
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"No voxel of '{map.Name}' reaches the threshold {threshold:G5}; the largest value is {TensorPrimitives.Max<float>(voxels):G5}."),
                map.Name)
            {
                Advice = [new("make the mask with a lower threshold", EngineParameter.Threshold)],
            };
        }

        Func<int, bool> wanted = options.MinimumComponentVoxels is { } minimum ? part => parts.Sizes[part] >= minimum : part => part == largest;
        int[] kept = [.. parts.Sizes.Keys.Where(wanted)];
        if (kept.Length == 0)
        {
            throw new EngineException(
                EngineError.MaskEmpty,
                Say($"No part of '{map.Name}' above {threshold:G5} has {options.MinimumComponentVoxels} voxels; the largest has {parts.Sizes[largest]}."),
                map.Name)
            {
                Advice = [new("ask for smaller parts", EngineParameter.MinimumComponentVoxels), new("make the mask with a lower threshold", EngineParameter.Threshold)],
            };
        }

        parts.Keep(inside, wanted);
        long count = kept.Sum(part => parts.Sizes[part]);
        decisions.Add(Say($"{kept.Length} of {parts.Sizes.Count} connected parts {(kept.Length == 1 ? "is" : "are")} kept, {count} voxels."));
        return (parts.Sizes.Count, kept.Length, count);
    }

    // Writes the mask over the voxels; how many are at least one half, and whether any lies at the edge of the box.
    private static (long Count, bool Touches) Shape(GridSize size, bool[] inside, float[] voxels, MaskOptions options, CancellationToken cancellationToken)
    {
        if (options.ExtendVoxels == 0 && options.SoftEdgeVoxels == 0)
        {
            for (int i = 0; i < voxels.Length; i++)
            {
                voxels[i] = inside[i] ? 1 : 0;
            }
        }
        else
        {
            float[] profile = Profile(options);
            int[] squares = DistanceTransform.Squared(inside, size, options.Limits, cancellationToken);
            for (int i = 0; i < voxels.Length; i++)
            {
                voxels[i] = squares[i] < profile.Length ? profile[squares[i]] : 0;
            }
        }

        long count = 0;
        bool touches = false;
        for (int z = 0; z < size.Z; z++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int y = 0; y < size.Y; y++)
            {
                bool edge = z == 0 || z == size.Z - 1 || y == 0 || y == size.Y - 1;
                ReadOnlySpan<float> row = voxels.AsSpan((int)size.Offset(0, y, z), size.X);
                int before = 0;
                foreach (float value in row)
                {
                    before += MaskRule.Selects(value) ? 1 : 0;
                }

                count += before;
                touches |= before > 0 && (edge || MaskRule.Selects(row[0]) || MaskRule.Selects(row[^1]));
            }
        }

        return (count, touches);
    }

    // Value of the mask at each squared distance up to the end of the edge.
    private static float[] Profile(MaskOptions options)
    {
        double reach = options.ExtendVoxels + options.SoftEdgeVoxels;
        float[] profile = new float[(int)(reach * reach) + 1];
        for (int square = 0; square < profile.Length; square++)
        {
            double beyond = Math.Sqrt(square) - options.ExtendVoxels;
            profile[square] = beyond <= 0 ? 1 : (float)RaisedCosine.Fall(beyond / options.SoftEdgeVoxels, 1);
        }

        return profile;
    }

    private static void RequireParameters(MaskOptions options)
    {
        Require(options.Threshold is not { } threshold || double.IsFinite(threshold), EngineParameter.Threshold, "threshold", options.Threshold, "a number");
        Require(
            options.LowPassResolution is not { } resolution || (resolution >= 0 && double.IsFinite(resolution)),
            EngineParameter.LowPassResolution,
            "resolution of the low-pass (Å)",
            options.LowPassResolution,
            "0 (none) or more");
        Require(options.MinimumComponentVoxels is not < 1, EngineParameter.MinimumComponentVoxels, "smallest part (voxels)", options.MinimumComponentVoxels, "1 or more");
        Require(options.ExtendVoxels is >= 0 and <= LargestDistance, EngineParameter.ExtendVoxels, "extension (voxels)", options.ExtendVoxels, "0 to 1000");
        Require(options.SoftEdgeVoxels is >= 0 and <= LargestDistance, EngineParameter.SoftEdgeVoxels, "soft edge (voxels)", options.SoftEdgeVoxels, "0 to 1000");

        static void Require(bool holds, EngineParameter parameter, string name, double? value, string expected)
        {
            if (!holds)
            {
                throw EngineException.OutOfRange(parameter, Say($"The {name} of a mask is {value}; expected {expected}."));
            }
        }
    }

    // The maps, a copy, the set, the distances; before them a transform, its filter and a difference.
    private static void RequireMemory(Reconstruction input, double lowPass, MaskOptions options)
    {
        CryoMap map = input.First;
        long voxels = map.Size.VoxelCount;
        long filtering = lowPass > 0
            ? RealFft3D.SpectrumBytes(map.Size) + OctantFilter.BytesFor(map.Size) + (input.HasHalves ? sizeof(float) * voxels : 0)
            : 0;
        long needed = ((input.Maps.Count + 1) * sizeof(float) * voxels) + Math.Max(filtering, (sizeof(int) + sizeof(bool)) * voxels);
        options.Limits.Require(needed, Say($"Making a mask from '{map.Name}' ({map.Size} voxels)"), map.Name);
    }
}
