using LocalDeblur.Maps;
using LocalDeblur.Masks;
using LocalDeblur.Phantom;
using LocalDeblur.Resolution.Fsc;
using LocalDeblur.Resolution.Monogenic;
using LocalDeblur.Resolution.Spheres;
using LocalDeblur.Resolution.Windows;
using LocalDeblur.Sharpening.AutoSharpening;
using LocalDeblur.Sharpening.HalfMapWiener;
using LocalDeblur.Sharpening.LocScaling;
using LocalDeblur.Sharpening.PostProcessing;
using LocalDeblur.Shells;
using LocalDeblur.Workflows;

namespace LocalDeblur.Tests.Engine.Properties;

/// <summary>Every method that takes a reconstruction, by name, and a phantom that all of them can work on.</summary>
/// <remarks>The names end by what a method takes: half maps (2) or one map (1).</remarks>
internal static class EveryMethod
{
    /// <summary>Odd, so that no frequency is its own negative: there MonoRes, as published, tells the axes apart.</summary>
    public const int Edge = 33;

    private static readonly HelixPhantom Phantom = new(new PhantomOptions { Size = 36, VoxelSize = 1.4, FinestResolution = 4, CoarsestResolution = 9, NoiseFraction = 0.3 });

    private static readonly Dictionary<string, MethodOutput> Results = [];

    public static CryoMap Half1 { get; } = Cut(Phantom.DrawHalfMap(1));

    public static CryoMap Half2 { get; } = Cut(Phantom.DrawHalfMap(2));

    public static CryoMap Mask { get; } = Cut(Phantom.DrawMask());

    public static CryoMap Truth { get; } = Cut(Phantom.DrawTruth());

    public static Reconstruction Halves { get; } = new(Half1, Half2);

    public static IReadOnlyDictionary<string, Method> All { get; } = new Dictionary<string, Method>
    {
        ["Mask 2"] = new(input => Of(MaskBuilder.Run(input.Maps, new MaskOptions { Limits = input.Limits }, cancellationToken: input.Stop)), IsOfBrightMolecule: true),
        ["Mask 1"] = new(input => Of(MaskBuilder.Run(input.Maps.First, new MaskOptions { Limits = input.Limits }, cancellationToken: input.Stop)), IsOfBrightMolecule: true),
        ["MonoRes 2"] = new(input => Of(MonoRes.Run(input.Maps, input.Mask, new MonoResOptions { Limits = input.Limits }, cancellationToken: input.Stop))),
        ["MonoRes 1"] = new(input => Of(MonoRes.Run(input.Maps.First, input.Mask, new MonoResOptions { Limits = input.Limits }, cancellationToken: input.Stop))),
        ["MonoRes outside 2"] = new(input => Of(MonoRes.Run(
            input.Maps, input.Mask, new MonoResOptions { NoiseFrom = MonoResNoise.OutsideMask, Limits = input.Limits }, cancellationToken: input.Stop))),
        ["LocalFsc 2"] = new(input => Of(LocalFsc.Run(
            input.Maps,
            input.Mask,
            new LocalFscOptions { SamplingDistance = 10, Counting = ShellCounting.FullTransform, Limits = input.Limits },
            cancellationToken: input.Stop))),
        ["GaussianFsc 2"] = new(input => Of(GaussianFsc.Run(input.Maps, input.Mask, new GaussianFscOptions { Limits = input.Limits }, cancellationToken: input.Stop))),
        ["LocalWienerResolution 2"] = new(input => Of(LocalWienerResolution.Run(
            input.Maps, input.Mask, new LocalWienerResolutionOptions { Limits = input.Limits }, cancellationToken: input.Stop))),
        ["LocalDeblur 2"] = new(input => Of(LocalDeblurRun.Run(
            input.Maps, input.Mask, new LocalDeblurRunOptions().WithLimits(input.Limits), cancellationToken: input.Stop)), Scale: 1, Offset: 1, IsOfBrightMolecule: true),
        ["LocalDeblur 1"] = new(input => Of(LocalDeblurRun.Run(
            input.Maps.First, input.Mask, new LocalDeblurRunOptions().WithLimits(input.Limits), cancellationToken: input.Stop)), Scale: 1, Offset: 1, IsOfBrightMolecule: true),
        ["LocalWiener 2"] = new(input => Of(LocalWiener.Run(
            input.Maps, input.Mask, new LocalWienerOptions { Limits = input.Limits }, cancellationToken: input.Stop)), Scale: 1, Offset: 1, Sign: -1),
        ["BFactor 2"] = new(input => Of(BFactorSharpening.Run(
            input.Maps,
            input.Mask,
            new BFactorSharpeningOptions { FitRange = new(10, 4), FscOptions = new() { RandomiseFrom = 1, Counting = ShellCounting.FullTransform }, Limits = input.Limits },
            cancellationToken: input.Stop)), Scale: 1, Offset: 1, Sign: -1, TellsAxesApart: true),
        ["BFactor 1"] = new(input => Of(BFactorSharpening.Run(
            input.Maps.First,
            null,
            new BFactorSharpeningOptions { BFactor = -60, Resolution = 4, Limits = input.Limits },
            cancellationToken: input.Stop)), Scale: 1, Offset: 1, Sign: -1),
        ["AutoSharpen 2"] = new(
            input => Of(AutoSharpen.Run(input.Maps, new AutoSharpenOptions { Resolution = 4, Limits = input.Limits }, cancellationToken: input.Stop)), Sign: -1),
        ["AutoSharpen 1"] = new(
            input => Of(AutoSharpen.Run(input.Maps.First, new AutoSharpenOptions { Resolution = 4, Limits = input.Limits }, cancellationToken: input.Stop)),
            IsOfBrightMolecule: true),
        ["LocScale 2"] = new(input => Of(new LocScaleRun(input.Truth).Run(
            input.Maps, input.Mask, new LocScaleOptions { WindowVoxels = 10, Limits = input.Limits }, cancellationToken: input.Stop)), Sign: -1),
        ["LocScale 1"] = new(input => Of(new LocScaleRun(input.Truth).Run(
            input.Maps.First, input.Mask, new LocScaleOptions { WindowVoxels = 10, Limits = input.Limits }, cancellationToken: input.Stop)), Sign: -1),
        ["Fsc 2"] = new(input => Of(FourierShellCorrelation.Run(
            input.Maps,
            input.Mask,
            new FourierShellCorrelationOptions { RandomiseFrom = 1, Counting = ShellCounting.FullTransform, Limits = input.Limits },
            cancellationToken: input.Stop)), IsCurve: true),
    };

    /// <summary>Those that look inside the mask.</summary>
    public static IEnumerable<string> Masked => All.Keys.Where(name => name.Split(' ')[0] is not ("Mask" or "AutoSharpen") && name != "BFactor 1");

    /// <summary>What a method makes of the phantom as it is, computed once.</summary>
    public static MethodOutput Expected(string name, CancellationToken stop)
    {
        lock (Results)
        {
            return Results.TryGetValue(name, out MethodOutput? known) ? known : Results[name] = All[name].Run(new MethodInput(stop));
        }
    }

    /// <summary>The same map with other voxels.</summary>
    public static CryoMap Change(CryoMap map, Func<float, int, float> value, string? name = null) =>
        new(map.Grid, [.. map.AsSpan().ToArray().Select(value)], name ?? map.Name);

    /// <summary>Both half maps with other voxels.</summary>
    public static Reconstruction Change(Func<float, int, float> value) => new(Change(Half1, value), Change(Half2, value));

    /// <summary>The map seen with its axes in another order.</summary>
    public static CryoMap Turn(CryoMap map, int[] order) => new(map.Grid, Turn(map.AsSpan().ToArray(), order, back: false), map.Name);

    public static float[] Turn(float[] voxels, int[] order, bool back)
    {
        float[] turned = new float[voxels.Length];
        for (int i = 0; i < voxels.Length; i++)
        {
            int[] place = [i % Edge, i / Edge % Edge, i / Edge / Edge];
            int j = place[order[0]] + (Edge * (place[order[1]] + (Edge * place[order[2]])));
            (int from, int to) = back ? (j, i) : (i, j);
            turned[to] = voxels[from];
        }

        return turned;
    }

    private static CryoMap Cut(CryoMap map)
    {
        int from = (map.Size.X - Edge) / 2;
        var size = new GridSize(Edge, Edge, Edge);
        float[] voxels = new float[size.VoxelCount];
        for (int z = 0; z < Edge; z++)
        {
            for (int y = 0; y < Edge; y++)
            {
                map.AsSpan().Slice((int)map.Size.Offset(from, y + from, z + from), Edge).CopyTo(voxels.AsSpan((int)size.Offset(0, y, z)));
            }
        }

        return new CryoMap(new MapGrid(size, map.VoxelSize), voxels, map.Name);
    }

    private static MethodOutput Of(MapResult result) => new(
        result.Map.AsSpan().ToArray(), result.Map.Grid, [.. result.Decisions, .. result.Warnings, .. result.Map.History.SelectMany(step => step.Warnings.Concat(step.Decisions))]);

    private static MethodOutput Of(FscResult result) =>
        new([.. result.Shells.Select(shell => (float)shell[FscCurveKind.Masked])], null, [.. result.Decisions, .. result.Warnings]);
}

/// <summary>What a method gets.</summary>
internal sealed record MethodInput(CancellationToken Stop)
{
    public Reconstruction Maps { get; init; } = EveryMethod.Halves;

    public CryoMap Mask { get; init; } = EveryMethod.Mask;

    public CryoMap Truth { get; init; } = EveryMethod.Truth;

    public RunLimits Limits { get; init; } = new();
}

/// <summary>What a method makes.</summary>
internal sealed record MethodOutput(float[] Values, MapGrid? Grid, string[] Sentences);

/// <summary>A method, and what its result does when its maps change.</summary>
/// <param name="Run">Runs it.</param>
/// <param name="Scale">Power of a factor on the maps that the result has.</param>
/// <param name="Offset">What the result has of a constant added to the maps.</param>
/// <param name="Sign">What the result is multiplied by when the maps are by −1.</param>
/// <param name="IsOfBrightMolecule">Whether the sign means something.</param>
/// <param name="TellsAxesApart">Whether it counts the coefficients of a transform as RELION does, which depends on which axis is x.</param>
/// <param name="IsCurve">Whether the result is no map.</param>
internal sealed record Method(
    Func<MethodInput, MethodOutput> Run, int Scale = 0, int Offset = 0, int Sign = 1, bool IsOfBrightMolecule = false, bool TellsAxesApart = false, bool IsCurve = false);
